# SPDX-License-Identifier: MIT
"""The logical streams of a physical Ogg stream (RFC 3533), and their packets."""

import struct
from dataclasses import dataclass, field

from . import opus

_HEAD = struct.Struct("<4sBBqIIIB")


@dataclass
class Stream:
    serial: int
    packets: list = field(default_factory=list)
    position: int = 0  # of the last page, in samples at 48 kHz
    has_ended: bool = False
    _unfinished: bytes = b""

    @property
    def seconds(self):
        """What its packets last, headers aside."""
        return sum(opus.duration_ms(packet) for packet in self.packets[2:]) / 1000

    def add(self, page, lengths, audio):
        self.position, self.has_ended = page[3], bool(page[2] & 4)
        for length in lengths:
            self._unfinished, audio = self._unfinished + audio[:length], audio[length:]
            if length < 255:
                self.packets.append(self._unfinished)
                self._unfinished = b""


def streams(data):
    """In their order; each begins with its first page. A page that is cut off at the end is left out."""
    found = []
    while len(data) >= _HEAD.size:
        page = _HEAD.unpack_from(data)
        assert page[0] == b"OggS"
        lengths = data[_HEAD.size : _HEAD.size + page[7]]
        begin = _HEAD.size + page[7]
        end = begin + sum(lengths)
        if len(data) < end:
            break
        assert _crc(data[:22] + bytes(4) + data[26:end]) == page[6], "the page's checksum"
        if page[2] & 2:
            found.append(Stream(page[4]))
        assert page[4] == found[-1].serial, "a page of another stream"
        found[-1].add(page, lengths, data[begin:end])
        data = data[end:]
    return found


def _crc(data):
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _TABLE[crc >> 24 ^ byte]
    return crc


def _entry(value):
    value <<= 24
    for _ in range(8):
        value = value << 1 ^ (0x104C11DB7 if value >> 31 else 0)
    return value


_TABLE = [_entry(value) for value in range(256)]
