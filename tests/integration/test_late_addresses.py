# SPDX-License-Identifier: MIT
"""The addresses of a machine: one that comes after the server, and those of IPv6 that come and go."""

import ipaddress
import re
import subprocess

import pytest
import pytest_asyncio
from cryptography import x509
from voicecast_client.namespaces import network_of
from voicecast_client.secure import shown_certificate
from voicecast_client.server import Server
from voicecast_client.studio import Studio
from voicecast_client.watchdog import eventually

ADDRESSES = {"ipv4": "10.79.0.1", "ipv6": "fd79::1"}


@pytest_asyncio.fixture
async def network():
    async with network_of("server") as network:
        with network.visit("server"):
            yield network


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
async def test_bind_to_future_address(request, tmp_path, network, address):
    tls = ["--tls", "auto", "--tls-port", "0", "--state-dir", str(tmp_path / "state")]
    usual = ["--bind", address, "--port", "0", "--audio-port", "0", "--ice-port", "0"]
    server = Server(tmp_path / "server.stderr", usual_arguments=usual)
    request.node.servers = [server]
    await server.start(*tls)
    studio = Studio(server)
    try:
        words = f"--bind {address}: no interface has the address yet"
        assert server.stderr().count(words) == 1
        await network.run("server", "ip", "address", "add", f"{address}/64" if ":" in address else f"{address}/24", "dev", "lo")
        assert (await studio.get_json("/health"))["status"]
        assert (await studio.get_json("/health", studio.server.audio))["status"]
    finally:
        await studio.close()
        await server.stop()


async def test_present_address_is_not_logged(server):
    assert "has the address yet" not in server.stderr()


async def test_temporary_addresses_are_not_in_certificate(request, tmp_path, network):
    """Also where a service sees nothing of /proc but its processes (ProcSubset=pid)."""
    await network.run("server", "ip", "link", "add", "eth", "type", "veth", "peer", "name", "far")
    await network.run("server", "sysctl", "-qw", "net.ipv6.conf.eth.use_tempaddr=2")
    for words in ("link set eth up", "link set far up", "address add fd12:3456::abcd/64 dev eth nodad mngtmpaddr"):
        await network.run("server", "ip", *words.split())

    async def temporary():
        shown = subprocess.run(["ip", "-6", "address", "show", "dev", "eth"], capture_output=True, text=True).stdout
        return re.findall(r"inet6 (\S+)/64 scope global temporary", shown)

    (address,) = await eventually(temporary, "a temporary address")
    hide = ("unshare", "-m", "sh", "-c", 'mount -t proc -o subset=pid proc /proc && exec "$0" "$@"')
    server = Server(tmp_path / "server.stderr", prefix=hide)
    request.node.servers = [server]
    try:
        await server.start("--tls", "auto", "--tls-port", "0", "--state-dir", str(tmp_path / "state"))
        certificate = await shown_certificate(server.tls)
    finally:
        await server.stop()
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    named = names.get_values_for_type(x509.IPAddress)
    assert ipaddress.ip_address("fd12:3456::abcd") in named
    assert ipaddress.ip_address(address) not in named
