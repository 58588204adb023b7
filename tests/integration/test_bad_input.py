# SPDX-License-Identifier: MIT
"""Bad input gets a specific error, and does not affect other clients."""

import json
import re

import pytest
import pytest_asyncio
from voicecast_client import sdp
from voicecast_client.sdp import GOOD_OFFER
from voicecast_client.studio import Studio

MAX_MESSAGE_BYTES = 256 * 1024
MAX_SDP_BYTES = 64 * 1024

VIDEO = re.sub("(?m)^m=.*", "m=video 9 UDP/TLS/RTP/SAVPF 96", GOOD_OFFER).replace("111 opus/48000/2", "96 VP8/90000")
DATA_CHANNEL = sdp.without(GOOD_OFFER, "a=rtpmap", "a=fmtp", "a=rtcp-mux", "a=sendrecv").replace(
    "m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"
)


def message(message_type, **fields):
    return json.dumps({"type": message_type, **fields})


BAD_MESSAGES = {
    "empty": "",
    "not json": "hello",
    "cut off": '{"type": "start_sending"',
    "two documents": '{"type": "get_available_streams"} {}',
    "array": "[]",
    "array of messages": '[{"type": "start_sending"}]',
    "number": "42",
    "string": '"start_sending"',
    "null": "null",
    "true": "true",
    "no type": "{}",
    "null type": '{"type": null}',
    "number as type": '{"type": 7}',
    "object as type": '{"type": {"type": "start_sending"}}',
    "empty type": '{"type": ""}',
    "unknown type": message("sing"),
    "a server's type": message("sender_ready", connection_id="x"),
    "type in capitals": message("START_SENDING"),
    "not unicode": '{"type": "\\ud800"}',
    "a null byte": '{"type": "start_sending\\u0000"}',
    "deeply nested array": "[" * 100000,
    "deeply nested object": '{"type": "local_ip", "ip": ' + '{"a":' * 20000 + "1" + "}" * 20001,
    "nested where text belongs": message("start_receiving", stream_id=[[[["x"]]]]),
    "stream id is a number": message("start_receiving", stream_id=5),
    "stream id is a list": message("start_receiving", stream_id=["stream_x"]),
    "offer missing": message("webrtc_offer"),
    "offer is null": message("webrtc_offer", offer=None),
    "offer is text": message("webrtc_offer", offer=GOOD_OFFER),
    "offer without sdp": message("webrtc_offer", offer={"type": "offer"}),
    "offer sdp is a number": message("webrtc_offer", offer={"type": "offer", "sdp": 1}),
    "offer type is a number": message("webrtc_offer", offer={"type": 1, "sdp": GOOD_OFFER}),
    "offer that is an answer": message("webrtc_offer", offer={"type": "answer", "sdp": GOOD_OFFER}),
    "answer missing": message("webrtc_answer"),
    "answer is a list": message("webrtc_answer", answer=[1]),
    "answer without sdp": message("webrtc_answer", answer={"type": "answer"}),
    "candidate missing": message("ice_candidate"),
    "candidate is text": message("ice_candidate", candidate="candidate:1 1 udp 1 127.0.0.1 9 typ host"),
    "candidate without text": message("ice_candidate", candidate={"sdpMid": "0"}),
    "candidate text is a number": message("ice_candidate", candidate={"candidate": 1, "sdpMid": "0"}),
    "candidate index is text": message("ice_candidate", candidate={"candidate": "", "sdpMLineIndex": "zero"}),
    "mid is a number": message("ice_candidate", candidate={"candidate": "", "sdpMid": 0}),
    "ip is a number": message("local_ip", ip=1),
    "ip missing": message("local_ip"),
    "version is a number": message("get_available_streams", version=1),
    "an offer before start_sending": message("webrtc_offer", offer={"type": "offer", "sdp": GOOD_OFFER}),
    "an answer with no offer": message("webrtc_answer", answer={"type": "answer", "sdp": GOOD_OFFER}),
}

