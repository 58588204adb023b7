# SPDX-License-Identifier: MIT
"""Attacks found by hand, once each."""

import asyncio
import random

import pytest
from strangers import peer_tricks, tricks
from strangers.scene import SEED
from strangers.table import named


async def warm_up(scene):
    await asyncio.to_thread(tricks.frames_against_the_rules, scene)


@pytest.mark.parametrize("trick", named(tricks.BY_SOCKET))
async def test_trick(scene, trick):
    await scene.endure(lambda: asyncio.to_thread(trick, scene))


@pytest.mark.parametrize("trick", named(peer_tricks.ALL))
async def test_peer_trick(scene, trick):
    await scene.endure(lambda: trick(scene, random.Random(f"{SEED} {trick.__name__}")))
