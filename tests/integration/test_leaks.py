# SPDX-License-Identifier: MIT
"""After all clients have left, the server has no more threads and open files than before."""

import os

import aiohttp
from voicecast_client.watchdog import eventually

CYCLES = 10


def holdings(pid):
    return len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))


async def come_and_go(studio):
    sender = await studio.sender()
    receivers = [await studio.receiver(decode=False) for _ in range(2)]
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    unanswered = studio.new_receiver(await studio.client())
    await unanswered.request()
    await unanswered.take_offer()
    await listener.more(1000)
    await receivers[0].client.send("stop_stream")
    for thing in (receivers[1].client, unanswered.client, listener, sender.client, receivers[0].client):
        await thing.close()


async def test_connections_closed_between_requests(server):
    """libsoup 3.2 alone would keep each of these connections."""
    base = len(os.listdir(f"/proc/{server.pid}/fd"))
    for _ in range(50):
        async with aiohttp.ClientSession() as session, session.get(server.api + "/health") as response:
            await response.read()

    async def given_back():
        return len(os.listdir(f"/proc/{server.pid}/fd")) <= base

    await eventually(given_back, "the end of all connections")


async def test_threads_and_files_are_released(studio, server):
    await come_and_go(studio)  # what is kept from the first time on is no leak

    async def is_empty():
        health = await studio.get_json("/health")
        return health["connected_clients"] == 0 and health["active_streams"] == 0

    async def at_rest():
        before = holdings(server.pid)
        await is_empty()
        return before == holdings(server.pid) and before

    await eventually(is_empty, "an empty server")
    files_before, threads_before = await eventually(at_rest, "a server at rest")
    for _ in range(CYCLES):
        await come_and_go(studio)

    async def given_back():
        files, threads = holdings(server.pid)
        # less than one per cycle: nothing of a visit stays, though a thread pool may keep one more worker
        return await is_empty() and files <= files_before + 2 and threads <= threads_before + 2

    await eventually(given_back, f"only {files_before} files and {threads_before} threads")
