# SPDX-License-Identifier: MIT
"""A sender whose RTP packets a test writes itself."""

import asyncio
import fractions
import struct
import time

import av
import numpy
from aiortc.codecs.opus import OpusEncoder

from . import tone
from .sender import Sender
from .watchdog import within

SILENCE = b"\xf8\xff\xfe"  # 20 ms of CELT that decode to silence, as browsers send them in DTX


def voice(frequency=440.0, amplitude=0.4):
    """Endless Opus packets of 20 ms of a tone."""
    encoder, position = OpusEncoder(), 0
    while True:
        at = (position + numpy.arange(tone.SAMPLES_PER_FRAME)) / tone.SAMPLE_RATE
        sine = (amplitude * 32767 * numpy.sin(2 * numpy.pi * frequency * at)).astype(numpy.int16)
        frame = av.AudioFrame(format="s16", layout="stereo", samples=tone.SAMPLES_PER_FRAME)
        frame.planes[0].update(numpy.repeat(sine, 2).tobytes())
        frame.sample_rate, frame.pts = tone.SAMPLE_RATE, position
        frame.time_base = fractions.Fraction(1, tone.SAMPLE_RATE)
        position += tone.SAMPLES_PER_FRAME
        yield from encoder.encode(frame)[0]


class HandSender(Sender):
    """Its track is silent: nothing leaves but what send() is given. Its packets follow each other without a gap."""

    def __init__(self, client, **options):
        super().__init__(client, **options)
        self.track.pause()
        self.sequence, self.timestamp, self.own_ssrc = 1000, 5000, 0x1234567
        self._due = time.monotonic()

    async def go_live(self):
        await self.register()
        await self.offer()
        await self.until_connected()
        self._due = time.monotonic()
        await self.talk(5, voice())
        await self.until_live()
        return self

    async def talk(self, count, packets):
        """So many packets, each when it is due."""
        for _ in range(count):
            await self.send(next(packets))
            await self.pass_time(tone.SAMPLES_PER_FRAME)

    async def talk_until(self, packets, condition):
        """Until the condition holds; the watchdog is the caller's."""
        await within(self._talk_until(packets, condition), "what a voice brings about")

    async def _talk_until(self, packets, condition):
        while not condition():
            await self.talk(1, packets)

    async def pass_time(self, samples):
        """Until so many samples later, by the clock."""
        self._due = max(self._due, time.monotonic() - 0.5) + samples / tone.SAMPLE_RATE
        await asyncio.sleep(max(0, self._due - time.monotonic()))

    async def send(self, payload, samples=tone.SAMPLES_PER_FRAME, first_byte=0x80):
        """`payload` is all that follows the fixed header; `samples` later is the next packet."""
        head = struct.pack(
            "!BBHII", first_byte, self.payload_type, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.own_ssrc
        )
        self.skip(1, samples)
        await self.rtp_sender.transport._send_rtp(head + payload)

    def skip(self, packets, samples):
        self.sequence += packets
        self.timestamp += samples
