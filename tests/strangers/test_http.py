# SPDX-License-Identifier: MIT
"""Strangers at the ports of HTTP."""

import pytest
from strangers import abuses, http_states, table


async def warm_up(scene):
    for ground in http_states.HTTP.values():
        await table.attack(scene, ground, abuses.nothing)


@pytest.mark.parametrize("open_ground, abuse", table.cells(http_states.HTTP, abuses.STREAM))
async def test_stranger(scene, open_ground, abuse):
    await scene.endure(lambda: table.attack(scene, open_ground, abuse))
