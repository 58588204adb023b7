# SPDX-License-Identifier: MIT
"""ICY metadata: after each interval of audio a length byte, in units of 16, and so much of text."""

import re


def split(body, interval):
    """The audio alone, and one block of metadata for each whole interval; b"" where it says "unchanged"."""
    audio, blocks = bytearray(), []
    position = 0
    while True:
        audio += body[position : position + interval]
        position += interval
        if position >= len(body):
            return bytes(audio), blocks
        size = body[position] * 16
        block = body[position + 1 : position + 1 + size]
        if len(block) < size:
            return bytes(audio), blocks  # cut off
        blocks.append(block)
        position += 1 + size


def title_of(block):
    """As players read it: there is no escape, so the field ends where a quote and a semicolon come first."""
    text = block.rstrip(b"\0").decode()
    match = re.fullmatch(r"StreamTitle='(.*?)';", text)
    assert match and text.index("';") == len(text) - 2, text
    return match[1]


def titles(blocks):
    return [title_of(block) for block in blocks if block]
