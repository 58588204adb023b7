# SPDX-License-Identifier: MIT
"""With --ice lite all peers share one port, which responds only to checks with a valid password."""

import asyncio
import contextlib
import itertools
import os
import re
import resource
import socket
from pathlib import Path

import pytest
from voicecast_client import detour, lite, sdp, stranger_process, stun
from voicecast_client.server import LOOPBACK_ARGUMENTS, Server, run_once
from voicecast_client.studio import Studio
from voicecast_client.watchdog import eventually, within


@pytest.fixture
def extra_arguments():
    return ["--ice", "lite"]


async def description(studio):
    """The server's offer to a receiver."""
    client = await studio.client()
    await client.send("start_receiving")
    return (await client.expect("webrtc_offer"))["offer"]["sdp"]


def udp_ports_of(pid):
    """The UDP ports of a process's sockets."""
    inodes = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        if match := re.fullmatch(r"socket:\[(\d+)\]", os.readlink(entry)):
            inodes.add(match[1])
    rows = [line.split() for line in Path(f"/proc/{pid}/net/udp").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[9] in inodes}


async def test_all_peers_share_one_port(studio, server):
    sender = await studio.sender()
    receivers = [await studio.receiver(decode=False) for _ in range(3)]
    ports = {port for one in receivers for _, port in stun.addresses(one.offer["sdp"], "UDP")}
    ports |= {port for _, port in stun.addresses(sender.answer["sdp"], "UDP")}
    assert len(ports) == 1
    assert udp_ports_of(server.pid) == ports


async def test_descriptions_have_ice_lite(studio):
    sender = await studio.sender()
    for text in (sender.answer["sdp"], await description(studio)):
        session, _, _ = text.partition("m=audio")
        assert sdp.has(session, "a=ice-lite")


async def test_candidates_are_accepted(studio):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.make_offer()
    await sender.send_candidates()
    await sender.send_offer(sdp.without_candidates)
    await sender.take_answer()
    await sender.send_candidates()
    await sender.until_live()
    await (await studio.receiver()).assert_hears(440)


async def test_wrong_password_is_not_answered(studio):
    await studio.sender()
    text = await description(studio)
    ufrag, password = stun.credentials(text)
    with stun.Prober(stun.addresses(text, "UDP")[0]) as prober:
        prober.send(stun.check(ufrag, "wrong"))
        prober.send(stun.check("nobody", password))
        prober.send(b"\x00\x01\x00\x00")
        prober.send(b"\x80" + bytes(50))
        good = stun.check(ufrag, password)
        prober.send(good)
        answer, length = await prober.answer()
        assert answer.message_class == stun.stun.Class.RESPONSE
        assert answer.attributes["XOR-MAPPED-ADDRESS"] == prober.socket.getsockname()
        assert length <= len(good)
        assert prober.waiting() == []


async def test_role_conflict_gets_error(studio):
    await studio.sender()
    text = await description(studio)
    with stun.Prober(stun.addresses(text, "UDP")[0]) as prober:
        prober.send(stun.check(*stun.credentials(text), controls=False))
        answer, _ = await prober.answer()
        assert answer.message_class == stun.stun.Class.ERROR
        assert answer.attributes["ERROR-CODE"][0] == 487


async def test_server_checks_ice_lite_sender(studio):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.make_offer()
    lite.make_lite(sender)
    await sender.send_offer(lite.say_lite)
    await sender.take_answer()
    assert not sdp.has(sender.answer["sdp"].partition("m=")[0], "a=ice-lite")
    await sender.until_live()
    await (await studio.receiver()).assert_hears(440)


async def test_server_checks_ice_lite_viewer(studio):
    """By WHEP, where the viewer sends the offer."""
    await studio.sender()
    viewer = studio.new_whep_receiver()
    lite.make_lite(viewer)
    await viewer.start(lite.say_lite)
    await viewer.assert_hears(440)


async def test_ice_lite_receiver_gets_error(studio):
    await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.take_offer()
    await receiver.answer(lite.say_lite)
    await receiver.client.expect_error(
        "Server error: both sides are a=ice-lite, and neither makes checks: receive by WHEP, or run the server with --ice full"
    )


async def test_credentials_are_of_128_random_bits(studio):
    """RFC 8445 §5.3; webrtcbin's random numbers are predictable from earlier ones."""
    sender = await studio.sender()
    receiver = await studio.receiver(decode=False)
    for text in (sender.answer["sdp"], receiver.offer["sdp"]):
        assert all(re.fullmatch("[0-9a-f]{32}", value) for value in stun.credentials(text))


async def test_garbage_flood_does_not_affect_stream(studio):
    """Good STUN for nobody, STUN with a wrong password, RTP of a stranger and noise: two hundred for each voice packet."""
    await studio.sender()
    receiver = await studio.receiver(decode=False)
    text = receiver.offer["sdp"]
    rubbish = stranger_process.rubbish(stun.credentials(text)[0])
    with stun.Prober(stun.addresses(text, "UDP")[0]) as prober:
        for _ in range(100):
            await receiver.rtp.more(1)
            for number in range(200):
                prober.send(rubbish[number % len(rubbish)])
        assert prober.waiting() == []
    assert receiver.rtp.missing() == []


async def test_moved_peer_is_followed(studio):
    """A NAT assigns another port: the next check comes from it."""
    await studio.sender()
    receiver = studio.new_receiver(await studio.client(), decode=False)
    await receiver.request()
    async with detour.Detour() as way:
        message = await receiver.client.expect("webrtc_offer")
        server = stun.addresses(message["offer"]["sdp"], "UDP")[0]
        way.far = await detour.UdpWay.open(way, server)
        await receiver.apply_offer(message, detour.by(way.port))
        await receiver.answer(sdp.without_candidates)
        await receiver.rtp.more(10)
        way.far.close()
        way.far = await detour.UdpWay.open(way, server)
        await receiver.rtp.more(50)


