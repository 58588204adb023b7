# SPDX-License-Identifier: MIT
"""A process's resource usage, from /proc."""

import asyncio
import itertools
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


def forget_the_peak(pid):
    """From now on peak_kb() counts anew (proc(5))."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_kb(pid):
    """The largest that it was, of what resident_kb() is."""
    return int(status(pid)["VmHWM"].split()[0])


def threads(pid):
    return int(status(pid)["Threads"])


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def datagrams_dropped(pid):
    """By the kernel, as there was no room at the sockets of a process that are open now (proc(5), /proc/net/udp)."""
    sockets = {_link(entry).removeprefix("socket:[").removesuffix("]") for entry in Path(f"/proc/{pid}/fd").iterdir()}
    lines = (Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:] for table in ("udp", "udp6"))
    return sum(int(fields[-1]) for fields in map(str.split, itertools.chain(*lines)) if fields[9] in sockets)


def _link(entry):
    try:
        return os.readlink(entry)
    except OSError:  # it was closed meanwhile
        return ""


def cpu_seconds(pid):
    """User and system time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def waits_for_a_core(pid):
    """{thread: seconds} that each was ready to run and another one ran, so far."""
    return {entry.name: _waited_s(entry / "schedstat") for entry in Path(f"/proc/{pid}/task").iterdir()}


def _waited_s(schedstat):
    try:
        return int(schedstat.read_text().split()[1]) / 1e9
    except OSError:  # it has ended, or the kernel does not count
        return 0.0


async def cpu_ms_per_second(pid, seconds):
    """Over so many seconds from now: the time in which it is measured, not a wait for something."""
    start, before = time.monotonic(), cpu_seconds(pid)
    await asyncio.sleep(seconds)
    return 1000 * (cpu_seconds(pid) - before) / (time.monotonic() - start)


def is_sanitized(pid):
    """The address sanitizer's shadow alone takes terabytes of addresses."""
    return int(status(pid)["VmSize"].split()[0]) > 2**30
