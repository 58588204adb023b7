# SPDX-License-Identifier: MIT
"""A client that connects and leaves in a loop uses no more of the server than one that stays."""

import asyncio
import os
import re

import pytest
from voicecast_client import key_file
from voicecast_client.watchdog import eventually

AT_ONCE = 20  # tries of one WebSocket
TOO_OFTEN = "Server error: too many connections and restarts in a short time: try again in 1 s"


@pytest.fixture
def extra_arguments(request, tmp_path):
    limits = getattr(request, "param", None)
    return key_file.write(tmp_path, limits=limits) if limits else []


def threads_of(server):
    return len(os.listdir(f"/proc/{server.pid}/task"))


def files_of(server):
    return len(os.listdir(f"/proc/{server.pid}/fd"))


class Watch:
    """The maximal number of the server's threads, while it answers /health."""

    def __init__(self, studio):
        self._studio = studio
        self.most = threads_of(studio.server)
        self._looking = asyncio.create_task(self._look())

    async def _look(self):
        while True:
            await self._studio.get_json("/health")
            self.most = max(self.most, threads_of(self._studio.server))

    async def stop(self):
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)


async def join_and_stop(client, streams, _):
    for _ in range(400):
        await client.send("start_receiving", stream_id=streams[0])
        await client.send("stop_stream")


async def hop(client, streams, _):
    for number in range(400):
        await client.send("start_receiving", stream_id=streams[number % len(streams)])


async def talk_and_stop(client, _, offer):
    for _ in range(400):
        await client.send("start_sending")
        await client.send("webrtc_offer", offer={"type": "offer", "sdp": offer})
        await client.send("stop_stream")


async def replace_the_stream(client, _, offer):
    await client.send("start_sending")
    for number in range(800):
        await client.send("webrtc_offer", offer={"type": "offer", "sdp": with_fingerprint(offer, number)})


def with_fingerprint(offer, number):
    digits = ":".join(f"{byte:02X}" for byte in number.to_bytes(32, "big"))
    return re.sub(r"a=fingerprint:sha-256 \S+", f"a=fingerprint:sha-256 {digits}", offer)


async def streams_after_errors(client):
    """How many there are, once all that was sent before is handled; errors on the way are the test's business."""
    before = len(client.unread("available_streams"))
    await client.send("get_available_streams")
    await client.until(lambda: len(client.unread("available_streams")) > before, "the list of streams")
    return len(client.unread("available_streams")[-1]["streams"])


async def offer_of(studio):
    sender = studio.new_sender(await studio.client())
    await sender.make_offer()
    return sender.pc.localDescription.sdp


# Or the rate of messages would end the loop before that of connections is met.
@pytest.mark.parametrize("extra_arguments", [{"messages-per-second": 10000}], indirect=True, ids=["messages"])
@pytest.mark.parametrize("loop", [join_and_stop, hop, talk_and_stop, replace_the_stream])
async def test_one_websocket_in_loop(studio, server, loop):
    """Each round took three threads and some descriptors, and /health seconds."""
    senders = [await studio.sender() for _ in range(2)]
    listener = await studio.receiver(senders[0].stream_id, decode=False)
    client = await studio.client()
    offer = await offer_of(studio)
    before, files = threads_of(server), files_of(server)
    watch = Watch(studio)
    await loop(client, [sender.stream_id for sender in senders], offer)
    await client.send("stop_stream")
    assert await streams_after_errors(client) == 2
    await watch.stop()
    assert TOO_OFTEN in [message.get("message") for message in client.messages]
    assert watch.most - before < 10 * AT_ONCE
    await listener.rtp.more(15)
    assert listener.rtp.missing() == []

    async def given_back():
        return threads_of(server) <= before + 3 and files_of(server) <= files + 3

    await eventually(given_back, "the threads and descriptors of those who left")


async def test_short_streams_are_not_refused(studio):
    """As many successive streams as a client may have; each stops before the next."""
    client = await studio.client()
    for _ in range(AT_ONCE):
        sender = studio.new_sender(client)
        await sender.go_live()
        await client.send("stop_stream")
        await client.expect("stream_ended", stream_id=sender.stream_id)
        await sender.close()


@pytest.mark.parametrize("extra_arguments", [{"peers": 2}], indirect=True)
async def test_limit_of_peers(studio, server):
    sender = await studio.sender()
    receiver = await studio.receiver(decode=False)
    late = await studio.client()
    await late.send("start_receiving", stream_id=sender.stream_id)
    await late.expect_error("Server error: the server is full: it takes 2 WebRTC connections")
    refused = await studio.new_whep_receiver().knock()
    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
    await receiver.client.send("stop_stream")

    async def comes_in():
        return (await studio.new_whep_receiver().knock()).status == 201

    await eventually(comes_in, "the place of the one who left")
