# SPDX-License-Identifier: MIT
"""All clients get stream_ended, however a sender leaves."""

import asyncio

import pytest
from voicecast_client.helper_process import helper_process
from voicecast_client.signaling import assert_given_up


async def stop_stream(sender):
    await sender.client.send("stop_stream")


async def close_websocket(sender):
    await sender.client.close()


async def reset_websocket(sender):
    await sender.client.abort()


async def close_peer_connection(sender):
    await sender.pc.close()


LEAVE = [stop_stream, close_websocket, reset_websocket, close_peer_connection]


@pytest.mark.parametrize("leave", LEAVE, ids=lambda leave: leave.__name__)
async def test_all_clients_get_stream_ended(studio, leave):
    sender = await studio.sender()
    receiver = await studio.receiver()
    bystander = await studio.client()
    await leave(sender)
    told = [bystander, receiver.client] + ([sender.client] if sender.client.is_open else [])
    for client in told:
        await client.expect("stream_ended", stream_id=sender.stream_id, code="stopped")
        assert await client.streams() == []
        assert not client.unread("stream_ended")  # once is enough


@pytest.mark.parametrize("leave", LEAVE, ids=lambda leave: leave.__name__)
async def test_ended_stream_is_reported_as_ended(studio, leave):
    sender = await studio.sender()
    client = await studio.client()
    await leave(sender)
    await client.expect("stream_ended", stream_id=sender.stream_id)
    await client.send("start_receiving", stream_id=sender.stream_id)
    error = await client.expect_error("Stream ended")
    assert (error["code"], error["stream_id"]) == ("stream_ended", sender.stream_id)
    await client.send("start_receiving")
    await client.expect_error("No audio stream available")


async def test_stop_stream_of_sender_keeps_its_websocket(studio):
    sender = await studio.sender()
    await sender.client.send("stop_stream")
    await sender.client.expect("stream_ended", stream_id=sender.stream_id)
    again = await studio.new_sender(sender.client, frequency=880).go_live()
    assert await sender.client.streams() == [again.stream_id]
    await (await studio.receiver()).assert_hears(880)


async def test_receiver_moves_to_next_stream(studio):
    sender = await studio.sender(frequency=440)
    receiver = await studio.receiver(sender.stream_id)
    await receiver.assert_hears(440)
    await sender.client.close()
    await receiver.client.expect("stream_ended", stream_id=sender.stream_id)
    following = await studio.sender(frequency=880)
    await receiver.client.expect("stream_available", stream_id=following.stream_id)
    again = await studio.new_receiver(receiver.client).start(following.stream_id)
    await again.assert_hears(880)


async def test_sender_without_audio_is_not_announced(studio):
    bystander = await studio.client()
    sender = studio.new_sender(await studio.client())
    sender.track.pause()
    await sender.register()
    await sender.offer()
    await sender.until_connected()
    await sender.client.send("stop_stream")
    assert await sender.client.streams() == []
    assert await bystander.streams() == []
    assert [message["type"] for message in bystander.messages] == ["available_streams", "available_streams"]


async def test_killed_sender_process(studio, server):
    bystander = await studio.client()
    async with helper_process("sender_process", server.websocket) as process:
        stream_id = await process.read_line("the sender process going live")
        await bystander.expect("stream_available", stream_id=stream_id)
        process.kill()
        await bystander.expect("stream_ended", stream_id=stream_id)
    assert await bystander.streams() == []


async def test_sender_network_loss_with_websocket(studio):
    sender = await studio.sender()
    bystander = await studio.client()
    sender.mute()
    await bystander.expect("stream_ended", seconds=30, stream_id=sender.stream_id)
    assert_given_up(await sender.client.expect("error"))
    assert await sender.client.streams() == []


async def test_silent_sender_with_live_connection_stays(studio):
    """A muted microphone may send nothing for long (DTX); ICE and RTCP keep the connection."""
    sender = await studio.sender()
    receiver = await studio.receiver()
    sender.track.pause()
    gone = await studio.sender(frequency=880)
    gone.mute()
    await receiver.client.expect("stream_ended", seconds=30, stream_id=gone.stream_id)
    assert await receiver.client.streams() == [sender.stream_id]
    sender.track.resume()
    await receiver.assert_hears(440)


async def test_senders_close_with_media_in_flight(studio):
    """Their last packets arrive while the pipeline stops."""

    async def call(number):
        sender = studio.new_sender(await studio.client())
        if number % 2:
            sender.track.pause()  # then the last packets are only RTCP
        await sender.register()
        await sender.offer()
        await sender.until_connected()
        await asyncio.gather(sender.pc.close(), sender.client.close())

    for _ in range(25):
        await asyncio.gather(*(call(number) for number in range(4)))
    await studio.sender()
    await (await studio.receiver()).assert_hears(440)
