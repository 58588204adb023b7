# SPDX-License-Identifier: MIT
"""RTP and RTCP of a sender with keys. Each takes a live HandSender and random numbers."""

import contextlib
import struct

import pylibsrtp
from voicecast_client import rtcp
from voicecast_client.hand_sender import SILENCE, voice

FLOOD = 3000  # packets, as fast as they can be encrypted
LARGEST = 1200
OTHERS = 40  # fewer than what ends a stream


async def put(sender, *packets):
    """RTP or RTCP in the clear; what libsrtp does not encrypt cannot be sent by anybody."""
    for packet in packets:
        with contextlib.suppress(pylibsrtp.Error):
            await sender.rtp_sender.transport._send_rtp(packet)


async def empty(sender, dice):
    for _ in range(50):
        await sender.send(b"")
        await sender.send(SILENCE)


async def one_byte(sender, dice):
    for number in range(256):
        await sender.send(bytes([number]))


async def cut(sender, dice):
    packet = next(voice())
    for length in range(len(packet)):
        await sender.send(packet[:length])


async def too_long(sender, dice):
    for length in (LARGEST, 1276, 1277, 1300):
        await sender.send(b"\xfc" * length)


async def header_fields(sender, dice):
    """Padding, extension, CSRCs: each first byte of version 2, over payloads of many lengths."""
    for first_byte in range(0x80, 0xC0):
        for length in (0, 1, 4, 60, 61, 64, 100):
            with contextlib.suppress(pylibsrtp.Error):
                await sender.send(dice.choice([bytes, dice.randbytes])(length), first_byte=first_byte)


async def noise(sender, dice):
    for _ in range(400):
        await sender.send(dice.randbytes(dice.choice([1, 2, 3, 40, 400, LARGEST])))


async def gaps(sender, dice):
    """After each fifth packet nearly a minute is missing."""
    for number in range(FLOOD // 10):
        if number % 5 == 0:
            sender.skip(2900, 960 * 2900)
        await sender.send(SILENCE)


async def jumps(sender, dice):
    """Of sequence and time, forth and back, alone and together."""
    for _ in range(300):
        sender.skip(dice.choice([1, 2, 100, 0x7FFF, 0x8000, -1, -100]), 0)
        with contextlib.suppress(pylibsrtp.Error):  # too far back
            await sender.send(SILENCE, samples=dice.choice([0, 1, 960, 2**31, -960, -(2**31) + 1]))


async def out_of_order(sender, dice):
    for _ in range(20):
        sender.skip(20, 20 * 960)
        for _ in range(20):
            with contextlib.suppress(pylibsrtp.Error):
                await sender.send(SILENCE)
            sender.skip(-2, -2 * 960)
        sender.skip(20, 20 * 960)


async def twice(sender, dice):
    """The same sequence number with other payload: encrypted once more, as only somebody hostile does."""
    for _ in range(100):
        await sender.send(SILENCE)
        sender.skip(-1, -960)
        with contextlib.suppress(pylibsrtp.Error):
            await sender.send(dice.randbytes(30))


async def other_sources(sender, dice):
    for _ in range(OTHERS):
        head = struct.pack("!BBHII", 0x80, sender.payload_type, 1, 1, dice.getrandbits(32))
        await put(sender, head + SILENCE)
        await sender.send(SILENCE)


async def reports_of_other_sources(sender, dice):
    """Each made rtpbin two threads."""
    for number in range(2000):
        await put(sender, rtcp.sender_report(dice.getrandbits(32)))
        if number % 40 == 0:
            await sender.pass_time(960)


async def descriptions_of_many(sender, dice):
    for _ in range(300):
        sources = [dice.getrandbits(32) for _ in range(31)]
        await put(sender, rtcp.receiver_report(sender.own_ssrc) + rtcp.descriptions(sources))


async def broken_reports(sender, dice):
    report = rtcp.sender_report(sender.own_ssrc)
    await put(sender, *(report[:length] for length in range(4, len(report))))
    await put(sender, *(rtcp.sender_report(sender.own_ssrc, words=words) for words in (0, 1, 5, 7, 0x100, 0xFFFF)))
    await put(sender, *(rtcp.packet(kind, b"", count=count) for kind in range(192, 209) for count in (0, 1, 31)))
    for _ in range(300):
        kind, count = dice.randrange(192, 209), dice.randrange(32)
        await put(sender, rtcp.packet(kind, dice.randbytes(4 * dice.randrange(30)), count=count))
    await put(sender, report * 40)


async def requests_for_all(sender, dice):
    """A sender that asks to have sent again what was never sent to it."""
    for _ in range(500):
        lost = [dice.getrandbits(16) for _ in range(100)]
        await put(sender, rtcp.nack(sender.own_ssrc, dice.choice([1, sender.own_ssrc]), lost))


async def farewell(sender, dice):
    for _ in range(50):
        await put(sender, rtcp.bye(sender.own_ssrc, dice.getrandbits(32)))
        await sender.send(SILENCE)


async def flood(sender, dice):
    for _ in range(FLOOD):
        await sender.send(SILENCE)


ALL = [
    empty, one_byte, cut, too_long, header_fields, noise, gaps, jumps, out_of_order, twice, other_sources,
    reports_of_other_sources, descriptions_of_many, broken_reports, requests_for_all, farewell, flood,
]  # fmt: skip
