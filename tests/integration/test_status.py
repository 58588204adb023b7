# SPDX-License-Identifier: MIT
"""/health, /metrics and /stream/status, on both ports."""

import pytest
from voicecast_client import prometheus
from voicecast_client.watchdog import eventually

PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


@pytest.fixture(params=["api", "audio"])
def base(request, server):
    return getattr(server, request.param)


async def test_health(studio, base):
    health = await studio.get_json("/health", base)
    assert health["status"] == "healthy"
    assert health["webrtc_available"] is True
    assert health["audio_server_running"] is True
    assert_integers(health, "active_streams", "connected_clients", "uptime_seconds")
    assert (health["active_streams"], health["connected_clients"]) == (0, 0)


async def test_metrics_are_json_by_default(studio, base):
    metrics = await studio.get_json("/metrics", base)
    assert metrics["webrtc_available"] is True
    assert_integers(metrics, "uptime_seconds", "active_connections", "active_streams", "total_audio_bytes")
    assert (metrics["active_streams"], metrics["total_audio_bytes"]) == (0, 0)


async def test_stream_status(studio, base):
    assert (await studio.get_json("/stream/status", base))["active_streams"] == []
    sender = await studio.sender()
    assert (await studio.get_json("/stream/status", base))["active_streams"] == [sender.stream_id]


async def test_clients_and_streams_are_counted(studio):
    clients = [await studio.client() for _ in range(3)]
    sender = await studio.sender()
    health, metrics = await studio.get_json("/health"), await studio.get_json("/metrics")
    assert (health["connected_clients"], health["active_streams"]) == (4, 1)
    assert (metrics["active_connections"], metrics["active_streams"]) == (4, 1)
    await clients[0].close()
    await clients[1].abort()
    await sender.client.close()

    async def only_one_left():
        health = await studio.get_json("/health")
        return (health["connected_clients"], health["active_streams"]) == (1, 0)

    await eventually(only_one_left, "the count after three left")


async def test_uptime_grows(studio):
    async def has_grown():
        return (await studio.get_json("/health"))["uptime_seconds"] >= 1

    await eventually(has_grown, "an uptime of a second")


async def test_total_audio_bytes_are_payload_bytes_of_senders(studio):
    """Paused, a sender has no packet in flight: the server's count must come to rest exactly at its own."""
    sender = await studio.sender()
    receiver = await studio.receiver()
    await receiver.rtp.more(5)
    sent_before, counted_before = await settle(studio, sender)
    assert 0 < counted_before <= sent_before
    sender.track.resume()
    await receiver.rtp.more(100)
    sent, counted = await settle(studio, sender, counted_before - sent_before)
    assert counted - counted_before == sent - sent_before > 0


async def test_total_audio_bytes_outlive_stream(studio):
    sender = await studio.sender()
    _, counted = await settle(studio, sender)
    await sender.client.close()
    await studio.sender()

    async def has_grown():
        return (await studio.get_json("/metrics"))["total_audio_bytes"] > counted

    await eventually(has_grown, "a total over both streams")


async def test_receivers_by_state(studio):
    sender = await studio.sender()
    waiting = studio.new_receiver(await studio.client(), decode=False)
    await waiting.request()
    await waiting.client.expect("webrtc_offer")  # which it never answers
    assert await receivers(studio) == (1, 0)
    for hearing in await studio.receiver(decode=False), await studio.whep_receiver(decode=False):
        await hearing.rtp.more(1)
    assert await receivers(studio) == (3, 2)
    assert samples(await text_of(studio), "voicecast_receivers") == {'state="connecting"': 1, 'state="connected"': 2}
    await sender.client.close()

    async def have_left():
        return await receivers(studio) == (0, 0)

    await eventually(have_left, "the end of the receivers")


async def test_listeners_by_format(studio):
    sender = await studio.sender()
    for ending in "mp3", "opus":
        await (await studio.listener(f"/stream/{sender.stream_id}.{ending}")).more(1000)
    text, metrics = await text_of(studio), await studio.get_json("/metrics")
    assert samples(text, "voicecast_listeners") == {'format="mp3"': 1, 'format="opus"': 1}
    assert min(samples(text, "voicecast_listener_sent_bytes", "_total").values()) >= 1000
    assert (metrics["mp3_listeners"], metrics["opus_listeners"]) == (1, 1)
    assert min(metrics["mp3_bytes_sent"], metrics["opus_bytes_sent"]) >= 1000


