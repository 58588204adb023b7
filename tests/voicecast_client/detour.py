# SPDX-License-Identifier: MIT
"""A relay between a client and the server that can send packets by another path."""

import asyncio

from .watchdog import within


def by(port):
    """Edits a description: its one candidate is this port of 127.0.0.1."""

    def edit(description):
        lines = [line for line in description.split("\r\n") if not line.startswith("a=candidate:")]
        at = next(index for index, line in enumerate(lines) if line.startswith("a=ice-pwd:"))
        lines.insert(at + 1, f"a=candidate:1 1 UDP 2130706431 127.0.0.1 {port} typ host")
        return "\r\n".join(lines)

    return edit


class Detour(asyncio.DatagramProtocol):
    """Takes a client's packets and hands them on; what comes back goes to the client."""

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port = self._front.get_extra_info("sockname")[1]
        self._client = None
        self.far = None
        return self

    async def __aexit__(self, *error):
        self._front.close()
        if self.far:
            self.far.close()

    def datagram_received(self, data, address):
        self._client = address
        if self.far:
            self.far.send(data)

    def back(self, data):
        if self._client:
            self._front.sendto(data, self._client)


class UdpWay(asyncio.DatagramProtocol):
    """By UDP, from a port of its own, as a NAT has it."""

    @classmethod
    async def open(cls, detour, address):
        _, way = await asyncio.get_running_loop().create_datagram_endpoint(cls, remote_addr=address)
        way._detour = detour
        return way

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, address):
        self._detour.back(data)

    def error_received(self, error):
        pass  # nobody is there any more

    def send(self, data):
        self._transport.sendto(data)

    def close(self):
        self._transport.close()


class TcpWay:
    """By ICE-TCP (RFC 6544): packets with their length in front (RFC 4571)."""

    @classmethod
    async def open(cls, detour, address):
        way = cls()
        way._reader, way._writer = await within(asyncio.open_connection(*address), "ICE-TCP")
        way._reading = asyncio.create_task(way._read(detour))
        return way

    async def _read(self, detour):
        while True:
            length = int.from_bytes(await self._reader.readexactly(2), "big")
            detour.back(await self._reader.readexactly(length))

    def send(self, data):
        self._writer.write(len(data).to_bytes(2, "big") + data)

    def close(self):
        self._reading.cancel()
        self._writer.close()
