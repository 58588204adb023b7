# SPDX-License-Identifier: MIT
"""Received RTP, packet by packet, before any jitter buffer."""

import time
from dataclasses import dataclass

from .watchdog import Watched


@dataclass(frozen=True)
class Packet:
    sequence: int  # extended: it does not wrap
    timestamp: int
    ssrc: int
    payload_type: int
    payload: bytes
    arrived_at: float  # time.monotonic()


class RtpLog(Watched):
    def __init__(self):
        super().__init__()
        self.packets = []

    def add(self, packet):
        self.packets.append(
            Packet(
                self._extended(packet.sequence_number),
                packet.timestamp,
                packet.ssrc,
                packet.payload_type,
                packet.payload,
                time.monotonic(),
            )
        )
        self.changed()

    async def more(self, count, seconds=20.0):
        """Waits for that many packets from now on and returns them."""
        start = len(self.packets)
        await self.until(lambda: len(self.packets) >= start + count, f"{count} more RTP packets", seconds)
        return self.packets[start : start + count]

    async def until_unbroken(self, count):
        """Waits for that many packets in a row, in their order and without a gap."""

        def is_unbroken():
            last = [packet.sequence for packet in self.packets[-count:]]
            return len(last) == count and last == list(range(last[0], last[0] + count))

        await self.until(is_unbroken, f"{count} RTP packets without a gap")

    def missing(self):
        """The sequence numbers between the first and the last that never came."""
        seen = {packet.sequence for packet in self.packets}
        return sorted(set(range(min(seen), max(seen) + 1)) - seen) if seen else []

    def repeated(self):
        return len(self.packets) - len({packet.sequence for packet in self.packets})

    def _extended(self, sequence):
        if not self.packets:
            return sequence
        last = self.packets[-1].sequence
        return last + ((sequence - last + 0x8000) & 0xFFFF) - 0x8000


def read_log(path):
    """The packets in a file, each behind its length in two bytes (RFC 4571)."""
    data = path.read_bytes()
    packets = []
    while len(data) >= 2 and len(data) >= (end := 2 + int.from_bytes(data[:2], "big")):
        packets.append(data[2:end])
        data = data[end:]
    return packets
