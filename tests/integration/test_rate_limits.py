"""Limits per address, and whose address it is."""

import pytest
from voicecast_client import key_file
from voicecast_client.raw_http import UPGRADE, ask, own_host
from voicecast_client.refusals import expect_refusals

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


async def test_what_the_client_puts_before_the_proxies_words_is_not_believed(server):
    for number in range(20):
        assert (await get(server, f"198.51.100.{number}, 192.0.2.1, 10.0.0.7")).status == 200
    assert (await get(server, "198.51.100.99, 192.0.2.1, 10.0.0.7")).status == 429


async def test_one_network_of_ipv6_is_one_client(server):
    for number in range(20):
        assert (await get(server, f"2001:db8:0:1::{number}")).status == 200
    assert (await get(server, "2001:db8:0:1:ffff::")).status == 429
    assert (await get(server, "2001:db8:0:2::")).status == 200


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
