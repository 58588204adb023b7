# SPDX-License-Identifier: MIT
"""Listeners by WHEP (draft-ietf-wish-whep)."""

import pytest
from voicecast_client import key_file, sdp
from voicecast_client.watchdog import eventually
from voicecast_client.whip import assert_problem

AIORTC_OPUS_PAYLOAD_TYPE = 96


async def listeners(studio):
    (stream,) = (await studio.get_json("/stream/status"))["details"]
    return stream["webrtc_listeners"]


async def test_tone_reaches_viewers_by_id_and_by_latest(studio):
    sender = await studio.sender(frequency=440)
    by_id = await studio.whep_receiver(f"/whep/{sender.stream_id}")
    latest = await studio.whep_receiver()
    for viewer in (by_id, latest):
        await viewer.assert_hears(440)
        assert viewer.rtp.missing() == []
    assert await listeners(studio) == 2
    metrics = await studio.get_json("/metrics")
    assert metrics["receivers"] == 2


async def test_viewer_payload_type_is_used(studio):
    """The sender's is 111, like Chromium's; aiortc expects 96."""
    await studio.sender(payload_type=111)
    viewer = await studio.whep_receiver()
    assert sdp.opus_payload_type(viewer.answer.body) == AIORTC_OPUS_PAYLOAD_TYPE
    await viewer.assert_hears(440)
    assert {packet.payload_type for packet in viewer.rtp.packets} == {AIORTC_OPUS_PAYLOAD_TYPE}
    other = await studio.receiver()
    await other.rtp.more(1)
    assert {packet.payload_type for packet in other.rtp.packets} == {111}


async def test_packets_are_unchanged(studio):
    """Sequence, timestamp and payload are unchanged, as for a WebSocket's receiver."""
    await studio.sender(payload_type=111)
    viewer, receiver = await studio.whep_receiver(), await studio.receiver()
    await viewer.rtp.more(20)

    def seen(peer):
        # Shortly before a wrap a fan-out takes numbers of the other half.
        return {packet.sequence & 0x7FFF: (packet.timestamp, packet.ssrc, packet.payload) for packet in peer.rtp.packets}

    common = seen(viewer).keys() & seen(receiver).keys()
    assert len(common) > 10
    assert all(seen(viewer)[number] == seen(receiver)[number] for number in common)


async def test_answer(studio):
    sender = await studio.sender()
    viewer = await studio.whep_receiver()
    headers = viewer.answer.headers
    assert headers["Content-Type"] == "application/sdp"
    assert headers["Location"].startswith("/whep/sessions/")
    assert headers["ETag"].startswith('"')
    assert headers["Accept-Patch"] == "application/trickle-ice-sdpfrag"
    assert sdp.has(viewer.answer.body, "a=sendonly")
    assert sdp.values(viewer.answer.body, "msid") == [f"{sender.stream_id} voice"]
    assert sdp.values(viewer.answer.body, "extmap") == []
    assert sdp.ssrcs(viewer.answer.body) == {sender.ssrc}


class TestWhatIsLost:
    """Only the fan-out retransmits."""

    @pytest.fixture(params=["fanout", "webrtcbin"])
    def egress(self, request):
        return request.param

    @pytest.fixture
    def extra_arguments(self, egress):
        return ["--egress", egress]

    async def test_retransmission_needs_offered_nack(self, studio, egress):
        def asking(offer):
            opus = f"a=rtpmap:{AIORTC_OPUS_PAYLOAD_TYPE} opus/48000/2\r\n"
            assert opus in offer
            return offer.replace(opus, f"{opus}a=rtcp-fb:{AIORTC_OPUS_PAYLOAD_TYPE} nack\r\n")

        await studio.sender()
        answer = await studio.new_whep_receiver().knock(asking)
        agreed = [f"{AIORTC_OPUS_PAYLOAD_TYPE} nack"] if egress == "fanout" else []
        assert sdp.values(answer.body, "rtcp-fb") == agreed
        answer = await studio.new_whep_receiver().knock()
        assert sdp.values(answer.body, "rtcp-fb") == []


