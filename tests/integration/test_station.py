# SPDX-License-Identifier: MIT
"""MP3 and Opus over HTTP for each kind of player, and for slow ones."""

import asyncio
import re
import time

import numpy
import pytest
from voicecast_client import mp3, ogg, tone
from voicecast_client.named import go_live
from voicecast_client.raw_http import connect_with_small_buffers, opened, own_host
from voicecast_client.watchdog import eventually, within

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0"}
BROWSER_BYTES = 32 * 1024


async def decoded_by_ffmpeg(url, seconds):
    """ffmpeg's output: mono samples."""
    command = ["ffmpeg", "-v", "error", "-i", url, "-t", str(seconds), "-f", "f32le", "-ac", "1", "-ar", "44100", "pipe:1"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await within(process.communicate(), "ffmpeg", 30)
    return numpy.frombuffer(out, dtype=numpy.float32)


async def test_first_browser_gets_silence_then_stream(studio):
    await studio.sender()
    start = time.monotonic()
    listener = await studio.listener("/stream/latest.mp3", FIREFOX)
    await listener.more(BROWSER_BYTES)
    # Without it these are two seconds' audio; only the order is judged: less time went by than was given.
    assert time.monotonic() - start < BROWSER_BYTES / mp3.BYTES_PER_SECOND
    assert tone.loudness(await mp3.decode(bytes(listener.received[:BROWSER_BYTES]))) < 0.001
    await listener.assert_hears(440)
    mp3.assert_station_format(listener.received)


async def test_later_browser_gets_recent_audio(studio):
    await studio.sender()
    first = await studio.listener("/stream/latest.mp3")
    await first.more(BROWSER_BYTES + 8000)
    await first.assert_hears(440)
    second = await studio.listener("/stream/latest.mp3", FIREFOX)
    burst = await second.more(BROWSER_BYTES)
    samples = await mp3.decode(burst)
    tone.assert_tone(samples[-mp3.SAMPLE_RATE :], mp3.SAMPLE_RATE, 440)
    mp3.assert_station_format(second.received)


@pytest.mark.parametrize("burst", [0, 50_000])
async def test_custom_burst(studio, burst):
    await studio.sender()
    listener = await studio.listener(f"/stream/latest.mp3?burst={burst}")
    await listener.more(burst + 1)
    frames = mp3.parse_frames(bytes(listener.received))
    assert frames
    if burst:
        assert tone.loudness(await mp3.decode(bytes(listener.received[:burst]))) < 0.001
    await listener.assert_hears(440)


@pytest.mark.parametrize("burst", ["-1", "x", "524289", ""])
async def test_invalid_burst(studio, burst):
    await studio.sender()
    async with studio.http.get(f"{studio.server.audio}/stream/latest.mp3?burst={burst}") as response:
        assert response.status == 400
        assert "524288" in await response.text()


async def test_follower_hears_successive_streams(studio):
    listener = await studio.listener("/stream/latest.mp3?follow=1")
    assert listener.response.content_type == "audio/mpeg"
    for frequency in (440, 880):
        sender = await studio.sender(frequency=frequency)
        await listener.assert_hears(frequency)
        await sender.client.send("stop_stream")
        await sender.client.expect("stream_ended")
        await listener.assert_silent()
    assert not listener.has_ended
    mp3.assert_station_format(listener.received)


async def test_follower_moves_to_live_stream(studio):
    await studio.sender(frequency=880)
    newest = await studio.sender(frequency=440)
    listener = await studio.listener("/stream/latest.mp3?follow=1")
    await listener.assert_hears(440)
    await newest.client.send("stop_stream")
    await listener.assert_hears(880)
    mp3.assert_station_format(listener.received)


async def test_follower_gets_each_title(studio):
    await go_live(studio, name="Kitchen")
    base = studio.server.audio
    headers = [own_host(base), ("Icy-MetaData", "1")]
    async with opened(base, "/stream/latest.mp3?follow=1", headers) as (head, _):
        assert head.get("icy-name") == "Kitchen"
        assert head.get("icy-pub") == "0"
        assert head.get("icy-br") == "128"


async def test_push_continues_during_silence(studio):
    """A sender without packets: the MP3 is silence in real time."""
    sender = await studio.sender()
    listener = await studio.listener("/stream/latest.mp3")
    await listener.assert_hears(440)
    sender.track.pause()
    await listener.assert_silent()
    start, before = time.monotonic(), len(listener.received)
    await listener.more(3 * mp3.BYTES_PER_SECOND)
    seconds = time.monotonic() - start
    assert abs((len(listener.received) - before) / mp3.BYTES_PER_SECOND - seconds) < 0.5
    sender.track.resume()
    await listener.assert_hears(440)
    mp3.assert_station_format(listener.received)


@pytest.mark.parametrize("name", ["latest", "id"])
async def test_opus_is_unchanged(studio, name):
    sender = await studio.sender()
    name = sender.stream_id if name == "id" else name
    first = await studio.listener(f"/stream/{name}.opus")
    assert first.response.content_type == "audio/ogg"
    await first.more(4000)
    second = await studio.listener(f"/stream/{name}.opus")  # joins pages under way
    await second.more(4000)
    for listener in (first, second):
        assert listener.received.startswith(b"OggS")
        assert listener.received[28:36] == b"OpusHead"
        assert listener.received.count(b"OpusTags") == 1
    assert (await studio.get_json("/metrics"))["mp3_encoders"] == 0
    details = (await studio.get_json("/stream/status"))["details"][0]
    assert details["opus_listeners"] == 2
    heard = await decoded_by_ffmpeg(f"{studio.server.audio}/stream/{name}.opus", 2)
    tone.assert_tone(heard[-mp3.SAMPLE_RATE :], mp3.SAMPLE_RATE, 440)
    await sender.client.send("stop_stream")
    for listener in (first, second):
        await listener.until_end()


async def test_opus_without_stream(studio):
    """Silence, then the stream on the same connection, as a chained stream (RFC 3533 §4); then it follows or ends."""
    player = {"Accept": "audio/ogg"}
    once = await studio.listener("/stream/latest.opus", player)
    following = await studio.listener("/stream/latest.opus?follow=1", player)
    assert once.response.content_type == following.response.content_type == "audio/ogg"
    await following.more(400)
    assert (await studio.get_json("/metrics"))["opus_listeners"] == 2
    sender = await studio.sender()
    await following.more(8000)
    late = await studio.listener("/stream/latest.opus", player)
    await late.more(4000)
    await sender.client.send("stop_stream")
    for listener in (once, late):
        await listener.until_end()
    await following.more(400)
    streams = [ogg.streams(bytes(listener.received)) for listener in (once, following, late)]
    assert [len(some) for some in streams] == [2, 3, 1]
    for some in streams:
        assert len({stream.serial for stream in some}) == len(some)
        for stream in some:
            assert stream.packets[0].startswith(b"OpusHead") and stream.packets[1].startswith(b"OpusTags")
            assert sum(packet.startswith(b"Opus") for packet in stream.packets) == 2
    assert all(stream.has_ended for some in streams[:2] for stream in some[:-1])
    assert streams[0][-1].has_ended and streams[2][-1].has_ended
    async with studio.http.get(studio.server.audio + "/stream/nobody.opus") as response:
        assert (response.status, await response.text()) == (404, "Stream not found")


async def test_chained_stream_plays(studio):
    heard = asyncio.create_task(decoded_by_ffmpeg(f"{studio.server.audio}/stream/latest.opus?follow=1", 4))

    async def waits():
        return (await studio.get_json("/metrics"))["opus_listeners"] == 1

    await eventually(waits, "the listener")
    await studio.sender()
    tone.assert_tone((await heard)[-mp3.SAMPLE_RATE :], mp3.SAMPLE_RATE, 440)


@pytest.mark.parametrize("ending, content_type", [("m3u", "audio/x-mpegurl"), ("pls", "audio/x-scpls")])
async def test_playlists_contain_stream_address(studio, ending, content_type):
    sender = await go_live(studio, name="Küche")
    for name in ("latest", sender.stream_id):
        async with studio.http.get(f"{studio.server.audio}/stream/{name}.{ending}?follow=1") as response:
            assert (response.status, response.content_type) == (200, content_type)
            text = await response.text()
        assert "Küche" in text
        url = re.search(r"http://\S+", text)[0]
        assert url == f"{studio.server.audio}/stream/{name}.mp3?follow=1"
        async with studio.http.get(url) as response:
            assert response.content_type == "audio/mpeg"
    async with studio.http.get(f"{studio.server.audio}/stream/nobody.{ending}") as response:
        assert response.status == 404


async def test_head_equals_get(studio):
    await studio.sender()
    for ending, content_type in (("mp3", "audio/mpeg"), ("opus", "audio/ogg")):
        async with studio.http.head(f"{studio.server.audio}/stream/latest.{ending}") as response:
            assert (response.status, response.content_type) == (200, content_type)
            assert "no-cache" in response.headers["Cache-Control"]
            assert await response.read() == b""


class TestASlowListener:
    @pytest.fixture
    def extra_arguments(self):
        return ["--mp3-bitrate", "320", "--mp3-max-lag", "1"]

    async def test_late_listener_skips_and_reports_lag(self, studio):
        sender = await studio.sender()
        base = studio.server.audio
        path = f"/stream/{sender.stream_id}.mp3"
        async with opened(base, path, [own_host(base)], connect=connect_with_small_buffers) as (_, slow):
            prompt = await studio.listener(path)

            async def lags():
                await prompt.more(1000)
                return (await studio.get_json("/stream/status"))["details"][0]["mp3_lags_ms"]

            async def lagging():
                return max(await lags()) > 300

            async def skipped():
                await prompt.more(1000)
                return (await studio.get_json("/metrics"))["mp3_skips"] > 0

            await eventually(lagging, "a lag in the status")
            assert min(await lags()) < 300, "the other does not notice"
            await eventually(skipped, "the skip")
            received = await within(slow.readexactly(80_000), "what the slow one gets when he reads")
            assert max(await lags()) <= 1100
        frames = mp3.parse_frames(received)
        assert {frame.bitrate_kbps for frame in frames} == {320}
        mp3.parse_frames(bytes(prompt.received))

    async def test_limit_is_that_of_ogg_listeners_too(self, studio):
        sender = await studio.sender()
        base = studio.server.audio
        path = f"/stream/{sender.stream_id}.opus"
        async with opened(base, path, [own_host(base)], connect=connect_with_small_buffers) as (_, slow):
            prompt = await studio.listener(path)

            async def skipped():
                await prompt.more(1000)
                async with studio.http.get(studio.server.api + "/metrics", headers={"Accept": "text/plain"}) as response:
                    found = re.search(r'^voicecast_listener_skips_total{format="opus"} (\d+)', await response.text(), re.M)
                return int(found[1]) > 0

            await eventually(skipped, "the skip")
            received = await within(slow.readexactly(60_000), "what the slow one gets when it reads")
        [stream] = ogg.streams(received)
        assert stream.packets[0].startswith(b"OpusHead"), "it skips by whole pages"
