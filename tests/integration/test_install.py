# SPDX-License-Identifier: MIT
"""The files of `meson install`, and a start of the installed server."""

import json
import shutil
import subprocess

import pytest
from voicecast_client import server as server_module
from voicecast_client.server import Server, binary


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """The installation of the build under test; with --prefix /usr/local it is DESTDIR/usr/local."""
    build = binary().parent
    place = tmp_path_factory.mktemp("installed")
    meson = shutil.which("meson")
    if not meson:
        pytest.skip("no meson")
    subprocess.run([meson, "install", "-C", build, "--no-rebuild", "--destdir", place], check=True, capture_output=True)
    options = json.loads(subprocess.check_output([meson, "introspect", build, "--buildoptions"]))
    return place / next(option["value"] for option in options if option["name"] == "prefix").lstrip("/")


@pytest.mark.parametrize("file", [
    "bin/voicecast", "etc/voicecast/voicecast.conf", "lib/systemd/system/voicecast.service",
    "lib/systemd/system/voicecast.socket", "lib/sysusers.d/voicecast.conf", "share/man/man1/voicecast.1",
    "share/doc/voicecast/LICENSE", "share/doc/voicecast/README.md", "share/doc/voicecast/docs/operating.md",
    "share/doc/voicecast/avahi/voicecast.service", "share/voicecast/pipelines/stream.launch",
    "share/voicecast/monitoring/voicecast.rules.yml",
    "share/voicecast/monitoring/grafana-dashboard.json",
])  # fmt: skip
def test_installed_files_exist(prefix, file):
    assert (prefix / file).stat().st_size > 0


def test_document_links_exist(prefix):
    """Every one of docs/ and pipelines/ is installed."""
    for folder, place in (("docs", "share/doc/voicecast/docs"), ("pipelines", "share/voicecast/pipelines")):
        ours = {file.name for file in (server_module.REPOSITORY / folder).iterdir()}
        assert {file.name for file in (prefix / place).iterdir()} == ours


async def test_installed_server_starts(request, prefix, tmp_path, monkeypatch):
    monkeypatch.setattr(server_module, "binary", lambda: prefix / "bin/voicecast")
    server = Server(tmp_path / "server.stderr")
    request.node.servers = [server]
    try:
        pipelines = prefix / "share/voicecast/pipelines"
        await server.start("--config", str(prefix / "etc/voicecast/voicecast.conf"), "--pipelines", str(pipelines))
    finally:
        await server.stop()


def test_systemd_accepts_units(prefix, tmp_path):
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("no systemd-analyze")
    installed = prefix / "lib/systemd/system"
    for unit in ("voicecast.service", "voicecast.socket"):
        text = (installed / unit).read_text()
        assert "@" not in text.replace("@system-service", "").replace("@privileged", "")
        (tmp_path / unit).write_text(text.replace("ExecStart=/", f"ExecStart={prefix.parent.parent}/"))
    verified = subprocess.run(
        [analyze, "verify", "--man=no", tmp_path / "voicecast.service", tmp_path / "voicecast.socket"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (verified.returncode, verified.stderr) == (0, "")
