# SPDX-License-Identifier: MIT
"""Packets from a peer's own address that the peer did not send: anybody can forge that address. None of them ends, fills or
holds up anything. They are sent through the peer's own socket, past its DTLS: the server cannot tell the difference."""

import os
import struct

import pytest
from voicecast_client import detour, floods, sdp, stun, usage
from voicecast_client.watchdog import eventually, within

# Each kind that RFC 7983 knows, at every length up to a whole header; and what is of no kind.
FIRST_BYTES = (
    b"\x00\x01", b"\x03\xff", b"\x14\xfe", b"\x3f\xfe", b"\x40\x00", b"\x7f\xff", b"\x80\x60", b"\x80\xc8", b"\xbf\xff", b"\xff\xff",
)  # fmt: skip
CUT = [b"", *[(start + bytes(40))[:length] for start in FIRST_BYTES for length in range(1, 41)]]

SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION = 200, 201, 202


def rtcp(kind, ssrc, body=b"", count=0):
    return struct.pack("!BBHI", 0x80 | count, kind, 1 + len(body) // 4, ssrc) + body


def forged_rtcp(number):
    """Forged SRTCP: a source in the clear, and noise."""
    return rtcp(RECEIVER_REPORT, 0x10000 + number) + os.urandom(28)


def forged_rtp(number):
    """Forged SRTP with a source and payload type chosen by the number (64 to 95 would be RTCP)."""
    return floods.packet(payload_type=96 + number % 32, ssrc=0x20000 + number)


async def send_all(peer, packets):
    for packet in packets:
        await peer.ice.send(packet)


async def flood(peer, make, count, witness):
    """Sends packets in bursts, each after a packet to `witness`."""
    for number in range(count):
        await peer.ice.send(make(number))
        if number % floods.BURST == 0:
            await witness.rtp.more(1)


async def assert_alive(studio, *receivers):
    for receiver in receivers:
        await receiver.rtp.more(25)
        assert receiver.rtp.missing() == []
    assert (await studio.get_json("/health"))["status"] == "healthy"


def assert_same_use(server, memory_kb, threads):
    """GLib's pools vary by a thread; a flood's effect would be thousands of threads, and a hundred megabytes."""
    assert usage.threads(server.pid) - threads < 8
    # A sanitizer keeps what is freed for a while, to see whether it is still used.
    assert usage.is_sanitized(server.pid) or usage.memory_kb(server.pid) - memory_kb < 4096


async def dropped(studio, reason):
    return (await studio.get_json("/metrics"))["dropped_packets"][reason]


@pytest.mark.parametrize("role", ["sender", "receiver"])
async def test_truncated_datagrams_from_peer(studio, role):
    peers = {"sender": await studio.sender()}
    peers["receiver"] = await studio.receiver(decode=False)
    await send_all(peers[role], CUT)
    await assert_alive(studio, peers["receiver"])
    assert await dropped(studio, "malformed") > 0


async def test_truncated_tcp_frames(studio):
    """RFC 4571 allows a frame of length 0. With ICE lite: full ICE has no TCP here."""
    await studio.sender()
    receiver = studio.new_receiver(await studio.client(), decode=False)
    async with detour.Detour() as way:
        await receiver.request()
        message = await receiver.client.expect("webrtc_offer")
        if not stun.addresses(message["offer"]["sdp"], "TCP"):
            pytest.skip("no ICE-TCP with --ice full")
        way.far = await detour.TcpWay.open(way, stun.addresses(message["offer"]["sdp"], "TCP")[0])
        await receiver.apply_offer(message, detour.by(way.port))
        await receiver.answer(sdp.without_candidates)
        await receiver.rtp.more(10)
        for packet in CUT:
            way.far.send(packet)
        await assert_alive(studio, receiver)


async def test_forged_rtp_ends_no_stream(studio):
    sender, receiver = await studio.sender(), await studio.receiver(decode=False)
    await flood(sender, forged_rtp, 2000, receiver)
    await flood(sender, lambda number: floods.packet(size=60000), 200, receiver)
    await assert_alive(studio, receiver)
    assert await sender.client.streams() == [sender.stream_id]
    assert await dropped(studio, "unauthenticated") > 0
    assert await dropped(studio, "oversized") > 0


@pytest.mark.parametrize("role", ["sender", "receiver"])
async def test_forged_rtcp_uses_no_memory(studio, server, role):
    """srtpdec would allocate 22 kB for each source."""
    peers = {"sender": await studio.sender()}
    peers["receiver"] = await studio.receiver(decode=False)
    await flood(peers[role], forged_rtcp, 500, peers["receiver"])  # pays for what is loaded only once
    memory, threads = usage.memory_kb(server.pid), usage.threads(server.pid)
    await flood(peers[role], forged_rtcp, 4000, peers["receiver"])
    await assert_alive(studio, peers["receiver"])
    assert_same_use(server, memory, threads)
    assert await dropped(studio, "unauthenticated") > 0


async def send_rtcp(transport, make, count, witness):
    for number in range(count):
        await transport._send_rtp(make(number))
        if number % floods.BURST == 0:
            await witness.rtp.more(1)


def report_of(ssrc):
    return rtcp(SENDER_REPORT, ssrc, bytes(20))


def names_of_many(ssrc):
    """A report of the source itself, followed by 31 chunks of other sources."""
    chunks = b"".join(struct.pack("!IBB", int.from_bytes(os.urandom(4), "big"), 1, 1) + b"n\0" for _ in range(31))
    return report_of(ssrc) + struct.pack("!BBH", 0x80 | 31, DESCRIPTION, len(chunks) // 4) + chunks


@pytest.mark.parametrize("kind", ["reports of others", "others behind its own", "names of many"])
async def test_sender_rtcp_of_other_sources_has_no_effect(studio, server, kind):
    """All authentic. rtpbin would create two threads for each reporting source."""
    sender = await studio.sender()
    receiver = await studio.receiver(decode=False)
    make = {
        "reports of others": lambda number: report_of(0x30000 + number),
        "others behind its own": lambda number: report_of(sender.ssrc) + report_of(0x40000 + number),
        "names of many": lambda number: names_of_many(sender.ssrc),
    }[kind]
    transport = sender.rtp_sender.transport
    await send_rtcp(transport, make, 200, receiver)
    memory, threads = usage.memory_kb(server.pid), usage.threads(server.pid)
    await send_rtcp(transport, make, 1500, receiver)
    await assert_alive(studio, receiver)
    assert_same_use(server, memory, threads)


async def test_listener_rtcp_of_many_sources_has_no_effect(studio, server):
    sender = await studio.sender()
    receiver = await studio.receiver(decode=False)
    transport = receiver.pc.getReceivers()[0].transport
    memory, threads = usage.memory_kb(server.pid), usage.threads(server.pid)
    for kind in (SENDER_REPORT, RECEIVER_REPORT):
        body = bytes(20) if kind == SENDER_REPORT else b""
        await send_rtcp(transport, lambda number, k=kind, b=body: rtcp(k, 0x50000 + number, b), 1000, receiver)
    await assert_alive(studio, receiver)
    assert await sender.client.streams() == [sender.stream_id]
    assert_same_use(server, memory, threads)
    assert await dropped(studio, "source") > 0


async def test_session_has_four_tcp_connections(studio, server):
    """Each with a valid check. The first four stay; more are closed unless one of them was silent for long."""
    await studio.sender()
    receiver = studio.new_receiver(await studio.client(), decode=False)
    await receiver.request()
    text = (await receiver.client.expect("webrtc_offer"))["offer"]["sdp"]
    if not stun.addresses(text, "TCP"):
        pytest.skip("no ICE-TCP with --ice full")
    connections = [await stun.TcpProber.open(stun.addresses(text, "TCP")[0]) for _ in range(12)]
    check = stun.check(*stun.credentials(text))
    for connection in connections[:4]:
        connection.send(check)
        assert (await connection.answer()).message_class == stun.stun.Class.RESPONSE
    for connection in connections[4:]:
        connection.send(check)
        assert await within(connection.reader.read(), "the end of one too many") == b""
    connections[0].send(check)
    assert (await connections[0].answer()).message_class == stun.stun.Class.RESPONSE
    for connection in connections:
        connection.close()


async def test_listener_without_rtcp_stays(studio):
    """ICE consent keeps the connection (RFC 7675)."""
    await studio.sender()
    receiver = studio.new_receiver(await studio.client(), decode=False)
    receiver.send_no_rtcp()
    await receiver.start()
    await receiver.rtp.more(17 * 50, seconds=60)
    assert receiver.rtp.missing() == []
    assert receiver.client.unread("error") == []


async def test_silent_stream_is_shown(studio):
    sender = await studio.hand_sender()

    async def is_silent():
        (details,) = (await studio.get_json("/stream/status"))["details"]
        return details["silent"]

    assert not await is_silent()
    await eventually(is_silent, "the silence in the status")
    await sender.send(b"\xf8\xff\xfe")

    async def is_heard():
        return not await is_silent()

    await eventually(is_heard, "the voice in the status")
