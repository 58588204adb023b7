# SPDX-License-Identifier: MIT
"""A listener's request before the first packet of an answered sender waits for the stream."""

import asyncio

import aiohttp
import pytest
from voicecast_client.watchdog import within

NOT_THERE = "No audio stream available"


class Coming:
    """A sender with an answer that sends no media until told."""

    def __init__(self, studio):
        self._studio = studio
        self._answer = None
        self.sender = None

    async def begin(self):
        self.sender = self._studio.new_sender(await self._studio.client())
        await self.sender.register()
        await self.sender.make_offer()
        await self.sender.send_offer()
        self._answer = await self.sender.client.expect("webrtc_answer")
        return self

    @property
    def stream_id(self):
        return self.sender.stream_id

    async def go_live(self):
        await self.sender.apply_answer(self._answer)
        await self.sender.until_live()


@pytest.fixture
def coming(studio):
    return Coming(studio).begin


async def is_held(client):
    """Messages are handled in order: a request before the list is answered before it, or waits."""
    await client.streams()
    assert not client.unread("error") and not client.unread("webrtc_offer")


@pytest.mark.parametrize("by_id", [True, False], ids=["by_id", "the_newest"])
async def test_websocket_request_waits_for_stream(studio, coming, by_id):
    coming = await coming()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request(coming.stream_id if by_id else None)
    await is_held(receiver.client)
    await coming.go_live()
    await receiver.take_offer()
    await receiver.answer()
    await receiver.assert_hears(440)


@pytest.mark.parametrize("by_id", [True, False], ids=["by_id", "the_newest"])
async def test_websocket_request_for_stream_without_audio(studio, coming, by_id):
    coming = await coming()
    client = await studio.client()
    await client.send("start_receiving", **({"stream_id": coming.stream_id} if by_id else {}))
    await is_held(client)
    await client.expect_error(NOT_THERE)
    await client.send("start_receiving", stream_id="stream_of_nobody")
    await client.expect_error(NOT_THERE)


async def stops(client, _):
    await client.send("stop_stream")


async def begins_to_send(client, _):
    await client.send("start_sending")


async def asks_for_another(client, _):
    await client.send("start_receiving", stream_id="stream_of_nobody")
    await client.expect_error(NOT_THERE)


@pytest.mark.parametrize("change", [stops, begins_to_send, asks_for_another])
async def test_replaced_request_is_dropped(studio, coming, change):
    coming = await coming()
    client = await studio.client()
    await client.send("start_receiving", stream_id=coming.stream_id)
    await is_held(client)
    await change(client, coming)
    await coming.go_live()
    await client.expect("stream_available", stream_id=coming.stream_id)
    await is_held(client)


async def test_disconnected_request_is_dropped(studio, server, coming):
    coming = await coming()
    clients = [await studio.client() for _ in range(3)]
    for client in clients:
        await client.send("start_receiving")
        await is_held(client)
    await clients[0].close()
    await clients[1].abort()
    await coming.go_live()
    await clients[2].expect("webrtc_offer")
    (stream,) = (await studio.get_json("/stream/status"))["details"]
    assert stream["webrtc_listeners"] == 1


async def test_receiver_keeps_old_stream_until_new_one(studio, coming):
    before = await studio.sender(frequency=880)
    receiver = await studio.receiver(before.stream_id)
    coming = await coming()
    await receiver.client.send("start_receiving", stream_id=coming.stream_id)
    await is_held(receiver.client)
    await receiver.assert_hears(880)
    await coming.go_live()
    again = studio.new_receiver(receiver.client)
    await again.take_offer()
    await again.answer()
    await again.assert_hears(440)


async def test_repeated_requests_get_one_answer(studio, coming):
    coming = await coming()
    client = await studio.client()
    for _ in range(100):
        await client.send("start_receiving", stream_id=coming.stream_id)
    await is_held(client)
    await coming.go_live()
    await client.expect("webrtc_offer")
    await is_held(client)


@pytest.mark.parametrize("name", [None, "latest"], ids=["by_id", "latest"])
async def test_whep_request_waits_for_stream(studio, coming, name):
    coming = await coming()
    receiver = studio.new_whep_receiver(f"/whep/{name or coming.stream_id}")
    starting = asyncio.create_task(receiver.start())
    await is_held(await studio.client())
    await coming.go_live()
    await within(starting, "the answer")
    await receiver.assert_hears(440)


@pytest.mark.parametrize("ending", ["mp3", "opus"])
async def test_http_request_waits_for_stream(studio, coming, ending):
    coming = await coming()
    opening = asyncio.create_task(studio.listener(f"/stream/{coming.stream_id}.{ending}"))
    await is_held(await studio.client())
    await coming.go_live()
    listener = await within(opening, "the answer")
    await listener.more(1000)


PATHS = ["/whep/{}", "/whep/latest", "/stream/{}.mp3", "/stream/{}.opus"]


@pytest.mark.parametrize("path", PATHS)
async def test_http_request_for_stream_without_audio(studio, coming, path):
    coming = await coming()
    whep = studio.new_whep_receiver(path.format(coming.stream_id))
    if path.startswith("/whep"):
        answer = await whep.knock()
    else:
        answer = await whep.ask("GET", studio.server.audio + path.format(coming.stream_id))
    if path == "/whep/latest":
        assert answer.status == 409 and "Retry-After" in answer.headers
    else:
        assert answer.status == 404 and "Stream not found" in answer.body


@pytest.mark.parametrize("path", PATHS)
async def test_disconnected_http_request_is_dropped(studio, coming, path):
    coming = await coming()
    whep = studio.new_whep_receiver(path.format(coming.stream_id))
    await whep.make_offer()
    async with aiohttp.ClientSession() as http:
        method = "POST" if path.startswith("/whep") else "GET"
        url = (studio.server.api if path.startswith("/whep") else studio.server.audio) + path.format(coming.stream_id)
        body = whep.pc.localDescription.sdp if method == "POST" else None
        asking = asyncio.create_task(http.request(method, url, data=body, headers={"Content-Type": "application/sdp"}))
        await is_held(await studio.client())
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    await studio.get_json("/health")
    await coming.go_live()
    (stream,) = (await studio.get_json("/stream/status"))["details"]
    assert stream["listeners"] == 0


async def test_many_by_http(studio, server, coming):
    """Requests beyond the limit are answered at once, and the server stops while others wait."""
    coming = await coming()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        url = f"{studio.server.audio}/stream/{coming.stream_id}.mp3"

        async def status():
            async with http.get(url) as response:
                return response.status

        asking = [asyncio.create_task(status()) for _ in range(120)]
        done, waiting = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result() for task in done} == {404}
        await server.stop()
        await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("by_id", [True, False], ids=["by_id", "the_newest"])
@pytest.mark.parametrize("when", ["coming", "live"])
async def test_sender_requests_own_stream(studio, coming, by_id, when):
    async with studio.http.get(studio.server.audio + "/stream/latest.mp3?follow=1") as player:
        own = await coming()
        client = own.sender.client
        if when == "live":
            await own.go_live()
        await client.send("start_receiving", **({"stream_id": own.stream_id} if by_id else {}))
        if when == "coming":
            await is_held(client)
            await own.sender.apply_answer(own._answer)
        assert (await client.expect("error"))["message"] == "Stream ended"
        assert await client.streams() == []
        # The player still waits, and hears the next voice.
        await studio.sender()
        assert await within(player.content.readexactly(64 * 1024), "the next voice")
