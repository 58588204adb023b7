# SPDX-License-Identifier: MIT
"""Commands as a reader of the documents types them."""

import asyncio
import os
import signal

from .server import REPOSITORY
from .watchdog import within


async def run_shell(command, **environment):
    """Runs a bash command in the repository, a minute at most; returns its exit code and output."""
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", command, cwd=REPOSITORY, env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = await within(process.communicate(), "the end of the command", 60)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return process.returncode, output.decode(errors="replace")
