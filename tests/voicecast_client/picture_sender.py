# SPDX-License-Identifier: MIT
"""A publisher that sends video beside its audio, whatever the answer, like OBS and FFmpeg."""

import os
import struct

from .hand_sender import HandSender

PICTURE, AGAIN, CORRECTION = 106, 107, 108  # payload types: H.264, what is sent again, and FEC


def with_picture(text):
    """An offer with the picture behind the voice."""
    transport = [
        line for line in text.split("\r\n") if line.startswith(("a=ice-", "a=fingerprint:sha-256", "a=setup"))
    ]
    lines = [
        f"m=video 9 UDP/TLS/RTP/SAVPF {PICTURE} {AGAIN} {CORRECTION}",
        "c=IN IP4 0.0.0.0",
        *transport,
        "a=mid:1",
        "a=sendonly",
        "a=rtcp-mux",
        f"a=rtpmap:{PICTURE} H264/90000",
        f"a=fmtp:{PICTURE} packetization-mode=1;profile-level-id=42e01f",
        f"a=rtpmap:{AGAIN} rtx/90000",
        f"a=fmtp:{AGAIN} apt={PICTURE}",
        f"a=rtpmap:{CORRECTION} flexfec-03/90000",
    ]
    head, group, rest = text.partition("a=group:BUNDLE 0")
    return head + group + " 1" * bool(group) + rest + "".join(line + "\r\n" for line in lines)


def without_picture(text):
    """An answer as far as the voice goes."""
    return text.partition("m=video")[0].replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0")


class PictureSender(HandSender):
    async def offer(self):
        await super().offer(with_picture, without_picture)

    async def send_picture(self, number, payload_type=PICTURE, size=1200):
        """Each payload type has a source of its own."""
        head = struct.pack("!BBHII", 0x80, payload_type, number & 0xFFFF, number * 600 % 2**32, 0x2222 + payload_type)
        await self.rtp_sender.transport._send_rtp(head + os.urandom(size))
