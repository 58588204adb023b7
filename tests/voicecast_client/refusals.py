# SPDX-License-Identifier: MIT
"""The refusals that a server has counted."""

from .watchdog import eventually


async def expect_refusals(studio, **reasons):
    """Waits until these have been counted, and no others."""

    async def counted():
        refused = (await studio.get_json("/metrics"))["refused"]
        return {reason: count for reason, count in refused.items() if count} == reasons

    await eventually(counted, f"the count of {reasons}")
