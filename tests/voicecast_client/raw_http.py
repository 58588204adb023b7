# SPDX-License-Identifier: MIT
"""Requests with exactly a test's headers: no library adds a Host or Origin."""

import asyncio
import contextlib
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from .watchdog import within

UPGRADE = [
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),  # RFC 6455 §1.3
]


@dataclass(frozen=True)
class Head:
    status: int
    headers: list  # (name in lower case, value), in order

    def all(self, name):
        return [value for key, value in self.headers if key == name.lower()]

    def get(self, name):
        values = self.all(name)
        assert len(values) <= 1, f"{name}: {values}"
        return values[0] if values else None


def own_host(base):
    """The Host header of a request to this address."""
    return ("Host", urlsplit(base).netloc)


@contextlib.asynccontextmanager
async def connected(base, **options):
    """A reader and a writer of a connection of their own."""
    address = urlsplit(base)
    reader, writer = await within(asyncio.open_connection(address.hostname, address.port, **options), "a connection")
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


@contextlib.asynccontextmanager
async def opened(base, path, headers=(), version="1.1", connect=asyncio.open_connection, method="GET"):
    """Asks; gives the head of the answer and a reader of what follows."""
    address = urlsplit(base)
    reader, writer = await connect(address.hostname, address.port)
    try:
        lines = [f"{method} {path} HTTP/{version}", *(f"{name}: {value}" for name, value in headers), "", ""]
        writer.write("\r\n".join(lines).encode())
        head = await within(reader.readuntil(b"\r\n\r\n"), f"the head of {path}")
        yield _parse(head.decode()), reader
    finally:
        writer.transport.abort()


async def connect_with_small_buffers(host, port):
    """For a client that lags soon after it stops reading."""
    slow = small_buffers()
    slow.setblocking(False)
    await asyncio.get_running_loop().sock_connect(slow, (host, port))
    return await asyncio.open_connection(sock=slow, limit=1024)


def small_buffers():
    """A socket that takes some 40 kB from a server and no more: small segments keep the other end's buffer small, too.

    With the large ones of the loopback interface the kernel takes over a minute's MP3 off the server's hands."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    return sock


async def ask(base, path, headers=(), version="1.1", method="GET"):
    async with opened(base, path, headers, version, method=method) as (head, _):
        return head


def _parse(text):
    status_line, *lines = text.strip().split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    return Head(int(status_line.split()[1]), [(name.lower(), value.strip()) for name, value in pairs])
