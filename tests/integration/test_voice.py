# SPDX-License-Identifier: MIT
"""The main function: audio in, and out by WebRTC and as MP3."""

import pytest
from aiortc.rtp import RtcpSenderInfo, RtcpSrPacket, RtpPacket, is_rtcp
from voicecast_client import mp3, sdp


async def test_tone_reaches_webrtc_receiver(studio):
    await studio.sender(frequency=440)
    receiver = await studio.receiver()
    await receiver.assert_hears(440)
    assert receiver.rtp.missing() == []


async def test_tone_reaches_mp3_listener(studio):
    sender = await studio.sender(frequency=440)
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    await listener.assert_hears(440)
    mp3.assert_station_format(listener.received)


async def test_stream_available_is_sent_with_first_audio(studio):
    bystander, receiver = await studio.client(), await studio.client()
    sender = studio.new_sender(await studio.client())
    sender.track.pause()
    await sender.register()
    await sender.offer()
    await sender.until_connected()
    for client in (bystander, receiver, sender.client):
        assert await client.streams() == []
        assert not client.unread("stream_available")
    sender.track.resume()
    for client in (bystander, receiver, sender.client):
        available = await client.expect("stream_available")
        assert available["stream_id"] == f"stream_{sender.connection_id}"
        assert await client.streams() == [sender.stream_id]


async def test_sender_without_audio_is_no_stream_yet(studio):
    sender = studio.new_sender(await studio.client())
    sender.track.pause()
    await sender.register()
    await sender.offer()
    await sender.until_connected()
    client = await studio.client()
    await client.send("start_receiving")
    await client.expect_error("No audio stream available")
    await client.send("start_receiving", stream_id=sender.stream_id)
    await client.expect_error("No audio stream available")


async def test_rtcp_may_come_long_before_first_rtp(studio):
    """Browsers send RTCP for a muted microphone, too."""
    sender = studio.new_sender(await studio.client())
    sender.track.pause()
    await sender.register()
    await sender.offer()
    await sender.until_connected()
    nothing_sent = RtcpSenderInfo(ntp_timestamp=0, rtp_timestamp=0, packet_count=0, octet_count=0)
    for _ in range(3):
        await sender.rtp_sender._send_rtcp([RtcpSrPacket(ssrc=sender.ssrc, sender_info=nothing_sent)])
        assert await sender.client.streams() == []
    sender.track.resume()
    await sender.until_live()
    await (await studio.receiver()).assert_hears(440)


async def test_answer_to_sender(studio):
    sender = await studio.sender()
    answer = sender.answer["sdp"]
    payload_type = sdp.opus_payload_type(answer)
    assert payload_type == sender.payload_type
    assert "useinbandfec=1" in sdp.format_parameters(answer, payload_type)
    assert sdp.has(answer, "a=recvonly")
    assert sdp.has(answer, "a=rtcp-mux")
    assert sdp.values(answer, "group") == [f"BUNDLE {sender.mid}"]
    assert sdp.values(answer, "setup")[0] in ("active", "passive")
    assert_only_loopback_candidates(answer)


@pytest.mark.parametrize("payload_type", [96, 109, 111])
async def test_receiver_offer_matches_sender_packets(studio, payload_type):
    sender = await studio.sender(payload_type=payload_type)
    assert sdp.opus_payload_type(sender.answer["sdp"]) == payload_type
    receiver = await studio.receiver()
    offer = receiver.offer["sdp"]
    assert sdp.opus_payload_type(offer) == payload_type
    assert sdp.has(offer, "a=sendonly")
    assert sdp.has(offer, "a=setup:actpass")
    assert sdp.has(offer, "a=rtcp-mux")
    assert len(sdp.values(offer, "group")) == 1
    assert_only_loopback_candidates(offer)
    packets = await receiver.rtp.more(10)
    assert {packet.payload_type for packet in packets} == {payload_type}
    assert {packet.ssrc for packet in packets} == sdp.ssrcs(offer)
    await receiver.assert_hears(440)


async def test_opus_packets_are_unchanged(studio):
    sender = await studio.sender()
    sent = log_of_sent_payloads(sender)
    receiver = await studio.receiver()
    received = await receiver.rtp.more(25)
    known = {timestamp: payload for timestamp, payload in sent}
    for packet in received[1:]:
        assert known[packet.timestamp] == packet.payload


async def test_two_receivers_hear_same_packets(studio):
    await studio.sender()
    one, other = await studio.receiver(), await studio.receiver()
    await other.rtp.more(20)
    await one.rtp.more(1)
    first = {packet.timestamp: packet.payload for packet in one.rtp.packets}
    second = {packet.timestamp: packet.payload for packet in other.rtp.packets[:20]}
    assert second.items() <= first.items()


def assert_only_loopback_candidates(description):
    candidates = sdp.values(description, "candidate")
    assert candidates
    for candidate in candidates:
        assert candidate.split()[4] == "127.0.0.1", candidate
        assert candidate.split()[6:8] == ["typ", "host"], candidate


def log_of_sent_payloads(sender):
    """(timestamp, payload) of every packet from now on, seen where aiortc is about to protect it."""
    sent = []
    transport = sender.rtp_sender.transport
    send = transport._send_rtp

    async def log_and_send(data):
        if not is_rtcp(data):
            packet = RtpPacket.parse(data)
            sent.append((packet.timestamp, packet.payload))
        await send(data)

    transport._send_rtp = log_and_send
    return sent
