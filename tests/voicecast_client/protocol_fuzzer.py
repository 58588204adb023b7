# SPDX-License-Identifier: MIT
"""Drives a server with random sequences of valid and broken messages; the same seed gives the same ones.

Usage: python3 -m voicecast_client.protocol_fuzzer API_URL SEED SECONDS
Prints {"actions": N, "messages": N, "answers": N} at the end.
"""

import asyncio
import contextlib
import json
import random
import string
import sys
import time
from urllib.parse import urlsplit

import aiohttp

from .sdp import GOOD_OFFER
from .signaling import SignalingClient

WEBSOCKETS = 6
STEPS_BETWEEN_CHECKS = 10
AT_MOST = 5  # times that a piece is repeated, moved or damaged

DESCRIPTION = f"""{GOOD_OFFER}a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=rtcp-fb:111 nack
a=ssrc:1234 cname:someone
a=candidate:1 1 udp 2113937151 127.0.0.1 9 typ host
a=end-of-candidates
"""
CANDIDATES = [
    "candidate:1 1 udp 2113937151 127.0.0.1 9 typ host",
    "candidate:2 1 udp 2113937151 7b2f2a3c-5f2e-4f0e-8c3f-1f2f3f4f5f6f.local 9 typ host",
    "candidate:3 1 udp 2113937151 ::1 9 typ host generation 0 ufrag abcd",
    "candidate:4 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active",
    "",
]
WHIP_PATHS = ["/whip", "/whip/name", "/whep/latest", "/whep/x", "/whip/sessions/x"]
PATHS = [*WHIP_PATHS, "/", "/health", "/metrics", "/stream/status", "/stream/latest.mp3", "/stream/x.m3u", "/ws", "/no/such/page"]
METHODS = ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "PATCH", "PUT", "TRACE", "G\u00cbT"]


