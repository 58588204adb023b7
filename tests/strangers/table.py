"""States × abuses, as tests: each is one attack on one scene."""

import asyncio
import contextlib
import random

import pytest

from strangers.scene import SEED


def cells(states, abuses, known=None):
    """The parameters `open_ground, abuse`. `known`: {"state-abuse" or "state": why it fails for the time being}."""
    return [
        pytest.param(ground, abuse, id=(name := f"{state}-{abuse.__name__}"), marks=_marks(known or {}, state, name))
        for state, ground in states.items()
        for abuse in abuses
    ]


async def attack(scene, open_ground, abuse):
    """The same dice for the same cell, whichever tests run."""
    async with open_ground(scene) as ground:
        try:
            with contextlib.suppress(OSError):  # the server may have enough, of a peer say, and end what led here
                await asyncio.to_thread(abuse, ground, random.Random(f"{SEED} {abuse.__name__}"))
        finally:
            ground.close()
        assert ground.opened > 0, "nobody came so far"


def named(attacks, known):
    """Parameters that are functions."""
    return [pytest.param(one, id=one.__name__, marks=_marks(known, one.__name__)) for one in attacks]


def _marks(known, *names):
    """Of a test by these names, of which one may be known to fail."""
    return [pytest.mark.xfail(strict=True, reason=known[name]) for name in names if name in known]
