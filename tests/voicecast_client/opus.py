# SPDX-License-Identifier: MIT
"""The properties of an Opus packet (RFC 6716 §3.1, §4.2), and decoding of many."""

import av
import numpy

# Frame durations of the 32 configurations: SILK, hybrid and CELT.
_DURATIONS_MS = (10, 20, 40, 60) * 3 + (10, 20) * 2 + (2.5, 5, 10, 20) * 4
_FIRST_CELT = 16


def _configuration(packet):
    return packet[0] >> 3


def is_stereo(packet):
    return bool(packet[0] & 4)


def duration_ms(packet):
    code = packet[0] & 3
    frames = (1, 2, 2, packet[1] & 0x3F if code == 3 else 0)[code]
    return frames * _DURATIONS_MS[_configuration(packet)]


def has_fec(packet):
    """Whether one frame of mono SILK holds the one before it, too: its LBRR flag, which follows its VAD flags."""
    if _configuration(packet) >= _FIRST_CELT or is_stereo(packet) or packet[0] & 3 or len(packet) < 2:
        return False
    vad_flags = max(1, _DURATIONS_MS[_configuration(packet)] // 20)
    return bool(packet[1] >> (7 - vad_flags) & 1)


def decode(packets):
    """The left channel at 48 kHz, -1 to 1, by ffmpeg; aiortc's own decoder knows frames of 20 ms only."""
    decoder = av.CodecContext.create("opus", "r")
    decoder.sample_rate, decoder.layout = 48000, "stereo"
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet))]
    return numpy.concatenate([frame.to_ndarray()[0] for frame in frames])
