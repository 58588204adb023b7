#!/usr/bin/python3
"""Many receivers on one stream: packets lost, added delay, and the server's CPU.

The sender and three measuring receivers share this process, and so one clock and one nearly idle event loop;
the rest of the receivers are load in two other processes, which count what they get. The server sends to one
receiver after the other, so the measuring ones join first, in the middle and last."""

import argparse
import asyncio
import contextlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from voicecast_client import measure  # noqa: E402
from voicecast_client.helper_process import helper_process  # noqa: E402
from voicecast_client.light import LightReceiver, log_send_times  # noqa: E402

POSITIONS = ("first", "middle", "last")


async def collect(loads):
    """What every load receiver got since the last time."""
    for load in loads:
        load.write_line()
    reports = [json.loads(await load.read_line("a load report")) for load in loads]
    return [packets for report in reports for packets in report["packets"]], sum(sum(r["lost"]) for r in reports)


def added_delays(sent_at, receiver):
    return [arrived - sent_at[timestamp] for _, timestamp, arrived in receiver.arrivals if timestamp in sent_at]


async def start_load(stack, url, count):
    load = await stack.enter_async_context(helper_process("load_process", url, count))
    assert await load.read_line("the load receivers", 120) == "ready"
    return load


async def join_all(stack, studio, receiver_count):
    """One measuring receiver, half of the load, another, the other half, and the last."""

    async def join():
        receiver = await LightReceiver(await studio.client()).start()
        stack.push_async_callback(receiver.close)
        return receiver

    load_count = receiver_count - len(POSITIONS)
    measuring, loads = [await join()], []
    for share in (load_count // 2, load_count - load_count // 2):
        loads.append(await start_load(stack, studio.server.websocket, share))
        measuring.append(await join())
    return measuring, loads


async def main(receiver_count, seconds):
    async with measure.open_studio() as studio, contextlib.AsyncExitStack() as stack:
        sender = await studio.sender()
        measuring, loads = await join_all(stack, studio, receiver_count)

        sent_at = log_send_times(sender)
        await collect(loads)
        for receiver in measuring:
            receiver.arrivals.clear()
        cpu_before = measure.cpu_seconds(studio.server.pid)
        await asyncio.sleep(seconds)
        cpu = measure.cpu_seconds(studio.server.pid) - cpu_before
        packets, lost = await collect(loads)

        delays = {position: added_delays(sent_at, one) for position, one in zip(POSITIONS, measuring)}
        lost += sum(receiver.lost() for receiver in measuring)
        packets += [len(receiver.arrivals) for receiver in measuring]
    figures = {
        "receivers": len(packets),
        "seconds": seconds,
        "packets_per_receiver": {"min": min(packets), "max": max(packets)},
        "packets_lost": lost,
        "added_delay": measure.summary(sum(delays.values(), [])),
        "added_delay_by_order_of_joining": {position: measure.summary(some) for position, some in delays.items()},
        "server_cpu_ms_per_second": round(1000 * cpu / seconds, 1),
        "server_cpu_ms_per_second_and_receiver": round(1000 * cpu / seconds / len(packets), 2),
    }
    limits = {
        "packets lost": (lost, 0),
        "packets fewest below most": (max(packets) - min(packets), 25),
        "added delay, median ms": (figures["added_delay"]["median_ms"], 5),
    }
    return measure.report("fanout", figures, limits)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--receivers", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    measure.run(main(arguments.receivers, arguments.seconds))
