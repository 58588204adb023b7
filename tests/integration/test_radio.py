# SPDX-License-Identifier: MIT
"""MP3 over HTTP."""

import asyncio
from urllib.parse import urlsplit

import aiohttp
import pytest
from voicecast_client import mp3, tone
from voicecast_client.radio import AUDIO_PLAYER, BROWSER, ICY_PLAYER, RANGE_PLAYER
from voicecast_client.raw_http import ask, opened, own_host, small_buffers
from voicecast_client.watchdog import eventually, within

PLAYERS = {
    "icy": ICY_PLAYER,
    "range": RANGE_PLAYER,
    "audio": AUDIO_PLAYER,
    "mpg123": {**ICY_PLAYER, "Accept": "audio/mpeg, audio/x-mpeg, audio/mp3, audio/*, text/html; q=0.1, */*; q=0.1"},
}


@pytest.fixture(params=["api", "audio"])
def base(request, server):
    return getattr(server, request.param)


async def test_format_of_stream(studio):
    sender = await studio.sender()
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    assert listener.response.status == 200
    assert listener.response.content_type == "audio/mpeg"
    assert "Content-Length" not in listener.response.headers
    frames = mp3.assert_station_format(await listener.more(3 * mp3.BYTES_PER_SECOND))
    assert len(frames) > 2.9 * mp3.SAMPLE_RATE / mp3.SAMPLES_PER_FRAME


async def test_both_ports_serve_stream(studio, base):
    sender = await studio.sender()
    for name in (sender.stream_id, "latest"):
        async with studio.http.get(f"{base}/stream/{name}.mp3") as response:
            assert (response.status, response.content_type) == (200, "audio/mpeg")
            mp3.assert_station_format(await within(response.content.readexactly(8000), "half a second of MP3"))


async def test_latest_has_audio_during_stream(studio):
    await studio.sender()
    for headers in (BROWSER, {}, *PLAYERS.values()):
        listener = await studio.listener("/stream/latest.mp3", headers)
        assert listener.response.status == 200
        assert listener.response.content_type == "audio/mpeg"
        mp3.assert_station_format(await listener.more(4000))


async def test_late_listener_starts_with_whole_frame(studio):
    sender = await studio.sender()
    first = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    for _ in range(5):
        await first.more(1000)
        late = await studio.listener(f"/stream/{sender.stream_id}.mp3")
        mp3.assert_station_format(await late.more(2000))
    await late.assert_hears(440)


@pytest.mark.parametrize("headers", [BROWSER, {"Accept": "*/*", "User-Agent": "curl/7.88.1"}], ids=["browser", "curl"])
async def test_waiting_page(studio, base, headers):
    async with studio.http.get(base + "/stream/latest.mp3", headers=headers) as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        page = await response.text()
    assert "/stream/status" in page
    assert "<html" in page.lower()


async def test_head_of_waiting_page(studio):
    async with studio.http.head(studio.server.audio + "/stream/latest.mp3", headers=BROWSER) as response:
        assert (response.status, response.content_type) == (200, "text/html")


NO_ACCEPT = {
    "ESPHome": ("1.1", [("User-Agent", "ESP32 HTTP Client/1.0")]),
    "Android": ("1.1", [("User-Agent", "MediaPlayer/1.2 (Linux;Android 13)"), ("Accept-Encoding", "gzip")]),
    "HTTP/1.0": ("1.0", [("User-Agent", "old radio")]),
    "blank": ("1.1", [("Accept", "")]),
}


@pytest.mark.parametrize("version, headers", NO_ACCEPT.values(), ids=NO_ACCEPT.keys())
async def test_request_without_accept_is_player(studio, version, headers):
    base = studio.server.audio
    host = [] if version == "1.0" else [own_host(base)]
    async with opened(base, "/stream/latest.mp3", host + headers, version) as (head, body):
        assert (head.status, head.get("Content-Type")) == (200, "audio/mpeg")
        mp3.assert_station_format(await within(body.readexactly(8000), "half a second of silence"))


@pytest.mark.parametrize("query", ["wait=1", "follow=1", "burst=0&wait=1"])
@pytest.mark.parametrize("headers", [BROWSER, {"Accept": "*/*"}], ids=["browser", "curl"])
async def test_wait_parameter_gets_audio(studio, query, headers):
    async with studio.http.head(f"{studio.server.audio}/stream/latest.mp3?{query}", headers=headers) as response:
        assert (response.status, response.content_type) == (200, "audio/mpeg")
    listener = await studio.listener(f"/stream/latest.mp3?{query}", headers)
    assert listener.response.content_type == "audio/mpeg"
    await studio.sender()
    await listener.assert_hears(440)


async def test_waiting_listener_ends_with_stream(studio):
    listener = await studio.listener("/stream/latest.mp3?wait=1", BROWSER)
    sender = await studio.sender()
    await listener.assert_hears(440)
    await sender.client.send("stop_stream")
    await listener.until_end()
    assert listener.error is None


@pytest.mark.parametrize("query", ["wait", "wait=", "wait=0", "wait=11", "Wait=1", "follow=0"])
async def test_other_values_are_ignored(studio, query):
    async with studio.http.get(f"{studio.server.audio}/stream/latest.mp3?{query}", headers=BROWSER) as response:
        assert (response.status, response.content_type) == (200, "text/html")


async def test_proxies_do_not_buffer_streams(studio):
    """nginx buffers responses unless told not to: a player would hear old audio."""
    sender = await studio.sender()
    base = studio.server.audio
    for name in (f"{sender.stream_id}.mp3", "latest.mp3", f"{sender.stream_id}.opus", "latest.opus"):
        head = await ask(base, f"/stream/{name}", [own_host(base)])
        assert head.get("X-Accel-Buffering") == "no", name
    await sender.client.send("stop_stream")
    assert (await ask(base, "/stream/latest.mp3", [own_host(base)])).get("X-Accel-Buffering") == "no"


