"""What a sender may flood a server with: of each kind, the packet of a number."""

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
