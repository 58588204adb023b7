# SPDX-License-Identifier: MIT
"""Ordering on a connection; no connection delays others, exhausts the server or blocks its stop."""

import asyncio
import contextlib
import json
from urllib.parse import urlsplit

import pytest
from voicecast_client import key_file
from voicecast_client.raw_http import UPGRADE, connected
from voicecast_client.raw_websocket import CONTINUATION, PING, TEXT, bare_websocket, close_code, frame, header
from voicecast_client.sdp import GOOD_OFFER
from voicecast_client.secure import trust_anybody
from voicecast_client.tokens import SECRET
from voicecast_client.usage import memory_kb
from voicecast_client.watchdog import eventually, within

MIB = 1024 * 1024
STOP = frame(json.dumps({"type": "stop_stream"}).encode())


@pytest.fixture
def limits():
    return {}


@pytest.fixture
def extra_arguments(tmp_path, limits):
    tls = ["--tls", "auto", "--tls-port", "0", "--state-dir", str(tmp_path / "state")]
    return [*key_file.write(tmp_path, limits=limits), *tls]


unhurried = pytest.mark.parametrize("limits", [{"messages_per_second": 1000000}])


def request(base, path="/health", *fields, method="GET"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(base).netloc}", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def statuses(base, data):
    """The statuses of all responses to these bytes until the connection closes."""
    async with connected(base) as (reader, writer):
        writer.write(data)
        everything = await within(reader.read(), "the end of the connection")
    return [int(part.split()[0]) for part in everything.split(b"HTTP/1.1 ")[1:]]


async def test_qr_codes_do_not_block(server):
    """A QR code takes milliseconds to draw: all clients share a rate limit."""
    code = request(server.api, "/qr.svg?text=" + "%7e" * 500)
    answers = await statuses(server.api, code * 100 + request(server.api, "/health", "Connection: close"))
    assert answers[0] == 200 and answers[-1] == 200
    assert set(answers) == {200, 503} and answers.count(200) < 60


@pytest.mark.parametrize("fields", [["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings"], ["Upgrade: x"]], ids=str)
async def test_other_upgrades_are_ignored(server, fields):
    """curl and Java offer HTTP/2 by an upgrade, also with a body."""
    post = request(server.api, "/whip", *fields, "Content-Type: application/sdp", "Content-Length: 5", method="POST")
    assert await statuses(server.api, post + b"hello" + request(server.api, "/health", "Connection: close")) == [400, 200]


MALFORMED = b"GET /%00 HTTP/1.1\r\n\r\n"

# The order of responses


async def test_error_follows_earlier_responses(server):
    data = request(server.api) * 3 + MALFORMED + request(server.api)
    assert await statuses(server.api, data) == [200, 200, 200, 400]


async def test_error_follows_slow_response(studio, server):
    await studio.sender()
    graph = request(server.api, "/debug/pipelines/latest.dot")
    assert await statuses(server.api, graph + MALFORMED) == [200, 400]


async def test_malformed_request_does_not_end_stream(studio, server):
    async with connected(server.audio) as (reader, writer):
        writer.write(request(server.audio, "/stream/latest.mp3?follow=1") + MALFORMED)
        assert b" 200 " in await within(reader.readuntil(b"\r\n\r\n"), "the head")
        await within(reader.readexactly(50000), "silence for as long as the listener likes")

    async def is_gone():
        async with studio.http.get(server.api + "/metrics", headers={"Accept": "text/plain"}) as response:
            return "\nvoicecast_tcp_connections 1\n" in await response.text()  # the studio's own

    await eventually(is_gone, "the end of the connection in the server, too")


# Upgrades that are none


@pytest.mark.parametrize(
    "path, fields",
    [("/health", ["Upgrade: websocket", "Upgrade: x"]), ("https://localhost/ws", [f"{n}: {v}" for n, v in UPGRADE])],
    ids=["two upgrades", "another scheme"],
)
async def test_fake_upgrade_has_no_effect(server, path, fields):
    data = request(server.api, path, *fields) + request(server.api, "/", "Content-Length: 65537", method="POST")
    async with connected(server.api) as (reader, writer):
        writer.write(data)
        everything = await within(reader.read(), "the end of the connection")
    assert b" 101 " not in everything.split(b"\r\n")[0]
    assert everything.count(b"HTTP/1.1 200") <= 1


