# SPDX-License-Identifier: MIT
"""Strangers at the media port by UDP, from an address of their own or a peer's."""

import pytest
from strangers import abuses, media_states, table


async def warm_up(scene):
    for ground in media_states.UDP.values():
        await table.attack(scene, ground, abuses.nothing)


@pytest.mark.parametrize("open_ground, abuse", table.cells(media_states.UDP, abuses.BOTH))
async def test_stranger(scene, open_ground, abuse):
    await scene.endure(lambda: table.attack(scene, open_ground, abuse))
