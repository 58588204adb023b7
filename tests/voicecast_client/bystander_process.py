# SPDX-License-Identifier: MIT
"""Those who must not notice an attack: a voice and its listeners by WebRTC and by MP3, and two that ask for /health
again and again, on a new connection each time, by HTTP and by HTTPS.

Usage: python3 -m voicecast_client.bystander_process API_URL TLS_URL
Prints the stream's id when all play. For each pair of lines on standard input it prints "begun", and what was noticed
between the two: {"voice packets": N, "voice packets lost": N, "MP3 bytes": N, "longest waits": {what: ms}}.
"""

import asyncio
import contextlib
import json
import sys
import time
from urllib.parse import urlsplit

from voicecast_client import mp3
from voicecast_client.kernel_time import StampedSocket
from voicecast_client.light import is_rtp, LightReceiver, sequence_and_timestamp
from voicecast_client.radio import Listener
from voicecast_client.secure import trust_anybody
from voicecast_client.sender import Sender
from voicecast_client.signaling import SignalingClient
from voicecast_client.watchdog import Watched

ASKS_EACH_S = 0.05
HEARTBEAT_S = 0.02


class Voice(Watched):
    """A sender, and a receiver of it: the delay from the one's socket to the other's, by the kernel's clock."""

    async def start(self, url):
        self.sender = await Sender(await SignalingClient.connect(url)).go_live()
        self._sent_at = {}
        self._newest = 0.0  # when what has come was sent
        self.delays = []
        for protocol in self.sender.ice._protocols:
            protocol.send_data = self._noting(protocol.send_data)
        self._receiver = await LightReceiver(await SignalingClient.connect(url)).start(self.sender.stream_id)
        for protocol in self._receiver._receiver.ice._protocols:
            self._stamp(protocol)
        return self

    def _noting(self, send):
        async def send_data(data, address):
            if is_rtp(data):
                self._sent_at[sequence_and_timestamp(data)[1]] = time.time()
            await send(data, address)

        return send_data

    def _stamp(self, protocol):
        protocol.transport._sock = stamped = StampedSocket(protocol.transport._sock)
        take = protocol.datagram_received

        def datagram_received(data, address):
            take(data, address)
            if is_rtp(data) and (sent_at := self._sent_at.pop(sequence_and_timestamp(data)[1], None)):
                self.delays.append(stamped.came_at - sent_at)
                self._newest = max(self._newest, sent_at)
                self.changed()

        protocol.datagram_received = datagram_received

    def begin(self):
        self.delays.clear()
        self._receiver.arrivals[:-1] = []  # the last one tells what is lost at once

    async def end(self):
        """When a packet that is sent from now on has come: those before it have, or are lost."""
        now = time.time()

        def is_heard():
            assert not self.sender.client.unread("error"), self.sender.client.unread("error")
            return self._newest > now

        await self.until(is_heard, "the voice")
        return {"voice packets": len(self.delays), "voice packets lost": self._receiver.lost()}


class Mp3Listener(Listener):
    """Notes the longest time without a byte."""

    last_at, longest_s = 0.0, 0.0

    def changed(self):
        now = time.monotonic()
        self.longest_s, self.last_at = max(self.longest_s, now - self.last_at), now
        super().changed()

    def begin(self):
        self._from, self._since = len(self.received), time.monotonic()
        self.longest_s, self.last_at = 0.0, self._since

    async def end(self):
        """The bytes, which must be whole frames, and by how much they are fewer than the time that went by has."""
        await self.more(1)
        mp3.parse_frames(self.received)
        count = len(self.received) - self._from
        return count, time.monotonic() - self._since - count / mp3.BYTES_PER_SECOND


class Asker:
    """Asks for /health from begin() to end()."""

    def __init__(self, url):
        self._address, self._context = urlsplit(url), trust_anybody() if url.startswith("https") else None
        self._ends = asyncio.Event()

    def begin(self):
        self.longest_s = 0.0
        self._ends.clear()
        self._task = asyncio.create_task(self._run())

    async def end(self):
        """When one that is asked from now on has its answer."""
        self._ends.set()
        await self._task

    async def _run(self):
        while not self._ends.is_set():
            await self._ask_in_time()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._ends.wait(), ASKS_EACH_S)
        await self._ask_in_time()

    async def _ask_in_time(self):
        start = time.monotonic()
        await self._ask()
        self.longest_s = max(self.longest_s, time.monotonic() - start)

    async def _ask(self):
        address = self._address
        reader, writer = await asyncio.open_connection(address.hostname, address.port, ssl=self._context)
        try:
            writer.write(f"GET /health HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            assert answer.startswith(b"HTTP/1.1 200 "), f"/health for a bystander: {answer}"
        finally:
            writer.transport.abort()


class Heart:
    """How late this process itself is."""

    def __init__(self):
        self.longest_s = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self):
        while True:
            start = time.monotonic()
            await asyncio.sleep(HEARTBEAT_S)
            self.longest_s = max(self.longest_s, time.monotonic() - start - HEARTBEAT_S)


async def rounds(voice, listener, askers, heart):
    lines = asyncio.get_running_loop()
    while await lines.run_in_executor(None, sys.stdin.readline):
        heart.longest_s = 0.0
        for one in (voice, listener, *askers.values()):
            one.begin()
        print("begun", flush=True)
        if not await lines.run_in_executor(None, sys.stdin.readline):
            return
        report, (count, behind_s), *_ = await asyncio.gather(*(one.end() for one in (voice, listener, *askers.values())))
        report["MP3 bytes"] = count
        waits = {"voice": max(voice.delays), "MP3": listener.longest_s, "MP3 in all": behind_s}
        waits |= {name: asker.longest_s for name, asker in askers.items()} | {"bystander itself": heart.longest_s}
        report["longest waits"] = {name: round(seconds * 1000) for name, seconds in waits.items()}
        print(json.dumps(report), flush=True)


async def main(api, tls):
    voice = await Voice().start(api.replace("http", "ws", 1) + "/ws")
    listener = await Mp3Listener.open(f"{api}/stream/{voice.sender.stream_id}.mp3")
    await listener.more(1)
    askers = {"HTTP": Asker(api + "/health"), "HTTPS": Asker(tls + "/health")}
    print(voice.sender.stream_id, flush=True)
    await rounds(voice, listener, askers, Heart())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
