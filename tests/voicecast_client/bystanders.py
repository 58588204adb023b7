# SPDX-License-Identifier: MIT
"""The clients beside an attack, in their own process."""

import contextlib
import json

from . import usage
from .helper_process import helper_process
from .watchdog import SLOWNESS

# What only something that is held up takes longer than, of what the server itself is to blame for.
LONGEST_WAIT_MS = 1000 * max(1.0, SLOWNESS / 2)
OWN = "bystander itself"
CORE = "server for a core"


class Bystanders:
    """Use as `async with`. Each round is from begin() to end()."""

    def __init__(self, server):
        self._server = server
        self._exit = None
        self._waited, self._dropped = {}, 0
        self.longest_ms = {}  # what was waited for most in any round
        self.stream_id = None

    async def __aenter__(self):
        process = helper_process("bystander_process", self._server.api, self._server.tls)
        async with contextlib.AsyncExitStack() as opened:
            self._process = await opened.enter_async_context(process)
            self.stream_id = await self._process.read_line("bystanders that play")
            self._exit = opened.pop_all()
        return self

    async def __aexit__(self, *error):
        await self._exit.aclose()

    async def begin(self):
        self._process.write_line()
        assert await self._process.read_line("a round's begin") == "begun"
        self._waited = usage.waits_for_a_core(self._server.pid)
        self._dropped = usage.datagrams_dropped(self._server.pid)

    async def end(self):
        """Nobody lost anything or waited for long, but for what other programs on this machine are to blame for."""
        self._process.write_line()
        report = json.loads(await self._process.read_line("what the bystanders noticed"))
        waits = report["longest waits"] | {CORE: self._waited_for_a_core_ms()}
        for what, wait in waits.items():
            self.longest_ms[what] = max(wait, self.longest_ms.get(what, 0))
        # What found no room at the socket never came to the server.
        dropped = usage.datagrams_dropped(self._server.pid) - self._dropped
        assert report["voice packets lost"] <= dropped, report
        limit = LONGEST_WAIT_MS + waits[OWN] + waits[CORE]
        for what in waits.keys() - {OWN, CORE}:
            assert waits[what] <= limit, f"{what}: {waits[what]} ms (at most {limit}): {report}"

    def _waited_for_a_core_ms(self):
        """The thread of the server that other programs kept from running for longest."""
        now = usage.waits_for_a_core(self._server.pid)
        return round(1000 * max(waited - self._waited.get(thread, 0) for thread, waited in now.items()))
