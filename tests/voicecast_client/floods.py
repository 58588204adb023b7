"""What a sender may flood a server with: of each kind, the packet of a number."""

import asyncio
import contextlib
import itertools
import struct


def packet(payload_type=96, ssrc=1, size=100):
    """The clear header of an SRTP packet, and rubbish: what is looked at before anything is decrypted."""
    return struct.pack("!BBHII", 0x80, payload_type, 1, 1, ssrc).ljust(size, b"\xa5")


FLOODS = {
    "too many packets": lambda number: packet(),
    "jumbo packets": lambda number: packet(size=60000),
    "many sources": lambda number: packet(ssrc=number + 1),
    "another payload type": lambda number: packet(payload_type=100),
}


# Ten thousand packets a second: what one port's socket must hold while a server is slow, as a sanitized one is.
BURST, PAUSE = 20, 0.002


async def flood(sender, kind):
    """Sends much too much until the server has had enough."""
    with contextlib.suppress(ConnectionError):  # it ends in the middle
        for number in itertools.count():
            await sender.ice.send(FLOODS[kind](number))
            if number % BURST == BURST - 1:
                await asyncio.sleep(PAUSE)  # lets the server's words in, too
            if sender.client.unread("error"):
                return
