# SPDX-License-Identifier: MIT
"""SIGHUP applies new settings, without effect on connected clients."""

import re

import pytest
import pytest_asyncio
from voicecast_client import certificates, key_file, mp3
from voicecast_client.publishing import publisher
from voicecast_client.raw_http import UPGRADE, ask, opened, own_host
from voicecast_client.secure import shown_certificate
from voicecast_client.server import LOOPBACK_ARGUMENTS, Server, run_once
from voicecast_client.watchdog import eventually, within

FIRST_SECRET = "0123456789abcdef0123456789abcdef"
SECOND_SECRET = "fedcba9876543210fedcba9876543210"


class Settings:
    """The key file of the server under test."""

    def __init__(self, folder):
        self.folder = folder
        self.groups = {}

    def arguments(self):
        return key_file.write(self.folder, **self.groups)

    def write_text(self, text):
        (self.folder / "voicecast.conf").write_text(text)


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path)


@pytest.fixture
def extra_arguments(settings):
    return settings.arguments()


@pytest_asyncio.fixture
async def reload(server, settings):
    """Reloads with these groups, and waits for `words` in the log."""

    async def reload(words="settings reloaded", **groups):
        if groups:
            settings.groups = groups
            settings.arguments()
        before = server.stderr().count(words)
        server.reload()
        await until_said(server, words, before + 1)

    return reload


async def until_said(server, words, times=1):
    async def is_said():
        return server.stderr().count(words) >= times

    await eventually(is_said, f"the log's word: {words}")


async def upgrade_status(server):
    return (await ask(server.api, "/ws", [own_host(server.api), *UPGRADE])).status


async def test_reload_keeps_connections(studio, server, reload):
    sender = await studio.sender()
    receiver = await studio.receiver()
    path = f"/stream/{sender.stream_id}.mp3"
    listener = await studio.listener(path)
    await listener.more(8000)
    limits = {"clients": 1, "streams": 1, "mp3-listeners": 1}
    await reload(limits=limits, voicecast={"log-level": "debug"})
    assert await upgrade_status(server) == 503
    await listener.more(2 * mp3.BYTES_PER_SECOND)
    mp3.assert_station_format(bytes(listener.received))
    await listener.assert_hears(440)
    await receiver.rtp.more(25)
    assert receiver.rtp.missing() == []
    assert await sender.client.streams() == [sender.stream_id]
    assert " debug " in server.stderr()


async def test_limits_per_address(studio, server, reload):
    client = await studio.client()
    await reload(limits={"websockets_per_address": 1})
    assert await upgrade_status(server) == 429
    await reload(limits={"websockets_per_address": 2})
    assert await upgrade_status(server) == 101
    await reload(limits={"requests_per_minute": 1})

    async def is_refused():
        return (await ask(server.api, "/health", [own_host(server.api)])).status == 429

    await eventually(is_refused, "a refusal")
    await reload(limits={"stream_interval_seconds": 1000})
    first = await studio.new_sender(client).go_live()
    await first.client.send("start_sending")
    again = studio.new_sender(client)
    await client.expect("sender_ready")
    await again.make_offer()
    await again.send_offer()
    assert "too many new streams" in (await client.expect("error"))["message"]


async def test_tokens(studio, server, reload, tmp_path):
    secret = tmp_path / "secret"

    async def status(key):
        (tmp_path / "key").write_text(key)
        _, token, _ = await run_once("token", "--listen", "*", "--for", "1h", "--key", str(tmp_path / "key"))
        return (await ask(server.api, f"/stream/status?token={token.strip()}", [own_host(server.api)])).status

    client = await studio.client()
    secret.write_text(FIRST_SECRET)
    await reload(auth={"mode": "token", "secret_file": secret})
    assert await upgrade_status(server) == 401
    assert (await status(FIRST_SECRET), await status(SECOND_SECRET)) == (200, 401)
    secret.write_text(SECOND_SECRET)
    await reload()
    assert (await status(FIRST_SECRET), await status(SECOND_SECRET)) == (401, 200)
    secret.write_text("short")
    await reload("the settings stay unchanged: [auth]: ")
    assert await status(SECOND_SECRET) == 200
    assert await client.streams() == []


async def test_permission_for_metrics(server, reload):
    stranger = [own_host(server.api), ("Origin", "https://elsewhere.example")]
    assert (await ask(server.api, "/health", stranger)).status == 403
    await reload(voicecast={"origins": "https://elsewhere.example"})
    assert (await ask(server.api, "/health", stranger)).status == 200


