# SPDX-License-Identifier: MIT
"""Clients of every kind connect and leave, concurrently and repeatedly, without leaks and without effect on others.

SURVIVAL_CYCLES=125 makes it a thousand of them, and counts the memory too.
"""

import asyncio
import os
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from voicecast_client import key_file
from voicecast_client.helper_process import helper_process
from voicecast_client.namespaces import network_of
from voicecast_client.watchdog import eventually

CYCLES = int(os.environ.get("SURVIVAL_CYCLES", "6"))  # of each kind
AT_ONCE = 6
SERVER, AWAY = "10.78.0.1", "10.78.0.2"
CROWD = 3  # clients in a process that is killed or cut off


async def polite(studio, stream_id):
    receiver = await studio.receiver(stream_id, decode=False)
    await receiver.client.send("stop_stream")
    await receiver.close()
    await receiver.client.close()


async def cut(studio, stream_id):
    receiver = await studio.receiver(stream_id, decode=False)
    await receiver.client.abort()
    await receiver.close()


async def never_answers(studio, stream_id):
    client = await studio.client()
    await client.send("start_receiving", stream_id=stream_id)
    await client.expect("webrtc_offer")
    await client.close()


async def answers_and_never_connects(studio, stream_id):
    receiver = studio.new_receiver(await studio.client())
    await receiver.request(stream_id)
    await receiver.take_offer()
    await receiver.make_answer()
    receiver.mute()
    await receiver.send_answer()
    await receiver.client.abort()
    await receiver.close()


async def hops(studio, stream_id):
    client = await studio.client()
    for _ in range(3):
        await client.send("start_receiving", stream_id=stream_id)
        await client.send("stop_stream")
    await client.streams()
    await client.abort()


async def sender_leaves_under_its_receivers(studio, _):
    sender = await studio.sender()
    receivers = [await studio.receiver(sender.stream_id, decode=False) for _ in range(2)]
    await sender.client.abort()
    for receiver in receivers:
        await receiver.client.expect("stream_ended", stream_id=sender.stream_id)
        await receiver.close()
        await receiver.client.close()
    await sender.close()


async def bare_connection(studio, _):
    address = urlsplit(studio.server.api)
    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"GET /heal")
    writer.transport.abort()


async def killed_process(studio, stream_id):
    url = studio.server.websocket
    async with helper_process("crowd_process", url, "127.0.0.1", stream_id, CROWD - 1) as crowd:
        await crowd.read_line("a crowd that plays")
        crowd.kill()


KINDS = [polite, cut, never_answers, answers_and_never_connects, hops, sender_leaves_under_its_receivers, bare_connection]


def holdings(pid):
    status = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
    return len(os.listdir(f"/proc/{pid}/fd")), int(status["Threads"]), int(status["VmRSS"].split()[0])


class Watch:
    """A server's resources with one bystander and one listener."""

    def __init__(self, studio):
        self._studio = studio
        self._listener = None
        self.stream_id = None

    async def start(self):
        self.stream_id = (await self._studio.sender()).stream_id
        self._listener = await self._studio.receiver(self.stream_id, decode=False)
        return self

    async def only_these(self):
        health = await self._studio.get_json("/health")
        return health["active_streams"] == 1 and health["connected_clients"] == 2

    async def at_rest(self):
        """Files, threads and kB, once background work has ended: equal in two successive readings."""
        before = holdings(self._studio.server.pid)[:2]
        quiet = await self.only_these() and before == holdings(self._studio.server.pid)[:2]
        return quiet and holdings(self._studio.server.pid)

    async def until_no_more_than(self, files, threads):
        async def given_back():
            files_now, threads_now, memory_kb = await self.at_rest() or (files + 1, 0, 0)
            return files_now <= files and threads_now <= threads + 2 and memory_kb

        return await eventually(given_back, f"no more than {files} files and {threads} threads", 60)

    async def assert_nothing_was_missed(self):
        await self._listener.rtp.more(15)
        assert self._listener.rtp.missing() == []


async def come_and_go(studio, stream_id, count):
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(kind):
        async with turn:
            await kind(studio, stream_id)

    kinds = [kind for kind in KINDS for _ in range(count)] + [killed_process] * -(-count // CROWD)
    await asyncio.gather(*map(one, kinds[::2] + kinds[1::2]))


async def test_sessions_leave_nothing_behind(studio, server):
    watch = await Watch(studio).start()
    await come_and_go(studio, watch.stream_id, max(2, CYCLES // 2))  # what is kept from the first times on is no leak
    files, threads, before_kb = await eventually(watch.at_rest, "a server at rest", 60)
    await come_and_go(studio, watch.stream_id, CYCLES)
    after_kb = await watch.until_no_more_than(files, threads)
    cycles = CYCLES * (len(KINDS) + 1)
    print(f"{cycles} cycles: {(after_kb - before_kb) / cycles:.1f} kB each")
    if CYCLES >= 100:  # with fewer the allocator's caches weigh more than what is measured
        assert after_kb - before_kb < 10 * cycles
    await watch.assert_nothing_was_missed()


@pytest_asyncio.fixture
async def network():
    async with network_of("server", "away") as network:
        await network.link(("server", "eth", f"{SERVER}/24"), ("away", "eth", f"{AWAY}/24"))
        await network.route("away", SERVER)
        with network.visit("server"):
            yield network


@pytest.fixture
def extra_arguments(request, tmp_path):
    if "network" not in request.fixturenames:
        return []
    return ["--bind", SERVER, "--ice-address", SERVER, *key_file.write(tmp_path, limits={"ping_seconds": 2})]


async def test_lost_network_ends_its_clients(network, studio, server):
    watch = await Watch(studio).start()
    files, threads, _ = await eventually(watch.at_rest, "a server at rest", 60)
    arguments = ["crowd_process", server.websocket, AWAY, watch.stream_id, CROWD - 1]
    for _ in range(max(1, CYCLES // 20)):
        async with helper_process(*arguments, prefix=network.inside("away")) as crowd:
            await crowd.read_line("a crowd that plays")
            await network.run("away", "ip", "link", "set", "eth", "down")
            await watch.until_no_more_than(files, threads)
        await network.run("away", "ip", "link", "set", "eth", "up")
        await network.route("away", SERVER)
    await watch.assert_nothing_was_missed()
