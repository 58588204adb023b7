# SPDX-License-Identifier: MIT
"""States × abuses, as tests: each is one attack on one scene."""

import asyncio
import contextlib
import os
import random

import pytest

from strangers.scene import SEED


SHARE = int(os.environ.get("STRANGERS_SHARE", 1))  # one cell in so many, which ones by the seed


def cells(states, abuses):
    """The parameters `open_ground, abuse`."""
    every = [
        pytest.param(ground, abuse, id=f"{state}-{abuse.__name__}")
        for state, ground in states.items()
        for abuse in abuses
    ]
    return every[SEED % SHARE :: SHARE]


async def attack(scene, open_ground, abuse):
    """The same dice for the same cell, whichever tests run."""
    async with open_ground(scene) as ground:
        try:
            with contextlib.suppress(OSError):  # the server may have enough, of a peer say, and end what led here
                await asyncio.to_thread(abuse, ground, random.Random(f"{SEED} {abuse.__name__}"))
        finally:
            ground.close()
        assert ground.opened > 0, "nobody came so far"


def named(attacks):
    """Parameters that are functions."""
    return [pytest.param(one, id=one.__name__) for one in attacks]
