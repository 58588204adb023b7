# SPDX-License-Identifier: MIT
"""A client of the WebSocket API."""

import asyncio
import json
import socket
import struct

import aiohttp

from .watchdog import Watched, within


class SignalingClient(Watched):
    """One WebSocket. Messages wait in order until expect() takes them; an unexpected error fails the test."""

    def __init__(self):
        super().__init__()
        self.messages = []  # everything that ever came
        self.close_code = None
        self._unread = []
        self._http = None
        self._socket = None
        self._reader = None

    @classmethod
    async def connect(cls, url):
        client = cls()
        client._http = aiohttp.ClientSession()
        client._socket = await within(client._http.ws_connect(url), f"a WebSocket on {url}")
        client._reader = asyncio.create_task(client._read())
        client.greeting = await client.expect("available_streams")
        return client

    async def send(self, message_type, **fields):
        await self.send_text(json.dumps({"type": message_type, **fields}))

    async def send_text(self, text):
        await self._socket.send_str(text)

    async def send_together(self, *messages):
        """In one TCP segment, so that the server reads all of them before it does anything else."""
        sock = self._socket.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        for message in messages:
            await self.send_text(json.dumps(message))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)

    async def send_binary(self, data):
        await self._socket.send_bytes(data)

    async def expect(self, message_type, seconds=20.0, **fields):
        """The next unread message of this type and with these fields; others stay unread."""

        def take():
            for message in self._unread:
                if message["type"] == message_type and fields.items() <= message.items():
                    self._unread.remove(message)
                    return message
            if message_type != "error":
                assert not self.unread("error"), f"wanted {message_type}, got {self.unread('error')[0]}"
            assert self.is_open, f"wanted {message_type}, the WebSocket was closed with {self.close_code}"
            return None

        return await self.until(take, f"{message_type} {fields or ''}", seconds)

    async def expect_error(self, text):
        error = await self.expect("error")
        assert error["message"] == text
        return error

    async def expect_close(self):
        await self.until(lambda: not self.is_open, "the close of the WebSocket")
        return self.close_code

    async def streams(self):
        """Asks for the list. Messages are handled in order, so this also proves all earlier ones were."""
        await self.send("get_available_streams")
        return (await self.expect("available_streams"))["streams"]

    def unread(self, message_type):
        return [message for message in self._unread if message["type"] == message_type]

    @property
    def is_open(self):
        return self.close_code is None

    async def close(self):
        await self._socket.close()
        await self._reader
        await self._http.close()

    async def abort(self):
        """Drops the TCP connection with a reset, as a client that lost its machine."""
        sock = self._socket.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket._response.connection.transport.abort()
        await self._reader

    async def _read(self):
        code = 1006  # no close frame came
        try:
            while (message := await self._socket.receive()).type == aiohttp.WSMsgType.TEXT:
                self._take(json.loads(message.data))
            if message.type == aiohttp.WSMsgType.CLOSE:
                code = message.data
        except ConnectionError:
            pass  # lost while a ping was being answered
        finally:
            self.close_code = code
            self.changed()

    def _take(self, message):
        self.messages.append(message)
        self._unread.append(message)
        self.changed()


def assert_given_up(error):
    """Of a peer that is gone without a word: by its ICE consent, or with --ice full by its RTCP as well."""
    words = error["message"].removeprefix("Server error: ")
    assert words == "the connection failed" or words.startswith("no packet from the peer for 1"), error
