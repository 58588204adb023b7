"""What a process uses, from /proc."""

import asyncio
import os
import time
from pathlib import Path


def status(pid):
    return dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())


def memory_kb(pid):
    """Of its own: what is mapped from files is shared."""
    return int(status(pid)["RssAnon"].split()[0])


def resident_kb(pid):
    return int(status(pid)["VmRSS"].split()[0])


def threads(pid):
    return int(status(pid)["Threads"])


def cpu_seconds(pid):
    """User and system time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def cpu_ms_per_second(pid, seconds):
    """Over so many seconds from now: the time in which it is measured, not a wait for something."""
    start, before = time.monotonic(), cpu_seconds(pid)
    await asyncio.sleep(seconds)
    return 1000 * (cpu_seconds(pid) - before) / (time.monotonic() - start)
