# SPDX-License-Identifier: MIT
"""voicecast beside Janus, an aiortc relay and Icecast, in one run: see scripts/bench."""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

import bench_station
from voicecast_client import go_program

from . import load, report, rounds

PARTS = ("receivers", "crowd", "many_streams", "chromium", "station", "start")
# Above it the relay has more to encode than two cores can.
RELAY_MOST = 50


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def is_possible(server, count):
    return server != "relay" or count <= RELAY_MOST


async def station(count, seconds):
    ours, theirs = await bench_station.both(count, seconds)
    return [{"server": "voicecast", **ours}, {"server": "icecast", **theirs}]


def plan(arguments, tools):
    """(part, what, function that gives one round or several) in the order in which they run: repeats are far apart."""
    webrtc = [name for name in arguments.servers if name != "relay"]
    for _ in range(arguments.repeats):
        if "receivers" in arguments.parts:
            for count in arguments.receivers:
                for name in arguments.servers:
                    if is_possible(name, count):
                        yield "receivers", f"{name} {count}", lambda n=name, c=count: rounds.receivers(tools, n, c)
        for part, measure in (("crowd", rounds.crowd), ("many_streams", rounds.many_streams)):
            if part in arguments.parts:
                for name in webrtc:
                    yield part, name, lambda m=measure, n=name: m(tools, n)
        if "chromium" in arguments.parts:
            yield "chromium", "", lambda: rounds.chromium(tools, 20)
        if "station" in arguments.parts:
            for count in arguments.listeners:
                yield "station", f"{count}", lambda c=count: station(c, tools.seconds)
        if "start" in arguments.parts:
            yield "start", "", lambda: rounds.start(tools)


KEYS = {
    "receivers": ("server", "receivers"), "crowd": ("server",), "many_streams": ("server",), "chromium": ("server",),
    "station": ("server", "listeners"), "start": ("server",),
}  # fmt: skip


def summarize(arguments, measured):
    results = {part: report.medians(measured[part], *KEYS[part]) for part in PARTS if measured[part]}
    machine = f"{os.cpu_count()} cores, {processor()}, {platform.system()} {platform.release()}"
    return {"machine": machine, "repeats": arguments.repeats, **results}


def write(arguments, measured):
    """After every round, so that a run that is cut off was not for nothing."""
    results = summarize(arguments, measured)
    folder = Path(arguments.output)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps({**results, "rounds": measured}, indent=1))
    return results


async def main(arguments):
    measured, failed = {part: [] for part in PARTS}, []
    with tempfile.TemporaryDirectory() as folder:
        program = go_program.build(load.SOURCE, Path(folder))
        tools = rounds.Tools(program, load.make_voice(Path(folder) / "voice.ogg"), arguments.seconds)
        for part, what, run in plan(arguments, tools):
            print(f"{part} {what}".strip(), file=sys.stderr, flush=True)
            try:
                made = await run()
            except AssertionError as error:  # a server that does not keep up is a finding, too
                failed.append(f"{part} {what}: {error}")
                continue
            measured[part] += made if isinstance(made, list) else [made]
            write(arguments, measured)
    results = write(arguments, measured)
    print(report.as_text(results))
    (Path(arguments.output) / "report.html").write_text(report.as_page(results))
    print(f"\nresults.json and report.html are in {arguments.output}")
    for what in failed:
        print(f"not measured: {what}", file=sys.stderr)
    return 1 if failed else 0


def parse():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--servers", nargs="+", choices=("voicecast", "janus", "relay"),
                        default=("voicecast", "janus", "relay"))  # fmt: skip
    parser.add_argument("--receivers", nargs="+", type=int, default=[1, 10, 50, 100, 250, 500])
    parser.add_argument("--listeners", nargs="+", type=int, default=[1, 100, 1000, 3000])
    parser.add_argument("--seconds", type=float, default=10, help="how long each is measured")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", default="build-bench")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(parse())))
