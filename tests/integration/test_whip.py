# SPDX-License-Identifier: MIT
"""Senders by WHIP (RFC 9725)."""

import asyncio
import re

import pytest
from aiortc.mediastreams import VideoStreamTrack
from voicecast_client import key_file, sdp
from voicecast_client.watchdog import eventually
from voicecast_client.whip import FRAGMENT, assert_problem, fragment


async def go_live(studio, path="/whip", **options):
    """A sender by WHIP, and the id of its stream, as announced to all clients."""
    client = await studio.client()
    sender = await studio.whip_sender(path, **options)
    return sender, (await client.expect("stream_available"))["stream_id"]


async def test_whip_stream_is_normal_stream(studio):
    client = await studio.client()
    sender = await studio.whip_sender("/whip/The%20kitchen", frequency=440)
    available = await client.expect("stream_available")
    assert available["name"] == "The kitchen"
    stream_id = available["stream_id"]
    status = await studio.get_json("/stream/status")
    assert [(stream["id"], stream["name"]) for stream in status["details"]] == [(stream_id, "The kitchen")]
    receiver = await studio.receiver(stream_id)
    listener = await studio.listener(f"/stream/{stream_id}.mp3", {"Icy-MetaData": "1"})
    assert listener.response.headers["icy-name"] == "The kitchen"
    await receiver.assert_hears(440)
    await listener.assert_hears(440)

    ended = await sender.delete()
    assert (ended.status, ended.body) == (200, "")
    await client.expect("stream_ended", stream_id=stream_id)
    await listener.until_end()
    assert (await studio.get_json("/stream/status"))["active_streams"] == []
    assert_problem(await sender.delete(), 404)


async def test_answer(studio):
    sender, other = await studio.whip_sender(), await studio.whip_sender()
    headers = sender.answer.headers
    assert headers["Content-Type"] == "application/sdp"
    assert headers["Accept-Patch"] == FRAGMENT
    assert "Link" not in headers  # no STUN or TURN server is configured
    assert re.fullmatch(r'"[0-9a-f]{32}"', sender.etag) and sender.etag != other.etag
    assert re.fullmatch(r"/whip/sessions/[0-9a-f]{32}", headers["Location"])
    assert sender.session != other.session
    assert sdp.has(sender.answer.body, "a=recvonly")
    assert sdp.values(sender.answer.body, "candidate")


async def test_sendrecv_sender(studio):
    sender = studio.new_whip_sender()
    await sender.start(lambda offer: offer.replace("a=sendonly", "a=sendrecv"))
    assert sdp.has(sender.answer.body, "a=recvonly")


def with_video(offer):
    audio = offer[offer.index("m=audio") :].replace("opus/48000/2", "H264/90000")
    return offer + audio.replace("m=audio", "m=video").replace("a=mid:0", "a=mid:1")


def without_video(answer):
    """aiortc cannot be told that one of its tracks is not wanted."""
    return answer[: answer.index("m=video")]


async def test_declined_video_keeps_audio(studio):
    """As OBS offers it, which always includes video."""
    client = await studio.client()
    sender = studio.new_whip_sender()
    await sender.start(with_video, without_video)
    assert re.search(r"(?m)^m=video 0 ", sender.answer.body)
    await client.expect("stream_available")
    await (await studio.receiver()).assert_hears(440)


@pytest.mark.parametrize("second", ["picture", "data channel"])
async def test_strict_client_accepts_declining_answer(studio, second):
    """aiortc wants ICE, DTLS and the codecs in a declined m-line, too."""
    client = await studio.client()
    sender = studio.new_whip_sender()
    if second == "picture":
        sender.pc.addTrack(VideoStreamTrack())
    else:
        sender.pc.createDataChannel("x")
    await sender.start()
    assert re.search(r"(?m)^m=(video|application) 0 ", sender.answer.body)
    await client.expect("stream_available")
    await (await studio.receiver()).assert_hears(440)


async def test_malformed_candidates_are_ignored(studio):
    client = await studio.client()
    malformed = "a=candidate:\r\na=candidate:1 1 udp x 127.0.0.1 5 typ host\r\n"
    sender = studio.new_whip_sender()
    await sender.start(lambda offer: offer.replace("a=candidate", malformed + "a=candidate", 1))
    await client.expect("stream_available")
    lines = sender.fragment(*malformed.rstrip().split("\r\n"), *sender.candidates())
    assert (await sender.patch(lines, If_Match=sender.etag)).status == 204


async def test_unusable_candidates_are_no_error(studio):
    sender = await studio.whip_sender()
    useless = [
        "a=candidate:1 1 udp 1 3b2f0b6e-4c6d-4e5a-9c1e-0d7c1c5b1a2b.local 5 typ host",
        "a=candidate:1 1 tcp 1 127.0.0.1 9 typ host tcptype active",
        "a=end-of-candidates",
    ]
    assert (await sender.patch(sender.fragment(*useless), If_Match=sender.etag)).status == 204


