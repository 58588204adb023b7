# SPDX-License-Identifier: MIT
"""The command line, the key file and the environment."""

import re
import socket

import pytest
from voicecast_client.server import run_once

OPTIONS = (
    "config bind port audio-port tls-port tls origins ice ice-port ice-address ice-port-range nat-1to1 stun-server "
    "turn-server turn-credentials turn-ca egress whip-strict mp3-bitrate mp3-burst mp3-max-lag pipelines state-dir "
    "log-level version help"
).split()
ANY_PORTS = (
    "--bind", "127.0.0.1", "--port", "0", "--audio-port", "0", "--tls", "off",
    "--ice-address", "127.0.0.1", "--ice-port", "0",
)  # fmt: skip


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


async def test_version():
    status, out, err = await run_once("--version")
    assert status == 0
    assert re.search(r"voicecast.*\d+\.\d+", out)
    assert err == ""


async def test_help_names_every_option():
    status, out, _ = await run_once("--help")
    assert status == 0
    for option in OPTIONS:
        assert f"--{option}" in out, option


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["--port"], ["surplus"]], ids=" ".join)
async def test_usage_error(arguments):
    status, _, err = await run_once(*arguments)
    assert status == 2
    assert_one_line(err, arguments[0])


@pytest.mark.parametrize(
    "option, value",
    [
        ("port", "-1"),
        ("port", "65536"),
        ("port", "http"),
        ("port", ""),
        ("audio-port", "99999"),
        ("bind", "not an address"),
        ("ice-address", "300.0.0.1"),
        ("ice-port-range", "2000-1000"),
        ("ice-port-range", "1000"),
        ("mp3-bitrate", "127"),
        ("mp3-bitrate", "loud"),
        ("log-level", "shouting"),
        ("stun-server", "http://example.org"),
        ("tls", "perhaps"),
        ("pipelines", "/nonexistent"),
    ],
)
async def test_bad_value(option, value):
    status, _, err = await run_once(*ANY_PORTS, f"--{option}", value)
    assert status in (1, 2)
    assert_one_line(err, option)


@pytest.mark.parametrize("option", ["--port", "--audio-port"])
async def test_port_in_use(taken_port, option):
    status, _, err = await run_once(*ANY_PORTS, option, str(taken_port))
    assert status == 1
    assert_one_line(err, str(taken_port))


@pytest.mark.parametrize(
    "text, named",
    [
        ("[voicecast]\nport=notaport\n", "port"),
        ("[voicecast]\nno-such-key=1\n", "no-such-key"),
        ("this is no key file\n", "voicecast.conf"),
        ("[other]\nport=0\n", "other"),
    ],
)
async def test_bad_key_file(tmp_path, text, named):
    path = tmp_path / "voicecast.conf"
    path.write_text(text)
    status, _, err = await run_once("--config", str(path), *ANY_PORTS)
    assert status == 1
    assert_one_line(err, named)


async def test_missing_key_file(tmp_path):
    status, _, err = await run_once("--config", str(tmp_path / "missing.conf"))
    assert status == 1
    assert_one_line(err, "missing.conf")


async def test_bad_environment_variable():
    status, _, err = await run_once("--bind", "127.0.0.1", env={"VOICECAST_PORT": "none"})
    assert status == 1
    assert_one_line(err, "port")


async def test_ready_lines_name_both_ports(server):
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.api)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.audio)
    assert server.api != server.audio
    assert not server.api.endswith(":0") and not server.audio.endswith(":0")


async def test_command_line_overrides_environment(taken_port):
    """The error names the port in effect."""
    status, _, err = await run_once(*ANY_PORTS, "--port", str(taken_port), env={"VOICECAST_PORT": "1"})
    assert status == 1
    assert_one_line(err, str(taken_port))


async def test_environment_overrides_key_file(tmp_path, taken_port):
    path = tmp_path / "voicecast.conf"
    path.write_text("[voicecast]\nport=1\n")
    arguments = ["--config", str(path), "--bind", "127.0.0.1", "--audio-port", "0", "--tls", "off", "--ice-port", "0"]
    status, _, err = await run_once(*arguments, env={"VOICECAST_PORT": str(taken_port)})
    assert status == 1
    assert_one_line(err, str(taken_port))


def assert_one_line(text, named):
    lines = [line for line in text.split("\n") if line.strip()]
    assert len(lines) == 1, text
    assert named in lines[0], text
