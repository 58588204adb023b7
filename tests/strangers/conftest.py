# SPDX-License-Identifier: MIT
"""One server and its bystanders for the tests of a file."""

import pytest_asyncio
from strangers.scene import SEED, Scenes

FIGURES = {}


@pytest_asyncio.fixture(scope="module")
async def scenes(request, tmp_path_factory):
    scenes = Scenes(lambda: tmp_path_factory.mktemp("scene"), request.module.warm_up)
    yield scenes
    await scenes.close()
    FIGURES.update({f"{what}, ms": wait for what, wait in scenes.longest_ms.items()}, peak_kb=scenes.largest_peak_kb)


@pytest_asyncio.fixture
async def scene(request, scenes):
    scene = await scenes.get()
    request.node.servers = [scene.server]
    print(f"STRANGERS_SEED={SEED}")  # which pytest shows when the test fails
    return scene


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"STRANGERS_SEED={SEED}, longest waits and largest growth: {FIGURES}")
