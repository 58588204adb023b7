# SPDX-License-Identifier: MIT
"""Raw connectivity checks, for malformed requests."""

import asyncio
import socket

from aioice import stun

from . import sdp
from .watchdog import within


def check(ufrag, password, *, nominates=False, controls=True):
    """A client's check (RFC 8445 §7.1): bytes."""
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ufrag}:them"
    message.attributes["PRIORITY"] = 1853824767
    message.attributes["ICE-CONTROLLING" if controls else "ICE-CONTROLLED"] = 1
    if nominates:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(password.encode())
    return bytes(message)


def credentials(description):
    """(ufrag, password) of a description."""
    return sdp.values(description, "ice-ufrag")[0], sdp.values(description, "ice-pwd")[0]


def addresses(description, protocol):
    """[(address, port)] of its candidates by "UDP" or "TCP"."""
    words = [value.split() for value in sdp.values(description, "candidate")]
    return [(word[4], int(word[5])) for word in words if word[2].upper() == protocol]


class Prober:
    """A UDP socket that sends what it is given."""

    def __init__(self, address):
        self.address = address

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(("127.0.0.1", 0))
        return self

    def __exit__(self, *error):
        self.socket.close()

    def send(self, data):
        self.socket.sendto(data, self.address)

    async def answer(self):
        """The next datagram, parsed; its length beside it."""
        data = await within(asyncio.get_running_loop().sock_recv(self.socket, 2048), "an answer to a check")
        return stun.parse_message(data), len(data)

    def waiting(self):
        """The datagrams that have come."""
        got = []
        while True:
            try:
                got.append(self.socket.recv(2048))
            except BlockingIOError:
                return got


class TcpProber:
    """The same by TCP (RFC 6544): each message behind its length (RFC 4571)."""

    @classmethod
    async def open(cls, address):
        prober = cls()
        prober.reader, prober._writer = await within(asyncio.open_connection(*address), "ICE-TCP")
        return prober

    def send(self, data):
        self._writer.write(len(data).to_bytes(2, "big") + data)

    async def answer(self):
        length = int.from_bytes(await within(self.reader.readexactly(2), "an answer to a check"), "big")
        return stun.parse_message(await self.reader.readexactly(length))

    def close(self):
        self._writer.close()
