#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The cost of a sender's flood for the server: CPU and memory until it ends the stream."""

import argparse
import contextlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from voicecast_client import measure, usage  # noqa: E402
from voicecast_client.floods import FLOODS  # noqa: E402


async def flood(studio, make, count):
    flooder = await studio.sender()
    pid = studio.server.pid
    cpu, memory, sent = usage.cpu_seconds(pid), usage.resident_kb(pid), 0
    with contextlib.suppress(ConnectionError):
        for sent in range(1, count + 1):
            await flooder.rtp_sender.transport._send_rtp(make(sent))
    await flooder.client.expect("stream_ended", stream_id=flooder.stream_id)
    return {
        "packets": sent,
        "cpu_ms": round((usage.cpu_seconds(pid) - cpu) * 1000),
        "memory_kb": usage.resident_kb(pid) - memory,
        "reason": flooder.client.unread("error")[0]["message"],
    }


async def main(count):
    async with measure.open_studio() as studio:
        await flood(studio, FLOODS["another payload type"], count)  # pays for what is loaded only once
        figures = {name: await flood(studio, make, count) for name, make in FLOODS.items()}
    return measure.report("flood", figures, {})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10000)
    measure.run(main(parser.parse_args().count))
