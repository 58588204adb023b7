# SPDX-License-Identifier: MIT
"""A tone to send, and its detector."""

import asyncio
import fractions
import time
from dataclasses import dataclass

import aiortc
import av
import numpy

SAMPLE_RATE = 48000
SAMPLES_PER_FRAME = 960  # 20 ms, as browsers send
AUDIBLE = 0.01


class ToneTrack(aiortc.MediaStreamTrack):
    """A sine in real time. Paused, it gives no frames at all, so its sender sends no RTP."""

    kind = "audio"

    def __init__(self, frequency=440.0, amplitude=0.4):
        super().__init__()
        self._frequency = frequency
        self._amplitude = amplitude
        self._position = 0
        self._next_at = time.monotonic()
        self._playing = asyncio.Event()
        self._playing.set()

    def pause(self):
        self._playing.clear()

    def resume(self):
        self._playing.set()

    async def recv(self):
        await self._keep_time()
        at = (self._position + numpy.arange(SAMPLES_PER_FRAME)) / SAMPLE_RATE
        sine = self._amplitude * 32767 * numpy.sin(2 * numpy.pi * self._frequency * at)
        frame = av.AudioFrame.from_ndarray(sine.astype(numpy.int16).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self._position
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self._position += SAMPLES_PER_FRAME
        return frame

    async def _keep_time(self):
        await asyncio.sleep(self._next_at - time.monotonic())
        if not self._playing.is_set():
            await self._playing.wait()
            self._next_at = time.monotonic()
        self._next_at += SAMPLES_PER_FRAME / SAMPLE_RATE


@dataclass(frozen=True)
class Tone:
    frequency: float
    above_rest_db: float  # the tone's power over that of the strongest other component


def find_tone(samples, sample_rate):
    """The dominant frequency of mono samples."""
    spectrum = numpy.abs(numpy.fft.rfft(samples * numpy.hanning(len(samples)))) ** 2
    hertz = numpy.fft.rfftfreq(len(samples), 1 / sample_rate)
    peak = hertz[spectrum.argmax()]
    rest = spectrum[numpy.abs(hertz - peak) > 30]
    return Tone(float(peak), float(10 * numpy.log10(spectrum.max() / max(rest.max(), 1e-12))))


def is_tone(samples, sample_rate, frequency):
    if len(samples) < sample_rate // 2 or loudness(samples) < AUDIBLE:
        return False
    tone = find_tone(samples, sample_rate)
    return abs(tone.frequency - frequency) < 5 and tone.above_rest_db > 20


def assert_tone(samples, sample_rate, frequency):
    assert is_tone(samples, sample_rate, frequency), (
        f"wanted {frequency} Hz, heard {find_tone(samples, sample_rate)} at loudness {loudness(samples):.4f}"
    )


def loudness(samples):
    """Root mean square, 1.0 being full scale."""
    return float(numpy.sqrt(numpy.mean(numpy.square(samples))))
