"""Strangers at the media port by UDP, from an address of their own or a peer's."""

import pytest
from strangers import abuses, media_states, table

KNOWN = {
    "UDP: receiver connected-at_once": "forged packets end a peer",
    "UDP: receiver connected-flood": "forged packets end a peer",
    "UDP: sender live-flood": "forged packets end a stream",
}


async def warm_up(scene):
    for ground in media_states.UDP.values():
        await table.attack(scene, ground, abuses.nothing)


@pytest.mark.parametrize("open_ground, abuse", table.cells(media_states.UDP, abuses.BOTH, KNOWN))
async def test_a_stranger(scene, open_ground, abuse):
    await scene.endure(lambda: table.attack(scene, open_ground, abuse))
