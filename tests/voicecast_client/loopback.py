# SPDX-License-Identifier: MIT
"""Keeps aiortc's ICE on 127.0.0.1: no other address, no multicast, so a test never leaves the machine."""

import asyncio
import socket

import aioice.ice

from .watchdog import within


class NoMdns:
    """Stands in for aioice's multicast resolver: every .local name is unknown."""

    async def resolve(self, hostname, timeout=None):
        return None


async def _no_mdns(subscriber):
    return NoMdns()


async def _nothing_to_release(subscriber):
    pass


def keep_ice_on(*addresses):
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: list(addresses)


def keep_ice_on_loopback():
    keep_ice_on("127.0.0.1")
    aioice.ice.get_or_create_mdns_protocol = _no_mdns
    aioice.ice.unref_mdns_protocol = _nothing_to_release


class UdpSocket:
    """A port that somebody may send to."""

    def __enter__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        return self

    def __exit__(self, *error):
        self._socket.close()

    async def received(self):
        """The next datagram."""
        receive = asyncio.get_running_loop().sock_recv(self._socket, 2048)
        return await within(receive, f"a datagram at port {self.port}")

    def nothing_came(self):
        try:
            self._socket.recv(2048)
        except BlockingIOError:
            return True
        return False
