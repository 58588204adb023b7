# SPDX-License-Identifier: MIT
"""The commands of pipelines/README.md run as they are printed there."""

import re

import pytest
from voicecast_client.server import REPOSITORY
from voicecast_client.shell import run_shell

README = REPOSITORY / "pipelines" / "README.md"


def commands():
    if not README.exists():
        return []
    return re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE)


def test_commands_exist():
    assert commands(), f"no ```sh block in {README}"


@pytest.mark.parametrize("command", commands(), ids=lambda command: str(command).split("\n")[0][:60])
async def test_readme_command(command):
    code, output = await run_shell(command, G_DEBUG="fatal-criticals")
    assert code == 0, output