async def test_waiting_listener_hears_mp3(studio):
    await (await studio.listener(headers={"Icy-MetaData": "1"})).more(1000)
    assert samples(await text_of(studio), "voicecast_listeners") == {'format="mp3"': 1, 'format="opus"': 0}


async def test_encoding_cpu_time(studio):
    sender = await studio.sender()
    await (await studio.listener(f"/stream/{sender.stream_id}.opus")).more(1000)
    assert set(samples(await text_of(studio), "voicecast_encoder_cpu_seconds", "_total").values()) == {0}
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")

    async def is_counted():
        return all(samples(await text_of(studio), "voicecast_encoder_cpu_seconds", "_total").values())

    await eventually(is_counted, "the CPU time of both threads")
    first = await studio.get_json("/metrics")
    await listener.more(16000)
    second = await studio.get_json("/metrics")
    spent = second["encoder_cpu_seconds"] - first["encoder_cpu_seconds"]
    assert 0 < spent < second["cpu_seconds"] - first["cpu_seconds"]


async def receivers(studio):
    metrics = await studio.get_json("/metrics")
    return metrics["receivers"], metrics["connected_receivers"]


async def text_of(studio):
    async with studio.http.get(studio.server.api + "/metrics", headers={"Accept": "text/plain"}) as response:
        return await response.text()


def samples(text, name, suffix=""):
    return {labels: value for _, labels, value in prometheus.parse(text)[name + suffix].samples}


ASKS_FOR_TEXT = ["text/plain", "application/openmetrics-text", "text/plain; version=0.0.4", PROMETHEUS]


@pytest.mark.parametrize("accept", ASKS_FOR_TEXT)
async def test_metrics_for_prometheus(studio, base, accept):
    await studio.sender()
    receiver = await studio.receiver(decode=False)
    await receiver.rtp.more(10)
    async with studio.http.get(base + "/metrics", headers={"Accept": accept}) as response:
        assert response.status == 200
        assert response.content_type in ("text/plain", "application/openmetrics-text")
        text = await response.text()
    if response.content_type == "application/openmetrics-text":
        assert text.endswith("# EOF\n")
    families = prometheus.parse(text)
    types = {family.type for family in families.values()}
    assert {"counter", "gauge", "histogram"} <= types
    for family in families.values():
        assert family.samples or family.type == "histogram", f"{family.name} has no sample"
        if family.type == "histogram":
            prometheus.assert_histogram(family)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html,application/json;q=0.9,*/*;q=0.8"])
async def test_metrics_are_json_for_other_clients(studio, accept):
    async with studio.http.get(studio.server.api + "/metrics", headers={"Accept": accept}) as response:
        assert response.content_type == "application/json"
        assert "total_audio_bytes" in await response.json()


def assert_integers(document, *keys):
    for key in keys:
        assert type(document[key]) is int and document[key] >= 0, f"{key}: {document[key]!r}"


async def settle(studio, sender, offset=None):
    """Pauses the sender; returns the bytes it sent and the bytes the server counted once all have arrived.

    The very first packets may fall between the two ends' DTLS handshakes: until `offset`, the difference they
    made, is known, the count is at rest when it stays the same over several packet times."""
    sender.track.pause()
    same = []

    async def at_rest():
        counted = (await studio.get_json("/metrics"))["total_audio_bytes"]
        sent = await sender.payload_bytes_sent()  # asked last, for what is sent in between is not counted yet
        assert counted <= sent
        same[:] = [*same, (sent, counted)][-10:]
        if offset is not None:
            return (sent, counted) if counted - sent == offset and len(set(same)) == 1 and len(same) == 10 else None
        return (sent, counted) if len(same) == 10 and len(set(same)) == 1 else None

    return await eventually(at_rest, "the count of audio bytes at rest")
