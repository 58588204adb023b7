# SPDX-License-Identifier: MIT
"""Pion sends and receives, restarts ICE, and retransmits lost packets."""

import contextlib

import pytest
from voicecast_client import pion, raw_audio, tone


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return pion.build(tmp_path_factory.mktemp("pion"))


@pytest.fixture(scope="module")
def tone_file(tmp_path_factory):
    return pion.make_tone(tmp_path_factory.mktemp("tone") / "tone.ogg")


async def test_pion_sends(studio, server, program, tone_file):
    async with pion.pion(program, "send", server.websocket, tone_file) as sender:
        stream_id = (await sender.expect("live"))["stream"]
        await (await studio.receiver(stream_id)).assert_hears(440)


async def test_pion_receives(studio, server, program, tmp_path):
    sender = await studio.sender()
    heard = tmp_path / "heard.ogg"
    async with pion.pion(program, "receive", server.websocket, sender.stream_id, heard) as receiver:
        assert (await receiver.expect("packets", count=100))["lost"] == 0
        receiver.command("stop")
        await receiver.expect("stopped")
    samples = await raw_audio.decode_url(heard)
    tone.assert_tone(samples[len(samples) // 2 :], tone.SAMPLE_RATE, 440)


async def test_sender_restarts_ice(studio, server, program, tone_file):
    """The stream keeps its id. Pion leaves its old path before it has a new one, so a few packets may be lost."""
    async with pion.pion(program, "send", server.websocket, tone_file) as sender:
        stream_id = (await sender.expect("live"))["stream"]
        receiver = await studio.receiver(stream_id)
        for _ in range(2):
            sender.command("restart")
            await sender.expect("restarted")
            await sender.expect("ice", state="connected")
        packets = await receiver.rtp.more(50)
        assert [packet.sequence for packet in packets] == list(range(packets[0].sequence, packets[0].sequence + 50))
        await receiver.assert_hears(440)
        assert not receiver.client.unread("stream_ended")
        assert (await studio.get_json("/stream/status"))["active_streams"] == [stream_id]


async def test_receiver_restarts_ice(studio, server, program, tmp_path):
    sender = await studio.sender()
    heard = tmp_path / "heard.ogg"
    async with pion.pion(program, "receive", server.websocket, sender.stream_id, heard) as receiver:
        await receiver.expect("packets", count=50)
        for _ in range(2):
            receiver.command("restart")
            await receiver.expect("restarted")
            await receiver.expect("ice", state="connected")
        so_far = await receiver.expect("packets")
        later = await receiver.expect("packets", count=so_far["count"] + 50)
        assert later["lost"] == so_far["lost"]


@contextlib.asynccontextmanager
async def losing_sender(studio, server, program, tone_file, *options):
    """What a receiver gets where each 16th of the sender's packets is lost on its first way."""
    async with pion.pion(program, "send", server.websocket, tone_file, "--drop-each", "16", *options) as sender:
        live = await sender.expect("live")
        yield (await studio.receiver(live["stream"])).rtp


async def test_lost_packets_are_requested(studio, server, program, tone_file):
    """On a loaded machine one may come later than the jitter buffer waits, but not each time."""
    async with losing_sender(studio, server, program, tone_file, "--nack") as log:
        await log.until_unbroken(64)  # four of them were lost


async def test_sender_without_nack_gets_no_requests(studio, server, program, tone_file):
    async with losing_sender(studio, server, program, tone_file) as log:
        packets = await log.more(100)
        assert not [packet for packet in packets if packet.sequence % 16 == 0]


async def lost_by(viewer):
    """How many of a viewer's first 200 packets, or of fewer if after 100 none is missing but one on its way."""
    while True:
        seen = await viewer.expect("packets")
        if seen["count"] >= 200 or (seen["count"] >= 100 and seen["lost"] <= 1):
            return seen["lost"]


class TestWhatAViewerLoses:
    """Each 16th packet on its first way: twelve of 200. It offers to ask for them, or it does not."""

    @pytest.fixture
    def extra_arguments(self):
        return ["--egress", "fanout"]

    @pytest.fixture
    def watching(self, studio, server, program, tmp_path):
        def start(*options):
            heard = tmp_path / "heard.ogg"
            return pion.pion(program, "watch", f"{server.api}/whep/latest", heard, "--drop-each", "16", *options)

        return start

    async def test_nack_gets_retransmission(self, studio, watching):
        await studio.sender()
        async with watching("--nack") as viewer:
            assert await lost_by(viewer) <= 1

    async def test_loss_without_offered_nack(self, studio, watching):
        await studio.sender()
        async with watching() as viewer:
            assert await lost_by(viewer) >= 12


@pytest.mark.parametrize("options", [["--picture"], ["--picture", "--trickle"]], ids=["go2rtc", "MediaMTX"])
async def test_relay_pulls_latest_stream(studio, server, program, tmp_path, options):
    """Like these two at /whep/latest: with video and audio, in this order."""
    await studio.sender()
    heard = tmp_path / "heard.ogg"
    async with pion.pion(program, "watch", f"{server.api}/whep/latest", heard, *options) as relay:
        if "--trickle" in options:
            await relay.expect("trickled")
        await relay.expect("packets", count=100, lost=0)
        relay.command("stop")
        await relay.expect("stopped")
    samples = await raw_audio.decode_url(heard)
    tone.assert_tone(samples[len(samples) // 2 :], tone.SAMPLE_RATE, 440)
    assert (await studio.get_json("/stream/status"))["details"][0]["webrtc_listeners"] == 0


async def test_receiver_offer_of_new_connection_is_error(studio):
    await studio.sender()
    receiver = await studio.receiver()
    stranger = studio.new_sender(receiver.client)
    await stranger.make_offer()
    await stranger.send_offer()
    await receiver.client.expect_error(
        "Server error: webrtc_offer of a receiver, but not for its connection: "
        "send start_receiving for another"
    )
    await receiver.assert_hears(440)
