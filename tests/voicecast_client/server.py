# SPDX-License-Identifier: MIT
"""The server's binary on free loopback ports."""

import asyncio
import os
import re
import signal
from pathlib import Path

from .watchdog import Watched, within

REPOSITORY = Path(__file__).resolve().parents[2]
LOOPBACK_ARGUMENTS = [
    "--bind", "127.0.0.1", "--port", "0", "--audio-port", "0", "--tls", "off", "--ice-address", "127.0.0.1",
    "--ice-port", "0",
]  # fmt: skip
SIGNS_OF_A_BUG = ("CRITICAL", "AddressSanitizer", "LeakSanitizer", "runtime error")
OURS = ("VOICECAST_BINARY", "VOICECAST_TEST_SLOWNESS")  # not the server's business


def mode_arguments(arguments):
    """How the servers of a run send to WebRTC receivers and connect: as a test says, else as `meson test --setup` does."""
    modes = {"--egress": os.environ.get("TEST_EGRESS"), "--ice": os.environ.get("TEST_ICE")}
    return [text for option, mode in modes.items() if mode and option not in arguments for text in (option, mode)]


def binary():
    path = Path(os.environ.get("VOICECAST_BINARY", "build/voicecast"))
    path = path if path.is_absolute() else REPOSITORY / path
    assert path.exists(), f"no server to test: {path} (set VOICECAST_BINARY)"
    return path


def environment():
    kept = {key: value for key, value in os.environ.items() if key not in OURS}
    return {**kept, "G_DEBUG": "fatal-criticals", "G_SLICE": "always-malloc"}  # the latter as data/voicecast.service.in


async def run_once(*arguments, env=None):
    """Runs a server that is expected to end by itself; returns its status, output and error text."""
    process = await asyncio.create_subprocess_exec(
        binary(), *arguments, env={**environment(), **(env or {})},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = await within(process.communicate(), f"end of voicecast {' '.join(arguments)}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode, out.decode(), err.decode()


class Server(Watched):
    def __init__(self, stderr_path, prefix=(), usual_arguments=LOOPBACK_ARGUMENTS):
        """`prefix` is a command that runs another."""
        super().__init__()
        self.stderr_path = Path(stderr_path)
        self._prefix = prefix
        self._usual_arguments = usual_arguments
        self.output = []
        self._process = None
        self._reader = None

    async def start(self, *arguments, env=None, pass_fds=()):
        with self.stderr_path.open("wb") as stderr:
            self._process = await asyncio.create_subprocess_exec(
                *self._prefix, binary(), *mode_arguments(arguments), *self._usual_arguments, *arguments,
                env={**environment(), **(env or {})}, stdout=asyncio.subprocess.PIPE, stderr=stderr, pass_fds=pass_fds,
            )  # fmt: skip
        self._reader = asyncio.create_task(self._read_output())
        self.api = await self.address_of("api")
        self.audio = await self.address_of("audio")
        self.tls = await self.address_of("tls") if "--tls" in arguments else None
        return self

    async def stop(self, signal_number=signal.SIGTERM):
        """Ends it as an operator does; any sign of a bug on the way is a failure."""
        if self._process is None:
            return
        try:
            if self._process.returncode is None:
                self._process.send_signal(signal_number)
            status = await within(self._process.wait(), "the server's end")
        except AssertionError:
            self._process.kill()
            await self._process.wait()
            raise
        finally:
            await self._reader
        assert status == 0, f"the server ended with status {status}:\n{self.stderr_tail()}"
        assert not self.complaints(), "\n".join(self.complaints())

    def reload(self):
        self._process.send_signal(signal.SIGHUP)

    @property
    def pid(self):
        return self._process.pid

    @property
    def is_running(self):
        return self._process is not None and self._process.returncode is None

    @property
    def websocket(self):
        return self.api.replace("http", "ws", 1) + "/ws"

    def stderr(self):
        return self.stderr_path.read_text(errors="replace")

    def stderr_tail(self, lines=40):
        return "\n".join(self.stderr().splitlines()[-lines:])

    def complaints(self):
        return [line for line in self.stderr().splitlines() if any(sign in line for sign in SIGNS_OF_A_BUG)]

    async def _read_output(self):
        async for line in self._process.stdout:
            self.output.append(line.decode(errors="replace").rstrip("\n"))
            self.changed()
        await self._process.wait()
        self.changed()

    async def address_of(self, name):
        def address():
            for line in self.output:
                if match := re.fullmatch(rf"listening {name} (https?://\S+)", line):
                    return match[1]
            assert self._process.returncode is None, f"the server did not start:\n{self.stderr_tail()}"
            return None

        return await self.until(address, f"the line 'listening {name} ...'")
