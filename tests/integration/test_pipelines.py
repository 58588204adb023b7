# SPDX-License-Identifier: MIT
"""The commands of pipelines/README.md run as they are printed there."""

import asyncio
import os
import re
import signal

import pytest
from voicecast_client.server import REPOSITORY
from voicecast_client.watchdog import within

README = REPOSITORY / "pipelines" / "README.md"


def commands():
    if not README.exists():
        return []
    return re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE)


def test_commands_exist():
    assert commands(), f"no ```sh block in {README}"


@pytest.mark.parametrize("command", commands(), ids=lambda command: str(command).split("\n")[0][:60])
async def test_readme_command(command):
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", command, cwd=REPOSITORY, env={**os.environ, "G_DEBUG": "fatal-criticals"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = await within(process.communicate(), "the end of the command", 60)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    assert process.returncode == 0, output.decode(errors="replace")
