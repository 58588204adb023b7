#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Receivers on one stream, by both ways to send to them (--egress): packets lost, added delay, and the server's CPU.

The sender and up to three measuring receivers share this process, and so one clock and one nearly idle event loop;
the rest of the receivers are load in two other processes, which count what they get. The server sends to one
receiver after the other, so the measuring ones join first, in the middle and last."""

import argparse
import contextlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from voicecast_client import measure, usage  # noqa: E402
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

    load_count = max(receiver_count - len(POSITIONS), 0)
    measuring, loads = [await join()], []
    for share in (load_count // 2, load_count - load_count // 2):
        if share:
            loads.append(await start_load(stack, studio.server.websocket, share))
        if len(measuring) < receiver_count:
            measuring.append(await join())
    return measuring, loads


async def run(egress, receiver_count, seconds):
    async with measure.open_studio("--egress", egress) as studio, contextlib.AsyncExitStack() as stack:
        sender = await studio.sender()
        alone = await usage.cpu_ms_per_second(studio.server.pid, seconds)
        measuring, loads = await join_all(stack, studio, receiver_count)

        sent_at = log_send_times(sender)
        await collect(loads)
        for receiver in measuring:
            receiver.arrivals.clear()
        cpu = await usage.cpu_ms_per_second(studio.server.pid, seconds)
        packets, lost = await collect(loads)

        delays = {position: added_delays(sent_at, one) for position, one in zip(POSITIONS, measuring)}
        lost += sum(receiver.lost() for receiver in measuring)
        packets += [len(receiver.arrivals) for receiver in measuring]
    return {
        "egress": egress,
        "receivers": len(packets),
        "seconds": seconds,
        "packets_per_receiver": {"min": min(packets), "max": max(packets)},
        "packets_lost": lost,
        "added_delay": measure.summary(sum(delays.values(), [])),
        "added_delay_by_order_of_joining": {position: measure.summary(some) for position, some in delays.items()},
        "server_cpu_ms_per_second": round(cpu, 1),
        "server_cpu_ms_per_second_and_receiver": round((cpu - alone) / len(packets), 3),
    }


async def main(egresses, receiver_counts, seconds):
    rounds = [await run(egress, count, seconds) for count in receiver_counts for egress in egresses]
    limits = {}
    for figures in rounds:
        what = f"{figures['receivers']} receivers by {figures['egress']}, "
        packets = figures["packets_per_receiver"]
        limits |= {
            what + "packets lost": (figures["packets_lost"], 0),
            what + "packets fewest below most": (packets["max"] - packets["min"], 25),
            what + "added delay, median ms": (figures["added_delay"]["median_ms"], 5),
        }
    return measure.report("fanout", {"rounds": rounds, "cpu_of_webrtcbin_to_fanout": ratios(rounds)}, limits)


def ratios(rounds):
    """{receivers: how many times the fan-out's CPU per receiver webrtcbin takes}, where both were measured."""
    cpu = {(one["receivers"], one["egress"]): one["server_cpu_ms_per_second_and_receiver"] for one in rounds}
    return {
        count: round(cpu[count, "webrtcbin"] / figure, 1)
        for (count, egress), figure in cpu.items()
        if egress == "fanout" and figure > 0 and (count, "webrtcbin") in cpu
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--egress", nargs="+", default=["webrtcbin", "fanout"])
    parser.add_argument("--receivers", nargs="+", type=int, default=[1, 10, 100])
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    measure.run(main(arguments.egress, arguments.receivers, arguments.seconds))
