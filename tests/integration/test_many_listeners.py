# SPDX-License-Identifier: MIT
"""A thousand MP3 listeners, each served in time."""

import json

import pytest
from voicecast_client import mp3
from voicecast_client.helper_process import helper_process
from voicecast_client.watchdog import eventually

COUNT = 1000


@pytest.fixture
def extra_arguments(tmp_path):
    file = tmp_path / "voicecast.conf"
    file.write_text(f"[limits]\nmp3-listeners={COUNT + 1}\n")
    return ["--config", str(file)]


async def test_thousand_listeners(studio):
    sender = await studio.sender()
    prompt = await studio.listener()
    async with helper_process("station_load", f"{studio.server.audio}/stream/latest.mp3", COUNT) as load:
        assert len(json.loads(await load.read_line("the listeners"))["first_byte_s"]) == COUNT

        async def counted():
            return (await studio.get_json("/metrics"))["mp3_listeners"] == COUNT + 1

        await eventually(counted, "all listeners in /metrics")
        load.write_line()
        await load.read_line("the first report")
        await prompt.more(3 * mp3.BYTES_PER_SECOND)
        load.write_line()
        report = json.loads(await load.read_line("the second report"))
        assert report["open"] == COUNT
        assert min(report["bytes"]) > 2 * mp3.BYTES_PER_SECOND, "somebody is starved"
        assert (await studio.get_json("/metrics"))["mp3_encoders"] == 1
        mp3.assert_station_format(prompt.received)
    await sender.client.send("stop_stream")
    await prompt.until_end()

    async def gone():
        return (await studio.get_json("/metrics"))["mp3_listeners"] == 0

    await eventually(gone, "the end of all listeners")
