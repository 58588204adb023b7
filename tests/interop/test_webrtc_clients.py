"""WHIP and WHEP with clients that others wrote."""

import contextlib

import numpy
import pytest
from voicecast_client import tone
from voicecast_client.helper_process import helper_process
from voicecast_client.watchdog import eventually

pytest.importorskip("gi", reason="python3-gi is not installed")


@contextlib.asynccontextmanager
async def gstreamer(*arguments):
    """A webrtcbin that has its answer, and its session's URL."""
    async with helper_process("gst_process", *arguments) as process:
        assert await process.read_line("the answer's status") == "201"
        process.session = await process.read_line("the session's URL")
        yield process
        process.write_line()
        assert await process.read_line("the answer to DELETE") == "200"


async def hears(path, frequency):
    """Whether the last second in a file of GStreamer's is this tone."""

    async def is_heard():
        samples = numpy.fromfile(path, dtype="<i2") / 32768 if path.exists() else numpy.zeros(0)
        return tone.is_tone(samples[-tone.SAMPLE_RATE :], tone.SAMPLE_RATE, frequency)

    await eventually(is_heard, f"{frequency} Hz at GStreamer")


async def test_gstreamer_sends_by_whip(studio, server):
    client = await studio.client()
    async with gstreamer("send", f"{server.api}/whip/gstreamer", 550):
        stream = await client.expect("stream_available")
        assert stream["name"] == "gstreamer"
        viewer = await studio.whep_receiver(f"/whep/{stream['stream_id']}")
        await viewer.assert_hears(550)
        listener = await studio.listener()
        await listener.assert_hears(550)
    await client.expect("stream_ended", stream_id=stream["stream_id"])


async def test_gstreamer_receives_by_whep(studio, server, tmp_path):
    await studio.sender(frequency=440)
    async with gstreamer("receive", f"{server.api}/whep/latest", tmp_path / "heard") as process:
        await hears(tmp_path / "heard", 440)
        assert (await studio.get_json("/stream/status"))["details"][0]["webrtc_listeners"] == 1
        assert process.session.startswith(f"{server.api}/whep/sessions/")
    assert (await studio.get_json("/stream/status"))["details"][0]["webrtc_listeners"] == 0


async def test_gstreamer_to_gstreamer(studio, server, tmp_path):
    client = await studio.client()
    async with gstreamer("send", f"{server.api}/whip", 660):
        await client.expect("stream_available")
        async with gstreamer("receive", f"{server.api}/whep/latest", tmp_path / "heard"):
            await hears(tmp_path / "heard", 660)
