# SPDX-License-Identifier: MIT
"""Strangers at the port of HTTPS, before TLS is agreed on and inside it."""

import pytest
from strangers import abuses, http_states, table

CELLS = table.cells(http_states.HTTPS, abuses.STREAM) + table.cells(http_states.INSIDE_TLS, abuses.INSIDE_TLS)


async def warm_up(scene):
    for ground in [*http_states.HTTPS.values(), http_states.INSIDE_TLS["tls: WebSocket"]]:
        await table.attack(scene, ground, abuses.nothing)


@pytest.mark.parametrize("open_ground, abuse", CELLS)
async def test_stranger(scene, open_ground, abuse):
    await scene.endure(lambda: table.attack(scene, open_ground, abuse))
