# SPDX-License-Identifier: MIT
"""--egress fanout: what it does itself that a receiver's webrtcbin would do. (That receivers hear what they should is in the
other tests, with `meson test --setup fanout`.)"""

import time

import pytest
from voicecast_client import usage
from voicecast_client.light import is_rtp, sequence_and_timestamp
from voicecast_client.watchdog import SLOWNESS, Watched, eventually

CLOCK_HZ = 48000
NTP_EPOCH_S = 2208988800


@pytest.fixture
def extra_arguments():
    return ["--egress", "fanout"]


class Reports(Watched):
    """A receiver's sender reports."""

    def __init__(self, receiver):
        super().__init__()
        self.all = []
        self._rtp = receiver.rtp
        rtp_receiver = receiver.pc.getReceivers()[0]
        self._handle = rtp_receiver._handle_rtcp_packet
        rtp_receiver._handle_rtcp_packet = self._note

    async def more(self, count):
        wanted = len(self.all) + count
        await self.until(lambda: len(self.all) >= wanted, f"{count} more sender reports", 10 + 4 * count)
        return self.all[wanted - count : wanted]

    async def _note(self, packet):
        if hasattr(packet, "sender_info"):
            packet.came_at, packet.last_packet = time.time(), self._rtp.packets[-1]
            packet.packets_before = len(self._rtp.packets)
            packet.idle_s = time.monotonic() - packet.last_packet.arrived_at
            self.all.append(packet)
        await self._handle(packet)
        self.changed()


def lose(receiver, count):
    """Drops the next RTP packets at the receiver's socket; returns their sequence numbers."""
    lost = []
    for protocol in receiver.ice._protocols:

        def datagram_received(data, address, take=protocol.datagram_received):
            if is_rtp(data) and len(lost) < count:
                lost.append(sequence_and_timestamp(data)[0])
            else:
                take(data, address)

        protocol.datagram_received = datagram_received
    return lost


def seconds_of(report):
    return report.sender_info.ntp_timestamp / 2**32 - NTP_EPOCH_S


def skip_with_full_ice(receiver):
    if "a=ice-lite" not in receiver.offer["sdp"]:
        pytest.skip("--ice full has sockets and threads for each peer, and cannot connect before the answer")


async def test_receivers_share_threads_and_sockets(studio, server):
    """With ICE lite. Each has its WebSocket; a webrtcbin would have three threads."""
    await studio.sender()
    one = await studio.receiver(decode=False)
    skip_with_full_ice(one)
    threads, descriptors = usage.threads(server.pid), usage.descriptors(server.pid)
    receivers = [await studio.receiver(decode=False) for _ in range(8)]
    assert usage.threads(server.pid) - threads < len(receivers), "GLib's pools vary by a few"
    assert usage.descriptors(server.pid) - descriptors == len(receivers)
    for receiver in [one, *receivers]:
        await receiver.rtp.more(5)


async def test_handshake_may_begin_before_answer_arrives(studio):
    await studio.sender()
    receiver = studio.new_receiver(await studio.client(), decode=False)
    await receiver.request()
    await receiver.take_offer()
    skip_with_full_ice(receiver)
    await receiver.make_answer()
    transport = receiver.pc.getReceivers()[0].transport

    async def has_begun():
        return transport.state == "connecting"

    await eventually(has_begun, "a ClientHello")
    await receiver.send_answer()
    await receiver.rtp.more(5)


async def test_sender_reports_have_packet_time(studio):
    sender = await studio.sender()
    receiver = await studio.receiver(decode=False)
    for report in await Reports(receiver).more(3):
        info = report.sender_info
        assert report.ssrc == sender.ssrc
        assert seconds_of(report) == pytest.approx(report.came_at, abs=SLOWNESS)
        expected = report.last_packet.timestamp + report.idle_s * CLOCK_HZ
        difference = (info.rtp_timestamp - int(expected) + 2**31) % 2**32 - 2**31
        assert difference == pytest.approx(0, abs=SLOWNESS * CLOCK_HZ)
        assert info.packet_count >= report.packets_before
        assert info.octet_count >= info.packet_count


async def test_lost_packet_is_retransmitted(studio):
    await studio.sender()
    receiver = await studio.receiver(decode=False)
    lost = lose(receiver, 1)
    await receiver.rtp.more(2)
    (sequence,) = lost
    assert len(receiver.rtp.missing()) == 1
    await receiver.pc.getReceivers()[0]._send_rtcp_nack(receiver.rtp.packets[0].ssrc, [sequence])
    await receiver.rtp.until(lambda: not receiver.rtp.missing(), "the packet again")


async def test_offer_has_nack(studio):
    await studio.sender()
    receiver = await studio.receiver(decode=False)
    payload_type = receiver.rtp.packets[0].payload_type
    assert f"a=rtcp-fb:{payload_type} nack\r\n" in receiver.offer["sdp"]


async def test_receiver_loss_is_shown(studio):
    await studio.sender()
    receiver = await studio.receiver(decode=False)
    await Reports(receiver).more(1)
    lose(receiver, 5)

    async def told():
        (stream,) = (await studio.get_json("/stream/status"))["details"]
        return [one for one in stream["receivers"] if one["lost_packets"] == 5]

    (reception,) = await eventually(told, "the report of five lost packets")
    assert 0 < reception["round_trip_ms"] < 5000


async def test_receiver_survives_silent_sender(studio):
    sender = await studio.sender()
    receiver = await studio.receiver()
    reports = Reports(receiver)
    sender.track.pause()
    await reports.more(1)
    silent_from = receiver.rtp.packets[-1]
    first, *_, last = await reports.more(8)
    assert seconds_of(last) - seconds_of(first) > 20
    assert receiver.rtp.packets[-1] == silent_from, "the sender was not silent"
    ticks = (last.sender_info.rtp_timestamp - first.sender_info.rtp_timestamp) % 2**32
    assert ticks / CLOCK_HZ == pytest.approx(seconds_of(last) - seconds_of(first), abs=0.1)
    sender.track.resume()
    await receiver.assert_hears(440)
    assert receiver.rtp.missing() == []
