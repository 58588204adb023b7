# SPDX-License-Identifier: MIT
"""/metrics counts every refusal by reason."""

import asyncio
import contextlib
from urllib.parse import urlsplit

import pytest
from voicecast_client import key_file
from voicecast_client.floods import flood
from voicecast_client.raw_http import UPGRADE, ask, opened, own_host
from voicecast_client.refusals import expect_refusals
from voicecast_client.watchdog import eventually, within

LIMITS = {"clients": 3, "streams": 1, "receivers_per_stream": 1, "mp3_listeners": 1, "connections": 12}

hurried = pytest.mark.parametrize("extra_arguments", [{"request_seconds": 1}], indirect=True)


@pytest.fixture
def extra_arguments(request, tmp_path):
    tls = ["--tls", "auto", "--tls-port", "0", "--state-dir", str(tmp_path / "state")]
    return [*key_file.write(tmp_path, limits=LIMITS | getattr(request, "param", {})), *tls]


@contextlib.asynccontextmanager
async def connection(base, first=b""):
    address = urlsplit(base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(first)
    try:
        yield reader
    finally:
        writer.transport.abort()


async def test_nothing_yet(studio, server):
    assert (await ask(server.api, "/nowhere", [own_host(server.api)])).status == 404
    await expect_refusals(studio)


async def test_connections(studio, server):
    await studio.get_json("/health")  # this one stays open
    async with contextlib.AsyncExitStack() as idle:
        for _ in range(11):
            await idle.enter_async_context(opened(server.api, "/health", [own_host(server.api)]))
        assert (await ask(server.api, "/health", [own_host(server.api)])).status == 503
        await expect_refusals(studio, connections=1)


async def test_invalid_requests(studio, server):
    async with connection(server.api, b"GET /%00 HTTP/1.1\r\n\r\n") as reader:
        assert b" 400 " in await within(reader.readline(), "the refusal")
    without_a_key = [own_host(server.api), *UPGRADE[:3]]
    assert (await ask(server.api, "/ws", without_a_key)).status == 400
    await expect_refusals(studio, malformed=2)


@hurried
async def test_missing_requests(studio, server):
    async with connection(server.api, b"GET /") as reader:
        assert b" 408 " in await within(reader.readline(), "the refusal")
    await expect_refusals(studio, late=1)


async def test_tls(studio, server):
    async with connection(server.tls, b"GET / HTTP/1.1\r\n\r\n"):
        await expect_refusals(studio, tls=1)


@hurried
async def test_missing_client_hello(studio, server):
    async with connection(server.tls) as reader:
        await within(reader.read(), "the end")

    async def is_gone():
        async with studio.http.get(server.api + "/metrics", headers={"Accept": "text/plain"}) as response:
            return "\nvoicecast_tcp_connections 1\n" in await response.text()  # the studio's own

    await eventually(is_gone, "the end of the connection in the server, too")
    await expect_refusals(studio, late=1)


async def test_foreign_pages(studio, server):
    assert (await ask(server.api, "/health", [("Host", "evil.example")])).status == 403
    await expect_refusals(studio, origin=1)


async def test_websockets(studio, server):
    clients = [await studio.client() for _ in range(3)]
    assert (await ask(server.api, "/ws", [own_host(server.api), *UPGRADE])).status == 503
    await clients[0].send_text("no JSON")
    await clients[1].send_binary(b"{}")
    await clients[2].send_text(" " * (256 * 1024 + 1))
    await expect_refusals(studio, websockets=1, messages=3)


async def test_listeners(studio, server):
    await studio.listener(headers={"Icy-MetaData": "1"})
    refused = await ask(server.audio, "/stream/latest.mp3", [own_host(server.audio), ("Icy-MetaData", "1")])
    assert refused.status == 503
    await expect_refusals(studio, listeners=1)


async def test_streams_and_receivers(studio):
    await studio.sender()
    await studio.receiver(decode=False)
    late = await studio.client()
    second = studio.new_sender(late)
    await second.register()
    await second.make_offer()
    await second.send_offer()
    await late.expect("error")
    await late.send("start_receiving")
    await late.expect("error")
    await expect_refusals(studio, streams=1, receivers=1)
    for peer in studio.new_whip_sender(), studio.new_whep_receiver():
        assert (await peer.knock()).status == 503
    await expect_refusals(studio, streams=2, receivers=2)


async def test_media(studio):
    sender = await studio.sender()
    flooding = flood(sender, "another payload type", breath=lambda: studio.get_json("/health"))
    await within(flooding, "the end of the flood")
    await expect_refusals(studio, media=1)
