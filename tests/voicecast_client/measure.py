# SPDX-License-Identifier: MIT
"""Shared by the benchmarks: a server and a studio, figures, and output."""

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
from pathlib import Path

from .server import Server
from .studio import Studio


@contextlib.asynccontextmanager
async def open_studio(*arguments):
    with tempfile.TemporaryDirectory() as folder:
        server = await Server(Path(folder) / "server.stderr").start(*arguments)
        try:
            studio = Studio(server)
            try:
                yield studio
            finally:
                await studio.close()
        finally:
            await server.stop()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[int(share * (len(ordered) - 1))]


def summary(seconds):
    """Median and spread in milliseconds."""
    return {
        "median_ms": round(statistics.median(seconds) * 1000, 2),
        "p95_ms": round(percentile(seconds, 0.95) * 1000, 2),
        "p99_ms": round(percentile(seconds, 0.99) * 1000, 2),
        "max_ms": round(max(seconds) * 1000, 2),
        "count": len(seconds),
    }


def report(name, figures, limits):
    """Readable lines on standard error, JSON on standard output; fails only where a limit is missed.

    limits: {what: (figure, limit)}, met when the figure is not above the limit."""
    for what, (figure, limit) in limits.items():
        print(f"{name}: {what}: {figure} (limit {limit}){'' if figure <= limit else '  MISSED'}", file=sys.stderr)
    print(json.dumps({"benchmark": name, **figures}, indent=2))
    return 0 if all(figure <= limit for figure, limit in limits.values()) else 1


def run(main):
    sys.exit(asyncio.run(main))
