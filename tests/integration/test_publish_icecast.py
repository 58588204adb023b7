# SPDX-License-Identifier: MIT
"""A stream pushed to Debian's Icecast."""

import signal

import numpy
import pytest
import pytest_asyncio
from voicecast_client import icecast, mp3, tone
from voicecast_client.named import go_live
from voicecast_client.publishing import publisher, push, write_credentials
from voicecast_client.radio import Listener
from voicecast_client.raw_audio import decode_url
from voicecast_client.watchdog import eventually


@pytest_asyncio.fixture
async def radio(tmp_path):
    daemon = await icecast.start_icecast(tmp_path / "icecast")
    try:
        yield daemon
    finally:
        daemon.thaw()
        await daemon.stop(signal.SIGKILL)


@pytest.fixture
def relay(radio, tmp_path):
    password = write_credentials(tmp_path / "icecast.password", icecast.PASSWORD)
    return {"url": f"icecast://127.0.0.1:{radio.port}/voice.mp3", "credentials": password}


async def is_live(studio, name="relay"):
    pushed = await push(studio, name)
    return pushed and pushed["state"] == "live"


async def listen(radio, mount):
    return await Listener.open(f"http://127.0.0.1:{radio.port}{mount}")


async def test_icecast_listener_hears_latest_stream(publish, relay, radio):
    studio = await publish(relay=relay)
    await studio.sender()
    await eventually(lambda: is_live(studio), "the relay")
    listener = await listen(radio, "/voice.mp3")
    assert listener.response.content_type == "audio/mpeg"
    await listener.assert_hears(440)
    await listener.close()
    status = await publisher(studio, "relay")
    assert (status["failures"], status["dropped_bytes"]) == (0, 0)
    assert status["sent_bytes"] > mp3.BYTES_PER_SECOND // 2


async def test_icecast_restart_recovers(publish, relay, radio):
    """Killed without closing the connection. The stream and its listeners are not affected."""
    studio = await publish(relay=relay)
    sender = await studio.sender()
    receiver = await studio.receiver()
    await eventually(lambda: is_live(studio), "the relay")
    await radio.stop(signal.SIGKILL)

    async def is_waiting():
        return (await push(studio, "relay"))["state"] in ("waiting", "connecting")

    await eventually(is_waiting, "the relay's failure")
    pushed = await push(studio, "relay")
    assert pushed["error"], pushed
    await radio.start()
    await eventually(lambda: is_live(studio), "the relay, again", 40)
    listener = await listen(radio, "/voice.mp3")
    await listener.assert_hears(440)
    await listener.close()
    status = await publisher(studio, "relay")
    assert status["failures"] >= 1
    assert "error" not in await push(studio, "relay")
    await receiver.rtp.more(10)
    assert receiver.rtp.missing() == []
    assert (await studio.get_json("/stream/status"))["active_streams"] == [sender.stream_id]


async def test_next_stream_uses_same_connection(publish, relay, radio):
    studio = await publish(relay=relay)
    await studio.sender(frequency=440)
    await eventually(lambda: is_live(studio), "the relay")
    listener = await listen(radio, "/voice.mp3")
    await listener.assert_hears(440)
    second = await studio.sender(frequency=880)
    await listener.assert_hears(880)
    await second.client.send("stop_stream")
    await listener.assert_hears(440)
    mp3.assert_station_format(listener.received)
    assert (await publisher(studio, "relay"))["failures"] == 0
    await listener.close()


async def test_title_is_current_stream(publish, relay, radio):
    """In UTF-8, also for the next stream, and for the first one again when that ends."""
    studio = await publish(relay=relay)

    async def until_titled(title):
        async def is_titled():
            async with studio.http.get(f"http://127.0.0.1:{radio.port}/status-json.xsl") as response:
                source = (await response.json(content_type=None))["icestats"].get("source") or {}
            return source.get("title") == title

        await eventually(is_titled, title)

    await go_live(studio, name="Anna Küche")
    await until_titled("Anna Küche")
    second = await go_live(studio, name="Bruno")
    await until_titled("Bruno")
    await second.client.send("stop_stream")
    await until_titled("Anna Küche")
    await studio.sender()
    await until_titled("voicecast")


