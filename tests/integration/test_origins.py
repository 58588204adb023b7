# SPDX-License-Identifier: MIT
"""The origins and host names that may use the server, by HTTP, WebSocket and MP3."""

import os

import pytest
from voicecast_client import mp3
from voicecast_client.raw_http import UPGRADE, ask, opened, own_host
from voicecast_client.server import Server
from voicecast_client.watchdog import eventually, within

pytestmark = pytest.mark.shared_server

LAN = ["--origins", "lan"]
ANY = ["--origins", "any"]
LIST = ["--origins", "https://voice.example.com,example.org:8443"]
LIST_AND_LAN = ["--origins", "https://voice.example.com,lan"]

HOME = [
    "http://localhost:3000",
    "http://127.0.0.1",
    "https://192.168.1.20",
    "http://10.0.0.5:8123",
    "http://172.16.0.9",
    "http://169.254.3.4",
    "http://[::1]:5173",
    "http://[fd00::1]:8080",
    "http://[fe80::1]",
    "http://nas",
    "https://homeassistant.local:8123",
    "http://pi.lan",
    "http://box.home.arpa",
    "http://ha.internal:8123",
    "http://ha.fritz.box:8123",
]
FOREIGN = [
    "https://example.com",
    "http://8.8.8.8",
    "http://100.64.0.1",
    "http://[2001:db8::1]",
    "https://192.168.1.20.example.com",
    "https://local.example.com",
]
NO_PAGE_OF_A_SITE = [
    "null",
    "file://",
    "chrome-extension://abcdefghijklmnop",
    "http://user@192.168.1.20",
    "http://192.168.1.20/path",
    "http://3232235796",
    "http://0x7f.1",
    "nonsense",
]
CASES = [
    *(([], origin, True) for origin in HOME),  # lan is the default
    *(([], origin, False) for origin in FOREIGN + NO_PAGE_OF_A_SITE),
    *((LAN, origin, True) for origin in HOME[:3]),
    *((LAN, origin, False) for origin in FOREIGN[:2]),
    *((ANY, origin, True) for origin in [HOME[0], FOREIGN[0], "null"]),
    (LIST, "https://voice.example.com", True),
    (LIST, "https://voice.example.com:443", True),
    (LIST, "http://voice.example.com", False),
    (LIST, "https://voice.example.com:8443", False),
    (LIST, "https://example.com", False),
    (LIST, "https://a.voice.example.com", False),
    (LIST, "http://example.org:8443", True),
    (LIST, "https://example.org", False),
    (LIST, "http://192.168.1.20", False),
    (LIST_AND_LAN, "http://192.168.1.20", True),
    (LIST_AND_LAN, "https://voice.example.com", True),
    (LIST_AND_LAN, "https://example.com", False),
]
EVIL_HOSTS = [
    "evil.example",
    "evil.example:8080",
    "evil.example.",
    "EVIL.EXAMPLE",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "2130706433",
    "0x7f.1",
    "user@127.0.0.1",
    "127.0.0.1, evil.example",
]
OWN_HOSTS = [
    "127.0.0.1", "localhost:8080", "192.168.0.7:8080", "8.8.8.8", "[::1]:8080", "voicecast.local", "pi", "pi.internal",
    "pi.home:8080", "pi.localdomain", "pi.home.arpa", "PI.LOCAL.:8080", "pi.fritz.box",
]  # fmt: skip
ROUTES = [
    "/",
    "/health",
    "/metrics",
    "/info",
    "/stream/status",
    "/stream/latest.mp3",
    "/stream/unknown.mp3",
    "/ca.crt",
    "/qr.svg?text=x",
    "/style.css",
    "/ws",
    "/nothing",
]


async def ask_everywhere(server, *headers):
    """Heads of the same request as plain HTTP, as a WebSocket and for MP3."""
    return [
        await ask(server.api, "/health", headers),
        await ask(server.api, "/ws", [*headers, *UPGRADE]),
        await ask(server.audio, "/stream/latest.mp3", [*headers, ("Icy-MetaData", "1")]),
    ]


def assert_refused(head):
    assert head.status == 403
    assert head.get("Access-Control-Allow-Origin") is None
    assert head.get("Content-Type").startswith("text/plain")