async def test_suggested_setting_permits_request(server, reload):
    """One for the host name and one for the origin."""
    headers = [("Host", "pi.tail1234.ts.net"), ("Origin", "https://voice.example.com")]
    for _ in range(2):
        async with opened(server.api, "/health", headers) as (head, body):
            assert head.status == 403
            text = (await within(body.readexactly(int(head.get("Content-Length"))), "the refusal")).decode()
        await reload(voicecast={"origins": re.search(r"origins=(\S+)", text)[1]})
    assert (await ask(server.api, "/health", headers)).status == 200


async def test_publishers_come_and_go(studio, server, reload, tmp_path):
    def attic(name):
        (tmp_path / name).mkdir(exist_ok=True)
        return {"url": f"file://{tmp_path}/{name}/{{id}}-{{time}}.mp3", "stream": "all"}

    def size(name):
        return sum(file.stat().st_size for file in (tmp_path / name).iterdir()) if (tmp_path / name).exists() else 0

    async def grows(name):
        before = size(name)

        async def is_larger():
            return size(name) > before + mp3.BYTES_PER_SECOND // 4

        await eventually(is_larger, f"more in {name}")

    await studio.sender()
    await reload(**{"publish.a": attic("a"), "publish.b": attic("b")})
    await grows("a")
    await grows("b")
    await reload(**{"publish.a": attic("a"), "publish.c": attic("c")})
    await grows("c")
    finished = size("b")
    await grows("a")
    assert len(list((tmp_path / "a").iterdir())) == 1  # it was not begun anew
    assert size("b") == finished
    await reload(**{"publish.a": attic("d")})
    await grows("d")
    status = await studio.get_json("/stream/status")
    assert [one["name"] for one in status["publishers"]] == ["a"]
    assert (await publisher(studio, "a"))["url"].startswith(f"file://{tmp_path}/d/")


BAD = {
    "an unknown key": ("[limits]\nclients=1\nnonsense=1\n", "nonsense"),
    "a bad value": ("[limits]\nclients=none\n", "clients"),
    "no key file": ("clients\n", "voicecast.conf"),
    "no place to publish to": ("[publish.x]\nurl=gopher://x\n", "publish.x"),
}


@pytest.mark.parametrize("text, words", BAD.values(), ids=BAD.keys())
async def test_bad_file_keeps_old_settings(studio, server, settings, reload, text, words):
    await reload(limits={"clients": 2})
    client = await studio.client()
    settings.write_text(text)
    await reload("the settings stay unchanged: ")
    line = [line for line in server.stderr().splitlines() if "the settings stay unchanged" in line][-1]
    assert words in line and " error " in line
    assert await upgrade_status(server) == 101
    assert await client.streams() == []


async def test_restart_options_are_named(server, reload):
    await reload(voicecast={"mp3-bitrate": 64, "stun-server": "stun:127.0.0.1:9", "log-level": "debug"})
    for option in ("mp3-bitrate", "stun-server"):
        assert f"{option} has changed: restart to apply it" in server.stderr()
    assert "log-level has changed" not in server.stderr()


async def test_another_certificate(request, tmp_path, settings):
    """In other files; changed files have their own tests."""
    authority = certificates.make_authority()

    def issue(name):
        issued = certificates.issue(authority)
        (tmp_path / f"{name}.pem").write_bytes(issued.chain_pem())
        (tmp_path / f"{name}.key").write_bytes(issued.key_pem())
        return issued.certificate, {"tls": f"{tmp_path}/{name}.pem,{tmp_path}/{name}.key", "tls-port": 0}

    first, settings.groups["voicecast"] = issue("first")
    arguments = [word for word in LOOPBACK_ARGUMENTS if word not in ("--tls", "off")]
    server = Server(tmp_path / "server.stderr", usual_arguments=arguments)
    request.node.servers = [server]
    try:
        await server.start(*settings.arguments())
        tls = await server.address_of("tls")
        assert await shown_certificate(tls) == first
        second, settings.groups["voicecast"] = issue("second")
        (tmp_path / "second.key").rename(tmp_path / "away")
        settings.arguments()
        server.reload()
        await until_said(server, "the settings stay unchanged: --tls: ")
        assert await shown_certificate(tls) == first
        (tmp_path / "away").rename(tmp_path / "second.key")
        server.reload()
        await until_said(server, "settings reloaded")
        assert await shown_certificate(tls) == second
        settings.groups["voicecast"] = {"tls": "off", "tls-port": 0}
        settings.arguments()
        server.reload()
        await until_said(server, "tls has changed: restart to apply it")
        assert await shown_certificate(tls) == second
    finally:
        await server.stop()
