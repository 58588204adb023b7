# SPDX-License-Identifier: MIT
"""The client made of Pion (tests/interop/pion), built with Debian's Go."""

import contextlib
import json
import subprocess

import pytest

from . import go_program
from .helper_process import talking_process
from .server import REPOSITORY

SOURCE = REPOSITORY / "tests" / "interop" / "pion"


def build(directory):
    """Builds the program there and gives its path; skips the test where Go or Pion is missing."""
    if not go_program.is_available():
        pytest.skip("golang-go and golang-github-pion-webrtc.v3-dev are not installed")
    return go_program.build(SOURCE, directory)


def make_opus(path, source, frame_ms=20, channels=1, bitrate="64k"):
    """A file of what a source of ffmpeg's gives, with a page for each packet."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-ac", str(channels), "-c:a", "libopus", "-b:a", bitrate,
         "-frame_duration", str(frame_ms), "-page_duration", str(frame_ms * 1000), path],
        check=True,
    )  # fmt: skip
    return path


def make_tone(path, frequency=440, seconds=20, frame_ms=20, channels=1):
    return make_opus(path, f"sine={frequency}:r=48000:d={seconds}", frame_ms, channels)


class Pion:
    def __init__(self, process):
        self._process = process
        self.candidates_seen = []

    async def expect(self, event, **fields):
        while True:
            line = json.loads(await self._process.read_line(f"Pion's {event}"))
            assert line["event"] != "ended", "the stream ended"
            if line["event"] == event and fields.items() <= line.items():
                return line

    def command(self, text):
        self._process.write_line(text)


@contextlib.asynccontextmanager
async def pion(program, *arguments, prefix=()):
    async with talking_process(*prefix, program, *arguments) as process:
        yield Pion(process)