async def test_sendrecv_viewer(studio):
    await studio.sender()
    viewer = await studio.whep_receiver(direction="sendrecv")
    assert sdp.has(viewer.answer.body, "a=sendonly")
    await viewer.assert_hears(440)


async def test_missing_stream(studio):
    viewer = studio.new_whep_receiver("/whep/stream_x")
    assert_problem(await viewer.knock(), 404, "Stream not found")
    assert_problem(await viewer.ask("HEAD", viewer.endpoint), 404)
    assert_problem(await studio.new_whep_receiver("/whep").knock(), 404, "Stream not found")


async def test_latest_without_stream(studio):
    """The address stays valid: a player retries."""
    refused = await studio.new_whep_receiver("/whep/latest").knock()
    assert_problem(refused, 409, "nobody talks")
    assert int(refused.headers["Retry-After"]) > 0
    await studio.sender()
    await (await studio.whep_receiver("/whep/latest")).assert_hears(440)


async def test_viewer_deletes_ended_session(studio):
    """Like players that close the connection before they delete the session."""
    await studio.sender()
    viewer = await studio.whep_receiver()
    await viewer.close()

    async def is_over():
        return (await viewer.ask("GET", viewer.session)).status == 404

    await eventually(is_over, "the end of the session")
    assert (await viewer.delete()).status == 200
    assert_problem(await viewer.delete(), 404)


async def test_player_recognises_address(studio):
    sender = await studio.sender()
    viewer = studio.new_whep_receiver()
    for path in ("latest", sender.stream_id):
        for method in ("HEAD", "GET"):
            answer = await viewer.ask(method, f"{studio.server.api}/whep/{path}")
            assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "application/sdp", "")


async def test_viewer_ends_with_stream(studio):
    sender = await studio.sender()
    viewer = await studio.whep_receiver()
    await sender.client.send("stop_stream")
    await sender.client.expect("stream_ended", stream_id=sender.stream_id)
    await viewer.until_closed()
    assert_problem(await viewer.ask("GET", viewer.session), 404)
    assert_problem(await studio.new_whep_receiver(f"/whep/{sender.stream_id}").knock(), 404, "Stream not found")


async def test_viewer_leaves(studio):
    await studio.sender()
    viewer = await studio.whep_receiver()
    ended = await viewer.delete()
    assert (ended.status, ended.body) == (200, "")
    assert_problem(await viewer.delete(), 404)
    assert await listeners(studio) == 0


async def test_viewer_changes_network(studio):
    await studio.sender()
    viewer = await studio.whep_receiver()
    first_tag = viewer.etag
    answer = await viewer.move(If_Match='"*"')
    assert (answer.status, answer.headers["ETag"] != first_tag) == (200, True)
    await viewer.assert_hears(440)
    assert await listeners(studio) == 1
    assert_problem(await viewer.patch(viewer.fragment(), If_Match=first_tag), 412)


async def test_bad_offers(studio):
    await studio.sender()
    viewer = studio.new_whep_receiver()
    assert_problem(await viewer.knock(lambda offer: offer.replace("recvonly", "sendonly")), 422, "receive no audio")
    viewer = studio.new_whep_receiver()
    assert_problem(await viewer.knock(lambda offer: "hello"), 400, "does not parse")
    assert_problem(await viewer.post(content_type="text/plain"), 415)
    assert await listeners(studio) == 0


class TestFull:
    @pytest.fixture
    def extra_arguments(self, tmp_path):
        return key_file.write(tmp_path, limits={"receivers_per_stream": 1})

    async def test_viewers_are_counted_with_receivers(self, studio):
        await studio.sender()
        viewer = await studio.whep_receiver()
        refused = await studio.new_whep_receiver().knock()
        assert_problem(refused, 503, "it has 1 receivers")
        assert int(refused.headers["Retry-After"]) > 0
        receiver = studio.new_receiver(await studio.client())
        await receiver.request()
        await receiver.client.expect_error("Server error: the stream is full: it has 1 receivers, try again later")
        await viewer.delete()
        receiver = await studio.receiver()
        assert_problem(await studio.new_whep_receiver().knock(), 503)
