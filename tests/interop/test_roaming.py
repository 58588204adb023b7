# SPDX-License-Identifier: MIT
"""A phone goes from one network to another; its signalling comes by a third that stays.

    phone ── wlan, cell, wire ── home (server)
"""

import pytest
import pytest_asyncio
from voicecast_client import pion
from voicecast_client.helper_process import helper_process
from voicecast_client.namespaces import network_of
from voicecast_client.server import Server

NETWORKS = {"wlan": "10.81.0", "cell": "10.82.0", "wire": "10.83.0"}
PHONE_INTERFACES = "wlan,cell"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return pion.build(tmp_path_factory.mktemp("pion"))


@pytest_asyncio.fixture
async def network():
    async with network_of("home", "phone") as network:
        for name, net in NETWORKS.items():
            await network.link(("home", name, f"{net}.1/24"), ("phone", name, f"{net}.2/24"))
        await network.run("phone", "ip", "link", "set", "cell", "down")
        yield network


@pytest_asyncio.fixture
async def url(network, tmp_path):
    usual = ["--bind", "0.0.0.0", "--port", "8080", "--audio-port", "0", "--tls", "off"]
    usual += ["--ice-address", f"{NETWORKS['wlan']}.1", "--ice-address", f"{NETWORKS['cell']}.1"]
    server = Server(tmp_path / "server.stderr", network.inside("home"), usual)
    try:
        await server.start()
        yield f"ws://{NETWORKS['wire']}.1:8080/ws"
    finally:
        await server.stop()


async def leave_wlan_for_cell(network, peer):
    await network.run("phone", "ip", "link", "set", "wlan", "down")
    await network.run("phone", "ip", "link", "set", "cell", "up")
    peer.command("restart")
    await peer.expect("restarted")
    await peer.expect("ice", state="connected")


async def test_sender_roams(network, url, program, tmp_path):
    tone = pion.make_tone(tmp_path / "tone.ogg")
    async with pion.pion(
        program, "send", url, tone, "--interfaces", PHONE_INTERFACES, prefix=network.inside("phone")
    ) as phone:
        await phone.expect("live")
        async with helper_process("far_listener", url, f"{NETWORKS['wlan']}.1", prefix=network.inside("home")) as listener:
            assert await listener.read_line("the tone before") == "heard"
            await leave_wlan_for_cell(network, phone)
            listener.write_line()
            assert await listener.read_line("the tone after") == "heard"


async def test_receiver_roams(network, url, program, tmp_path):
    tone = pion.make_tone(tmp_path / "tone.ogg")
    sender_interface = ("--interfaces", "wlan")
    async with pion.pion(program, "send", url, tone, *sender_interface, prefix=network.inside("home")) as sender:
        stream_id = (await sender.expect("live"))["stream"]
        async with pion.pion(
            program, "receive", url, stream_id, tmp_path / "heard.ogg", "--interfaces", PHONE_INTERFACES,
            prefix=network.inside("phone"),
        ) as phone:  # fmt: skip
            before = await phone.expect("packets")
            await leave_wlan_for_cell(network, phone)
            await phone.expect("packets", count=before["count"] + 150)
