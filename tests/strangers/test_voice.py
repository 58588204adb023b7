# SPDX-License-Identifier: MIT
"""Senders who have agreed on all keys, and send what they like, to listeners by WebRTC, MP3 and Opus of their own."""

import contextlib
import random

import pytest
from strangers import voice_attacks
from strangers.scene import SEED
from strangers.signaling_states import peer_of
from strangers.table import named
from voicecast_client import usage
from voicecast_client.hand_sender import HandSender
from voicecast_client.radio import Listener
from voicecast_client.receiver import Receiver

MORE_THREADS = 12  # of outputs that have just begun, and for the few sources that a sender may have


@contextlib.asynccontextmanager
async def listening(scene, ending, stream_id):
    listener = await Listener.open(f"{scene.server.audio}/stream/{stream_id}.{ending}")
    try:
        yield
    finally:
        await listener.close()


async def attack(scene, send):
    async with contextlib.AsyncExitStack() as opened:
        sender = await opened.enter_async_context(peer_of(scene, HandSender))
        await sender.go_live()
        receiver = await opened.enter_async_context(peer_of(scene, Receiver, decode=False))
        await receiver.request(sender.stream_id)
        await receiver.take_offer()
        await receiver.answer()
        await receiver.until_connected()
        for ending in ("mp3", "opus"):
            await opened.enter_async_context(listening(scene, ending, sender.stream_id))
        threads = usage.threads(scene.server.pid)
        with contextlib.suppress(ConnectionError):  # the server may end the stream
            await send(sender, random.Random(f"{SEED} {send.__name__}"))
        assert usage.threads(scene.server.pid) <= threads + MORE_THREADS


async def warm_up(scene):
    await attack(scene, voice_attacks.empty)


@pytest.mark.parametrize("send", named(voice_attacks.ALL))
async def test_hostile_voice(scene, send):
    await scene.endure(lambda: attack(scene, send))