@pytest.mark.parametrize("extra_arguments, origin, is_allowed", CASES)
async def test_pages_by_origin(server, origin, is_allowed):
    heads = await ask_everywhere(server, own_host(server.api), ("Origin", origin))
    if not is_allowed:
        for head in heads:
            assert_refused(head)
        return
    assert [head.status for head in heads] == [200, 101, 200]
    for head in heads:
        assert head.get("Access-Control-Allow-Origin") == origin
        assert "Origin" in head.get("Vary")


@pytest.mark.parametrize("extra_arguments", [LAN, ANY, LIST], ids=" ".join)
async def test_requests_without_origin(server):
    heads = await ask_everywhere(server, own_host(server.api))
    assert [head.status for head in heads] == [200, 101, 200]
    for head in heads:
        assert head.get("Access-Control-Allow-Origin") is None


@pytest.mark.parametrize("extra_arguments", [LAN, ANY, LIST], ids=" ".join)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_own_page_is_accepted(server, scheme):
    """Also with the other scheme or port: the page may be from HTTPS or the audio port."""
    _, netloc = own_host(server.api)
    for origin in (f"{scheme}://{netloc}", f"{scheme}://127.0.0.1:1"):
        heads = await ask_everywhere(server, ("Host", netloc), ("Origin", origin))
        assert [head.status for head in heads] == [200, 101, 200]


async def test_public_name_is_not_rebound(server):
    for head in await ask_everywhere(server, ("Host", "evil.example"), ("Origin", "http://evil.example")):
        assert_refused(head)


async def test_two_origins_are_invalid(server):
    for head in await ask_everywhere(
        server, own_host(server.api), ("Origin", "http://localhost"), ("Origin", "https://example.com")
    ):
        assert_refused(head)


@pytest.mark.parametrize("path", ROUTES)
async def test_rebound_name_is_refused_on_every_route(server, path):
    for base in (server.api, server.audio):
        assert_refused(await ask(base, path, [("Host", "evil.example")]))
        assert_refused(await ask(base, path, [("Host", "evil.example"), *UPGRADE]))
        assert (await ask(base, path, [own_host(base)])).status != 403


async def test_rebound_name_gets_no_audio_of_live_stream(studio):
    sender = await studio.sender()
    for name in ("latest", sender.stream_id):
        path = f"/stream/{name}.mp3"
        assert_refused(await ask(studio.server.audio, path, [("Host", "evil.example")]))


async def test_allowed_page_gets_audio_of_live_stream(studio):
    sender = await studio.sender()
    base, origin = studio.server.audio, "http://homeassistant.local:8123"
    async with opened(base, f"/stream/{sender.stream_id}.mp3", [own_host(base), ("Origin", origin)]) as (head, body):
        assert head.status == 200
        assert head.get("Access-Control-Allow-Origin") == origin
        assert "Origin" in head.get("Vary")
        mp3.assert_station_format(await within(body.readexactly(4000), "a quarter second of MP3"))


@pytest.mark.parametrize("host", EVIL_HOSTS)
async def test_public_names_are_refused(server, host):
    for head in await ask_everywhere(server, ("Host", host)):
        assert head.status in (400, 403)  # some are no host at all
        assert head.get("Access-Control-Allow-Origin") is None


async def test_two_hosts_are_invalid(server):
    for head in await ask_everywhere(server, own_host(server.api), ("Host", "evil.example")):
        assert head.status in (400, 403)


@pytest.mark.parametrize("host", OWN_HOSTS)
async def test_local_names_are_accepted(server, host):
    assert [head.status for head in await ask_everywhere(server, ("Host", host))] == [200, 101, 200]


@pytest.mark.parametrize("extra_arguments", [LIST], ids=" ".join)
async def test_listed_name_is_accepted(server):
    for host in ("voice.example.com", "example.org:8443"):
        assert [head.status for head in await ask_everywhere(server, ("Host", host))] == [200, 101, 200]
    for head in await ask_everywhere(server, ("Host", "example.com")):
        assert_refused(head)


