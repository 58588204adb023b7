# SPDX-License-Identifier: MIT
"""All clients of a test's server."""

import asyncio

import aiohttp

from .hand_sender import HandSender
from .picture_sender import PictureSender
from .radio import Listener
from .receiver import Receiver
from .sender import Sender
from .signaling import SignalingClient
from .whip import WhepReceiver, WhipSender


class Studio:
    """Opens clients, senders, receivers and listeners; closes whatever is left at the end."""

    def __init__(self, server):
        self.server = server
        self.http = aiohttp.ClientSession()
        self._opened = []

    async def client(self):
        return self._keep(await SignalingClient.connect(self.server.websocket))

    async def sender(self, **options):
        """A sender on a WebSocket of its own that is already live."""
        return await self.new_sender(await self.client(), **options).go_live()

    async def hand_sender(self, **options):
        """One whose packets the test writes, already live."""
        return await self._keep(HandSender(await self.client(), **options)).go_live()

    async def picture_sender(self, **options):
        """The same with a picture that the answer declines."""
        return await self._keep(PictureSender(await self.client(), **options)).go_live()

    async def receiver(self, stream_id=None, **options):
        """A receiver on a WebSocket of its own that already gets packets."""
        return await self.new_receiver(await self.client(), **options).start(stream_id)

    def new_sender(self, client, **options):
        return self._keep(Sender(client, **options))

    def new_receiver(self, client, **options):
        return self._keep(Receiver(client, **options))

    async def listener(self, path="/stream/latest.mp3", headers=None, **options):
        return self._keep(await Listener.open(self.server.audio + path, headers, **options))

    def new_whip_sender(self, path="/whip", headers=None, **options):
        return self._keep(WhipSender(self.http, self.server.api + path, headers=headers, **options))

    async def whip_sender(self, path="/whip", **options):
        """A sender by WHIP that has its answer."""
        return await self.new_whip_sender(path, **options).start()

    def new_whep_receiver(self, path="/whep/latest", headers=None, **options):
        return self._keep(WhepReceiver(self.http, self.server.api + path, headers=headers, **options))

    async def whep_receiver(self, path="/whep/latest", **options):
        """A receiver by WHEP that already gets packets."""
        return await self.new_whep_receiver(path, **options).start()

    async def get_json(self, path, base=None):
        async with self.http.get((base or self.server.api) + path) as response:
            assert response.status == 200, f"{path}: {response.status}"
            assert response.content_type == "application/json"
            return await response.json()

    async def close(self):
        results = await asyncio.gather(*(thing.close() for thing in reversed(self._opened)), return_exceptions=True)
        await self.http.close()
        errors = [result for result in results if isinstance(result, Exception)]
        if errors:
            raise errors[0]

    def _keep(self, thing):
        self._opened.append(thing)
        return thing
