#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Time to an MP3 listener's first byte: the first listener, which starts the encoder, and the next."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from voicecast_client import measure  # noqa: E402
from voicecast_client.watchdog import within  # noqa: E402


async def tune_in(url):
    """Connects as a player does; returns the seconds to the first byte of MP3, and the open connection."""
    address = urlsplit(url)
    start = time.monotonic()
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"GET {address.path} HTTP/1.0\r\nHost: {address.netloc}\r\n\r\n".encode())
    head = await within(reader.readuntil(b"\r\n\r\n"), "the head of the answer")
    assert b" 200 " in head, head
    await within(reader.readexactly(1), "the first byte")
    return time.monotonic() - start, writer


async def measure_a_stream(studio):
    """A new stream each time: its encoder surely does not run yet."""
    sender = await studio.sender()
    url = f"{studio.server.audio}/stream/{sender.stream_id}.mp3"
    first, one = await tune_in(url)
    following, other = await tune_in(url)
    for writer in (one, other):
        writer.close()
    await sender.client.send("stop_stream")
    await sender.client.expect("stream_ended")
    return first, following


async def main(count):
    async with measure.open_studio() as studio:
        await measure_a_stream(studio)  # the first one pays for what is loaded only once
        first, following = zip(*[await measure_a_stream(studio) for _ in range(count)])
    figures = {"first_listener": measure.summary(first), "next_listener": measure.summary(following)}
    limits = {
        "first listener's first byte, median ms": (figures["first_listener"]["median_ms"], 400),
        "next listener's first byte, median ms": (figures["next_listener"]["median_ms"], 60),
    }
    return measure.report("mp3", figures, limits)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    measure.run(main(parser.parse_args().count))
