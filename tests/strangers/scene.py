# SPDX-License-Identifier: MIT
"""A server as started by scripts/run, with bystanders, and the checks after each attack."""

import asyncio
import contextlib
import os
import random

from voicecast_client import usage
from voicecast_client.bystanders import Bystanders
from voicecast_client.server import Server
from voicecast_client.studio import Studio
from voicecast_client.watchdog import eventually

SEED = int(os.environ.get("STRANGERS_SEED", random.randrange(2**32)))
ARGUMENTS = [
    "--bind", "127.0.0.1", "--port", "0", "--audio-port", "0", "--ice-address", "127.0.0.1", "--ice-port", "0",
]  # fmt: skip
LARGEST_GROWTH_KB = 8 * 1024  # that an attack leaves
LARGEST_PEAK_KB = 64 * 1024  # that an attack takes while it lasts: a hundred connections or a dozen peers
KEPT_BY_A_SANITIZER_KB = 256 * 1024  # freed memory that the address sanitizer keeps to see who still uses it
WORKERS = 2  # threads that a pool of GLib or GStreamer may keep for the next time
LEFT_ALONE = "takes too long; other background work continues"  # of a peer or a stream that hangs when it is stopped
NO_STRANGERS_DOING = "looking for a new certificate"  # when the machine's addresses change
GIVEN_BACK_S = 30  # a peer that never came is given up after 15


class Scene:
    def __init__(self, folder):
        self._folder = folder
        self._exit = None
        self.server = Server(folder / "server.stderr", usual_arguments=ARGUMENTS)
        self.bystanders = Bystanders(self.server)
        self.studio = Studio(self.server)
        self.is_spoilt = False  # by a failure: what follows would suffer from it
        self._start = None
        self._unused_kb = 0
        self.largest_peak_kb = 0

    async def start(self, warm_up):
        """Runs `warm_up`, too: what is kept from the first time on is no leak."""
        async with contextlib.AsyncExitStack() as opened:
            opened.push_async_callback(self.server.stop)
            await self.server.start("--tls", "auto", "--tls-port", "0", "--state-dir", str(self._folder / "state"))
            opened.push_async_callback(self.studio.close)
            await opened.enter_async_context(self.bystanders)
            self._unused_kb = KEPT_BY_A_SANITIZER_KB if usage.is_sanitized(self.server.pid) else 0
            await warm_up(self)
            self._start = await eventually(self._at_rest, "a server at rest", GIVEN_BACK_S)
            self._exit = opened.pop_all()
        return self

    async def stop(self):
        with contextlib.suppress(BaseException) if self.is_spoilt else contextlib.nullcontext():
            await self._exit.aclose()

    def descriptors(self):
        return usage.descriptors(self.server.pid)

    async def endure(self, attack):
        """`attack` hurts nobody, and leaves nothing behind."""
        try:
            if await self._growth_kb(attack) > LARGEST_GROWTH_KB + self._unused_kb:
                growth_kb = await self._growth_kb(attack)  # what the first one left may be kept for the next
                assert growth_kb <= LARGEST_GROWTH_KB + self._unused_kb, f"the server grows by {growth_kb} kB each time"
        except BaseException:
            self.is_spoilt = True
            raise

    async def _growth_kb(self, attack):
        pid = self.server.pid
        before_kb = usage.resident_kb(pid)
        usage.forget_the_peak(pid)
        await self.bystanders.begin()
        try:
            await attack()
        except OSError as error:
            assert self.server.is_running, f"the server ended ({error})"
            raise
        assert self.server.is_running, "the server ended"
        await self.bystanders.end()
        peak_kb = usage.peak_kb(pid) - before_kb
        self.largest_peak_kb = max(peak_kb, self.largest_peak_kb)
        assert peak_kb <= LARGEST_PEAK_KB + self._unused_kb, f"the server took {peak_kb} kB meanwhile"
        await self._until_given_back()
        left_alone = [line for line in self.server.stderr().splitlines() if LEFT_ALONE in line]
        assert all(NO_STRANGERS_DOING in line for line in left_alone), left_alone
        return usage.resident_kb(pid) - before_kb

    async def _until_given_back(self):
        files, threads = self._start
        now = None

        async def given_back():
            nonlocal now
            now = await self._at_rest() or now
            return now and now[0] <= files and now[1] <= threads + WORKERS

        try:
            await eventually(given_back, "rest", GIVEN_BACK_S)
        except AssertionError:
            raise AssertionError(f"{files} descriptors and {threads} threads before, now {now}") from None

    async def _at_rest(self):
        """Descriptors and threads while nobody is there but the bystanders and nothing goes on."""
        before = self._holdings()
        health = await self.studio.get_json("/health")
        only_these = health["active_streams"] == 1 and health["connected_clients"] == 2
        await asyncio.sleep(0)
        return only_these and before == self._holdings() and before

    def _holdings(self):
        return self.descriptors(), usage.threads(self.server.pid)


class Scenes:
    """One scene for many tests; after a failure the next test gets another one."""

    def __init__(self, make_folder, warm_up):
        self._make_folder = make_folder
        self._warm_up = warm_up
        self._scene = None
        self.longest_ms, self.largest_peak_kb = {}, 0

    async def get(self):
        if self._scene and self._scene.is_spoilt:
            await self.close()
        if not self._scene:
            self._scene = await Scene(self._make_folder()).start(self._warm_up)
        return self._scene

    async def close(self):
        scene, self._scene = self._scene, None
        if scene:
            for what, wait in scene.bystanders.longest_ms.items():
                self.longest_ms[what] = max(wait, self.longest_ms.get(what, 0))
            self.largest_peak_kb = max(self.largest_peak_kb, scene.largest_peak_kb)
            await scene.stop()