async def test_stream_over_tcp(studio):
    """For networks that block UDP, in both directions."""
    sender = studio.new_sender(await studio.client())
    receiver = studio.new_receiver(await studio.client())
    async with detour.Detour() as there, detour.Detour() as back:
        await sender.register()
        await sender.make_offer()
        await sender.send_offer(sdp.without_candidates)
        message = await sender.client.expect("webrtc_answer")
        there.far = await detour.TcpWay.open(there, stun.addresses(message["answer"]["sdp"], "TCP")[0])
        await sender.apply_answer(message, detour.by(there.port))
        await sender.until_live()
        await receiver.request()
        message = await receiver.client.expect("webrtc_offer")
        back.far = await detour.TcpWay.open(back, stun.addresses(message["offer"]["sdp"], "TCP")[0])
        await receiver.apply_offer(message, detour.by(back.port))
        await receiver.answer(sdp.without_candidates)
        await receiver.assert_hears(440)


async def test_unknown_tcp_client_is_replaced(studio):
    """64 silent connections are kept; the 65th replaces the first, and a peer connects."""
    await studio.sender()
    text = await description(studio)
    host, port = stun.addresses(text, "TCP")[0]
    strangers = [await within(asyncio.open_connection(host, port), "a connection") for _ in range(65)]
    assert await within(strangers[0][0].read(), "the end of the oldest") == b""
    reader, writer = await within(asyncio.open_connection(host, port), "a connection")
    check = stun.check(*stun.credentials(text))
    writer.write(len(check).to_bytes(2, "big") + check)
    length = int.from_bytes(await within(reader.readexactly(2), "an answer"), "big")
    assert stun.stun.parse_message(await reader.readexactly(length)).message_class == stun.stun.Class.RESPONSE
    for _, one in [*strangers, (reader, writer)]:
        one.close()


@contextlib.contextmanager
def no_descriptor_left(pid):
    """The process cannot open files meanwhile; open ones stay."""
    taken = {int(entry.name) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    lowest_free = next(number for number in itertools.count() if number not in taken)
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))


def is_asleep(pid):
    """All its threads, at this moment."""
    states = [entry.read_text().rpartition(") ")[2][0] for entry in Path(f"/proc/{pid}/task").glob("*/stat")]
    return set(states) == {"S"}


async def test_connection_waits_for_descriptor(studio, server):
    """A connection in the backlog keeps no thread busy, and UDP continues."""
    await studio.sender()
    receiver = await studio.receiver(decode=False)
    text = receiver.offer["sdp"]
    check = stun.check(*stun.credentials(text))
    warning = "cannot accept WebRTC by TCP (UDP still works): Too many open files (raise the service's LimitNOFILE="

    async def is_told():
        return warning in server.stderr()

    async def sleeps():
        return is_asleep(server.pid)

    with no_descriptor_left(server.pid):
        reader, writer = await within(asyncio.open_connection(*stun.addresses(text, "TCP")[0]), "a connection")
        writer.write(len(check).to_bytes(2, "big") + check)
        await eventually(is_told, "the warning")
        await eventually(sleeps, "sleep of all threads")
        await receiver.rtp.more(100)
    length = int.from_bytes(await within(reader.readexactly(2), "an answer"), "big")
    assert stun.stun.parse_message(await reader.readexactly(length)).message_class == stun.stun.Class.RESPONSE
    writer.close()
    assert receiver.rtp.missing() == []
    assert server.stderr().count(warning) == 1


async def test_bad_framing_ends_connection(studio):
    await studio.sender()
    reader, writer = await within(
        asyncio.open_connection(*stun.addresses(await description(studio), "TCP")[0]), "a connection"
    )
    writer.write(b"\xff\xff" + bytes(1000))
    assert await within(reader.read(), "the end") == b""
    writer.close()


async def test_peer_without_checks_times_out(studio):
    """Unauthenticated packets from the peer's address are no consent (RFC 7675)."""
    sender = await studio.sender()
    stays = await studio.receiver(decode=False)
    gone = await studio.receiver(decode=False)
    way, address = gone.ice._nominated[1].protocol.transport, gone.ice._nominated[1].remote_addr
    gone.mute()
    while not gone.client.unread("error"):
        way.sendto(b"\x80\xc9" + bytes(30), address)  # looks like RTCP
        await stays.rtp.more(25)
    await gone.client.expect_error("Server error: the connection failed")
    assert stays.rtp.missing() == []
    assert await sender.client.streams() == [sender.stream_id]


async def test_taken_port(studio):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        status, _, err = await run_once(*LOOPBACK_ARGUMENTS, "--ice", "lite", "--ice-port", port)
    assert status == 1
    assert err.strip() == f"voicecast: --ice-port: port {port}: UDP at 127.0.0.1: Address already in use"


async def test_missing_address_is_logged(tmp_path, extra_arguments):
    """The address may appear later; the others are used."""
    server = Server(tmp_path / "server.stderr")
    try:
        await server.start(*extra_arguments, "--ice-address", "192.0.2.7")
        assert "WebRTC is not available at an address: UDP at 192.0.2.7: Cannot assign requested address" in server.stderr()
        studio = Studio(server)
        try:
            await studio.sender()
            await studio.receiver(decode=False)
        finally:
            await studio.close()
    finally:
        await server.stop()
