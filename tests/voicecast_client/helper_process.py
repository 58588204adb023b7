# SPDX-License-Identifier: MIT
"""Processes beside the test, one of this package's scripts or another program, with which it talks line by line."""

import asyncio
import contextlib
import os
import sys

from .server import REPOSITORY
from .watchdog import within

LONGEST_LINE = 2**24  # the figures of thousands of listeners


class HelperProcess:
    def __init__(self, process):
        self._process = process

    async def read_line(self, what, seconds=60):
        line = await within(self._process.stdout.readline(), what, seconds)
        assert line, f"{what}: the process ended"
        return line.decode().strip()

    def write_line(self, text=""):
        self._process.stdin.write(f"{text}\n".encode())

    def kill(self):
        self._process.kill()


@contextlib.asynccontextmanager
async def talking_process(*command):
    """Any program that talks line by line."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *map(str, command), env={**os.environ, "PYTHONPATH": str(REPOSITORY / "tests")}, stdin=pipe, stdout=pipe,
        limit=LONGEST_LINE,
    )  # fmt: skip
    try:
        yield HelperProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def helper_process(module, *arguments, prefix=()):
    """`prefix` is a command that runs another."""
    return talking_process(*prefix, sys.executable, "-m", f"voicecast_client.{module}", *arguments)
