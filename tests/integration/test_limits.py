# SPDX-License-Identifier: MIT
"""Overload is refused, and connected clients are not affected."""

import asyncio
import contextlib

import aiohttp
import pytest
from voicecast_client import key_file
from voicecast_client.raw_http import UPGRADE, ask, opened, own_host
from voicecast_client.watchdog import eventually


@pytest.fixture
def extra_arguments(tmp_path):
    limits = {"clients": 4, "streams": 1, "receivers_per_stream": 1, "mp3_listeners": 2, "connections": 12}
    return key_file.write(tmp_path, limits=limits)


async def upgrade(server):
    return await ask(server.api, "/ws", [own_host(server.api), *UPGRADE])


async def test_too_many_clients(studio, server):
    clients = [await studio.client() for _ in range(4)]
    refused = await upgrade(server)
    assert (refused.status, refused.get("retry-after")) == (503, "10")
    for client in clients:
        assert await client.streams() == []
    await clients.pop().close()

    async def is_free():
        return (await upgrade(server)).status == 101

    await eventually(is_free, "room for one more client")


async def test_too_many_streams_and_receivers(studio):
    sender = await studio.sender()
    receiver = await studio.receiver()
    late = await studio.client()
    second = studio.new_sender(late)
    await second.register()
    await second.make_offer()
    await second.send_offer()
    error = await late.expect_error("Server error: the server is full: it takes 1 streams")
    assert error["code"] == "busy"
    await late.send("start_receiving", stream_id=sender.stream_id)
    error = await late.expect_error("Server error: the stream is full: it has 1 receivers, try again later")
    assert (error["code"], error["stream_id"]) == ("busy", sender.stream_id)
    await receiver.assert_hears(440)
    assert receiver.rtp.missing() == []


async def test_sender_may_replace_its_own_stream(studio):
    sender = await studio.sender()
    await sender.client.send("start_sending")
    sender.connection_id = (await sender.client.expect("sender_ready"))["connection_id"]
    again = studio.new_sender(sender.client)
    await again.go_live()


async def test_too_many_listeners(studio, server):
    listeners = [await studio.listener(headers={"Icy-MetaData": "1"}) for _ in range(2)]
    refused = await ask(server.audio, "/stream/latest.mp3", [own_host(server.audio), ("Icy-MetaData", "1")])
    assert (refused.status, refused.get("retry-after")) == (503, "10")
    for listener in listeners:
        await listener.more(1000)


async def test_too_many_connections(studio, server):
    client = await studio.client()
    async with contextlib.AsyncExitStack() as idle:
        for _ in range(11):
            await idle.enter_async_context(opened(server.api, "/health", [own_host(server.api)]))
        refused = await ask(server.api, "/health", [own_host(server.api)])
        assert (refused.status, refused.get("retry-after")) == (503, "5")
        assert await client.streams() == []

    async def is_free():
        with contextlib.suppress(aiohttp.ClientError, asyncio.IncompleteReadError, ConnectionError):
            return (await ask(server.api, "/health", [own_host(server.api)])).status == 200

    await eventually(is_free, "room for one more connection")
