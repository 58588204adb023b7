#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Join times of a receiver: from start_receiving to the offer, and to the first RTP packet."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from voicecast_client import measure  # noqa: E402
from voicecast_client.helper_process import helper_process  # noqa: E402


async def join(studio):
    """Seconds to the offer and to the first packet. The certificate is made before the clock starts."""
    receiver = studio.new_receiver(await studio.client(), decode=False)
    start = time.monotonic()
    await receiver.request()
    offer = await receiver.client.expect("webrtc_offer")
    offered = time.monotonic()
    await receiver.apply_offer(offer)
    await receiver.answer()
    first = (await receiver.rtp.more(1))[0].arrived_at
    await receiver.client.send("stop_stream")
    await receiver.client.streams()
    return offered - start, first - start


async def main(count):
    async with measure.open_studio() as studio:
        # the sender is another process, so that it does not share our event loop
        async with helper_process("sender_process", studio.server.websocket) as sender:
            await sender.read_line("the sender going live")
            await join(studio)  # the first one pays for what is loaded only once
            offers, packets = zip(*[await join(studio) for _ in range(count)])
    figures = {"offer": measure.summary(offers), "first_rtp": measure.summary(packets)}
    limits = {
        "start_receiving to offer, median ms": (figures["offer"]["median_ms"], 25),
        "start_receiving to first RTP, median ms": (figures["first_rtp"]["median_ms"], 150),
    }
    return measure.report("join", figures, limits)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30)
    measure.run(main(parser.parse_args().count))
