"""What a process uses, from /proc."""

import asyncio
import time
from pathlib import Path

from voicecast_client.measure import cpu_seconds


def status(pid):
    return dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())


def memory_kb(pid):
    """Of its own: what is mapped from files is shared."""
    return int(status(pid)["RssAnon"].split()[0])


def resident_kb(pid):
    return int(status(pid)["VmRSS"].split()[0])


def threads(pid):
    return int(status(pid)["Threads"])


async def cpu_ms_per_second(pid, seconds):
    """Over so many seconds from now: the time in which it is measured, not a wait for something."""
    start, before = time.monotonic(), cpu_seconds(pid)
    await asyncio.sleep(seconds)
    return 1000 * (cpu_seconds(pid) - before) / (time.monotonic() - start)
