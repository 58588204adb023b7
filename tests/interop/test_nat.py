# SPDX-License-Identifier: MIT
"""A server behind a NAT and a client far away, with a real STUN and TURN server between them.

    home ── nat ── net ── away
    server   masquerade  coturn  client
"""

import contextlib
import json

import pytest
import pytest_asyncio
from voicecast_client import certificates, coturn
from voicecast_client.helper_process import helper_process
from voicecast_client.namespaces import network_of
from voicecast_client.server import Server

HOME, NAT, NET, AWAY = "10.77.0.2", "203.0.113.1", "203.0.113.254", "198.51.100.2"
PORT = 8080
ICE_PORTS = "50000-50009"

MASQUERADE = f"""
table ip nat {{
  chain out {{
    type nat hook postrouting priority srcnat
    oifname "out" masquerade
  }}
  chain in {{
    type nat hook prerouting priority dstnat
    iifname "out" tcp dport {PORT} dnat to {HOME}
    iifname "out" udp dport {ICE_PORTS} dnat to {HOME}
  }}
}}
table ip filter {{
  chain forward {{
    type filter hook forward priority 0
    RULE
  }}
}}
"""


def with_forwarding(rule):
    return MASQUERADE.replace("RULE", rule)


OPEN = with_forwarding("")
NO_DIRECT_UDP = with_forwarding(f"ip saddr {AWAY} meta l4proto udp drop\n    ip daddr {AWAY} meta l4proto udp drop")
NO_UDP = with_forwarding("meta l4proto udp drop")
ONLY_TLS = with_forwarding(f"meta l4proto udp drop\n    tcp dport {coturn.PORT} drop")
NO_UDP_FROM_INSIDE = with_forwarding('iifname "in" meta l4proto udp ct state new drop')


@pytest_asyncio.fixture
async def network():
    async with network_of("home", "nat", "net", "away") as network:
        await network.link(("home", "eth", f"{HOME}/24"), ("nat", "in", "10.77.0.1/24"))
        await network.link(("nat", "out", f"{NAT}/24"), ("net", "nat", f"{NET}/24"))
        await network.link(("net", "away", "198.51.100.254/24"), ("away", "eth", f"{AWAY}/24"))
        for router in ("nat", "net"):
            await network.run(router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        await network.route("home", "10.77.0.1")
        await network.route("nat", NET)
        await network.route("away", "198.51.100.254")
        yield network


@pytest_asyncio.fixture
async def relay(network, tmp_path):
    if not coturn.is_installed():
        pytest.skip("coturn is not installed")
    async with coturn.coturn(tmp_path, NET, network.inside("net")) as log:
        yield log


@pytest.fixture
def credentials(tmp_path):
    path = tmp_path / "turn.password"
    path.write_text(f"{coturn.USER}:{coturn.PASSWORD}\n")
    path.chmod(0o600)
    return ["--turn-credentials", str(path)]


@contextlib.asynccontextmanager
async def server_at_home(network, tmp_path, *arguments):
    usual = ["--bind", "0.0.0.0", "--port", str(PORT), "--audio-port", "0", "--tls", "off"]
    server = Server(tmp_path / "server.stderr", network.inside("home"), usual)
    try:
        yield await server.start(*arguments)
    finally:
        await server.stop()


async def ways_from_away(network, tmp_path, *arguments):
    """The candidate pairs by which a far receiver heard a far sender's tone."""
    url = f"ws://{NAT}:{PORT}/ws"
    async with server_at_home(network, tmp_path, *arguments) as server:
        async with helper_process("far_peer", url, AWAY, prefix=network.inside("away")) as peer:
            ways = json.loads(await peer.read_line(f"a tone\n{server.stderr_tail()}"))
    assert coturn.PASSWORD not in server.stderr_path.read_text()
    return ways


@pytest.mark.parametrize(
    "rules, server", [(NO_DIRECT_UDP, f"turn:{NET}"), (NO_UDP, f"turn:{NET}:{coturn.PORT}?transport=tcp")], ids=["udp", "tcp"]
)
async def test_connection_by_relay_only(network, relay, credentials, tmp_path, rules, server):
    await network.rules("nat", rules)
    ways = await ways_from_away(network, tmp_path, "--turn-server", server, *credentials)
    for way in ways.values():
        assert ["relay", NET] in way["offered"]
        assert way["used"] == ["relay", NET]


@pytest_asyncio.fixture
async def tls_relay(network, tmp_path):
    """A relay that is reached by TLS only, and the file of the authority that its certificate is of."""
    if not coturn.is_installed():
        pytest.skip("coturn is not installed")
    authority = certificates.make_authority()
    issued = certificates.issue(authority, names=certificates.address_names(NET))
    paths = certificate, key, authorities = [tmp_path / name for name in ("relay.pem", "relay.key", "authority.pem")]
    for path, pem in zip(paths, (issued.chain_pem(), issued.key_pem(), authority.chain_pem())):
        path.write_bytes(pem)
    await network.rules("nat", ONLY_TLS)
    async with coturn.coturn(tmp_path, NET, network.inside("net"), certificate=(certificate, key)):
        yield str(authorities)


async def test_connection_by_tls_relay_only(network, tls_relay, credentials, tmp_path):
    ways = await ways_from_away(
        network, tmp_path, "--turn-server", f"turns:{NET}", "--turn-ca", tls_relay, *credentials
    )
    for way in ways.values():
        assert way["used"] == ["relay", NET]


async def test_stun_server_reports_public_address(network, relay, tmp_path):
    await network.rules("nat", OPEN)
    ways = await ways_from_away(network, tmp_path, "--stun-server", f"stun:{NET}")
    for way in ways.values():
        assert ["srflx", NAT] in way["offered"]
        assert way["used"][1] == NAT


async def test_link_local_address_is_not_offered(network, tmp_path):
    """IPv6: unusable without its zone, which a candidate cannot contain."""
    await network.run("home", "ip", "-6", "address", "add", "fe80::5/64", "dev", "eth", "nodad")
    await network.rules("nat", OPEN)
    ways = await ways_from_away(network, tmp_path, "--nat-1to1", NAT, "--ice-port-range", ICE_PORTS)
    for way in ways.values():
        assert {address for _, address in way["offered"]} == {HOME, NAT}


async def test_nat_1to1(network, tmp_path):
    """The server cannot begin: it is the mapped candidate that the client's checks go to."""
    await network.rules("nat", NO_UDP_FROM_INSIDE)
    ways = await ways_from_away(network, tmp_path, "--nat-1to1", NAT, "--ice-port-range", ICE_PORTS)
    for way in ways.values():
        assert {"host " + HOME, "host " + NAT} <= {" ".join(offered) for offered in way["offered"]}
        assert way["used"] == ["host", NAT]
