# SPDX-License-Identifier: MIT
"""One measurement each: a server is started for it, loaded, and measured. All give a dictionary of figures."""

import contextlib
import json
import statistics
import time
from pathlib import Path

from voicecast_client import usage
from voicecast_client.helper_process import talking_process
from voicecast_client.measure import percentile

from . import load, servers

JOIN_PROBE = Path(__file__).with_name("chromium_join.mjs")


def spread(values):
    """None where nothing could be told."""
    return {f"p{share}": round(percentile(values, share / 100), 2) if values else None for share in (50, 95, 99)}


class Tools:
    """What all rounds need: the load client's program, the voice, and how long to measure."""

    def __init__(self, program, voice, seconds):
        self.program, self.voice, self.seconds = program, voice, seconds


@contextlib.asynccontextmanager
async def scene(tools, name):
    """A server, a load client that also feeds it (`near`, which tells delays) and one that only listens (`far`)."""
    async with servers.BY_NAME[name]() as server:
        async with load.open_load(tools.program, tools.voice, server) as near:
            async with load.open_load(tools.program, tools.voice, server) as far:
                yield server, near, far


async def join_all(near, far, streams, count):
    """The near ones join first, in the middle and last: a server sends to one after the other."""
    rest = max(count - 3, 0)
    parts = [(near, 1), (far, rest // 2), (near, 1 if count > 1 else 0), (far, rest - rest // 2)]
    parts.append((near, 1 if count > 2 else 0))
    return [await who.join(streams, share) for who, share in parts if share]


def losses(reports):
    """Packets that were missing in a listener's sequence, all together."""
    return sum(sum(report["lost"] or []) for report in reports)


async def receivers(tools, name, count):
    """So many receivers of one stream."""
    async with scene(tools, name) as (server, near, far):
        streams = await near.publish()
        alone = await usage.cpu_ms_per_second(server.pid, tools.seconds / 2)
        memory, threads = usage.memory_kb(server.pid), usage.threads(server.pid)
        joins = await join_all(near, far, streams, count)
        await usage.cpu_ms_per_second(server.pid, 3)  # what the joining brought with it is over
        first = [await near.count(), await far.count()]
        cpu = await usage.cpu_ms_per_second(server.pid, tools.seconds)
        last = [await near.count(), await far.count()]
        packets = [figure for report in last for figure in report["packets"] or []]
        return {
            "server": name,
            "receivers": count,
            "cpu_ms": round((cpu - alone) / count, 3),
            "cpu_alone_ms": round(alone, 1),
            "memory_kb": round((usage.memory_kb(server.pid) - memory) / count),
            "threads": round((usage.threads(server.pid) - threads) / count, 2),
            "join_ms": spread([figure for joined in joins for figure in joined["join_ms"]]),
            "delay_ms": spread(last[0]["delays_ms"]),
            "packets": {"fewest": min(packets), "most": max(packets)},
            "lost": losses(last),
            "load_cpu_ms": round(
                1000 * sum(b["cpu_seconds"] - a["cpu_seconds"] for a, b in zip(first, last)) / tools.seconds
            ),
        }


async def crowd(tools, name, there=50, coming=100):
    """A hundred join at once while others listen."""
    async with scene(tools, name) as (server, near, far):
        streams = await near.publish()
        await near.join(streams, there)
        await near.count()
        joined = await far.join(streams, coming, at_once=coming)
        report = await near.count()
        return {
            "server": name,
            "there": there,
            "coming": coming,
            "join_ms": spread(joined["join_ms"]),
            "joins_per_second": round(coming / joined["seconds"], 1),
            "lost": losses([report]),
            "delay_ms": spread(report["delays_ms"]),
        }


async def many_streams(tools, name, streams=servers.STREAMS, listeners=10):
    """Many streams with a few receivers each."""
    async with scene(tools, name) as (server, near, far):
        names = await near.publish(streams)
        alone = await usage.cpu_ms_per_second(server.pid, tools.seconds / 2)
        await far.join(names, streams * listeners)
        await far.count()
        cpu = await usage.cpu_ms_per_second(server.pid, tools.seconds)
        report = await far.count()
        return {
            "server": name,
            "streams": streams,
            "listeners": listeners,
            "cpu_alone_ms": round(alone, 1),
            "cpu_ms": round((cpu - alone) / streams / listeners, 3),
            "lost": losses([report]),
        }


async def chromium(tools, count):
    """How long Chromium waits for its first RTP packet."""
    async with scene(tools, "voicecast") as (server, near, _):
        await near.publish()
        async with talking_process("node", JOIN_PROBE, server.url, count) as node:
            return {"server": "voicecast", "join_ms": spread(json.loads(await node.read_line("Chromium", 300)))}


async def start(tools, repeats=5):
    """How long a start takes, and what a server uses that nobody talks to."""
    times = []
    for _ in range(repeats):
        began = time.monotonic()
        async with servers.voicecast() as server:
            times.append(1000 * (time.monotonic() - began))
            if len(times) < repeats:
                continue
            await usage.cpu_ms_per_second(server.pid, 3)  # what it makes ready after its start is done
            cpu = await usage.cpu_ms_per_second(server.pid, tools.seconds)
            resident = usage.resident_kb(server.pid)
    return {
        "server": "voicecast",
        "start_ms": round(statistics.median(times)),
        "idle_cpu_percent": round(cpu / 10, 3),
        "idle_resident_mb": round(resident / 1024, 1),
    }
