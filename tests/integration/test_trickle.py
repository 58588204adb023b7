# SPDX-License-Identifier: MIT
"""Trickle ICE works both ways and is never required. A lite agent makes no checks, so what comes of a client's candidates
shows with full ICE alone."""

import pytest
from voicecast_client import sdp
from voicecast_client.loopback import UdpSocket


@pytest.fixture
def extra_arguments():
    return ["--ice", "full"]


async def test_senders_candidates_after_its_offer(studio):
    """The server's own candidates are withheld too: its checks must use the trickled ones."""
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.make_offer()
    await sender.send_offer(sdp.without_candidates)
    await sender.take_answer(sdp.without_candidates)
    await sender.send_candidates()
    await sender.until_live()
    await (await studio.receiver()).assert_hears(440)


async def test_senders_candidates_before_its_offer(studio):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.make_offer()
    await sender.send_candidates()
    await sender.send_offer(sdp.without_candidates)
    await sender.take_answer(sdp.without_candidates)
    await sender.until_live()
    await (await studio.receiver()).assert_hears(440)


async def test_senders_candidates_between_its_offer_and_answer(studio):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.make_offer()
    await sender.send_offer(sdp.without_candidates)
    await sender.send_candidates()
    await sender.take_answer(sdp.without_candidates)
    await sender.until_live()


async def test_receivers_candidates_after_its_answer(studio):
    await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.take_offer(sdp.without_candidates)
    await receiver.make_answer()
    await receiver.send_answer(sdp.without_candidates)
    await receiver.send_candidates()
    await receiver.assert_hears(440)


async def test_receivers_candidates_before_its_answer(studio):
    await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.take_offer(sdp.without_candidates)
    await receiver.make_answer()
    await receiver.send_candidates()
    await receiver.send_answer(sdp.without_candidates)
    await receiver.assert_hears(440)


async def test_sender_without_candidates_is_found_by_checks(studio):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.offer(edit_offer=sdp.without_candidates)
    await sender.until_live()


async def test_receiver_without_candidates_is_found_by_checks(studio):
    await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.take_offer()
    await receiver.answer(sdp.without_candidates)
    await receiver.assert_hears(440)


HARMLESS = {
    "mdns": "candidate:1 1 udp 2113937151 5f5d4c3b-2a19-4807-b6a5-948372615049.local 50000 typ host",
    "tcp": "candidate:2 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active",
    "other component": "candidate:3 2 udp 2113937150 127.0.0.1 50001 typ host",
    "with extensions": "candidate:4 1 udp 2113937151 127.0.0.1 9 typ host generation 0 ufrag AbCd network-cost 999",
    "upper case": "candidate:5 1 UDP 2130706431 127.0.0.1 9 typ host",
    "with its attribute": "a=candidate:6 1 udp 2113937151 127.0.0.1 9 typ host",
}


@pytest.mark.parametrize("candidate", HARMLESS.values(), ids=HARMLESS.keys())
async def test_unusable_candidate_is_ignored(studio, candidate):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.make_offer()
    await sender.send_candidate(candidate)
    await sender.send_offer(lambda text: sdp.without_candidates(text))
    await sender.send_candidate(candidate)
    await sender.take_answer()
    await sender.until_live()
    assert not sender.client.unread("error")


async def test_mdns_candidate_inside_offer_is_harmless(studio):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.offer(
        edit_offer=lambda text: sdp.without_candidates(text) + "a=" + HARMLESS["mdns"] + "\r\na=end-of-candidates\r\n"
    )
    await sender.until_live()


@pytest.mark.parametrize("end", [{"candidate": ""}, {"candidate": "", "sdpMid": "0", "sdpMLineIndex": 0}])
async def test_end_of_candidates_may_come_before_offer(studio, end):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.client.send("ice_candidate", candidate=end)
    await sender.offer()
    await sender.until_live()
    assert not sender.client.unread("error")


async def test_null_candidate_is_end_of_candidates(studio):
    """Sent by a page that forwards every icecandidate event unchanged."""
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.offer()
    await sender.client.send("ice_candidate", candidate=None)
    await sender.until_live()
    assert not sender.client.unread("error")


async def test_candidates_of_idle_client_are_harmless(studio):
    client = await studio.client()
    await client.send("ice_candidate", candidate={"candidate": HARMLESS["tcp"], "sdpMid": "0", "sdpMLineIndex": 0})
    assert await client.streams() == []


LAST, FIRST = 1, 2**31 - 1  # priorities, by which libnice orders its checks


def dead(number):
    """An address without a peer."""
    return f"candidate:{number} 1 udp 1000 127.1.0.{number} 9 typ host"


@pytest.mark.parametrize("count, when", [(100, "before"), (101, "after")])
async def test_at_most_hundred_candidates_are_tried(studio, count, when):
    """One too many is passed over: it would be tried first, and is not when the last one is."""
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.make_offer()
    with UdpSocket() as least, UdpSocket() as final:
        candidates = [dead(number) for number in range(1, count - 1)]
        candidates.append(f"candidate:least 1 udp {LAST} 127.0.0.1 {least.port} typ host")
        candidates.append(f"candidate:final 1 udp {FIRST} 127.0.0.1 {final.port} typ host")
        if when == "before":
            for candidate in candidates:
                await sender.send_candidate(candidate)
        await sender.send_offer(sdp.without_candidates)
        await sender.client.expect("webrtc_answer")
        if when == "after":
            for candidate in candidates:
                await sender.send_candidate(candidate)
        await least.received()
        if count == 100:
            await final.received()
        else:
            assert final.nothing_came()
    assert not sender.client.unread("error")


async def test_whip_candidates_are_tried(studio):
    sender = studio.new_whip_sender()
    await sender.knock(sdp.without_candidates)
    with UdpSocket() as phone:
        candidate = f"a=candidate:1 1 udp 2130706431 127.0.0.1 {phone.port} typ host"
        answer = await sender.patch(sender.fragment(candidate), If_Match=sender.etag)
        assert (answer.status, answer.body) == (204, "")
        assert "ETag" not in answer.headers
        assert await phone.received()  # a connectivity check
