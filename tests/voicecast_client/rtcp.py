# SPDX-License-Identifier: MIT
"""RTCP (RFC 3550 §6) in the clear, as a test wants it."""

import struct

SENDER_REPORT, RECEIVER_REPORT, SDES, BYE, APP, FEEDBACK, PAYLOAD_FEEDBACK = 200, 201, 202, 203, 204, 205, 206
CNAME = 1


def packet(kind, body, count=0, words=None):
    """`words`: the length that its header says, where it is not the true one."""
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4 if words is None else words) + body


def sender_report(ssrc, info=bytes(20), **options):
    return packet(SENDER_REPORT, struct.pack("!I", ssrc) + info, **options)


def receiver_report(ssrc, about=(), **options):
    blocks = b"".join(struct.pack("!IIIIII", source, 0, 0, 0, 0, 0) for source in about)
    return packet(RECEIVER_REPORT, struct.pack("!I", ssrc) + blocks, count=len(about), **options)


def descriptions(ssrcs, name=b"someone"):
    """A chunk for each source, 31 at most."""
    chunks = b""
    for ssrc in ssrcs:
        chunk = struct.pack("!IBB", ssrc, CNAME, len(name)) + name + b"\0"
        chunks += chunk + b"\0" * (-len(chunk) % 4)
    return packet(SDES, chunks, count=len(ssrcs))


def bye(*ssrcs):
    return packet(BYE, struct.pack(f"!{len(ssrcs)}I", *ssrcs), count=len(ssrcs))


def nack(ssrc, about, sequences):
    lost = b"".join(struct.pack("!HH", sequence, 0xFFFF) for sequence in sequences)
    return packet(FEEDBACK, struct.pack("!II", ssrc, about) + lost, count=1)
