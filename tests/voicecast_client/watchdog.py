# SPDX-License-Identifier: MIT
"""Waits for conditions instead of sleeping; each has a timeout that names it."""

import asyncio
import os

# Sanitizer builds are several times slower; the suite then sets this to 3 or so.
SLOWNESS = float(os.environ.get("VOICECAST_TEST_SLOWNESS", "1"))
PATIENCE_S = 20.0


async def within(awaitable, what, seconds=PATIENCE_S):
    """Awaits something; after the time limit the test fails and says what did not come."""
    limit = seconds * SLOWNESS
    try:
        return await asyncio.wait_for(awaitable, limit)
    except asyncio.TimeoutError:
        raise AssertionError(f"{what}: not within {limit:g} s") from None


async def eventually(condition, what, seconds=PATIENCE_S):
    """Asks again until the async condition gives something true: for a state that sends no event."""

    async def ask():
        while not (result := await condition()):
            await asyncio.sleep(0.02)
        return result

    return await within(ask(), what, seconds)


class Watched:
    """Something that changes and can be waited on. Whoever changes it calls changed()."""

    def __init__(self):
        self._waiting = []

    def changed(self):
        for condition, future in list(self._waiting):
            self._settle(condition, future)

    async def until(self, condition, what, seconds=PATIENCE_S):
        """Waits until condition() is true and returns its value; what it raises ends the wait."""
        future = asyncio.get_running_loop().create_future()
        entry = (condition, future)
        self._waiting.append(entry)
        try:
            self._settle(condition, future)
            return await within(future, what, seconds)
        finally:
            self._waiting.remove(entry)

    @staticmethod
    def _settle(condition, future):
        if future.done():
            return
        try:
            result = condition()
        except Exception as error:
            future.set_exception(error)
        else:
            if result:
                future.set_result(result)
