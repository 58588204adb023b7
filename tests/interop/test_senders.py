# SPDX-License-Identifier: MIT
"""Opus as senders of every kind send it, by GStreamer: it reaches a WebRTC listener byte for byte, and the station."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiortc.rtp import RtpPacket
from voicecast_client import gstreamer, mp3, opus, rtp, tone

pytest.importorskip("gi", reason="python3-gi is not installed")
pytestmark = pytest.mark.shared_server

HAS_EXTENSION = 0x10  # in the first byte of an RTP header (RFC 3550 §5.1)


@dataclass
class Sending:
    studio: object
    process: object
    stream_id: str
    receiver: object
    payload_type: int
    log: Path

    def packets(self):
        """What the receiver has got, which is all from somewhere on, and nothing else than was sent."""
        got = self.receiver.rtp.packets
        # Of the numbers 15 bits, as shortly before a wrap a fan-out takes those of the other half.
        sent = {packet.sequence_number & 0x7FFF: packet for packet in map(RtpPacket.parse, rtp.read_log(self.log))}
        for packet in got:
            original = sent[packet.sequence & 0x7FFF]
            assert (packet.payload, packet.timestamp, packet.ssrc) == (
                original.payload, original.timestamp, original.ssrc,
            )  # fmt: skip
            assert packet.payload_type == self.payload_type
        assert self.receiver.rtp.missing() == []
        return got

    async def assert_is_heard(self, hertz=440):
        """On the station, and in what the receiver has got."""
        await (await self.studio.listener(f"/stream/{self.stream_id}.mp3")).assert_hears(hertz)
        heard = opus.decode([packet.payload for packet in self.packets()])
        tone.assert_tone(heard[-tone.SAMPLE_RATE :], tone.SAMPLE_RATE, hertz)

    def assert_frames_of(self, milliseconds):
        packets = self.packets()
        assert {opus.duration_ms(packet.payload) for packet in packets} == {milliseconds}
        steps = {later.timestamp - earlier.timestamp for earlier, later in zip(packets, packets[1:])}
        assert steps == {milliseconds * 48}


@pytest.fixture
def sending(studio, server, tmp_path):
    @contextlib.asynccontextmanager
    async def send(*options, payload_type=100):
        log = tmp_path / "sent"
        usual = ("--payload-type", payload_type, "--log", log)
        async with gstreamer.by_websocket("send", server.websocket, *usual, *options) as process:
            receiver = await studio.receiver(process.stream_id, decode=False)
            yield Sending(studio, process, process.stream_id, receiver, payload_type, log)

    return send


@pytest.mark.parametrize("milliseconds, payload_type", [(10, 96), (20, 127), (40, 97), (60, 111)])
async def test_frames(sending, milliseconds, payload_type):
    async with sending("--encoder", f"frame-size={milliseconds}", payload_type=payload_type) as sender:
        await sender.assert_is_heard()
        sender.assert_frames_of(milliseconds)


async def test_stereo(sending):
    """The tone is and stays on the left channel."""
    async with sending("--stereo") as sender:
        await sender.assert_is_heard()
        assert all(opus.is_stereo(packet.payload) for packet in sender.packets())
        listener = await sender.studio.listener(f"/stream/{sender.stream_id}.mp3")
        await listener.more(2 * mp3.BYTES_PER_SECOND)
        left, right = (await mp3.decode(listener.received, channels=2))[-mp3.SAMPLE_RATE :].T
        tone.assert_tone(left, mp3.SAMPLE_RATE, 440)
        assert tone.loudness(right) < tone.AUDIBLE


async def test_in_band_fec(sending):
    """After 0.7 s the encoder takes a steady tone for noise and sends no more FEC, so it begins for the receiver."""
    encoder = "inband-fec=true packet-loss-percentage=20 audio-type=voice bandwidth=wideband bitrate=24000"
    async with sending("--silent", "--encoder", encoder) as sender:
        sender.process.write_line("tone")
        await sender.assert_is_heard()
        assert any(opus.has_fec(packet.payload) for packet in sender.packets())


async def test_dtx(sending):
    """During silence hardly anything is sent; the stream continues."""
    encoder = "dtx=true audio-type=voice bandwidth=wideband bitrate=24000"
    async with sending("--silent", "--encoder", encoder, "--payloader", "dtx=true") as sender:
        packets = await sender.receiver.rtp.more(4)
        pauses = [later.timestamp - earlier.timestamp for earlier, later in zip(packets, packets[1:])]
        assert max(pauses) >= 200 * 48
        sender.process.write_line("tone")
        await sender.assert_is_heard()
        assert not any(opus.has_fec(packet.payload) for packet in sender.packets())


async def test_header_extensions(sending):
    """Extensions that the answer declines, and the sender sends nevertheless."""
    async with sending("--extension", "urn:ietf:params:rtp-hdrext:ntp-64") as sender:
        await sender.assert_is_heard()
        assert all(packet[0] & HAS_EXTENSION for packet in rtp.read_log(sender.log))