async def test_frames_may_come_with_upgrade(server):
    address = urlsplit(server.api)
    async with connected(server.api) as (reader, writer):
        fields = [f"{name}: {value}" for name, value in UPGRADE]
        writer.write(request(server.api, "/ws", *fields) + frame(b"hello", PING))
        await within(reader.readuntil(b"\r\n\r\n"), "the upgrade")
        await within(reader.readuntil(b"\x8a\x05hello"), f"a pong from {address.netloc}")


# The rules of WebSockets


VIOLATIONS = {
    "fragments without an end": (frame(b"a" * 8192, TEXT, False) + frame(b"a" * 8192, CONTINUATION, False) * 40, 1009),
    "a frame of 2^63 bytes": (b"\x81\xff" + (1 << 63).to_bytes(8, "big") + bytes(4), 1009),
    "a frame of 256 KiB and a byte": (header(256 * 1024 + 1), 1009),
    "no mask": (b"\x81\x02{}", 1002),
    "reserved bits": (b"\xf1\x80" + bytes(4), 1002),
    "an unknown opcode": (frame(b"", 3), 1002),
    "a large ping": (frame(b"a" * 126, PING), 1002),
    "a ping in fragments": (frame(b"a", PING, False), 1002),
    "a continuation of nothing": (frame(b"a", CONTINUATION), 1002),
    "a message inside another": (frame(b"a", TEXT, False) + frame(b"b"), 1002),
    "a long length": (b"\x81\xfe\x00\x01" + bytes(4) + b"a", 1002),
    "too many messages": (STOP * 300, 1008),
    "too many pings": (frame(b"", PING) * 300, 1008),
    "too many empty fragments": (frame(b"", TEXT, False) + frame(b"", CONTINUATION, False) * 300, 1008),
}


@pytest.mark.parametrize("data, code", VIOLATIONS.values(), ids=VIOLATIONS.keys())
async def test_violation_closes_websocket_with_code(studio, server, data, code):
    async with bare_websocket(server) as (reader, writer):
        writer.write(data)
        assert await close_code(reader) == code
    await studio.get_json("/health")


async def test_data_after_violation_is_dropped(server):
    async with bare_websocket(server) as (_, writer):
        writer.transport.pause_reading()
        before = memory_kb(server.pid)
        writer.write(frame(b"a" * 1000, TEXT, False))
        with contextlib.suppress(ConnectionError):
            for _ in range(32):
                writer.write(frame(bytes(MIB), CONTINUATION, False))
                await within(writer.drain(), "the server's reading")
        assert memory_kb(server.pid) - before < 8 * 1024


# Nobody holds up the others


@contextlib.asynccontextmanager
async def flood(writer, data):
    async def go_on():
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(data)
                await writer.drain()

    task = asyncio.create_task(go_on())
    try:
        yield task
        assert not task.done(), "the flood ended by itself: this test shows nothing"
    finally:
        task.cancel()
        await asyncio.wait([task])


async def assert_others_get_their_turn(studio, task):
    for _ in range(3):
        await studio.get_json("/health")
        assert not task.done()


async def drain(reader):
    with contextlib.suppress(ConnectionError):
        while await reader.read(65536):
            pass


@unhurried
@pytest.mark.parametrize("data", [STOP * 2000, frame(b"", PING) * 2000, frame(b"a" * 125, PING) * 500],
                         ids=["messages", "empty pings", "pings"])  # fmt: skip
async def test_flood_by_websocket(studio, server, data):
    async with bare_websocket(server) as (reader, writer):
        reading = asyncio.create_task(drain(reader))
        async with flood(writer, data) as task:
            await assert_others_get_their_turn(studio, task)
        reading.cancel()


@pytest.mark.parametrize("is_secure", [False, True], ids=["http", "https"])
async def test_flood_by_listener(studio, server, is_secure):
    base = server.tls if is_secure else server.audio
    async with connected(base, **({"ssl": trust_anybody()} if is_secure else {})) as (reader, writer):
        writer.write(request(base, "/stream/latest.mp3?follow=1"))
        assert b" 200 " in await within(reader.readuntil(b"\r\n\r\n"), "the head")
        reading = asyncio.create_task(drain(reader))
        async with flood(writer, request(base) * 1000) as task:
            await assert_others_get_their_turn(studio, task)
        reading.cancel()


async def test_flood_of_requests(studio, server):
    async with connected(server.api) as (reader, writer):
        reading = asyncio.create_task(drain(reader))
        async with flood(writer, request(server.api, "/nowhere") * 1000) as task:
            await assert_others_get_their_turn(studio, task)
        reading.cancel()