@pytest.mark.parametrize("ending", ["mp3", "opus"])
async def test_head_has_headers_of_get(studio, ending):
    sender = await studio.sender()
    url = f"{studio.server.audio}/stream/{sender.stream_id}.{ending}"
    listener = await studio.listener(f"/stream/{sender.stream_id}.{ending}", ICY_PLAYER)
    expected = {key: value for key, value in listener.response.headers.items() if key != "Connection"}
    async with studio.http.head(url, headers=ICY_PLAYER) as response:
        assert {key: response.headers.get(key) for key in expected} == expected
        assert "Content-Length" not in response.headers


@pytest.mark.parametrize("headers", PLAYERS.values(), ids=PLAYERS.keys())
async def test_waiting_player_hears_next_stream(studio, headers):
    listener = await studio.listener("/stream/latest.mp3", headers)
    assert listener.response.status == 200
    assert listener.response.content_type == "audio/mpeg"
    silence = await mp3.decode(await listener.more(mp3.BYTES_PER_SECOND))
    assert len(silence) > 0.8 * mp3.SAMPLE_RATE
    assert tone.loudness(silence) < 0.001
    await studio.sender()
    await listener.assert_hears(440)
    mp3.assert_station_format(listener.received)


async def test_twenty_listeners_and_one_that_never_reads(studio):
    sender = await studio.sender()
    path = f"/stream/{sender.stream_id}.mp3"
    stalled = await open_stalled_listener(studio.server.audio, path)
    try:
        listeners = await asyncio.gather(*(studio.listener(path) for _ in range(19)))
        await asyncio.gather(*(listener.more(8 * mp3.BYTES_PER_SECOND) for listener in listeners))
    finally:
        stalled.close()
    for listener in listeners:
        mp3.assert_station_format(listener.received)
    await listeners[0].assert_hears(440)


async def test_response_ends_with_its_stream(studio):
    sender = await studio.sender()
    listeners = [await studio.listener(f"/stream/{name}.mp3") for name in (sender.stream_id, "latest")]
    for listener in listeners:
        await listener.more(4000)
    await sender.client.send("stop_stream")
    for listener in listeners:
        await listener.until_end()
        assert listener.error is None  # a proper end, not a broken connection
        mp3.assert_station_format(listener.received)


async def test_listening_again_after_all_left(studio):
    sender = await studio.sender()
    for _ in range(3):
        listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
        await listener.assert_hears(440)
        await listener.close()
    receiver = await studio.receiver()
    await receiver.assert_hears(440)


async def test_encoder_stops_after_its_last_listener(studio):
    sender = await studio.sender()
    listeners = [await studio.listener(f"/stream/{sender.stream_id}.mp3") for _ in range(3)]
    for listener in listeners:
        await listener.more(1000)
    metrics = await studio.get_json("/metrics")
    if "mp3_encoders" not in metrics:
        pytest.skip("this server does not count its encoders")
    assert metrics["mp3_encoders"] == 1
    assert metrics.get("mp3_listeners", 3) == 3
    for listener in listeners:
        await listener.close()

    async def stopped():
        metrics = await studio.get_json("/metrics")
        return metrics["mp3_encoders"] == 0 and metrics.get("mp3_listeners", 0) == 0

    await eventually(stopped, "the end of the encoder")


async def test_listeners_do_not_disturb_receivers(studio):
    sender = await studio.sender()
    receiver = await studio.receiver()
    for _ in range(5):
        listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
        await listener.more(2000)
        await listener.close()
    await receiver.rtp.more(10)
    assert receiver.rtp.missing() == []


async def test_http_1_0_listener_gets_no_chunks(studio):
    sender = await studio.sender()
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3", version=aiohttp.HttpVersion10)
    assert "Transfer-Encoding" not in listener.response.headers
    mp3.assert_station_format(await listener.more(mp3.BYTES_PER_SECOND))
    await sender.client.send("stop_stream")
    await listener.until_end()


async def test_empty_http_1_0_request(studio):
    """Byte by byte: a head, an empty line, and then contiguous MP3 frames."""
    await studio.sender()
    address = urlsplit(studio.server.audio)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"GET /stream/latest.mp3 HTTP/1.0\r\n\r\n")
    head = await within(reader.readuntil(b"\r\n\r\n"), "the head")
    assert b" 200 " in head.split(b"\r\n")[0]
    assert b"transfer-encoding" not in head.lower()
    mp3.assert_station_format(await within(reader.readexactly(8000), "half a second of MP3"))
    writer.close()


async def test_range_request_gets_live_stream(studio):
    sender = await studio.sender()
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3", RANGE_PLAYER)
    assert listener.response.status == 200
    await listener.assert_hears(440)


async def test_two_streams_do_not_mix(studio):
    senders = {frequency: await studio.sender(frequency=frequency) for frequency in (440, 880)}
    listeners = {f: await studio.listener(f"/stream/{sender.stream_id}.mp3") for f, sender in senders.items()}
    for frequency, listener in listeners.items():
        await listener.assert_hears(frequency)


async def test_paused_sender_keeps_mp3(studio):
    sender = await studio.sender()
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    await listener.assert_hears(440)
    sender.track.pause()
    assert await sender.client.streams() == [sender.stream_id]
    sender.track.resume()
    await listener.assert_hears(440)
    assert not listener.has_ended


async def open_stalled_listener(base, path):
    """Requests a stream, and never reads."""
    address = urlsplit(base)
    stalled = small_buffers()
    stalled.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(stalled, (address.hostname, address.port))
    await loop.sock_sendall(stalled, f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    return stalled
