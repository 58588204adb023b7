# SPDX-License-Identifier: MIT
"""Plain HTTP: routes, methods and missing resources."""

import asyncio
import contextlib
from urllib.parse import urlsplit

import aiohttp
import pytest
from voicecast_client.watchdog import within

pytestmark = pytest.mark.shared_server
ROUTES = ["/health", "/metrics", "/stream/status", "/stream/latest.mp3", "/stream/stream_x.mp3"]


@pytest.fixture(params=["api", "audio"])
def base(request, server):
    return getattr(server, request.param)


UNKNOWN_STREAMS = ["stream_00000000-0000-4000-8000-000000000000", "unknown", "stream_", "a%20b", "%2e%2e"]


@pytest.mark.parametrize("name", UNKNOWN_STREAMS)
async def test_unknown_stream_is_not_found(studio, base, name):
    async with studio.http.get(f"{base}/stream/{name}.mp3") as response:
        assert response.status == 404
        assert (await response.text()).strip() == "Stream not found"


async def test_ended_stream_is_not_found(studio, base):
    sender = await studio.sender()
    bystander = await studio.client()
    await sender.client.close()
    await bystander.expect("stream_ended")
    async with studio.http.get(f"{base}/stream/{sender.stream_id}.mp3") as response:
        assert response.status == 404
        assert (await response.text()).strip() == "Stream not found"


@pytest.mark.parametrize("path", ["/nothing", "/stream", "/stream/", "/health/more", "/stream/a/b.mp3", "//"])
async def test_unknown_path_is_not_found(studio, base, path):
    async with studio.http.get(base + path) as response:
        assert response.status == 404


async def test_non_text_path(studio, base):
    async with studio.http.get(base + "/%00") as response:
        assert response.status in (400, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ROUTES)
async def test_wrong_method_is_not_allowed(studio, base, path, method):
    async with studio.http.request(method, base + path, data=b"x") as response:
        assert response.status == 405
        assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["/health", "/metrics", "/stream/status"])
async def test_head_has_headers_of_get(studio, base, path):
    async with studio.http.head(base + path) as response:
        assert response.status == 200
        assert response.content_type == "application/json"
        assert await response.read() == b""


async def test_head_of_stream_ends_without_body(studio, base):
    sender = await studio.sender()
    for name in (sender.stream_id, "latest"):
        async with studio.http.head(f"{base}/stream/{name}.mp3") as response:
            assert response.status == 200
            assert response.content_type == "audio/mpeg"
            assert await within(response.read(), "the end of the answer") == b""


async def test_head_of_unknown_stream(studio, base):
    async with studio.http.head(base + "/stream/unknown.mp3") as response:
        assert response.status == 404


async def test_ws_without_upgrade_is_refused(studio):
    async with studio.http.get(studio.server.api + "/ws") as response:
        assert 400 <= response.status < 500


async def test_upgrade_of_other_path_is_refused(studio):
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await studio.http.ws_connect(studio.server.api.replace("http", "ws", 1) + "/health")


GARBAGE = {
    "not http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100),
    "no target": b"GET\r\n\r\n",
    "endless header": b"GET / HTTP/1.1\r\nX: " + b"x" * 200000,
    "closed in the middle": b"GET /health HTT",
}


@pytest.mark.parametrize("request_bytes", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_request_is_harmless(studio, base, request_bytes):
    address = urlsplit(base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request_bytes)
    with contextlib.suppress(OSError):  # the server may hang up in the middle of it
        writer.write_eof()
        await within(reader.read(), "the end of a hopeless connection")
    writer.close()
    assert (await studio.get_json("/health", base))["status"] == "healthy"


@pytest.mark.parametrize("path", ["/", "/stream/latest.mp3"])
async def test_page_runs_no_foreign_code(studio, path):
    async with studio.http.get(studio.server.api + path, headers={"Accept": "text/html"}) as response:
        policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert policy["script-src"] in ("'self'", "'unsafe-inline'")  # the waiting page has its few lines inside
    assert path == "/stream/latest.mp3" or policy["script-src"] == "'self'"


async def test_foreign_page_may_not_frame(studio):
    for path in ("/", "/index.html", "/style.css", "/stream/latest.mp3"):
        async with studio.http.get(studio.server.api + path, headers={"Accept": "text/html"}) as response:
            policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
        sources = policy["frame-ancestors"].split()
        assert {"'self'", "http://127.0.0.1:*", "http://*.local:*"} <= set(sources)
        assert not {"*", "http:", "https:", "http://*", "https://*"} & set(sources)
