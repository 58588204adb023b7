# SPDX-License-Identifier: MIT
"""The commands in README.md and docs/ run without errors.

A block that begins with ```sh is run as it stands, but for the names and ports of this test's server. In front of it there
may be a comment, which no reader sees: "not run", and why, or "runs until it says" for what does not end by itself.
(pipelines/README.md has a test of its own.)
"""

import asyncio
import contextlib
import os
import re
import signal
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from voicecast_client.server import REPOSITORY, binary, environment
from voicecast_client.watchdog import within

FILES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
BLOCK = re.compile(r"^(?:<!-- (.*?) -->\n)?```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
NEEDS_MORE_THAN_A_TEST_MAY = re.compile(r"\b(sudo|apt|apt-get|systemctl|journalctl|dpkg|git clone|/etc/|tshark)\b")


@dataclass(frozen=True)
class Command:
    file: str
    line: int
    comment: str
    text: str

    @property
    def is_run(self):
        return not self.comment.startswith("not run: ")

    @property
    def last_words(self):
        """The output that shows success of a command that does not end."""
        return self.comment.removeprefix("runs until it says: ") if self.comment.startswith("runs until") else None

    def __str__(self):
        return f"{self.file}:{self.line}"


def commands():
    for path in FILES:
        text = path.read_text()
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start(2)) + 1
            yield Command(str(path.relative_to(REPOSITORY)), line, match[1] or "", match[2])


COMMANDS = list(commands())
RUN = [command for command in COMMANDS if command.is_run]

pytestmark = pytest.mark.shared_server


@pytest.fixture
def surroundings(tmp_path):
    """Makes commands start servers on free loopback ports, and finds them."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "voicecast").symlink_to(binary())
    loopback = {"BIND": "127.0.0.1", "TLS": "off", "ICE_ADDRESS": "127.0.0.1"}
    settings = {**loopback, "PORT": "0", "AUDIO_PORT": "0", "ICE_PORT": "0"}
    return {
        **environment(),
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
        **{f"VOICECAST_{name}": value for name, value in settings.items()},
    }


def adapted(text, server, folder):
    for port, base in (("8080", server.api), ("8081", server.audio)):
        text = re.sub(rf"\b(localhost|SERVER):{port}\b", urlsplit(base).netloc, text)
    text = re.sub(r"(http\.server .*) 8000$", r"\1 0", text, flags=re.MULTILINE)
    return text.replace("/tmp/", f"{folder}/")


def test_skipped_commands_have_reason():
    assert RUN
    for command in COMMANDS:
        assert not command.comment or re.match(r"not run: \w|runs until it says: \w", command.comment), command
        is_too_much = NEEDS_MORE_THAN_A_TEST_MAY.search(command.text)
        assert not command.is_run or not is_too_much, (
            f'{command}: "{is_too_much[0]}" is more than a test may do; put <!-- not run: … --> before the block'
        )


@pytest.mark.parametrize("command", RUN, ids=str)
async def test_documented_command(server, studio, surroundings, tmp_path, command):
    if NEEDS_MORE_THAN_A_TEST_MAY.search(command.text):
        pytest.skip("the test above says what is wrong")
    if "/stream/" in command.text or "/debug/pipelines/" in command.text:
        await studio.sender()
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", adapted(command.text, server, tmp_path), cwd=REPOSITORY, env=surroundings,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        if command.last_words:
            await within(until_it_says(process, command.last_words), f'"{command.last_words}" of {command}', 30)
        else:
            output, _ = await within(process.communicate(), f"the end of {command}", 60)
            assert process.returncode == 0, output.decode(errors="replace")
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def until_it_says(process, words):
    seen = []
    async for line in process.stdout:
        seen.append(line.decode(errors="replace"))
        if words in seen[-1]:
            return
    raise AssertionError(f"it ended without a word of {words}: {''.join(seen)}")
