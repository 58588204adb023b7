"""The client made of Pion (tests/interop/pion), built with Debian's Go."""

import contextlib
import json
import os
import shutil
import subprocess

import pytest

from .helper_process import talking_process
from .server import REPOSITORY

SOURCE = REPOSITORY / "tests" / "interop" / "pion"
DEBIANS_GO_CODE = "/usr/share/gocode"


def build(directory):
    """Builds the program there and gives its path; skips the test where Go or Pion is missing."""
    if not shutil.which("go") or not os.path.isdir(f"{DEBIANS_GO_CODE}/src/github.com/pion/webrtc"):
        pytest.skip("golang-go and golang-github-pion-webrtc.v3-dev are not installed")
    package = directory / "go" / "src" / "voicecast" / "pion"
    shutil.copytree(SOURCE, package)
    environment = {
        **os.environ, "GOPATH": f"{directory}/go:{DEBIANS_GO_CODE}", "GO111MODULE": "off", "GOFLAGS": "",
        "GOCACHE": os.environ.get("GOCACHE", os.path.expanduser("~/.cache/go-build")),
    }  # fmt: skip
    program = directory / "pion"
    subprocess.run(["go", "build", "-o", program, "."], cwd=package, env=environment, check=True)
    return program


def make_tone(path, frequency=440, seconds=20, frame_ms=20, channels=1):
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"sine={frequency}:r=48000:d={seconds}", "-ac", str(channels),
         "-c:a", "libopus", "-frame_duration", str(frame_ms), "-page_duration", str(frame_ms * 1000), path],
        check=True,
    )  # fmt: skip
    return path


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
