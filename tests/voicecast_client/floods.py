"""What a sender may flood a server with: of each kind, the packet of a number."""

import contextlib
import itertools
import struct


def packet(payload_type=96, ssrc=1, size=100):
    """The clear header of an SRTP packet, and rubbish: what is looked at before anything is decrypted."""
    return struct.pack("!BBHII", 0x80, payload_type, 1, 1, ssrc).ljust(size, b"\xa5")


FLOODS = {
    "too many packets": lambda number: packet(),
    "jumbo packets": lambda number: packet(size=60000),
    "many sources": lambda number: packet(ssrc=number),
    "another payload type": lambda number: packet(payload_type=100),
}


# The largest ones of a burst fit into the one port's socket, where a server that is slow, as a sanitized one is, has all of
# it to read yet.
BURST = 50


async def flood(sender, kind, breath):
    """Sends much too much until the server has had enough; after each burst it awaits `breath()`, which is an event."""
    with contextlib.suppress(ConnectionError):  # it ends in the middle
        for number in itertools.count(1):
            await sender.ice.send(FLOODS[kind](number))
            if number % BURST == 0:
                await breath()
            if sender.client.unread("error"):
                return
