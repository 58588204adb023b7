"""Packets from a peer's own address that the peer did not send: anybody can forge that address. None of them ends, fills or
holds up anything. They are sent through the peer's own socket, past its DTLS: the server cannot tell the difference."""

import pytest
from voicecast_client import detour, sdp, stun

# Each kind that RFC 7983 knows, at every length up to a whole header; and what is of no kind.
FIRST_BYTES = (
    b"\x00\x01", b"\x03\xff", b"\x14\xfe", b"\x3f\xfe", b"\x40\x00", b"\x7f\xff", b"\x80\x60", b"\x80\xc8", b"\xbf\xff", b"\xff\xff",
)  # fmt: skip
CUT = [b"", *[(start + bytes(40))[:length] for start in FIRST_BYTES for length in range(1, 41)]]


async def send_all(peer, packets):
    for packet in packets:
        await peer.ice.send(packet)


async def assert_alive(studio, *receivers):
    for receiver in receivers:
        await receiver.rtp.more(25)
        assert receiver.rtp.missing() == []
    assert (await studio.get_json("/health"))["status"] == "healthy"


@pytest.mark.parametrize("role", ["sender", "receiver"])
async def test_empty_and_cut_datagrams_from_the_address_of_a_peer(studio, role):
    peers = {"sender": await studio.sender()}
    peers["receiver"] = await studio.receiver(decode=False)
    await send_all(peers[role], CUT)
    await assert_alive(studio, peers["receiver"])


async def test_empty_and_cut_frames_by_tcp(studio):
    """RFC 4571 allows a frame of length 0. By ICE lite: a full agent has no TCP here."""
    await studio.sender()
    receiver = studio.new_receiver(await studio.client(), decode=False)
    async with detour.Detour() as way:
        await receiver.request()
        message = await receiver.client.expect("webrtc_offer")
        if not stun.addresses(message["offer"]["sdp"], "TCP"):
            pytest.skip("no ICE-TCP with --ice full")
        way.far = await detour.TcpWay.open(way, stun.addresses(message["offer"]["sdp"], "TCP")[0])
        await receiver.apply_offer(message, detour.by(way.port))
        await receiver.answer(sdp.without_candidates)
        await receiver.rtp.more(10)
        for packet in CUT:
            way.far.send(packet)
        await assert_alive(studio, receiver)
