#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The cost of packets from unknown sources to the ICE port, for the server and its listeners."""

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from voicecast_client import measure, stun, usage  # noqa: E402
from voicecast_client.helper_process import helper_process  # noqa: E402
from voicecast_client.light import LightReceiver, log_send_times  # noqa: E402


async def listen(studio, sent_at, receivers, seconds):
    """The server's CPU, and what came to the receivers and when, over so many seconds."""
    for receiver in receivers:
        receiver.arrivals.clear()
    cpu = await usage.cpu_ms_per_second(studio.server.pid, seconds)
    delays = [arrived - sent_at[stamp] for one in receivers for _, stamp, arrived in one.arrivals if stamp in sent_at]
    return {
        "cpu_ms_per_second": round(cpu, 1),
        "lost": sum(one.lost() for one in receivers),
        "delay": measure.summary(delays),
    }


async def main(rate, count, seconds):
    async with measure.open_studio() as studio:
        sender = await studio.sender()
        sent_at = log_send_times(sender)
        receivers = [await LightReceiver(await studio.client()).start() for _ in range(count)]
        description = sender.answer["sdp"]
        address, ufrag = stun.addresses(description, "UDP")[0], stun.credentials(description)[0]
        before = await listen(studio, sent_at, receivers, seconds)
        memory = usage.resident_kb(studio.server.pid)
        async with helper_process("stranger_process", *address, ufrag, rate) as stranger:
            started = time.monotonic()
            under = await listen(studio, sent_at, receivers, seconds)
            stranger.write_line()
            report = json.loads(await stranger.read_line("what the stranger sent"))
            under["packets_per_second"] = round(report["sent"] / (time.monotonic() - started))
        under["answers"] = report["answers"]
        under["memory_kb"] = usage.resident_kb(studio.server.pid) - memory
        for receiver in receivers:
            await receiver.close()
    limits = {"packets lost by those who listen": (under["lost"], 0), "answers": (under["answers"], 0)}
    return measure.report("strangers", {"before": before, "under": under}, limits)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50000, help="packets a second")
    parser.add_argument("--receivers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    measure.run(main(arguments.rate, arguments.receivers, arguments.seconds))
