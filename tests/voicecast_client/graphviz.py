"""Programs in the place of Graphviz's dot."""

import asyncio
import contextlib

from .watchdog import within

SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'

# Tells of itself on a socket, and draws when it is told to.
WAITING = """#!/usr/bin/python3
import socket, sys
sys.stdin.read()
with socket.socket(socket.AF_UNIX) as line:
    line.connect({socket!r})
    if line.recv(1):
        print({svg!r})
"""


def put_dot(folder, script):
    """Makes `script` the dot of whoever has `folder` first in PATH."""
    program = folder / "dot"
    program.write_text(script)
    program.chmod(0o755)


class WaitingDot:
    """One that begins, and draws when the test wants it; each run of it is a line to the test."""

    def __init__(self, folder):
        self._socket = folder / "dot.socket"
        self._runs = asyncio.Queue()
        put_dot(folder, WAITING.format(socket=str(self._socket), svg=SVG))

    @contextlib.asynccontextmanager
    async def listening(self):
        async with await asyncio.start_unix_server(lambda *line: self._runs.put_nowait(line), self._socket):
            yield self

    async def begun(self):
        return DotRun(*await within(self._runs.get(), "the beginning of dot"))


class DotRun:
    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer

    def draw(self):
        self._writer.write(b".")

    async def ended(self):
        """Whether or not it has drawn anything."""
        await within(self._reader.read(), "the end of dot")
        self._writer.close()
