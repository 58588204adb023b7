# SPDX-License-Identifier: MIT
"""`voicecast doctor` reports missing requirements on a machine, and changes nothing."""

import asyncio
import os
import pty
import re
import socket
import subprocess
from pathlib import Path

import pytest
from voicecast_client import key_file
from voicecast_client.certificates import issue, make_authority
from voicecast_client.namespaces import network_of
from voicecast_client.server import LOOPBACK_ARGUMENTS, Server, binary, environment
from voicecast_client.stun_server import StunServer
from voicecast_client.watchdog import within

# As root without the rights of root on files.
AS_OTHERS = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


class Report:
    """The findings, as (level, words and advice) by subject."""

    def __init__(self, status, text, errors):
        self.status, self.text, self.errors = status, text, errors
        self._found = {}
        for block in re.findall(r"^\w.*(?:\n +.*)*", text.split("\n\n")[0], re.MULTILINE):
            level, subject = block[:9].strip(), block[9:23].strip()
            self._found.setdefault(subject, []).append((level, " ".join(block[23:].split())))

    def level(self, subject, words):
        """The level of the finding with these words."""
        levels = [level for level, said in self._found.get(subject, []) if words in said]
        assert levels, f"{subject}: {words!r} is not in\n{self.text}{self.errors}"
        return levels[0]


