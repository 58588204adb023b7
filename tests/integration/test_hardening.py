# SPDX-License-Identifier: MIT
"""All TCP input is bounded in size and time."""

import asyncio
import contextlib
from urllib.parse import urlsplit

import pytest
from voicecast_client import key_file
from voicecast_client.raw_http import UPGRADE
from voicecast_client.watchdog import within

HOST = "Host: localhost"


@pytest.fixture
def extra_arguments(tmp_path):
    return key_file.write(tmp_path, limits={"request_seconds": 1, "idle_seconds": 2})


@contextlib.asynccontextmanager
async def connection(server):
    address = urlsplit(server.api)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def answer(server, data):
    async with connection(server) as (reader, writer):
        writer.write(data)
        head = await within(reader.readuntil(b"\r\n\r\n"), "an answer")
        return int(head.split()[1])


def request(line="GET /health HTTP/1.1", *fields):
    return "\r\n".join([line, HOST, *fields, "", ""]).encode("latin-1")


REFUSED = {
    "a line of 9 KiB": (request(f"GET /{'a' * 9000} HTTP/1.1"), 414),
    "a header of 17 KiB": (request("GET / HTTP/1.1", *[f"A: {'b' * 1000}"] * 17), 431),
    "a header without an end": (b"GET / HTTP/1.1\r\nA: " + b"b" * 100000, 431),
    "101 fields": (request("GET / HTTP/1.1", *["A: b"] * 100), 431),
    "two hosts": (request("GET / HTTP/1.1", "Host: localhost"), 400),
    "two lengths": (request("POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"), 400),
    "a body that is packed": (request("POST / HTTP/1.1", "Transfer-Encoding: gzip, chunked"), 501),
    "a broken chunk": (request("POST / HTTP/1.1", "Transfer-Encoding: chunked") + b"x\r\n", 400),
    "a body of 64 KiB and a byte": (request("POST / HTTP/1.1", "Content-Length: 65537"), 413),
    "a folded field": (request("GET / HTTP/1.1", "A: b", " c"), 400),
    "a NUL in the line": (request("GET /\0 HTTP/1.1"), 400),
    "a NUL in a field": (request("GET / HTTP/1.1", "A: \0"), 400),
    "an encoded NUL": (request("GET /%00 HTTP/1.1"), 400),
    "broken percent-encoding": (request("GET /%g1 HTTP/1.1"), 400),
    "a way up": (request("GET /../../etc/passwd HTTP/1.1"), 400),
    "an encoded way up": (request("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1"), 400),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "another version": (request("GET / HTTP/3.0"), 505),
    "a body where none is taken": (request("POST /health HTTP/1.1", "Content-Length: 2") + b"ab", 405),
    "a WebSocket without a key": (request("GET /ws HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"), 400),
}


@pytest.mark.parametrize("data, status", REFUSED.values(), ids=REFUSED.keys())
async def test_bad_request(server, studio, data, status):
    assert await answer(server, data) == status
    await studio.get_json("/health")


async def test_connection_ends_after_refusal(server):
    async with connection(server) as (reader, writer):
        writer.write(request("GET /%00 HTTP/1.1") + request())
        everything = await within(reader.read(), "the end of the connection")
    assert everything.startswith(b"HTTP/1.1 400 ") and everything.count(b"HTTP/1.1") == 1


async def test_requests_one_after_other_on_one_connection(server):
    async with connection(server) as (reader, writer):
        for _ in range(3):
            writer.write(request())
            assert b" 200 " in await within(reader.readuntil(b"\r\n\r\n"), "an answer")
            await within(reader.readuntil(b"}"), "the document")
        writer.write(request() * 3)
        for _ in range(3):
            await within(reader.readuntil(b"}"), "the answers to three at once")


@pytest.mark.parametrize("beginning", [b"", b"G", b"GET / HTTP/1.1\r\n", request()[:-2]])
async def test_missing_request(server, beginning):
    async with connection(server) as (reader, writer):
        writer.write(beginning)
        assert (await within(reader.read(), "the end of the connection")).startswith(b"HTTP/1.1 408 ")


async def test_request_byte_by_byte(server):
    async with connection(server) as (reader, writer):
        rest = asyncio.create_task(reader.read())
        with contextlib.suppress(ConnectionError):
            while not rest.done():
                writer.write(b"A")
                await asyncio.sleep(0.1)  # as slow as the attack
        assert (await rest).startswith(b"HTTP/1.1 408 ")


async def test_missing_body(server):
    async with connection(server) as (reader, writer):
        writer.write(request("POST / HTTP/1.1", "Content-Length: 100") + b"a")
        assert await within(reader.read(), "the end of the connection")


async def test_finished_connection(server):
    async with connection(server) as (reader, writer):
        writer.write(request())
        assert (await within(reader.read(), "the end of the connection")).startswith(b"HTTP/1.1 200 ")


async def test_websockets_and_listeners_do_not_time_out(server, studio):
    client = await studio.client()
    listener = await studio.listener(headers={"Icy-MetaData": "1"})
    async with connection(server) as (reader, _):  # its end tells that the time for requests is over
        await within(reader.read(), "the end of the connection")
    async with connection(server) as (reader, writer):
        writer.write(request())
        await within(reader.read(), "the end of the connection")
    assert await client.streams() == []
    await listener.more(1000)


async def test_refused_upgrade_closes_connection(server):
    async with connection(server) as (reader, writer):
        fields = [f"{name}: {value}" for name, value in UPGRADE]
        writer.write(request("GET /ws HTTP/1.1", "Origin: https://evil.example", *fields) + b"\x00" * 1000)
        assert (await within(reader.read(), "the end of the connection")).startswith(b"HTTP/1.1 403 ")


async def test_thousand_ranges_get_page_once(server):
    ranges = "Range: bytes=" + ",".join(["0-"] * 1000)
    async with connection(server) as (reader, writer):
        writer.write(request("GET / HTTP/1.1", ranges, "Connection: close"))
        head, _, page = (await within(reader.read(), "the page")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ") and page.count(b"<html") == 1
