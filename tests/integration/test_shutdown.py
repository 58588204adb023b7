# SPDX-License-Identifier: MIT
"""An orderly stop in every state."""

import asyncio
import os
import signal

import pytest
from voicecast_client.radio import ICY_PLAYER
from voicecast_client.server import Server
from voicecast_client.watchdog import within

SIGNALS = [signal.SIGTERM, signal.SIGINT]


@pytest.mark.parametrize("signal_number", SIGNALS, ids=lambda number: number.name)
async def test_idle_server_stops(server, signal_number):
    await server.stop(signal_number)


@pytest.mark.parametrize("signal_number", SIGNALS, ids=lambda number: number.name)
async def test_clients_get_going_away(studio, server, signal_number):
    client = await studio.client()
    sender = await studio.sender()
    receiver = await studio.receiver()
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    await listener.more(1000)
    await server.stop(signal_number)
    for one in (client, sender.client, receiver.client):
        assert await one.expect_close() == 1001
        assert [message["stream_id"] for message in one.unread("stream_ended")] == [sender.stream_id]
    await listener.until_end()


async def test_waiting_player_does_not_delay_stop(studio, server):
    listener = await studio.listener("/stream/latest.mp3", ICY_PLAYER)
    await listener.more(1000)
    await server.stop()
    await listener.until_end()


async def test_server_stops_during_negotiations(studio, server):
    await studio.sender()
    for _ in range(5):
        receiver = studio.new_receiver(await studio.client())
        await receiver.request()
    half_open = studio.new_sender(await studio.client())
    await half_open.register()
    await half_open.make_offer()
    await half_open.send_offer()
    await server.stop()
    assert await half_open.client.expect_close() == 1001


async def test_server_stops_while_clients_leave(studio, server):
    await studio.sender()
    receivers = [await studio.receiver(decode=False) for _ in range(20)]
    for receiver in receivers:
        await receiver.client.abort()
    await server.stop()


async def test_hanging_server_does_not_delay_stop(publish):
    """An Icecast server that accepts the connection and never responds."""
    taken = asyncio.Event()
    mute = await asyncio.start_server(lambda *_: taken.set(), "127.0.0.1", 0)
    async with mute:
        port = mute.sockets[0].getsockname()[1]
        studio = await publish(relay={"url": f"icecast://127.0.0.1:{port}/voice.mp3"})
        sender = await studio.sender()
        await within(taken.wait(), "the connection")
        await studio.server.stop()
        assert await sender.client.expect_close() == 1001


async def test_blocked_main_loop_does_not_delay_stop(tmp_path, request):
    """It reads its settings, and one file is a pipe without a writer."""
    pipelines = tmp_path / "pipelines"
    pipelines.mkdir()
    server = Server(tmp_path / "server.stderr")
    request.node.servers = [server]
    await server.start("--pipelines", str(pipelines))
    os.mkfifo(pipelines / "stream.launch")
    server.reload()
    loop = asyncio.get_running_loop()
    pipe = await within(loop.run_in_executor(None, os.open, pipelines / "stream.launch", os.O_WRONLY), "the reader")
    try:
        with pytest.raises(AssertionError, match="ended with status 75"):
            await server.stop()
    finally:
        os.close(pipe)
    assert server.stderr().count(" error stopping takes too long: exiting with unfinished work\n") == 1
