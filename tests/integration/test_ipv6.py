# SPDX-License-Identifier: MIT
"""Everything over IPv6."""

import socket

import pytest
import pytest_asyncio
from voicecast_client import loopback, sdp
from voicecast_client.server import Server


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


@pytest_asyncio.fixture
async def server(request, tmp_path):
    usual = ["--bind", "::1", "--port", "0", "--audio-port", "0", "--tls", "off", "--ice-address", "::1", "--ice-port", "0"]
    server = Server(tmp_path / "server.stderr", usual_arguments=usual)
    request.node.servers = [server]
    loopback.keep_ice_on("::1")
    try:
        yield await server.start()
    finally:
        loopback.keep_ice_on_loopback()
        await server.stop()


async def test_stream_over_ipv6(studio):
    sender = await studio.sender()
    receiver = await studio.receiver()
    await receiver.assert_hears(440)
    for description in (sender.answer["sdp"], receiver.offer["sdp"]):
        addresses = {candidate.split()[4] for candidate in sdp.values(description, "candidate")}
        assert addresses == {"::1"}
