# SPDX-License-Identifier: MIT
"""GStreamer's webrtcbin in another process (gst_process), as a test drives it."""

import contextlib
import json

import numpy

from . import tone
from .helper_process import helper_process
from .watchdog import eventually


@contextlib.asynccontextmanager
async def by_http(role, endpoint, *arguments):
    """A client of WHIP or WHEP that has its answer, and its session's URL."""
    async with helper_process("gst_process", role, endpoint, *arguments) as process:
        assert await process.read_line("the answer's status") == "201"
        process.session = await process.read_line("the session's URL")
        yield process
        process.write_line()
        assert await process.read_line("the answer to DELETE") == "200"


@contextlib.asynccontextmanager
async def by_websocket(role, url, *arguments):
    """A client of the WebSocket API whose stream is live, or which has answered for it; and the stream's id."""
    async with helper_process("gst_process", role, url, *arguments) as process:
        process.stream_id = await process.read_line("the stream's id")
        yield process
        process.write_line()
        assert await process.read_line("the end of the WebSocket") == "closed"


async def counts(process):
    process.write_line("counts")
    return json.loads(await process.read_line("the counts"))


async def hears(path, frequency):
    """Waits until the last second in the file of a receiver is this tone."""

    async def is_heard():
        samples = numpy.fromfile(path, dtype="<i2") / 32768 if path.exists() else numpy.zeros(0)
        return tone.is_tone(samples[-tone.SAMPLE_RATE :], tone.SAMPLE_RATE, frequency)

    await eventually(is_heard, f"{frequency} Hz at GStreamer")
