# SPDX-License-Identifier: MIT
"""GStreamer's own webrtcbin as a client of WHIP, WHEP and the WebSocket API; and what it loses comes again by RTX."""

import pytest
from voicecast_client import gstreamer

pytest.importorskip("gi", reason="python3-gi is not installed")
pytestmark = pytest.mark.shared_server


async def test_it_sends_by_whip(studio, server):
    client = await studio.client()
    async with gstreamer.by_http("send", f"{server.api}/whip/gstreamer", "--hertz", 550):
        stream = await client.expect("stream_available")
        assert stream["name"] == "gstreamer"
        viewer = await studio.whep_receiver(f"/whep/{stream['stream_id']}")
        await viewer.assert_hears(550)
        listener = await studio.listener()
        await listener.assert_hears(550)
    await client.expect("stream_ended", stream_id=stream["stream_id"])


async def test_it_receives_by_whep(studio, server, tmp_path):
    await studio.sender(frequency=440)
    async with gstreamer.by_http("receive", f"{server.api}/whep/latest", tmp_path / "heard") as process:
        await gstreamer.hears(tmp_path / "heard", 440)
        assert (await studio.get_json("/stream/status"))["details"][0]["webrtc_listeners"] == 1
        assert process.session.startswith(f"{server.api}/whep/sessions/")
    assert (await studio.get_json("/stream/status"))["details"][0]["webrtc_listeners"] == 0


async def test_from_whip_to_whep(studio, server, tmp_path):
    client = await studio.client()
    async with gstreamer.by_http("send", f"{server.api}/whip", "--hertz", 660):
        await client.expect("stream_available")
        async with gstreamer.by_http("receive", f"{server.api}/whep/latest", tmp_path / "heard"):
            await gstreamer.hears(tmp_path / "heard", 660)


async def test_from_websocket_to_websocket(studio, server, tmp_path):
    async with gstreamer.by_websocket("send", server.websocket, "--hertz", 770) as sender:
        receiver = await studio.receiver(sender.stream_id)
        await receiver.assert_hears(770)
        async with gstreamer.by_websocket("receive", server.websocket, tmp_path / "heard") as process:
            assert process.stream_id == sender.stream_id
            await gstreamer.hears(tmp_path / "heard", 770)


async def test_rtx_replaces_lost_packets(studio, server):
    """RFC 4588: the server asks for it, and it has its own payload type and SSRC on the way; listeners get the original."""
    client = await studio.client()
    async with gstreamer.by_http("send", f"{server.api}/whip", "--withhold", 10) as sender:
        stream_id = (await client.expect("stream_available"))["stream_id"]
        receiver = await studio.receiver(stream_id)
        viewer = await studio.whep_receiver(f"/whep/{stream_id}", decode=False)
        for log in (receiver.rtp, viewer.rtp):
            await log.until_unbroken(60)  # six of them were withheld
            assert len({(packet.ssrc, packet.payload_type) for packet in log.packets}) == 1
        await receiver.assert_hears(440)
        counts = await gstreamer.counts(sender)
        assert counts["withheld"] >= 6 and counts["sent again"] >= 6
