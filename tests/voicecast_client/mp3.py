# SPDX-License-Identifier: MIT
"""MP3 parsed frame by frame, and decoded by ffmpeg."""

import asyncio
from dataclasses import dataclass

import numpy

from .watchdog import within

SAMPLE_RATE = 44100
BYTES_PER_SECOND = 128000 // 8
SAMPLES_PER_FRAME = 1152

# ISO 11172-3, MPEG-1 layer III
_BITRATES_KBPS = (None, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, None)
_SAMPLE_RATES = (44100, 48000, 32000, None)
_MODES = ("stereo", "joint stereo", "dual channel", "mono")


@dataclass(frozen=True)
class Frame:
    bitrate_kbps: int
    sample_rate: int
    mode: str
    size: int


def parse_frames(data):
    """All whole frames; every byte must belong to one, only the last may be cut off."""
    frames = []
    position = 0
    while position + 4 <= len(data):
        frame = _parse_header(data[position : position + 4], position)
        if position + frame.size > len(data):
            break
        frames.append(frame)
        position += frame.size
    return frames


def assert_station_format(data):
    frames = parse_frames(data)
    assert frames, "no MP3 frame"
    for frame in frames:
        assert (frame.bitrate_kbps, frame.sample_rate) == (128, 44100), frame
        assert frame.mode in ("stereo", "joint stereo"), frame
    return frames


async def decode(data, channels=1):
    """Samples, -1 to 1; of more channels than one a row for each moment."""
    command = ["ffmpeg", "-v", "error", "-f", "mp3", "-i", "pipe:0", "-f", "f32le", "-ac", str(channels), "pipe:1"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    out, err = await within(process.communicate(bytes(data)), "ffmpeg")
    assert process.returncode == 0, err.decode()
    samples = numpy.frombuffer(out, dtype=numpy.float32)
    return samples if channels == 1 else samples.reshape(-1, channels)


def _parse_header(header, position):
    sync = header[0] == 0xFF and header[1] & 0xFE == 0xFA  # MPEG-1, layer III, either protection bit
    bitrate = _BITRATES_KBPS[header[2] >> 4]
    sample_rate = _SAMPLE_RATES[header[2] >> 2 & 3]
    assert sync and bitrate and sample_rate, f"no MPEG-1 layer III frame at byte {position}: {header.hex()}"
    padding = header[2] >> 1 & 1
    return Frame(bitrate, sample_rate, _MODES[header[3] >> 6], 144000 * bitrate // sample_rate + padding)