# TLS


CLIENT_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"  # its beginning


async def test_silent_clients_do_not_delay_handshakes(server):
    async with contextlib.AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(connected(server.tls)) for _ in range(60)]
        for _, writer in lines[::2]:
            writer.write(CLIENT_HELLO)
        ends = [asyncio.create_task(reader.read()) for reader, _ in lines]
        async with connected(server.tls, ssl=trust_anybody()) as (reader, writer):
            writer.write(request(server.tls))
            assert b" 200 " in await within(reader.readuntil(b"\r\n\r\n"), "an answer")
            assert not ends[-1].done(), "the handshake waited for the end of those that say nothing"
        await within(asyncio.wait(ends), "the end of those that say nothing")


async def test_http_on_https_port_is_redirected(server):
    base = server.tls.replace("https", "http", 1)
    async with connected(base) as (reader, writer):
        writer.write(request(base, "/a/b?c=d"))
        everything = (await within(reader.read(), "the end of the connection")).decode()
    assert everything.startswith("HTTP/1.1 308 ")
    assert f"\r\nLocation: {server.tls}/a/b?c=d\r\n" in everything


async def test_tls_on_http_port_is_closed(server):
    assert await statuses(server.api, CLIENT_HELLO) == [400]


async def test_no_second_handshake(server):
    address = urlsplit(server.tls)
    process = await asyncio.create_subprocess_exec(
        "openssl", "s_client", "-tls1_2", "-connect", address.netloc, "-legacy_renegotiation",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    await process.stdin.drain()
    process.stdin.write(b"R\n")  # s_client's command for another handshake
    with contextlib.suppress(ConnectionError):
        await process.stdin.drain()
    output = await within(process.stdout.read(), "the end of the connection")
    await within(process.wait(), "the end of openssl")
    assert b"RENEGOTIATING" in output and b"HTTP/1.1 " not in output, output


# Bodies and lines as real clients send them


def chunked(text, size):
    data = text.encode()
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nA: b\r\n\r\n"


async def test_chunked_offer(server):
    head = request(server.api, "/whip", "Content-Type: application/sdp", "Transfer-Encoding: chunked",
                   "Connection: close", method="POST")  # fmt: skip
    assert await statuses(server.api, head + chunked(GOOD_OFFER, 100)) == [201]


async def test_body_in_chunks_is_bounded(server):
    head = request(server.api, "/whip", "Content-Type: application/sdp", "Transfer-Encoding: chunked", method="POST")
    assert await statuses(server.api, head + chunked("a" * 65537, 8192)) == [413]


async def test_lf_line_endings(server):
    data = request(server.api, "/health", "Connection: close")
    assert await statuses(server.api, data.replace(b"\r\n", b"\n")) == [200]
    mixture = request(server.api).replace(b"\r\nHost", b"\nHost")
    assert await statuses(server.api, mixture) == [400]


async def test_user_agent_in_latin_1(server):
    assert await statuses(server.api, request(server.api, "/health", "User-Agent: K\xfcche", "Connection: close")) == [200]


class TestExpectations:
    @pytest.fixture
    def extra_arguments(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)
        return key_file.write(tmp_path, auth={"mode": "token", "secret_file": str(secret)})

    @pytest.mark.parametrize("length", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
    async def test_no_continue_before_refusal(self, server, length):
        fields = ["Content-Type: application/sdp", length, "Expect: 100-continue"]
        assert await statuses(server.api, request(server.api, "/whip", *fields, method="POST")) == [401]


async def test_body_after_100_continue(server):
    fields = ["Content-Type: application/sdp", f"Content-Length: {len(GOOD_OFFER)}", "Expect: 100-continue"]
    async with connected(server.api) as (reader, writer):
        writer.write(request(server.api, "/whip", *fields, method="POST"))
        assert b" 100 " in await within(reader.readuntil(b"\r\n\r\n"), "the 100")
        writer.write(GOOD_OFFER.encode())
        assert b" 201 " in await within(reader.readuntil(b"\r\n\r\n"), "the answer")


async def test_half_closed_client_gets_response(server):
    async with connected(server.api) as (reader, writer):
        writer.write(request(server.api) * 2)
        writer.write_eof()
        everything = await within(reader.read(), "both responses and the end")
    assert everything.count(b"HTTP/1.1 200 ") == 2
