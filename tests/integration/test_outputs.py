# SPDX-License-Identifier: MIT
"""RTP of a hostile sender with a stream, and the outputs: MP3, Opus in Ogg, recordings."""

import asyncio
import os
import time

import pytest
from voicecast_client import ogg, tone
from voicecast_client.hand_sender import SILENCE, voice
from voicecast_client.publishing import publisher
from voicecast_client.raw_audio import decode_url
from voicecast_client.watchdog import SLOWNESS, eventually

PADDING, EXTENSION = 0x20, 0x10
CELT_20_MS = 31 << 3

# What follows the fixed header, and the header's first byte.
PACKETS = {
    "nothing": (b"", 0x80),
    "padding alone": (b"\x00\x00\x00\x04", 0x80 | PADDING),
    "an extension alone": (b"\xbe\xde\x00\x01\x10\xff\x00\x00", 0x80 | EXTENSION),
    "a source and nothing": (b"\x01\x02\x03\x04", 0x81),
    "one byte": (bytes([CELT_20_MS]), 0x80),
    "half a length": (bytes([CELT_20_MS | 2, 252]), 0x80),
    "no frames": (bytes([CELT_20_MS | 3, 0]), 0x80),
    "63 frames": (bytes([CELT_20_MS | 3, 63]), 0x80),
    "padding without end": (bytes([CELT_20_MS | 3, 0x41]) + b"\xff" * 30, 0x80),
    "a frame too large": (bytes([CELT_20_MS]) + b"\xaa" * 1276, 0x80),
    "noise": (os.urandom(200), 0x80),
    "120 ms": (bytes([CELT_20_MS | 3, 6]) + b"\xff\xfe" * 6, 0x80),
    "2.5 ms": (bytes([28 << 3, 0xFF, 0xFE]), 0x80),
}


@pytest.fixture
def attic(tmp_path):
    directory = tmp_path / "attic"
    directory.mkdir()
    return directory


async def test_any_payload(publish, attic):
    studio = await publish(
        opus={"url": f"file://{attic}/{{id}}-{{time}}.opus", "stream": "all"},
        mp3={"url": f"file://{attic}/{{id}}-{{time}}.mp3", "stream": "all"},
    )
    sender = await studio.hand_sender()
    packets = voice()
    talk = asyncio.create_task(sender.talk(10**6, packets))
    receiver = await studio.receiver(decode=False)
    listeners = [await studio.listener(f"/stream/latest.{ending}") for ending in ("mp3", "opus")]
    talk.cancel()
    for payload, first_byte in PACKETS.values():
        for _ in range(3):
            await sender.send(payload, first_byte=first_byte)
        await sender.talk(10, packets)
    before, passed_on = [len(listener.received) for listener in listeners], len(receiver.rtp.packets)
    await sender.talk(100, packets)
    await receiver.rtp.until(lambda: len(receiver.rtp.packets) > passed_on + 80, "what follows")
    for listener, count in zip(listeners, before):
        await listener.until(lambda at=listener, least=count + 2000: len(at.received) > least, "more audio")
        assert not listener.has_ended
    for group in ("opus", "mp3"):
        assert (await publisher(studio, group))["failures"] == 0
    await sender.client.send("stop_stream")

    async def are_over():
        return not any([(await publisher(studio, group))["pushes"] for group in ("opus", "mp3")])

    await eventually(are_over, "the end of the recordings")
    for ending in ("opus", "mp3"):
        (file,) = attic.glob(f"*.{ending}")
        samples = await decode_url(file)
        tone.assert_tone(samples[-tone.SAMPLE_RATE :], tone.SAMPLE_RATE, 440)


async def recording_of(publish, attic, talk):
    """The logical Ogg stream in the recording of what `talk(sender, packets)` sends."""
    studio = await publish(opus={"url": f"file://{attic}/{{id}}-{{time}}.opus", "stream": "all"})
    sender = await studio.hand_sender()
    begin = time.monotonic()
    await talk(sender, voice())
    seconds = time.monotonic() - begin
    await sender.client.send("stop_stream")

    async def is_over():
        return not (await publisher(studio, "opus"))["pushes"]

    await eventually(is_over, "the end of the recording")
    (file,) = attic.iterdir()
    (stream,) = ogg.streams(file.read_bytes())
    assert stream.position == round(stream.seconds * tone.SAMPLE_RATE)
    return file, stream, seconds


async def test_recording_has_stream_duration(publish, attic):
    """With pauses (DTX), lost packets, a pause without any packet and another source behind it."""

    async def talk(sender, packets):
        await sender.talk(50, packets)
        for _ in range(4):
            await sender.send(SILENCE, samples=20 * tone.SAMPLES_PER_FRAME)
            await sender.pass_time(20 * tone.SAMPLES_PER_FRAME)
        await sender.talk(50, packets)
        sender.skip(3, 3 * tone.SAMPLES_PER_FRAME)
        await sender.pass_time(3 * tone.SAMPLES_PER_FRAME)
        await sender.talk(50, packets)
        await sender.pass_time(3 * tone.SAMPLE_RATE)
        sender.timestamp += 2**30
        await sender.talk(50, packets)

    file, stream, seconds = await recording_of(publish, attic, talk)
    assert stream.seconds == pytest.approx(seconds, abs=0.5)
    samples = await decode_url(file)
    assert len(samples) / tone.SAMPLE_RATE == pytest.approx(stream.seconds, abs=0.1)
    assert tone.loudness(samples[-3 * tone.SAMPLE_RATE : -2 * tone.SAMPLE_RATE]) < 0.01
    tone.assert_tone(samples[-tone.SAMPLE_RATE * 9 // 10 :], tone.SAMPLE_RATE, 440)


async def test_sequence_jumps_add_no_time(publish, attic):
    """Sequence numbers and timestamps that jump at each fifth packet, like a loss of a minute every 0.1 s."""

    async def talk(sender, packets):
        for _ in range(60):
            await sender.talk(5, packets)
            sender.skip(2900, 2900 * tone.SAMPLES_PER_FRAME)

    _, stream, seconds = await recording_of(publish, attic, talk)
    # A recording begins when the voice is live, which takes a slow server longer.
    assert seconds - 0.5 * max(1, SLOWNESS / 2) < stream.seconds < seconds + 1.5