BAD_DESCRIPTIONS = {
    "empty": "",
    "not sdp": "hello\r\n",
    "only a version": "v=0\r\n",
    "no media": GOOD_OFFER[: GOOD_OFFER.index("m=audio")],
    "cut off in the middle of a line": GOOD_OFFER[: GOOD_OFFER.index("48000")],
    "m-line without formats": GOOD_OFFER.replace("SAVPF 111", "SAVPF"),
    "m-line is nonsense": re.sub("(?m)^m=.*", "m=audio", GOOD_OFFER),
    "null byte": GOOD_OFFER.replace("opus", "op\0us"),
    "only video": VIDEO,
    "only a data channel": DATA_CHANNEL,
    "no fingerprint": sdp.without(GOOD_OFFER, "a=fingerprint"),
    "a fingerprint that is none": GOOD_OFFER.replace("sha-256 AA:BB", "sha-256 XX"),
    "fingerprint of an unknown hash": GOOD_OFFER.replace("sha-256", "rot-13"),
    "no ice-ufrag": sdp.without(GOOD_OFFER, "a=ice-ufrag"),
    "no ice-pwd": sdp.without(GOOD_OFFER, "a=ice-pwd"),
    "no ice at all": sdp.without(GOOD_OFFER, "a=ice-"),
    "ice-pwd is too short": GOOD_OFFER.replace("abcdefghijklmnopqrstuv", "short"),
    "no opus": GOOD_OFFER.replace("opus/48000/2", "PCMU/8000"),
    "payload type out of range": GOOD_OFFER.replace("111", "300"),
    "payload type is text": GOOD_OFFER.replace("SAVPF 111", "SAVPF opus"),
    "rejected audio": GOOD_OFFER.replace("m=audio 9", "m=audio 0"),
    "codecs by the thousand": GOOD_OFFER + "a=rtpmap:1 rtx/48000\r\na=fmtp:1 apt=2\r\n" * 1500,
    "m-lines by the thousand": GOOD_OFFER + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 1800,
    "two codecs of one number": GOOD_OFFER + "a=rtpmap:111 rtx/48000\r\na=fmtp:111 apt=111\r\n",
    "plain rtp": GOOD_OFFER.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
}
BAD_OFFERS = {
    **BAD_DESCRIPTIONS,
    "recvonly": GOOD_OFFER.replace("a=sendrecv", "a=recvonly"),
    "inactive": GOOD_OFFER.replace("a=sendrecv", "a=inactive"),
}


@pytest_asyncio.fixture(scope="module")
async def neighbours(shared_server):
    """A sender and a receiver of its stream, connected during all tests."""
    studio = Studio(await shared_server([]))
    sender = await studio.sender()
    yield sender, await studio.receiver(decode=False)
    await studio.close()


@pytest.fixture
def undisturbed(neighbours):
    """Checks that the neighbours lost no packet."""
    sender, receiver = neighbours

    async def ask():
        await receiver.rtp.more(5)
        assert receiver.rtp.missing() == []
        assert sender.client.is_open and not sender.client.unread("error")
        assert receiver.client.is_open and not receiver.client.unread("error")

    return ask


async def expect_complaint(client):
    """An error in the reference's form; and the WebSocket goes on working."""
    complaint = (await client.expect("error"))["message"]
    assert complaint.startswith("Server error: ")
    assert len(complaint) > len("Server error: ") + 5, complaint
    assert len(complaint) < 500, complaint
    assert len(await client.streams()) == 1
    assert not client.unread("error")  # once is enough
    return complaint


@pytest.mark.shared_server
@pytest.mark.parametrize("text", BAD_MESSAGES.values(), ids=BAD_MESSAGES.keys())
async def test_bad_message(studio, undisturbed, text):
    client = await studio.client()
    await client.send_text(text)
    await expect_complaint(client)
    await undisturbed()


@pytest.mark.shared_server
@pytest.mark.parametrize("text", BAD_OFFERS.values(), ids=BAD_OFFERS.keys())
async def test_bad_offer(studio, undisturbed, text):
    client = await studio.client()
    await client.send("start_sending")
    await client.expect("sender_ready")
    await client.send("webrtc_offer", offer={"type": "offer", "sdp": text.replace("\n", "\r\n")})
    await expect_complaint(client)
    assert not client.unread("webrtc_answer")
    await undisturbed()


@pytest.mark.shared_server
@pytest.mark.parametrize("text", BAD_DESCRIPTIONS.values(), ids=BAD_DESCRIPTIONS.keys())
async def test_bad_answer(studio, undisturbed, text):
    client = await studio.client()
    await client.send("start_receiving")
    await client.expect("webrtc_offer")
    answer = text.replace("a=setup:actpass", "a=setup:active").replace("a=sendrecv", "a=recvonly")
    await client.send("webrtc_answer", answer={"type": "answer", "sdp": answer.replace("\n", "\r\n")})
    await expect_complaint(client)
    await undisturbed()


