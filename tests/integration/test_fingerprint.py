# SPDX-License-Identifier: MIT
"""A peer's certificate must match its SDP's fingerprint: otherwise there is a man in the middle."""

import re

from cryptography.hazmat.primitives.asymmetric import ec

WRONG = " ".join(["sha-256", ":".join(["AB"] * 32)])


def with_wrong_fingerprint(text):
    return re.sub(r"(?m)^a=fingerprint:sha-256 .*?(\r?)$", rf"a=fingerprint:{WRONG}\1", text)


async def assert_refused(client):
    error = await client.expect("error")
    assert "a=fingerprint" in error["message"]


async def test_sender_with_wrong_certificate_is_no_stream(studio):
    bystander = await studio.client()
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.offer(edit_offer=with_wrong_fingerprint)
    await assert_refused(sender.client)
    assert await bystander.streams() == []
    assert bystander.unread("stream_available") == []


async def test_receiver_with_wrong_certificate_hears_nothing(studio):
    await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.take_offer()
    await receiver.answer(with_wrong_fingerprint)
    await assert_refused(receiver.client)
    assert receiver.rtp.packets == []


def shown_certificate(peer):
    """The server's DTLS certificate."""
    return peer.pc.getTransceivers()[0].receiver.transport.ssl.get_peer_certificate().to_cryptography()


async def test_all_peers_get_one_ecdsa_certificate(studio):
    sender = await studio.sender()
    receiver = await studio.receiver(sender.stream_id)
    shown = [shown_certificate(peer) for peer in (sender, receiver)]
    assert shown[0] == shown[1]
    assert isinstance(shown[0].public_key().curve, ec.SECP256R1)
