# SPDX-License-Identifier: MIT
"""systemd's side of sd_notify(3) and sd_listen_fds(3)."""

import asyncio
import socket
import sys

from .watchdog import Watched

# Becomes the command behind it, with the descriptors named in the first word as 3, 4, ...
LAUNCHER = """
import os, sys
for number, descriptor in enumerate(map(int, sys.argv[1].split(","))):
    os.dup2(os.dup(descriptor), 100 + number)
    os.dup2(100 + number, 3 + number)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[2], sys.argv[2:])
"""


class NotifySocket(Watched):
    """The messages of a service, each a dict of its lines."""

    def __init__(self, path):
        super().__init__()
        self.messages = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind(str(path))
        self.env = {"NOTIFY_SOCKET": str(path)}
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def told(self, name):
        """The values of all messages that have this name, oldest first."""
        return [message[name] for message in self.messages if name in message]

    async def until_told(self, name, value="1", times=1):
        await self.until(lambda: self.told(name).count(value) >= times, f"{name}={value}, {times} times")

    def close(self):
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _read(self):
        lines = self._socket.recv(4096).decode().splitlines()
        self.messages.append(dict(line.split("=", 1) for line in lines))
        self.changed()


def passing(sockets, names=None):
    """The command in front of a server that it is given these sockets by, and what that needs."""
    descriptors = [each.fileno() for each in sockets]
    return {
        "prefix": (sys.executable, "-c", LAUNCHER, ",".join(map(str, descriptors))),
        "pass_fds": descriptors,
        "env": {"LISTEN_FDS": str(len(sockets)), **({"LISTEN_FDNAMES": ":".join(names)} if names else {})},
    }
