# SPDX-License-Identifier: MIT
"""Limits per address, and the identification of the address."""

import re

import aiohttp
import pytest
import pytest_asyncio
from voicecast_client import key_file
from voicecast_client.raw_http import UPGRADE, ask, connected, own_host
from voicecast_client.refusals import expect_refusals
from voicecast_client.server import REPOSITORY, Server
from voicecast_client.studio import Studio
from voicecast_client.watchdog import within

LIMITS = {
    "requests_per_minute": 20, "websockets_per_address": 2, "stream_interval_seconds": 60,
    "trusted_proxies": "127.0.0.1;10.0.0.0/8",
}  # fmt: skip


@pytest.fixture
def extra_arguments(tmp_path):
    return key_file.write(tmp_path, limits=LIMITS)


async def get(server, address, path="/health", headers=()):
    return await ask(server.api, path, [own_host(server.api), ("X-Forwarded-For", address), *headers])


async def test_requests_of_one_address(server, studio):
    for _ in range(20):
        assert (await get(server, "192.0.2.1")).status == 200
    refused = await get(server, "192.0.2.1")
    assert refused.status == 429
    assert 1 <= int(refused.get("retry-after")) <= 3  # one in three seconds
    assert (await get(server, "192.0.2.2")).status == 200
    await expect_refusals(studio, rate=1)


async def test_request_with_100_continue_counts_once(server):
    """All on one connection, so that each request counts, too."""
    fields = [own_host(server.api), ("X-Forwarded-For", "192.0.2.1"), ("Expect", "100-continue"), ("Content-Length", "1")]
    head = "\r\n".join(["POST /health HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", ""]).encode()
    async with connected(server.api) as (reader, writer):
        for number in range(20):
            writer.write(head)
            assert b" 100 " in await within(reader.readuntil(b"\r\n\r\n"), f"the 100 of request {number}")
            writer.write(b"x")
            answer = await within(reader.readuntil(b"\r\n\r\n"), f"the answer to request {number}")
            assert b" 405 " in answer
            await within(reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", answer)[1])), "its text")
        writer.write(head)
        assert b" 429 " in await within(reader.readuntil(b"\r\n\r\n"), "the refusal")


async def test_client_forwarded_for_is_not_trusted(server):
    for number in range(20):
        assert (await get(server, f"198.51.100.{number}, 192.0.2.1, 10.0.0.7")).status == 200
    assert (await get(server, "198.51.100.99, 192.0.2.1, 10.0.0.7")).status == 429


async def test_ipv6_prefix_is_one_client(server):
    for number in range(20):
        assert (await get(server, f"2001:db8:0:1::{number}")).status == 200
    assert (await get(server, "2001:db8:0:1:ffff::")).status == 429
    assert (await get(server, "2001:db8:0:2::")).status == 200


NEAR, FAR = "192.168.1.7", "192.0.2.1"


@pytest.fixture
def packaged(tmp_path):
    """The limits of the packaged key file, which suffice for a household."""
    text = (REPOSITORY / "data" / "voicecast.conf").read_text()
    path = tmp_path / "voicecast.conf"
    path.write_text(text.replace("#trusted-proxies=", "trusted-proxies=127.0.0.1"))
    return ["--config", str(path)]


@pytest_asyncio.fixture
async def home(request, tmp_path, packaged):
    server = Server(tmp_path / "server.stderr")
    request.node.servers = [server]
    studio = Studio(await server.start(*packaged))
    try:
        yield studio
    finally:
        await studio.close()
        await server.stop()


def parts_of_the_page():
    listed = (REPOSITORY / "data" / "resources.xml").read_text()
    return ["/" + name for name in re.findall(r'alias="([^"]+)"', listed) if not name.endswith(".html")]


async def test_household_is_within_limits(home):
    clients = [await home.client() for _ in range(20)]
    for client in clients:
        assert await client.streams() == []
    for _ in range(20):  # talks, one right after the other
        sender = await home.new_sender(clients[0]).go_live()
        await clients[0].send("stop_stream")
        await clients[0].expect("stream_ended", stream_id=sender.stream_id)
        await sender.close()
    for _ in range(50):  # page loads
        for path in ["/", "/health", "/info", "/stream/status"]:
            assert (await get(home.server, NEAR, path)).status == 200
    await expect_refusals(home)


async def test_page_resources_are_not_limited(home):
    for _ in range(4):
        for path in parts_of_the_page():
            assert (await get(home.server, FAR, path)).status == 200
    for _ in range(90):
        assert (await get(home.server, FAR, "/health")).status == 200


async def test_internet_clients_have_reference_limits(home):
    async def statuses(count, path="/health", headers=()):
        return [(await get(home.server, FAR, path, headers)).status for _ in range(count)]

    assert 429 in await statuses(200)
    assert home.server.stderr().count(f"{FAR}: refused (rate): more than 100 requests per minute") == 1


async def test_local_device_is_one_address(home):
    """Also with IPv6, where all devices share a /64."""
    for device in range(1, 40):
        async with home.http.ws_connect(home.server.websocket, headers={"X-Forwarded-For": f"fd00::{device:x}"}) as socket:
            assert (await within(socket.receive(), "the greeting")).type == aiohttp.WSMsgType.TEXT
    for device in range(60):
        assert (await get(home.server, f"fd00::{device:x}")).status == 200


async def test_websockets_of_one_address(studio, server):
    clients = [await studio.client() for _ in range(2)]
    refused = await ask(server.api, "/ws", [own_host(server.api), *UPGRADE])
    assert (refused.status, refused.get("retry-after")) == (429, "10")
    assert (await get(server, "192.0.2.1", "/ws", UPGRADE)).status == 101
    assert await clients[0].streams() == []


async def test_streams_of_one_address(studio):
    sender = await studio.sender()
    await sender.client.send("start_sending")
    await sender.client.expect("sender_ready")
    await sender.send_offer()
    complaint = (await sender.client.expect("error"))["message"]
    assert complaint.startswith("Server error: too many new streams from this address, which may open one in 60 s: try")
