# SPDX-License-Identifier: MIT
"""Anything that ffmpeg can decode, as mono samples at 48 kHz, -1 to 1."""

import asyncio

import numpy

from .watchdog import within


async def decode_url(source, seconds=None):
    """A URL or a path; of an endless one the first `seconds`."""
    limit = ["-t", str(seconds)] if seconds else []
    command = ["ffmpeg", "-v", "error", "-i", str(source), *limit, "-f", "f32le", "-ac", "1", "-ar", "48000", "pipe:1"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe)
    try:
        out, err = await within(process.communicate(), f"ffmpeg on {source}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, err.decode()
    return numpy.frombuffer(out, dtype=numpy.float32)
