# SPDX-License-Identifier: MIT
"""Frames of a WebSocket as a client sends them (RFC 6455 §5.2), good and bad ones."""

import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = bytes(4)  # allowed, and it leaves the payload as it is


def head(opcode, length, *, fin=True, masked=True, reserved=0):
    """Of a frame that announces so many bytes, whatever follows."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    bit = 0x80 if masked else 0
    if length < 126:
        size = bytes([bit | length])
    elif length < 2**16:
        size = struct.pack("!BH", bit | 126, length)
    else:
        size = struct.pack("!BQ", bit | 127, length)
    return bytes([first]) + size + (MASK if masked else b"")


def frame(payload, opcode=TEXT, **options):
    data = payload.encode() if isinstance(payload, str) else payload
    return head(opcode, len(data), **options) + data