@pytest.mark.parametrize("headers", [{"If_Match": '"*"'}, {"If_Match": "*"}, {}], ids=["quoted", "bare", "none"])
async def test_ice_restart_keeps_stream(studio, headers):
    sender, stream_id = await go_live(studio)
    receiver = await studio.receiver(stream_id)
    before = sdp.values(sender.answer.body, "ice-ufrag")
    first_tag = sender.etag
    answer = await sender.move(**headers)
    assert (answer.status, answer.headers["Content-Type"]) == (200, FRAGMENT)
    assert answer.headers["ETag"] != first_tag
    assert sdp.values(answer.body, "ice-ufrag") != before
    assert sdp.values(answer.body, "candidate") == sdp.values(sender.answer.body, "candidate")
    assert sdp.has(answer.body, "a=end-of-candidates")
    await receiver.assert_hears(440)
    assert (await studio.get_json("/stream/status"))["active_streams"] == [stream_id]
    assert not receiver.client.unread("stream_ended")

    late = sender.fragment(*sender.candidates())  # of the session before
    assert_problem(await sender.patch(late, If_Match=first_tag), 412)
    assert_problem(await sender.patch(late), 412, "before this one")


async def test_failed_restart_keeps_session(studio):
    sender, stream_id = await go_live(studio)
    receiver = await studio.receiver(stream_id)
    other = fragment("0", "abcd", "P2uYro0UCOQ4zxjKXaWCBui1")
    assert_problem(await sender.patch(other, If_Match='"of another session"'), 412)
    assert_problem(await sender.patch(other, If_Match=sender.etag), 412)
    assert_problem(await sender.patch(fragment("0", "abcd", "short"), If_Match='"*"'), 400, "ice-pwd")
    await receiver.assert_hears(440)
    assert (await sender.patch(sender.fragment(*sender.candidates()), If_Match=sender.etag)).status == 204


async def test_invalid_fragment_is_reported(studio):
    sender = await studio.whip_sender()
    assert_problem(await sender.patch("", If_Match=sender.etag), 400, "empty")
    assert_problem(await sender.patch("a=candidate:nonsense", If_Match=sender.etag), 400, "candidate")
    wrong = await sender.patch(sender.fragment(), Content_Type="application/sdp")
    assert_problem(wrong, 415)
    assert wrong.headers["Accept-Patch"] == FRAGMENT


def second_microphone(offer):
    return offer + offer[offer.index("m=audio") :].replace("a=mid:0", "a=mid:1")


BAD_OFFERS = {
    "empty": (lambda offer: "", 400, "does not parse"),
    "no SDP": (lambda offer: "hello", 400, "does not parse"),
    "no fingerprint": (lambda offer: sdp.without(offer, "a=fingerprint"), 400, "fingerprint"),
    "no Opus": (lambda offer: offer.replace("opus/48000/2", "speex/16000"), 422, "no Opus"),
    "a listener's": (lambda offer: re.sub("a=send(recv|only)", "a=recvonly", offer), 422, "offers to send no audio"),
    "no multiplexing": (lambda offer: sdp.without(offer, "a=rtcp-mux"), 422, "rtcp-mux"),
    "two microphones": (second_microphone, 422, "more than one audio"),
}


async def test_bad_offers(studio):
    sender = studio.new_whip_sender()
    await sender.make_offer()
    for name, (edit, status, words) in BAD_OFFERS.items():
        print(name)
        assert_problem(await sender.post(edit), status, words)
    unknown = await sender.post(content_type="text/plain")
    assert_problem(unknown, 415)
    assert unknown.headers["Accept-Post"] == "application/sdp"
    too_long = await sender.ask("POST", sender.endpoint, "x" * 65537, Content_Type="application/sdp")
    assert too_long.status == 413


async def test_get_and_head_and_other_methods(studio):
    sender = await studio.whip_sender()
    for url in (sender.endpoint, sender.session):
        for method in ("GET", "HEAD"):
            answer = await sender.ask(method, url)
            assert (answer.status, answer.body) == (204, "")
    for url, methods in [
        (sender.endpoint, "GET, HEAD, POST, OPTIONS"),
        (sender.session, "GET, HEAD, PATCH, DELETE, OPTIONS"),
    ]:
        refused = await sender.ask("PUT", url)
        assert_problem(refused, 405)
        assert refused.headers["Allow"] == methods
    assert_problem(await sender.ask("DELETE", sender.endpoint), 405)


async def test_missing_sessions(studio):
    sender = await studio.whip_sender()
    for url in (sender.session[:-1] + "x", sender.endpoint + "/sessions/", sender.endpoint + "/sessions/a/b"):
        for method in ("GET", "PATCH", "DELETE"):
            assert_problem(await sender.ask(method, url), 404)


