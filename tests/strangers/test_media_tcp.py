# SPDX-License-Identifier: MIT
"""Strangers at the media port by TCP."""

import pytest
from strangers import abuses, media_states, table

CELLS = table.cells(media_states.TCP_STREAMS, abuses.STREAM) + table.cells(media_states.TCP_PACKETS, abuses.BOTH)


async def warm_up(scene):
    for ground in [*media_states.TCP_STREAMS.values(), *media_states.TCP_PACKETS.values()]:
        await table.attack(scene, ground, abuses.nothing)


@pytest.mark.parametrize("open_ground, abuse", CELLS)
async def test_stranger(scene, open_ground, abuse):
    await scene.endure(lambda: table.attack(scene, open_ground, abuse))
