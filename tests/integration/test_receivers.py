# SPDX-License-Identifier: MIT
"""Receivers connect and leave, or never connect, without effect on others."""

import asyncio

import pytest
from voicecast_client import sdp
from voicecast_client.signaling import assert_given_up


async def stop_stream(receiver):
    await receiver.client.send("stop_stream")


async def close_websocket(receiver):
    await receiver.client.close()


async def reset_websocket(receiver):
    await receiver.client.abort()


async def close_peer_connection(receiver):
    await receiver.pc.close()


async def drop_everything(receiver):
    receiver.mute()
    await receiver.client.abort()


LEAVE = [stop_stream, close_websocket, reset_websocket, close_peer_connection, drop_everything]


async def test_late_joiner_hears_stream(studio):
    await studio.sender()
    early = await studio.receiver()
    await early.rtp.more(150)
    late = await studio.receiver()
    await late.assert_hears(440)
    assert early.rtp.missing() == []


async def test_joins_and_leaves_do_not_affect_receiver(studio):
    await studio.sender()
    steady = await studio.receiver()

    async def visit(number):
        receiver = await studio.receiver(decode=False)
        await receiver.rtp.more(5 + 3 * number)
        await LEAVE[number % len(LEAVE)](receiver)

    await asyncio.gather(*(visit(number) for number in range(10)))
    await steady.rtp.more(25)
    assert steady.rtp.missing() == []
    assert steady.rtp.repeated() == 0
    await steady.assert_hears(440)


async def test_other_receivers_lose_nothing(studio):
    await studio.sender()
    receivers = await asyncio.gather(*(studio.receiver(decode=False) for _ in range(10)))
    await asyncio.gather(*(receiver.rtp.more(50) for receiver in receivers))
    for receiver in receivers:
        assert receiver.rtp.missing() == []
        assert receiver.rtp.repeated() == 0


@pytest.mark.parametrize("leave", LEAVE, ids=lambda leave: leave.__name__)
async def test_one_leaves_while_joining(studio, leave):
    await studio.sender()
    steady = await studio.receiver()
    for steps in range(3):
        receiver = studio.new_receiver(await studio.client(), decode=False)
        await receiver.request()
        if steps > 0:
            await receiver.take_offer()
        if steps > 1:
            await receiver.answer()
        if receiver.pc.getTransceivers() or leave not in (close_peer_connection, drop_everything):
            await leave(receiver)
    await steady.rtp.more(25)
    assert steady.rtp.missing() == []


async def test_receiver_without_answer(studio):
    await studio.sender()
    steady = await studio.receiver()
    silent = await studio.client()
    await silent.send("start_receiving")
    await silent.expect("webrtc_offer")
    await steady.rtp.more(50)
    assert steady.rtp.missing() == []
    await (await studio.receiver()).assert_hears(440)
    assert len(await silent.streams()) == 1


async def test_receiver_without_ice(studio):
    await studio.sender()
    steady = await studio.receiver()
    idle = studio.new_receiver(await studio.client())
    await idle.request()
    await idle.take_offer()
    answer = await idle.pc.createAnswer()  # never made its local description, so ICE does not start
    await idle.client.send("webrtc_answer", answer={"sdp": sdp.without_candidates(answer.sdp), "type": "answer"})
    await steady.rtp.more(50)
    assert steady.rtp.missing() == []
    await (await studio.receiver()).assert_hears(440)
    assert len(await idle.client.streams()) == 1


async def test_sender_listens_to_itself_on_second_websocket(studio):
    sender = await studio.sender()
    await (await studio.receiver(sender.stream_id)).assert_hears(440)


@pytest.mark.parametrize("leave", [stop_stream, close_websocket, reset_websocket], ids=lambda leave: leave.__name__)
async def test_media_ends_at_once_with_session(studio, leave):
    await studio.sender()
    steady, receiver = await studio.receiver(), await studio.receiver()
    await leave(receiver)
    await steady.rtp.more(10)  # time for the server to act, measured by its own packets
    count = len(receiver.rtp.packets)
    await steady.rtp.more(25)
    assert len(receiver.rtp.packets) == count


async def test_lost_receiver_times_out(studio):
    """Its WebSocket stays, its network is lost: within 15 s the server stops sending."""
    await studio.sender()
    steady, receiver = await studio.receiver(decode=False), await studio.receiver(decode=False)
    receiver.mute()

    def packets_since_last():
        last = receiver.rtp.packets[-1].arrived_at
        return [packet for packet in steady.rtp.packets[-200:] if packet.arrived_at > last + 0.1]

    await steady.rtp.until(lambda: len(packets_since_last()) >= 50, "the end of the packets to a dead receiver", 30)
    assert steady.rtp.missing() == []
    assert_given_up(await receiver.client.expect("error"))
    assert len(await receiver.client.streams()) == 1
