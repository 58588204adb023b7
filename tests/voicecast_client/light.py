# SPDX-License-Identifier: MIT
"""Cheap receivers: once connected, they read the clear header of each packet only."""

import struct
import time

from .receiver import Receiver


def is_rtp(data):
    """RFC 5761: what RTCP's packet types look like in a byte that RTP uses for its payload type."""
    return len(data) >= 12 and 128 <= data[0] <= 191 and not 64 <= data[1] & 0x7F <= 95


def sequence_and_timestamp(data):
    return struct.unpack_from("!HI", data, 2)


class LightReceiver:
    """Takes RTP at the socket, undecrypted; STUN, DTLS and RTCP go on to aiortc."""

    def __init__(self, client):
        self.arrivals = []  # (sequence, timestamp, time.monotonic())
        self._receiver = Receiver(client, decode=False)

    async def start(self, stream_id=None):
        await self._receiver.start(stream_id)
        for protocol in self._receiver.ice._protocols:
            self._watch(protocol)
        return self

    def lost(self):
        """Packets missing between the first and the last; sequence numbers are unwrapped on the way."""
        seen, extended = set(), None
        for sequence, _, _ in self.arrivals:
            extended = sequence if extended is None else extended + ((sequence - extended + 0x8000) & 0xFFFF) - 0x8000
            seen.add(extended)
        return max(seen) - min(seen) + 1 - len(seen) if seen else 0

    async def close(self):
        await self._receiver.close()

    def _watch(self, protocol):
        take_other = protocol.datagram_received
        arrivals = self.arrivals

        def datagram_received(data, address):
            if is_rtp(data):
                arrivals.append((*sequence_and_timestamp(data), time.monotonic()))
            else:
                take_other(data, address)

        protocol.datagram_received = datagram_received


def log_send_times(sender):
    """{RTP timestamp: time.monotonic()} of every packet that a sender hands to its socket from now on."""
    times = {}
    for protocol in sender.ice._protocols:
        protocol.send_data = _timed(protocol.send_data, times)
    return times


def _timed(send, times):
    async def send_data(data, address):
        if is_rtp(data):
            times[sequence_and_timestamp(data)[1]] = time.monotonic()
        await send(data, address)

    return send_data
