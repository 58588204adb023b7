# SPDX-License-Identifier: MIT
"""Proxy headers of a request, trusted and untrusted."""

import re

import pytest
from voicecast_client import key_file
from voicecast_client.raw_http import opened, own_host
from voicecast_client.watchdog import within

PREFIX = ("X-Forwarded-Prefix", "/voice")
INGRESS = ("X-Ingress-Path", "/api/hassio_ingress/x_Y-z")
PROTO, HOST = ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "voice.example.com")


@pytest.fixture
def trusted():
    return "127.0.0.1"


@pytest.fixture
def extra_arguments(tmp_path, trusted):
    return key_file.write(tmp_path, limits={"trusted_proxies": trusted})


async def playlist_url(base, *headers, version="1.1", ending="m3u", path="/stream/latest"):
    async with opened(base, f"{path}.{ending}", headers, version) as (head, body):
        assert head.status == 200
        text = await within(body.readexactly(int(head.get("Content-Length"))), "the playlist")
    return re.search(r"https?://\S*", text.decode())[0]


@pytest.mark.parametrize("ending", ["m3u", "pls"])
async def test_playlist_has_proxys_address(server, ending):
    base, own = server.audio, own_host(server.audio)
    url = await playlist_url(base, own, PREFIX, PROTO, HOST, ending=ending)
    assert url == "https://voice.example.com/voice/stream/latest.mp3"
    assert await playlist_url(base, own, PROTO, ending=ending) == f"https://{own[1]}/stream/latest.mp3"
    assert await playlist_url(base, own, INGRESS, ending=ending) == f"{base}{INGRESS[1]}/stream/latest.mp3"
    both = await playlist_url(base, own, INGRESS, PREFIX, ending=ending)
    assert both == f"{base}/voice/stream/latest.mp3"


async def test_malformed_header_is_ignored(server):
    base, own = server.audio, own_host(server.audio)
    for name, value in [
        ("X-Forwarded-Proto", "javascript"),
        ("X-Forwarded-Host", "evil.example/x"),
        ("X-Forwarded-Host", "user@evil.example"),
        ("X-Forwarded-Prefix", "//evil.example"),
        ("X-Forwarded-Prefix", "/../up"),
        ("X-Forwarded-Prefix", ""),
        ("X-Forwarded-Prefix", "/" + "x" * 300),
    ]:
        assert await playlist_url(base, own, (name, value)) == f"{base}/stream/latest.mp3", (name, value)


@pytest.mark.parametrize("header, prefix", [(PREFIX, "/voice"), (INGRESS, INGRESS[1])], ids=["prefix", "ingress"])
async def test_session_is_below_proxys_path(studio, header, prefix):
    await studio.sender()
    for peer in (await studio.whip_sender(headers=dict([header])), await studio.whep_receiver(headers=dict([header]))):
        location = peer.answer.headers["Location"]
        assert re.fullmatch(re.escape(prefix) + r"/wh[ie]p/sessions/[0-9a-f]+", location)
        bare = studio.server.api + location.removeprefix(prefix)  # as the proxy passes it on
        assert (await peer.ask("DELETE", bare)).status == 200


class TestOfAStranger:
    @pytest.fixture
    def trusted(self):
        return "192.0.2.1"

    async def test_untrusted_header_is_ignored(self, studio):
        base, own = studio.server.audio, own_host(studio.server.audio)
        for header in (PREFIX, INGRESS, PROTO, HOST):
            assert await playlist_url(base, own, header) == f"{base}/stream/latest.mp3"
        sender = await studio.whip_sender(headers=dict([PREFIX, INGRESS, PROTO, HOST]))
        assert sender.answer.headers["Location"].startswith("/whip/sessions/")


@pytest.mark.parametrize("ending", ["m3u", "pls"])
async def test_request_without_host_gets_sockets_address(server, ending):
    for base in (server.api, server.audio):
        url = await playlist_url(base, version="1.0", ending=ending, path="/stream/latest")
        assert url == f"{base}/stream/latest.mp3"


class TestOnASocketOfIpv6ThatTakesIpv4:
    @pytest.fixture
    def extra_arguments(self):
        return ["--bind", "::ffff:127.0.0.1"]

    async def test_ipv4_address_is_one_client(self, server):
        base = "http://127.0.0.1:" + server.audio.rsplit(":", 1)[1]
        assert await playlist_url(base, version="1.0") == f"{base}/stream/latest.mp3"
