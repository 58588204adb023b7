# SPDX-License-Identifier: MIT
"""Lost and stalled clients are detected, and a killed server restarts."""

import contextlib
import json
import socket

import aiohttp
import pytest
from voicecast_client import key_file
from voicecast_client.raw_http import connect_with_small_buffers
from voicecast_client.raw_websocket import bare_websocket, frame
from voicecast_client.server import Server
from voicecast_client.watchdog import eventually, within


@pytest.fixture
def extra_arguments(tmp_path):
    return key_file.write(tmp_path, limits={"ping_seconds": 2, "messages_per_second": 1000000})


ASK = frame(json.dumps({"type": "get_available_streams"}).encode())


async def clients(studio):
    return (await studio.get_json("/health"))["connected_clients"]


async def until_clients(studio, count):
    async def reached():
        return await clients(studio) == count

    await eventually(reached, f"{count} clients")


async def test_websocket_without_pongs_is_closed(studio, server):
    client = await studio.client()
    async with bare_websocket(server) as (reader, _):
        await until_clients(studio, 2)
        everything = await within(reader.read(), "the end of the connection")
    assert everything.count(b"\x89") >= 2  # it was asked twice
    await until_clients(studio, 1)
    assert await client.streams() == []  # who answers stays


async def test_websocket_with_pongs_stays(studio, server):
    async with bare_websocket(server) as (reader, writer):
        for _ in range(5):
            await within(reader.readuntil(b"\x89"), "a ping")
            writer.write(frame(b"", opcode=0xA))
        assert await clients(studio) == 1


async def flood_until_dropped(writer, data):
    """Sends without end, and never reads a response."""
    writer.transport.pause_reading()
    writer.transport.set_write_buffer_limits(high=0)  # each piece waits until the one before is on its way
    with contextlib.suppress(ConnectionError):
        while not writer.transport.is_closing():
            writer.write(data)
            await writer.drain()


async def test_non_reading_client_is_closed(studio, server):
    await studio.sender()  # makes the answers longer
    before = await clients(studio)
    async with bare_websocket(server, connect_with_small_buffers) as (_, writer):
        await until_clients(studio, before + 1)
        await within(flood_until_dropped(writer, ASK * 100), "the end of the connection")
        await until_clients(studio, before)


async def test_pinging_non_reading_client_is_closed(studio, server):
    async with bare_websocket(server, connect_with_small_buffers) as (_, writer):
        await until_clients(studio, 1)
        await within(flood_until_dropped(writer, frame(b"p" * 120, opcode=9) * 100), "the end of the connection")
        await until_clients(studio, 0)


async def test_sender_network_loss_is_announced(studio):
    sender = await studio.sender()
    watcher = await studio.client()
    sender.mute()
    await watcher.expect("stream_ended", seconds=15, stream_id=sender.stream_id, code="failed")


async def test_answered_peer_without_connection(studio):
    sender = await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request(sender.stream_id)
    await receiver.take_offer()
    await receiver.make_answer()
    receiver.mute()
    await receiver.send_answer()
    error = (await receiver.client.expect("error", seconds=15))["message"]
    assert error in ("Server error: the connection failed", "Server error: no connection after 15 s"), error


async def test_killed_server_restarts(tmp_path):
    ports = []
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(str(free.getsockname()[1]))
    arguments = ["--port", ports[0], "--audio-port", ports[1], "--tls", "auto", "--tls-port", "0"]
    arguments += ["--state-dir", str(tmp_path / "state")]
    first = await Server(tmp_path / "first.stderr").start(*arguments)
    async with aiohttp.ClientSession() as session, session.ws_connect(first.websocket) as websocket:
        await websocket.receive()
        first._process.kill()
        await first._process.wait()
        second = await Server(tmp_path / "second.stderr").start(*arguments)
    try:
        async with aiohttp.ClientSession() as session, session.get(second.api + "/health") as response:
            assert response.status == 200
    finally:
        await second.stop()