@pytest.fixture
def doctor(tmp_path):
    async def ask(*arguments, prefix=(), usual=LOOPBACK_ARGUMENTS, env=None):
        process = await asyncio.create_subprocess_exec(
            *prefix, binary(), "doctor", *usual, *arguments,
            env={**environment(), "STATE_DIRECTORY": str(tmp_path / "state"), **(env or {})},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            out, err = await within(process.communicate(), "the doctor's report")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Report(process.returncode, out.decode(), err.decode())

    return ask


async def test_complete_machine(doctor):
    report = await doctor()
    assert report.status == 0, report.text
    assert "problem " not in report.text and "no problems, " in report.text
    assert report.level("elements", "all installed") == "ok"
    assert report.level("addresses", "127.0.0.1 (lo)") == "ok"
    assert "\033" not in report.text and report.errors == ""


async def test_doctor_accepts_server_options(doctor, tmp_path):
    assert (await doctor("--no-such-option")).status == 2
    report = await doctor(*key_file.write(tmp_path, voicecast={"mp3-bitrate": "loud"}))
    assert report.status == 1 and "voicecast.conf" in report.errors
    assert "Usage: voicecast doctor" in (await doctor("--help")).text


async def test_it_changes_nothing(doctor, tmp_path):
    secret = tmp_path / "turn.password"
    secret.write_text("user:password\n")
    secret.chmod(0o644)
    cache = tmp_path / "cache"
    before = facts_of(tmp_path)
    report = await doctor(
        "--tls", "auto", "--tls-port", "0", "--turn-credentials", str(secret), env={"XDG_CACHE_HOME": str(cache)}
    )
    assert report.level("state", "created by the server") == "ok"
    assert report.level("settings", "is open to other users") == "warning"
    assert report.level("plugin cache", str(cache)) == "ok"
    assert facts_of(tmp_path) == before


def facts_of(directory):
    return {path: (path.stat().st_mode, path.stat().st_mtime_ns) for path in [directory, *directory.rglob("*")]}


async def test_port_in_use(doctor):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        report = await doctor("--port", port)
    assert report.status == 1
    assert report.level(f"port {port}", f"(process {os.getpid()}) → Stop that program") == "problem"


async def test_port_of_silent_server(doctor):
    """The port is reported after a timeout."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken.listen()
        report = await doctor("--audio-port", str(taken.getsockname()[1]))
    assert report.status == 1


async def test_running_voicecast(doctor, tmp_path):
    server = Server(tmp_path / "server.stderr")
    try:
        await server.start("--tls", "auto", "--tls-port", "0", "--state-dir", str(tmp_path / "its-state"))
        api, audio, tls = (address.rpartition(":")[2] for address in (server.api, server.audio, server.tls))
        report = await doctor("--port", api, "--audio-port", audio, "--tls", "auto", "--tls-port", tls)
        assert report.status == 0, report.text
        for port in (api, audio, tls):
            assert report.level(f"port {port}", f"(process {server.pid})") == "ok"
        assert len(re.findall(r"in use by a running voicecast \d+\.\d+\.\d+", report.text)) == 3
    finally:
        await server.stop()


async def test_missing_address(doctor):
    report = await doctor("--bind", "203.0.113.9")
    assert report.status == 1
    assert report.level("ports", "this machine has no address 203.0.113.9") == "problem"
    report = await doctor(usual=["--ice-address", "203.0.113.9", "--tls", "off", "--port", "0", "--audio-port", "0", "--ice-port", "0"])
    assert report.status == 1
    assert report.level("addresses", "this machine has no 203.0.113.9") == "problem"


async def test_udp_ports(doctor):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        report = await doctor("--ice-port-range", f"{port}-{port}")
    assert report.status == 1
    assert report.level("UDP ports", f"{port}-{port}: none can be opened") == "problem"


@pytest.fixture
def plugins_without(tmp_path):
    """The environment of a machine without a plugin."""

    def make(name):
        asked = subprocess.run(
            ("pkg-config", "--variable=pluginsdir", "gstreamer-1.0"), stdout=subprocess.PIPE, text=True, check=True
        )
        plugins = Path(asked.stdout.strip())
        assert (plugins / f"libgst{name}.so").exists()
        folder = tmp_path / "plugins"
        folder.mkdir()
        for plugin in plugins.glob("*.so"):
            if plugin.name != f"libgst{name}.so":
                (folder / plugin.name).symlink_to(plugin)
        return {"GST_PLUGIN_SYSTEM_PATH": str(folder), "GST_REGISTRY": str(tmp_path / "registry.bin")}

    return make


async def test_missing_element(doctor, plugins_without):
    report = await doctor(env=plugins_without("lame"))
    assert report.status == 1
    assert report.level("elements", "missing: lamemp3enc (gstreamer1.0-plugins-ugly) →") == "problem"
    assert report.level("elements", "sudo apt install gstreamer1.0-plugins-ugly (") == "problem"


async def test_invalid_pipeline(doctor, tmp_path):
    (tmp_path / "mp3.launch").write_text("audioconvert ! no_such_element")
    report = await doctor("--pipelines", str(tmp_path))
    assert report.status == 1
    assert report.level("pipelines", "mp3.launch") == "problem"


@pytest.fixture
def certificate(tmp_path):
    """Writes a certificate and returns its options."""

    def write(**terms):
        issued = issue(make_authority(), **terms)
        (tmp_path / "c.pem").write_bytes(issued.chain_pem())
        (tmp_path / "k.pem").write_bytes(issued.key_pem())
        (tmp_path / "k.pem").chmod(0o600)
        return ["--tls-port", "0", "--tls", f"{tmp_path}/c.pem,{tmp_path}/k.pem"]

    return write


@pytest.mark.parametrize("days_left, status, level", [(-1, 1, "problem"), (10, 0, "warning"), (90, 0, "ok")])
async def test_expired_certificate(doctor, certificate, days_left, status, level):
    report = await doctor(*certificate(days_old=100, days_left=days_left))
    assert report.status == status
    assert report.level("certificate", "expired on" if days_left < 0 else "for localhost and 127.0.0.1") == level


async def test_unreadable_key(doctor, certificate, tmp_path):
    options = certificate()
    (tmp_path / "k.pem").chmod(0)
    report = await doctor(*options, prefix=AS_OTHERS)
    assert report.status == 1
    assert report.level("certificate", "k.pem: Permission denied → name the key and let this user read it") == "problem"


async def test_world_readable_key(doctor, certificate, tmp_path):
    options = certificate()
    (tmp_path / "k.pem").chmod(0o644)
    report = await doctor(*options)
    assert report.status == 0
    assert report.level("certificate", "k.pem is readable by every user") == "warning"


async def test_few_descriptors(doctor):
    report = await doctor(prefix=("prlimit", "--nofile=200:200"))
    assert report.status == 0
    assert report.level("open files", "200 at most; [limits] descriptors is 16384 →") == "warning"
    report = await doctor(prefix=("prlimit", "--nofile=100:100"))
    assert report.status == 1
    assert report.level("open files", "100 at most") == "problem"


async def test_recordings(doctor, tmp_path):
    attic = tmp_path / "attic"
    attic.mkdir()
    settings = key_file.write(tmp_path, **{"publish.attic": {"url": f"file://{attic}/{{time}}.mp3"}})
    assert "of one stream" in (await doctor(*settings)).text
    attic.chmod(0o555)
    report = await doctor(*settings, prefix=AS_OTHERS)
    assert report.status == 1
    assert report.level("recordings", f"[publish.attic]: {attic} cannot be written: Permission denied") == "problem"


async def test_state_directory_cannot_be_created(doctor, tmp_path):
    tmp_path.chmod(0o555)
    report = await doctor("--tls", "auto", "--tls-port", "0", prefix=AS_OTHERS)
    assert report.status == 1
    assert report.level("state", f"{tmp_path}/state cannot be created: Permission denied") == "problem"


async def test_tokens_need_key(doctor, tmp_path):
    settings = key_file.write(tmp_path, auth={"mode": "token", "secret-file": str(tmp_path / "secret")})
    report = await doctor(*settings)
    assert report.status == 1
    assert report.level("tokens", str(tmp_path / "secret")) == "problem"


async def test_servers_for_ice(doctor, tmp_path):
    """A responding, a silent and a refusing server, queried concurrently."""
    good, silent = await StunServer.open(), await StunServer.open()
    good.answer()
    with socket.socket() as refusing:
        refusing.bind(("127.0.0.1", 0))
        secret = tmp_path / "turn.password"
        secret.write_text("user:password\n")
        turn = [f"turn:127.0.0.1:{port}" for port in (silent.uri.rpartition(":")[2], refusing.getsockname()[1])]
        report = await doctor(
            "--stun-server", good.uri, "--turn-server", turn[0], "--turn-server", turn[1] + "?transport=tcp",
            "--turn-credentials", str(secret),
        )  # fmt: skip
    assert report.status == 0
    assert report.level("STUN", "answers") == "ok"
    assert report.level("TURN", f"{turn[0]}: no answer") == "warning"
    assert report.level("TURN", f"{turn[1]}?transport=tcp:") == "warning"
    assert "password" not in report.text.replace("turn.password", "")
    for server in (good, silent):
        server.close()


async def test_interfaces(doctor):
    """Loopback alone, a network, and a network of containers beside it."""
    usual = ["--port", "0", "--audio-port", "0", "--tls", "off"]
    async with network_of("pi", "phone") as network:
        pi = network.inside("pi")
        report = await doctor(usual=usual, prefix=pi)
        assert report.status == 1
        assert report.level("addresses", "this machine has only 127.0.0.1 (lo)") == "problem"
        await network.link(("pi", "eth0", "192.168.7.1/24"), ("phone", "eth0", "192.168.7.2/24"))
        report = await doctor(usual=usual, prefix=pi)
        assert report.status == 0
        assert report.level("addresses", "WebRTC uses 192.168.7.1 (eth0)") == "ok"
        await network.link(("pi", "br-0a1b2c3d4e5f", "172.18.0.1/16"), ("phone", "eth1", "172.18.0.2/16"))
        report = await doctor(usual=usual, prefix=pi)
        assert report.status == 0
        assert report.level("addresses", "--ice-address 192.168.7.1.") == "warning"


async def test_colours_are_for_terminals():
    ours, its = pty.openpty()
    env = {key: value for key, value in environment().items() if key != "NO_COLOR"} | {"TERM": "xterm"}
    process = await asyncio.create_subprocess_exec(binary(), "doctor", *LOOPBACK_ARGUMENTS, stdout=its, env=env)
    os.close(its)
    loop = asyncio.get_running_loop()
    text = await within(loop.run_in_executor(None, read_all, ours), "the report")
    assert await within(process.wait(), "the doctor's end") == 0
    assert "\033[32mok       \033[0m" in text


def read_all(terminal):
    """Reads until the other end is closed, which a terminal reports as an error."""
    text = b""
    try:
        while part := os.read(terminal, 4096):
            text += part
    except OSError:
        pass
    os.close(terminal)
    return text.decode()
