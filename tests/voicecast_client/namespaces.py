# SPDX-License-Identifier: MIT
"""Small networks of network namespaces: nothing in them reaches this machine's own, or any other."""

import asyncio
import contextlib
import ctypes
import itertools
import os
import shutil

import pytest

from .watchdog import within

CLONE_NEWNET = 0x40000000
_count = itertools.count()


async def run(*command, check=True):
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await within(process.communicate(), " ".join(command))
    assert not check or process.returncode == 0, f"{' '.join(command)}: {output.decode()}"
    return process.returncode


async def why_not():
    """Why this machine has no namespaces for us, or None."""
    for tool in ("ip", "nft"):
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            return f"{tool} is not installed"
    if os.geteuid() != 0:
        return "namespaces need root"
    probe = Network()
    try:
        await probe.add("probe")
        await probe.run("probe", "nft", "list", "ruleset")
    except AssertionError as error:
        return str(error)
    finally:
        await probe.close()
    return None


def enter(namespace):
    """setns(2), which os has from Python 3.12 on."""
    if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class Network:
    """Hosts by short names; each is a namespace of its own, gone with the network."""

    def __init__(self):
        self._prefix = f"vc{os.getpid()}n{next(_count)}"
        self._hosts = []

    def name(self, host):
        return f"{self._prefix}{host}"

    def inside(self, host, *command):
        """The command line that runs a command on a host."""
        return ("ip", "netns", "exec", self.name(host), *command)

    async def add(self, host):
        await run("ip", "netns", "add", self.name(host))
        self._hosts.append(host)
        await self.run(host, "ip", "link", "set", "lo", "up")

    async def link(self, one, other):
        """Joins two hosts, each (name, interface, address/prefix), by a cable."""
        await run(
            "ip", "-n", self.name(one[0]), "link", "add", one[1], "type", "veth",
            "peer", "name", other[1], "netns", self.name(other[0]),
        )  # fmt: skip
        for host, interface, address in (one, other):
            await self.run(host, "ip", "address", "add", address, "dev", interface, "nodad")
            await self.run(host, "ip", "link", "set", interface, "up")

    async def route(self, host, via):
        """All that is not near goes there; multicast, too, which aiortc needs for its mDNS socket."""
        await self.run(host, "ip", "route", "add", "default", "via", via)

    async def rules(self, host, text):
        """nft's; they take the place of those of before."""
        process = await asyncio.create_subprocess_exec(
            *self.inside(host, "nft", "-f", "-"), stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        _, errors = await within(process.communicate(f"flush ruleset\n{text}".encode()), "nft")
        assert process.returncode == 0, errors.decode()

    @contextlib.contextmanager
    def visit(self, host):
        """Moves the calling thread, and with it all that it opens and starts, to a host and back at the end."""
        with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{self.name(host)}") as there:
            enter(there)
            try:
                yield
            finally:
                enter(home)

    async def run(self, host, *command):
        await run(*self.inside(host, *command))

    async def close(self):
        for host in self._hosts:
            await run("ip", "netns", "delete", self.name(host), check=False)


@contextlib.asynccontextmanager
async def network_of(*hosts):
    """A network of these hosts, not linked yet; where this machine can have none the test is skipped."""
    if reason := await why_not():
        pytest.skip(reason)
    network = Network()
    try:
        for host in hosts:
            await network.add(host)
        yield network
    finally:
        await network.close()
