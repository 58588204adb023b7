# SPDX-License-Identifier: MIT
"""A STUN server that responds on a test's command, with an address from a documentation range."""

import asyncio
import socket
import struct

from .watchdog import Watched

MAPPED_ADDRESS = ("203.0.113.7", 40000)
_BINDING_REQUEST, _BINDING_RESPONSE = 0x0001, 0x0101
_MAPPED_ADDRESS_ATTRIBUTE, _IPV4 = 0x0001, 0x01


class StunServer(Watched, asyncio.DatagramProtocol):
    def __init__(self):
        super().__init__()
        self.requests = 0
        self._held = []
        self._answers = False
        self._transport = None

    @classmethod
    async def open(cls):
        loop = asyncio.get_running_loop()
        _, server = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        return server

    @property
    def uri(self):
        host, port = self._transport.get_extra_info("sockname")
        return f"stun://{host}:{port}"

    def answer(self):
        """Answers what was asked so far and all that follows."""
        self._answers = True
        for request, address in self._held:
            self._reply(request, address)
        self._held.clear()

    def close(self):
        self._transport.close()

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, address):
        if struct.unpack_from("!H", data)[0] != _BINDING_REQUEST:
            return  # a keep-alive indication
        self.requests += 1
        if self._answers:
            self._reply(data, address)
        else:
            self._held.append((data, address))
        self.changed()

    def _reply(self, request, address):
        """By RFC 3489, which libnice still speaks here: 16 bytes of transaction id and a plain MAPPED-ADDRESS."""
        host, port = MAPPED_ADDRESS
        value = struct.pack("!BBH", 0, _IPV4, port) + socket.inet_aton(host)
        attribute = struct.pack("!HH", _MAPPED_ADDRESS_ATTRIBUTE, len(value)) + value
        header = struct.pack("!HH", _BINDING_RESPONSE, len(attribute)) + request[4:20]
        self._transport.sendto(header + attribute, address)