async def test_preflight_of_post(studio):
    sender = await studio.whip_sender()
    preflight = {
        "Origin": "http://studio.lan", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,authorization",
    }  # fmt: skip
    answer = await sender.ask("OPTIONS", sender.endpoint, **preflight)
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "http://studio.lan"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "if-match"))
    assert answer.headers["Accept-Post"] == "application/sdp"
    on_session = await sender.ask("OPTIONS", sender.session, **preflight)
    assert all(name in on_session.headers["Access-Control-Allow-Methods"] for name in ("PATCH", "DELETE"))
    seen = await sender.ask("GET", sender.endpoint, Origin="http://studio.lan")
    assert seen.headers["Access-Control-Allow-Origin"] == "http://studio.lan"
    for name in ("Location", "ETag", "Link", "Accept-Post", "Accept-Patch"):
        assert name in seen.headers["Access-Control-Expose-Headers"]


async def test_internet_page_is_refused(studio):
    sender = studio.new_whip_sender(headers={"Origin": "https://example.com"})
    refused = await sender.knock()
    assert_problem(refused, 403, "pages of https://example.com may not use this server. To allow it, set origins=lan,https://example.com")
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert_problem(await sender.ask("OPTIONS", sender.endpoint), 403)


async def test_session_without_media_ends(studio):
    """A sender and a viewer who go no further, and a viewer whose cable is pulled: all in one wait."""
    await studio.sender()
    sender, viewer, lost = studio.new_whip_sender(), studio.new_whep_receiver(), await studio.whep_receiver()
    for peer in (sender, viewer):
        assert (await peer.knock()).status == 201
    lost.mute()

    async def are_gone():
        answers = [await peer.ask("GET", peer.session) for peer in (sender, viewer, lost)]
        return all(answer.status == 404 for answer in answers)

    await eventually(are_gone, "the end of three sessions", 30)
    assert (await studio.get_json("/stream/status"))["details"][0]["webrtc_listeners"] == 0


class TestStrict:
    @pytest.fixture
    def extra_arguments(self):
        return ["--whip-strict", "yes"]

    async def test_patch_needs_if_match(self, studio):
        sender = await studio.whip_sender()
        trickled = sender.fragment(*sender.candidates())
        assert_problem(await sender.patch(trickled), 428)
        assert_problem(await sender.move(), 428)
        assert (await sender.patch(trickled, If_Match=sender.etag)).status == 204
        assert (await sender.move(If_Match='"*"')).status == 200


class TestIceServers:
    @pytest.fixture
    def extra_arguments(self, tmp_path):
        nobody = "turn://user:secret@127.0.0.1:9?transport=udp"
        return key_file.write(tmp_path, voicecast={"turn_server": nobody})

    async def test_clients_get_ice_servers(self, studio):
        sender = await studio.whip_sender()
        assert sender.answer.headers.getall("Link") == [
            '<turn:127.0.0.1:9?transport=udp>; rel="ice-server"; username="user"; credential="secret"; '
            'credential-type="password"'
        ]
        assert "Link" not in (await sender.ask("OPTIONS", sender.endpoint)).headers


class TestFull:
    @pytest.fixture
    def extra_arguments(self, tmp_path):
        return key_file.write(tmp_path, limits={"streams": 1})

    async def test_one_stream_too_many(self, studio):
        sender = await studio.whip_sender()
        other = studio.new_whip_sender()
        refused = await other.knock()
        assert_problem(refused, 503, "it takes 1 streams")
        assert int(refused.headers["Retry-After"]) > 0
        await sender.delete()
        assert (await other.post()).status == 201


class TestRates:
    @pytest.fixture
    def extra_arguments(self, tmp_path):
        return key_file.write(tmp_path, limits={"stream_interval_seconds": 60, "requests_per_minute": 6})

    async def test_streams_of_one_address_by_whip_and_websocket_together(self, studio):
        await studio.sender()
        refused = await studio.new_whip_sender().knock()
        assert_problem(refused, 503, "may open one in 60 s")
        assert 50 <= int(refused.headers["Retry-After"]) <= 60

    async def test_requests_of_one_address(self, studio):
        sender = await studio.whip_sender()
        answers = [await sender.ask("GET", sender.session) for _ in range(6)]
        assert answers[4].status == 204
        assert_problem(answers[5], 429)
        assert int(answers[5].headers["Retry-After"]) > 0


async def test_stopping_server_ends_its_sessions(studio, server):
    sender, _ = await go_live(studio)
    await studio.whep_receiver()
    unfinished = studio.new_whip_sender()
    await unfinished.knock()
    await server.stop()  # it fails if anything is left


async def test_many_sessions_come_and_go(studio):
    for _ in range(5):
        sender, stream_id = await go_live(studio)
        viewers = await asyncio.gather(*(studio.whep_receiver(f"/whep/{stream_id}") for _ in range(3)))
        await sender.delete()
        for viewer in viewers:
            assert (await viewer.ask("GET", viewer.session)).status == 404
    assert (await studio.get_json("/stream/status"))["active_streams"] == []
