# SPDX-License-Identifier: MIT
"""Attackers with a WebSocket: messages at the wrong time, and malformed ones."""

import pytest
from strangers import abuses, signaling_states, table


async def warm_up(scene):
    for ground in signaling_states.ALL.values():
        await table.attack(scene, ground, abuses.nothing)


@pytest.mark.parametrize("open_ground, abuse", table.cells(signaling_states.ALL, abuses.BOTH))
async def test_stranger(scene, open_ground, abuse):
    await scene.endure(lambda: table.attack(scene, open_ground, abuse))
