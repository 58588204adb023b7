# SPDX-License-Identifier: MIT
"""The candidates of a machine's addresses and their order: a home server with a VPN and container networks."""

import contextlib
import http.client
import json
import re

import pytest
import pytest_asyncio
from voicecast_client import offers
from voicecast_client.namespaces import network_of
from voicecast_client.server import Server
from voicecast_client.watchdog import PATIENCE_S

LAN, VPN, CONTAINERS = "192.168.77.10", "100.101.102.103", "172.18.0.1"
PUBLIC = "203.0.113.7"
PORT = 8080


@pytest_asyncio.fixture
async def network():
    """The kernel lists addresses in the order of their creation."""
    async with network_of("home", "far") as network:
        await network.link(("home", "br-0a1b2c3d4e5f", f"{CONTAINERS}/16"), ("far", "far0", "172.18.0.2/16"))
        await network.link(("home", "wg0", f"{VPN}/32"), ("far", "far1", "100.101.102.104/32"))
        await network.link(("home", "eth9", f"{LAN}/24"), ("far", "far2", "192.168.77.1/24"))
        await network.route("home", "192.168.77.1")
        yield network


@contextlib.asynccontextmanager
async def server_at_home(network, tmp_path, *arguments):
    usual = ["--bind", "0.0.0.0", "--port", str(PORT), "--audio-port", "0", "--tls", "off"]
    server = Server(tmp_path / "server.stderr", network.inside("home"), usual)
    try:
        yield await server.start(*arguments)
    finally:
        await server.stop()


def ask(network, method, path, body=None):
    with network.visit("home"):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE_S)
        connection.request(method, path, body, {"Content-Type": "application/sdp"} if body else {})
        answer = connection.getresponse().read().decode()
        connection.close()
    return answer


def candidates(network, transport):
    """Addresses and priorities of an answer."""
    answer = ask(network, "POST", "/whip", offers.text("written-passive"))
    found = re.findall(rf"a=candidate:\S+ 1 {transport} (\d+) (\S+)", answer)
    assert found, answer
    return [address for _, address in found], [int(priority) for priority, _ in found]


def addresses(network):
    """Addresses in the order of the text, which equals that of the priorities."""
    named, priorities = candidates(network, "UDP")
    assert priorities == sorted(set(priorities), reverse=True)
    return named


def host(network):
    return json.loads(ask(network, "GET", "/info"))["host"]


@pytest.mark.parametrize("ice", ["lite", "full"])
async def test_default_route_comes_first_and_tunnels_last(network, tmp_path, ice):
    async with server_at_home(network, tmp_path, "--ice", ice):
        assert addresses(network) == [LAN, CONTAINERS, VPN]
        if ice == "lite":
            assert candidates(network, "TCP")[0] == [LAN, CONTAINERS, VPN]
        assert host(network) == LAN


@pytest.mark.parametrize("chosen", [[LAN, VPN], [VPN, LAN]])
async def test_operator_order_is_kept(network, tmp_path, chosen):
    arguments = [argument for address in chosen for argument in ("--ice-address", address)]
    async with server_at_home(network, tmp_path, *arguments):
        assert addresses(network) == chosen
        assert host(network) == chosen[0]


@pytest.mark.parametrize("ice, times", [("lite", 1), ("full", 3)])
async def test_public_address_is_first_candidate_per_port(network, tmp_path, ice, times):
    async with server_at_home(network, tmp_path, "--ice", ice, "--nat-1to1", PUBLIC):
        assert addresses(network) == [PUBLIC] * times + [LAN, CONTAINERS, VPN]
        if ice == "lite":
            assert candidates(network, "TCP")[0] == [PUBLIC, LAN, CONTAINERS, VPN]


async def test_changing_addresses_are_current(network, tmp_path):
    async with server_at_home(network, tmp_path):
        await network.run("home", "ip", "address", "delete", f"{VPN}/32", "dev", "wg0")
        assert addresses(network) == [LAN, CONTAINERS]
        await network.link(("home", "eth8", "192.168.78.10/24"), ("far", "far3", "192.168.78.1/24"))
        assert addresses(network) == [LAN, "192.168.78.10", CONTAINERS]
