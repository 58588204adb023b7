# SPDX-License-Identifier: MIT
"""Floods of a sender: for each kind, the RTP packet of a number."""

import contextlib
import itertools
import struct


def packet(payload_type=96, ssrc=1, size=100, sequence=1):
    """A header and rubbish: RTP, or what a stranger sends as SRTP."""
    return struct.pack("!BBHII", 0x80, payload_type, sequence & 0xFFFF, 1, ssrc).ljust(size, b"\xa5")


FLOODS = {
    "too many packets": lambda number: packet(sequence=number),
    "many sources": lambda number: packet(ssrc=number),
    "another payload type": lambda number: packet(payload_type=100, sequence=number),
}


# The largest ones of a burst fit into the one port's socket, where a server that is slow, as a sanitized one is, has all of
# it to read yet.
BURST = 50


async def flood(sender, kind, breath):
    """Sends much too much, with the sender's own keys, until the server has had enough; after each burst it awaits
    `breath()`, which is an event."""
    with contextlib.suppress(ConnectionError):  # it ends in the middle
        for number in itertools.count(1):
            await sender.rtp_sender.transport._send_rtp(FLOODS[kind](number))
            if number % BURST == 0:
                await breath()
            if sender.client.unread("error"):
                return
