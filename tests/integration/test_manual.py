# SPDX-License-Identifier: MIT
"""--help, the man page, voicecast.conf and docs/security.md agree about settings."""

import re

import pytest
import pytest_asyncio
from voicecast_client.server import REPOSITORY, Server, run_once

MAN_PAGE = (REPOSITORY / "data" / "voicecast.1").read_text().replace("\\-", "-")
KEY_FILE = (REPOSITORY / "data" / "voicecast.conf").read_text()
SECURITY = (REPOSITORY / "docs" / "security.md").read_text()
WITHOUT_A_KEY = {"config", "version", "help"}


@pytest_asyncio.fixture(scope="module")
async def options():
    """The text of each option in --help."""
    _, out, _ = await run_once("--help")
    return dict(re.findall(r"^  --([\w-]+)(.*?)(?=^  --|^$)", out, re.DOTALL | re.MULTILINE))


def keys_of(group):
    """The keys of a group in voicecast.conf, with their values; those with defaults are commented out."""
    (text,) = re.findall(rf"^\[{group}\]$(.*?)(?=^\[|\Z)", KEY_FILE, re.DOTALL | re.MULTILINE)
    return dict(re.findall(r"^#?([a-z0-9-]+)=(.*)$", text, re.MULTILINE))


def test_man_page_has_every_option(options):
    documented = dict(re.findall(r"^\.It Fl -([\w-]+)(.*?)(?=^\.It|^\.El)", MAN_PAGE, re.DOTALL | re.MULTILINE))
    assert options and documented.keys() == options.keys()
    for name, text in options.items():
        said = " ".join(text.split())
        if default := re.search(r"Default: (\w+)\.$", said):
            man = re.search(r"^Default:\s+(?:\.Cm )?(\w+)", documented[name], re.MULTILINE)
            assert man and man[1] == default[1], f"--{name}: --help says {default[1]}"


def test_key_file_has_every_option(options):
    keys = keys_of("voicecast")
    assert keys.keys() == options.keys() - WITHOUT_A_KEY
    for name, text in options.items():
        if default := re.search(r"Default: (\w+)\.$", " ".join(text.split())):
            assert keys[name] == default[1], f"--{name}: --help says {default[1]}"


def test_key_file_has_every_limit():
    source = (REPOSITORY / "src" / "config" / "limits_group.cpp").read_text()
    assert keys_of("limits").keys() == set(re.findall(r'^    \{"([a-z0-9-]+)"', source, re.MULTILINE))


def test_security_document_has_default_limits():
    rows = re.findall(r"^\| (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*) \| ([\d, ]+) \|", SECURITY, re.MULTILINE)
    said = {}
    for names, values in rows:
        said.update(zip(re.findall("[a-z0-9-]+", names), values.split(", ")))
    assert len(said) > 5
    limits = keys_of("limits")
    assert said == {key: limits[key] for key in said}


@pytest.mark.parametrize("group", ["limits", "auth"])
async def test_every_key_is_accepted(tmp_path, group):
    """With the file's own values, uncommented."""
    lines = [f"{key}={value}" for key, value in keys_of(group).items() if value]
    (tmp_path / "voicecast.conf").write_text("\n".join([f"[{group}]", *lines]))
    server = await Server(tmp_path / "server.stderr").start("--config", str(tmp_path / "voicecast.conf"))
    await server.stop()
