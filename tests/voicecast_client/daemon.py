# SPDX-License-Identifier: MIT
"""Third-party servers of Debian's packages, on free loopback ports with a test's configuration."""

import asyncio
import os
import pwd
import signal
import socket

from .watchdog import eventually, within


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def user_for_a_daemon(directory, name):
    """The user that a server which refuses root runs as; `directory` becomes theirs. None where we are not root."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam(name)
    for path in (directory, *directory.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)
    for parent in directory.parents:  # pytest's own are for their owner only
        if "pytest-of-" in str(parent):
            parent.chmod(parent.stat().st_mode | 0o011)
    return user.pw_name


async def start_on_a_free_port(make, tries=3):
    """Starts what `make` makes for a port; on another one if somebody took it meanwhile."""
    while True:
        daemon = make(free_port())
        tries -= 1
        try:
            return await daemon.start()
        except AssertionError:
            await daemon.stop(signal.SIGKILL)
            if tries == 0:
                raise


class Daemon:
    """A process in the foreground that serves HTTP on `port`; stopped and started again at will."""

    def __init__(self, command, port, log_path, user=None):
        self.port = port
        self._command = command
        self._log_path = log_path
        self._user = user
        self._process = None

    async def start(self):
        with self._log_path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdout=log, stderr=log, **({"user": self._user} if self._user else {})
            )
        await eventually(self.is_serving, f"{self._command[0]} on port {self.port}")
        return self

    async def stop(self, signal_number=signal.SIGTERM):
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.send_signal(signal_number)
        await within(self._process.wait(), f"the end of {self._command[0]}")
        self._process = None

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    @property
    def pid(self):
        return self._process.pid

    def check_alive(self):
        assert self._process.returncode is None, self._log_path.read_text(errors="replace")

    async def is_serving(self):
        self.check_alive()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        try:
            writer.write(b"GET / HTTP/1.0\r\n\r\n")
            return bool(await reader.read())
        except OSError:
            return False
        finally:
            writer.close()
