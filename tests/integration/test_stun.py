# SPDX-License-Identifier: MIT
"""With a STUN server: host candidates are not delayed, and later candidates follow."""

import asyncio
import contextlib

import aiohttp
import pytest
import pytest_asyncio
from voicecast_client import sdp
from voicecast_client.stun_server import MAPPED_ADDRESS, StunServer
from voicecast_client.watchdog import eventually


@pytest_asyncio.fixture
async def stun_server():
    server = await StunServer.open()
    yield server
    server.close()


@pytest.fixture
def extra_arguments(stun_server):
    return ["--stun-server", stun_server.uri]


def mapped(candidates):
    return [candidate for candidate in candidates if candidate.split()[4] == MAPPED_ADDRESS[0]]


async def test_silent_stun_server_is_harmless(studio, stun_server):
    sender = await studio.sender()
    receiver = await studio.receiver()
    assert stun_server.requests > 0
    for description in (sender.answer["sdp"], receiver.offer["sdp"]):
        candidates = sdp.values(description, "candidate")
        assert candidates and not mapped(candidates)
    await receiver.assert_hears(440)


async def test_server_stops_with_pending_answer(studio, stun_server):
    posting = asyncio.create_task(studio.whip_sender())

    async def is_asked():
        return stun_server.requests > 0

    await eventually(is_asked, "a request to the STUN server")
    await studio.server.stop()
    with contextlib.suppress(aiohttp.ServerDisconnectedError):
        await posting


async def test_fast_stun_candidate_is_in_description(studio, stun_server):
    stun_server.answer()
    sender = await studio.sender()
    receiver = await studio.receiver()
    for description in (sender.answer["sdp"], receiver.offer["sdp"]):
        candidates = mapped(sdp.values(description, "candidate"))
        assert candidates
        assert candidates[0].split()[6:8] == ["typ", "srflx"]
    await receiver.assert_hears(440)


async def test_late_candidate_is_trickled_to_receiver(studio, stun_server):
    await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.take_offer(answers_now(stun_server))
    await expect_mapped_candidate(receiver.client, receiver.offer["sdp"])
    await receiver.answer()
    await receiver.assert_hears(440)


async def test_late_candidate_is_trickled_to_sender(studio, stun_server):
    sender = studio.new_sender(await studio.client())
    await sender.register()
    await sender.offer(edit_answer=answers_now(stun_server))
    await expect_mapped_candidate(sender.client, sender.answer["sdp"])
    await sender.until_live()


def answers_now(stun_server):
    """Changes nothing in a description that has come, but lets the STUN server speak: libnice asks it for 2 s only."""

    def edit(description):
        assert not mapped(sdp.values(description, "candidate"))
        stun_server.answer()
        return description

    return edit


async def expect_mapped_candidate(client, description):
    """The first trickled candidate that is not empty, as a browser's addIceCandidate wants it."""
    message = await client.expect("ice_candidate")
    while not message["candidate"]["candidate"]:
        message = await client.expect("ice_candidate")
    candidate = message["candidate"]
    assert candidate["candidate"].startswith("candidate:")
    assert mapped([candidate["candidate"]]), candidate
    assert candidate["candidate"].split()[6:8] == ["typ", "srflx"]
    assert candidate["sdpMLineIndex"] == 0
    assert candidate.get("sdpMid") in (None, sdp.values(description, "mid")[0])
