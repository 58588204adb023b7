#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A thousand MP3 listeners: voicecast beside Debian's Icecast, with the same stream, in one run on one machine.

Each server in turn gets its listeners, ten at a time; then it is left alone with them for some seconds. The other
has none meanwhile, but Icecast has its source, which is a listener of voicecast. Icecast is told to burst as much as
voicecast does for such a player, and no more."""

import argparse
import asyncio
import contextlib
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from voicecast_client import icecast, measure, mp3, usage  # noqa: E402
from voicecast_client.helper_process import helper_process  # noqa: E402

BURST_BYTES = 3300


@contextlib.asynccontextmanager
async def open_icecast(clients):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = await icecast.start_icecast(Path(folder) / "icecast", clients + 10, BURST_BYTES)
        try:
            yield server.port, server.pid
        finally:
            await server.stop()


async def measure_server(url, pid, count, seconds):
    memory = usage.memory_kb(pid)
    cpu_without = await usage.cpu_ms_per_second(pid, seconds)
    async with helper_process("station_load", url, count) as load:
        joined = json.loads(await load.read_line("the listeners", 300))
        await usage.cpu_ms_per_second(pid, 3)  # what the joining brought with it is over
        load.write_line()
        await load.read_line("the first report")
        cpu = await usage.cpu_ms_per_second(pid, seconds)
        memory = usage.memory_kb(pid) - memory
        load.write_line()
        report = json.loads(await load.read_line("the second report"))
    assert report["open"] == count, f"{count - report['open']} listeners were dropped"
    return {
        "listeners": count,
        "cpu_us_per_second_and_listener": round(1000 * (cpu - cpu_without) / count, 1),
        "memory_bytes_per_listener": round(1024 * memory / count),
        "first_byte": measure.summary(joined["first_byte_s"]),
        "bytes_per_second": {
            "slowest": round(min(report["bytes"]) / seconds),
            "median": round(statistics.median(report["bytes"]) / seconds),
        },
    }


async def both(count, seconds):
    """The figures of voicecast and of Icecast."""
    limits = tempfile.NamedTemporaryFile("w", suffix=".conf")
    limits.write(f"[limits]\nmp3-listeners={count + 1}\nconnections={2 * count + 100}\n")
    limits.flush()
    async with measure.open_studio("--config", limits.name) as studio, open_icecast(count) as (port, icecast_pid):
        async with helper_process("sender_process", studio.server.websocket) as sender:
            await sender.read_line("the sender")
            station = f"{studio.server.audio}/stream/latest.mp3"
            async with helper_process("relay", station, "127.0.0.1", port, "/live.mp3", icecast.PASSWORD) as relay:
                await relay.read_line("Icecast's source")
                await asyncio.sleep(2)
                ours = await measure_server(station, studio.server.pid, count, seconds)
                theirs = await measure_server(f"http://127.0.0.1:{port}/live.mp3", icecast_pid, count, seconds)
                return ours, theirs


async def main(count, seconds):
    if not shutil.which("icecast2"):
        print("icecast2 is not installed", file=sys.stderr)
        return 77
    ours, theirs = await both(count, seconds)
    goals = {
        "CPU per listener, µs/s (limit: Icecast's)": tuple(x["cpu_us_per_second_and_listener"] for x in (ours, theirs)),
        "memory per listener (limit: twice Icecast's)": (
            ours["memory_bytes_per_listener"], 2 * theirs["memory_bytes_per_listener"],
        ),
        "first byte, p95 ms (limit: Icecast's median)": (
            ours["first_byte"]["p95_ms"], theirs["first_byte"]["median_ms"],
        ),
        "slowest listener below 128 kb/s, bytes/s": (
            mp3.BYTES_PER_SECOND - ours["bytes_per_second"]["slowest"], mp3.BYTES_PER_SECOND // 50,
        ),
    }  # fmt: skip
    return measure.report("station", {"voicecast": ours, "icecast": theirs}, goals)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    measure.run(main(arguments.listeners, arguments.seconds))