@pytest.mark.parametrize("extra_arguments", [ANY], ids=" ".join)
async def test_any_policy_accepts_any_name(server):
    heads = await ask_everywhere(server, ("Host", "evil.example"), ("Origin", "http://evil.example"))
    assert [head.status for head in heads] == [200, 101, 200]


async def test_request_without_host(server):
    for path in ("/health", "/stream/latest.mp3"):
        assert (await ask(server.audio, path, [("Icy-MetaData", "1")], version="1.0")).status == 200


@pytest.mark.parametrize(
    "path", ["/stream/latest.mp3", "/stream/x.opus", "/stream/latest.m3u", "/stream/status", "/health", "/metrics"]
)
async def test_preflight_of_get(server, path):
    """A web player of another origin with a token, ICY metadata, or a range."""
    origin = "http://192.168.1.5:8123"
    preflight = [
        own_host(server.audio), ("Origin", origin), ("Access-Control-Request-Method", "GET"),
        ("Access-Control-Request-Headers", "authorization,icy-metadata,range"),
    ]  # fmt: skip
    head = await ask(server.audio, path, preflight, method="OPTIONS")
    assert head.status == 200
    assert head.get("Access-Control-Allow-Origin") == origin
    assert {"GET", "HEAD"} <= set(head.get("Access-Control-Allow-Methods").split(", "))
    assert {"Authorization", "Icy-MetaData", "Range"} <= set(head.get("Access-Control-Allow-Headers").split(", "))
    foreign = [own_host(server.audio), ("Origin", "https://example.com"), *preflight[2:]]
    assert_refused(await ask(server.audio, path, foreign, method="OPTIONS"))


async def refusal(server, *headers, path="/health"):
    async with opened(server.api, path, headers) as (head, body):
        assert head.status == 403
        text = await within(body.readexactly(int(head.get("Content-Length"))), "the refusal")
        return head, text.decode()


async def test_refusal_names_setting(server):
    cases = {
        "lan,pi.tail1234.ts.net": [("Host", "Pi.tail1234.ts.net:8080")],
        "lan,https://voice.example.com": [own_host(server.api), ("Origin", "https://voice.example.com")],
    }
    for setting, headers in cases.items():
        _, text = await refusal(server, *headers)
        assert setting.removeprefix("lan,") in text.split(". To allow it, ")[0]
        assert f"set origins={setting} in the group [voicecast] of the key file" in text
    _, text = await refusal(server, own_host(server.api), ("Origin", "null"))
    assert "without an origin of their own" in text
    assert "origins=" not in text


async def test_browser_gets_error_page(server):
    browser = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
    head, page = await refusal(server, ("Host", "pi.tail1234.ts.net"), browser, path="/")
    assert head.get("Content-Type") == "text/html; charset=utf-8"
    assert "default-src 'none'" in head.get("Content-Security-Policy")
    assert "<code>origins=lan,pi.tail1234.ts.net</code>" in page
    assert "@" not in page.split("</style>")[1]
    head, page = await refusal(server, ("Host", "pi.tail1234.ts.net"), browser, path="/whip")
    assert head.get("Content-Type") == "application/problem+json"
    _, page = await refusal(server, ("Host", "<b>"), browser)
    assert "<b>\"" not in page
    assert "<div hidden>" in page
    assert (await ask(server.api, "/refused.html", [own_host(server.api)])).status == 404


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
async def test_search_domains_are_local_also_later(tmp_path):
    resolv_conf = tmp_path / "resolv.conf"
    resolv_conf.write_text("search home.example\n")
    mount = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"', str(resolv_conf)]
    server = Server(tmp_path / "server.stderr", prefix=mount)
    await server.start()
    try:

        async def is_let_in(domain):
            origin = ("Origin", f"http://ha.{domain}:8123")
            heads = [await ask(server.api, "/health", [("Host", f"pi.{domain}")])]
            heads.append(await ask(server.api, "/health", [own_host(server.api), origin]))
            return [head.status for head in heads] == [200, 200]

        assert await is_let_in("home.example")
        assert not await is_let_in("office.example.org")
        resolv_conf.write_text("search office.example.org\n")
        await eventually(lambda: is_let_in("office.example.org"), "the new domain", 30)
        assert not await is_let_in("example.org")
    finally:
        await server.stop()