async def test_mount_ends_with_stream_and_returns(publish, relay, radio):
    studio = await publish(relay=relay)
    sender = await studio.sender(frequency=440)
    await eventually(lambda: is_live(studio), "the relay")
    listener = await listen(radio, "/voice.mp3")
    await sender.client.send("stop_stream")
    await listener.until_end()
    await studio.sender(frequency=660)
    await eventually(lambda: is_live(studio), "the relay, again")
    again = await listen(radio, "/voice.mp3")
    await again.assert_hears(660)
    await again.close()
    await listener.close()


async def test_each_stream_has_mount(publish, relay, radio):
    relay["url"] = f"icecast://127.0.0.1:{radio.port}/{{id}}.mp3"
    studio = await publish(relay={**relay, "stream": "all"})
    senders = {frequency: await studio.sender(frequency=frequency) for frequency in (440, 880)}

    async def both_are_live():
        pushes = (await publisher(studio, "relay"))["pushes"]
        return [pushed["state"] for pushed in pushes] == ["live", "live"]

    await eventually(both_are_live, "two mounts")
    for frequency, sender in senders.items():
        listener = await listen(radio, f"/{sender.stream_id}.mp3")
        await listener.assert_hears(frequency)
        await listener.close()


async def test_ogg_contains_unchanged_opus(publish, relay, radio):
    relay["url"] = f"icecast://127.0.0.1:{radio.port}/voice.opus"
    studio = await publish(relay=relay)
    await studio.sender()
    await eventually(lambda: is_live(studio), "the relay")
    samples = await decode_url(f"http://127.0.0.1:{radio.port}/voice.opus", seconds=2)
    tone.assert_tone(samples[len(samples) // 2 :], tone.SAMPLE_RATE, 440)
    assert numpy.isfinite(samples).all()
    assert (await studio.get_json("/metrics"))["mp3_encoders"] == 0


async def test_wrong_password_is_reported_but_not_shown(publish, relay, tmp_path):
    write_credentials(relay["credentials"], "source:s3cr3t-and-wrong")
    studio = await publish(relay=relay)
    receiver_of = await studio.sender()

    async def is_refused():
        return (await publisher(studio, "relay"))["failures"] > 0

    await eventually(is_refused, "the refusal")
    pushed = await push(studio, "relay")
    assert "Login failed" in pushed["error"], pushed
    for path in ("/stream/status", "/metrics"):
        async with studio.http.get(studio.server.api + path) as response:
            assert "s3cr3t" not in await response.text()
    assert "s3cr3t" not in studio.server.stderr()
    assert receiver_of.stream_id in (await studio.get_json("/stream/status"))["active_streams"]


async def test_stalled_icecast_is_harmless(publish, relay, radio):
    """Stopped by SIGSTOP, it accepts a connection and never responds: neither the encoder nor the main loop may wait."""
    radio.freeze()
    studio = await publish(relay=relay)
    sender = await studio.sender()
    receiver = await studio.receiver()
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    await listener.more(3 * mp3.BYTES_PER_SECOND)
    assert not await is_live(studio)
    await receiver.rtp.more(10)
    assert receiver.rtp.missing() == []
    await listener.assert_hears(440)
    await sender.client.send("stop_stream")  # and its end waits for nobody either
    await listener.until_end()


async def test_stalled_network_recovers(publish, relay, radio):
    studio = await publish(relay=relay)
    sender = await studio.sender()
    await eventually(lambda: is_live(studio), "the relay")
    remote = await listen(radio, "/voice.mp3")
    await remote.more(4000)
    local = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    receiver = await studio.receiver()
    radio.freeze()
    await local.more(2 * mp3.BYTES_PER_SECOND)
    await local.assert_hears(440)
    assert receiver.rtp.missing() == []
    radio.thaw()
    await remote.more(2 * mp3.BYTES_PER_SECOND)
    mp3.assert_station_format(remote.received)
    await remote.close()


async def test_other_streams_are_not_pushed(publish, relay):
    studio = await publish(relay={**relay, "stream": "stream_of-somebody-else"})
    sender = await studio.sender()
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    await listener.more(4000)
    status = await publisher(studio, "relay")
    assert (status["pushes"], status["stream"]) == ([], "stream_of-somebody-else")
