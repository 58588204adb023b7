# SPDX-License-Identifier: MIT
"""The WebRTC load client (tests/bench/webrtc_load), and the audio that it sends."""

import contextlib
import json

from voicecast_client import pion
from voicecast_client.helper_process import talking_process
from voicecast_client.server import REPOSITORY

SOURCE = REPOSITORY / "tests" / "bench" / "webrtc_load"


def make_voice(path, seconds=20):
    """Noise: no two payloads of it are the same, so that each can be known again."""
    return pion.make_opus(path, f"anoisesrc=r=48000:d={seconds}:a=0.3", bitrate="48k")


class Load:
    def __init__(self, process):
        self._process = process

    async def do(self, **command):
        self._process.write_line(json.dumps(command))
        return json.loads(await self._process.read_line(command["do"], 300))

    async def publish(self, count=1):
        return (await self.do(do="publish", count=count))["streams"]

    async def join(self, streams, count, at_once=5):
        return await self.do(do="join", streams=streams, count=count, at_once=at_once)

    async def count(self):
        return await self.do(do="count")


@contextlib.asynccontextmanager
async def open_load(program, voice, server):
    async with talking_process(program, server.kind, server.url, voice) as process:
        yield Load(process)