@pytest.mark.shared_server
async def test_answer_with_surplus_m_line(studio, undisturbed):
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.take_offer()
    await receiver.make_answer()
    await receiver.send_answer(lambda text: text + VIDEO[VIDEO.index("m=video") :].replace("\n", "\r\n"))
    await expect_complaint(receiver.client)
    await undisturbed()


@pytest.mark.parametrize("name, code", [("not sdp", "bad_message"), ("no opus", "unsupported"), ("only video", "unsupported")])
async def test_code_of_bad_offer(studio, name, code):
    """A client that has nothing else to offer need not try again."""
    client = await studio.client()
    await client.send("webrtc_offer", offer={"type": "offer", "sdp": BAD_OFFERS[name]})
    await client.expect("error", code="bad_message")  # before start_sending
    await client.send("start_sending")
    await client.expect("sender_ready")
    await client.send("webrtc_offer", offer={"type": "offer", "sdp": BAD_OFFERS[name].replace("\n", "\r\n")})
    await client.expect("error", code=code)


async def test_after_bad_offer_good_one_works(studio):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.client.send("webrtc_offer", offer={"type": "offer", "sdp": BAD_OFFERS["no fingerprint"]})
    assert "fingerprint" in (await sender.client.expect("error"))["message"]
    await sender.offer()
    await sender.until_live()
    await (await studio.receiver()).assert_hears(440)


async def test_after_bad_answer_good_one_works(studio):
    await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.take_offer()
    await receiver.client.send("webrtc_answer", answer={"type": "answer", "sdp": BAD_DESCRIPTIONS["no ice at all"]})
    await receiver.client.expect("error")
    await receiver.answer()
    await receiver.assert_hears(440)


async def test_second_answer_is_error(studio):
    await studio.sender()
    receiver = await studio.receiver()
    await receiver.send_answer()
    assert (await receiver.client.expect("error"))["message"].startswith("Server error: ")
    await receiver.assert_hears(440)


def offer_of(size):
    offer = GOOD_OFFER.replace("\n", "\r\n")
    padding = "a=x-padding:"
    return offer + padding + "x" * (size - len(offer) - len(padding) - 2) + "\r\n"


async def test_largest_description(studio):
    client = await studio.client()
    await client.send("start_sending")
    await client.expect("sender_ready")
    await client.send("webrtc_offer", offer={"type": "offer", "sdp": offer_of(MAX_SDP_BYTES + 1)})
    await client.expect_error("Server error: the SDP is larger than 64 KiB")
    await client.send("webrtc_offer", offer={"type": "offer", "sdp": offer_of(MAX_SDP_BYTES)})
    await client.expect("webrtc_answer")


@pytest.mark.shared_server
async def test_largest_message(studio, undisturbed):
    client = await studio.client()
    await client.send_text(message("local_ip", ip="1").ljust(MAX_MESSAGE_BYTES))
    assert len(await client.streams()) == 1
    await undisturbed()


@pytest.mark.shared_server
@pytest.mark.parametrize("size", [MAX_MESSAGE_BYTES + 1, 1024 * 1024])
async def test_oversized_message_closes_websocket(studio, undisturbed, size):
    client = await studio.client()
    await client.send_text(message("local_ip", ip="1").ljust(size))
    assert await client.expect_close() == 1009
    await undisturbed()


@pytest.mark.shared_server
@pytest.mark.parametrize("data", [b"", b"\x00\x01", message("get_available_streams").encode()])
async def test_binary_message_closes_websocket(studio, undisturbed, data):
    client = await studio.client()
    await client.send_binary(data)
    assert await client.expect_close() == 1003
    await undisturbed()


@pytest.mark.shared_server
async def test_thousand_bad_messages(studio, undisturbed):
    """A hundred from each of ten clients: one that sends many more at once is closed ([limits] messages-per-second)."""
    for _ in range(10):
        client = await studio.client()
        for number in range(100):
            await client.send_text(f"nonsense {number}")
        for _ in range(100):
            await client.expect("error")
    assert len(await client.streams()) == 1
    await undisturbed()