class Mutator:
    """Random values and random damage, by one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self):
        alphabet = self.random.choice([string.ascii_letters, string.printable, "\0\u202e\ud800\U0001f600\u00e9"])
        return "".join(self.random.choices(alphabet, k=self.random.choice([0, 1, 8, 200, 5000])))

    def value(self, depth=0):
        kinds = [None, True, -1, 2**63, 1.5e308, self.text(), [], {}]
        if depth < 3:
            kinds += [[self.value(depth + 1)], {self.text(): self.value(depth + 1)}]
        return self.random.choice(kinds)

    def damaged_lines(self, text):
        lines = text.splitlines()
        for _ in range(self.random.randint(0, AT_MOST)):
            at = self.random.randrange(len(lines))
            match self.random.randrange(5):
                case 0:
                    lines.insert(at, lines[at])
                case 1:
                    lines[at] = self.damaged_text(lines[at])
                case 2:
                    lines.insert(at, lines.pop(self.random.randrange(len(lines))))
                case 3 if len(lines) > 1:
                    del lines[at]
                case _:
                    lines += lines[at:]
            lines = lines[:400]
        return self.random.choice(["\r\n", "\r\n", "\n"]).join(lines) + "\r\n"

    def damaged_text(self, text):
        at = self.random.randint(0, len(text))
        end = self.random.randint(at, len(text))
        return text[:at] + self.random.choice(["", self.text(), text[at:end] * 2]) + text[end:]

    def message(self, stream_ids):
        stream_id = self.random.choice([*stream_ids, "latest", self.text()])
        description = self.damaged_lines(DESCRIPTION)
        candidate = {"candidate": self.random.choice(CANDIDATES), "sdpMid": "0", "sdpMLineIndex": 0}
        message = self.random.choice([
            {"type": "start_sending"},
            {"type": "start_sending", "name": self.text()},
            {"type": "webrtc_offer", "offer": {"type": "offer", "sdp": description}},
            {"type": "webrtc_answer", "answer": {"type": "answer", "sdp": description.replace("actpass", "active")}},
            {"type": "start_receiving"},
            {"type": "start_receiving", "stream_id": stream_id},
            {"type": "ice_candidate", "candidate": candidate},
            {"type": "stop_stream"},
            {"type": "get_available_streams"},
            {"type": "local_ip", "ip": self.text()},
        ])  # fmt: skip
        if self.random.random() < 0.2:
            message[self.random.choice([*message, self.text()])] = self.value()
        return json.dumps(message)

    def frame(self, stream_ids):
        text = self.message(stream_ids)
        text = self.damaged_text(text) if self.random.random() < 0.1 else text
        return text.encode(errors="replace").decode()  # lone surrogates go by JSON's escapes only

    def offer_by_http(self, host):
        body = self.damaged_lines(DESCRIPTION).encode(errors="replace")
        head = f"POST {self.random.choice(WHIP_PATHS)} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/sdp\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def request(self, host):
        if self.random.random() < 0.3:
            return self.offer_by_http(host)
        head = f"{self.random.choice(METHODS)} {self.random.choice(PATHS)} HTTP/1.{self.random.randrange(3)}"
        fields = ["", f"Host: {host}", f"Content-Length: {self.random.choice([0, 1, -1, 10**10])}", f"X: {self.text()}"]
        lines = [head, *self.random.sample(fields, k=self.random.randrange(4)), "", self.text()]
        text = "\r\n".join(lines)
        return (self.damaged_text(text) if self.random.random() < 0.5 else text).encode(errors="surrogatepass")


class Fuzzer:
    def __init__(self, api, seed):
        self._api = api
        self._mutator = Mutator(seed)
        self._websockets = [None] * WEBSOCKETS
        self._readers = set()
        self.counts = {"actions": 0, "messages": 0, "answers": 0}

    async def run(self, seconds):
        end = time.monotonic() + seconds
        control = await SignalingClient.connect(f"{self._api.replace('http', 'ws', 1)}/ws")
        async with aiohttp.ClientSession() as http:
            while time.monotonic() < end:
                # Also lets the server catch up: who is heard here has had all that came before.
                stream_ids = await control.streams()
                for _ in range(STEPS_BETWEEN_CHECKS):
                    await self._step(http, stream_ids)
        return self.counts

    async def _step(self, http, stream_ids):
        choose = self._mutator.random
        slot, kind = choose.randrange(WEBSOCKETS), choose.random()
        frame, request = self._mutator.frame(stream_ids), self._mutator.request(urlsplit(self._api).netloc)
        self.counts["actions"] += 1
        if kind < 0.04:
            await self._send_request(request)
        elif kind < 0.06:
            await self._leave(slot, politely=choose.random() < 0.5)
        else:
            await self._send(http, slot, frame)

    async def _send(self, http, slot, frame):
        websocket = self._websockets[slot]
        if websocket is None or websocket.closed:
            websocket = self._websockets[slot] = await http.ws_connect(self._api + "/ws")
            reader = asyncio.create_task(self._count_answers(websocket))
            self._readers.add(reader)
            reader.add_done_callback(self._readers.discard)
        with contextlib.suppress(ConnectionError):
            await websocket.send_str(frame)
            self.counts["messages"] += 1

    async def _leave(self, slot, politely):
        websocket, self._websockets[slot] = self._websockets[slot], None
        if websocket is None:
            return
        if politely:
            await websocket.close()
        elif websocket._response.connection:
            websocket._response.connection.transport.abort()

    async def _send_request(self, request):
        address = urlsplit(self._api)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(request)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.transport.abort()

    async def _count_answers(self, websocket):
        async for message in websocket:
            assert message.type != aiohttp.WSMsgType.TEXT or json.loads(message.data)["type"]
            self.counts["answers"] += 1


if __name__ == "__main__":
    print(json.dumps(asyncio.run(Fuzzer(sys.argv[1], int(sys.argv[2])).run(float(sys.argv[3])))), flush=True)
