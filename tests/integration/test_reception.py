# SPDX-License-Identifier: MIT
"""RTCP reports of WebRTC listeners are in /stream/status and /metrics."""

from voicecast_client import prometheus
from voicecast_client.watchdog import eventually

HISTOGRAMS = (
    "voicecast_receiver_loss_ratio",
    "voicecast_receiver_jitter_seconds",
    "voicecast_receiver_round_trip_seconds",
)


async def receptions(studio):
    (stream,) = (await studio.get_json("/stream/status"))["details"]
    return stream["receivers"]


async def test_receiver_reports_are_shown(studio):
    await studio.sender()
    assert await receptions(studio) == []
    receiver = await studio.receiver(decode=False)

    async def reported():
        return await receptions(studio)

    (reception,) = await eventually(reported, "a report")
    assert reception["loss"] == 0
    assert reception["lost_packets"] == 0
    assert 0 <= reception["jitter_ms"] < 1000
    assert 0 <= reception["round_trip_ms"] < 5000

    async def observed():
        async with studio.http.get(studio.server.api + "/metrics", headers={"Accept": "text/plain"}) as response:
            families = prometheus.parse(await response.text())
        for name in HISTOGRAMS:
            prometheus.assert_histogram(families[name])
        return all(families[name].samples[-1][2] >= 1 for name in HISTOGRAMS)

    await eventually(observed, "the histograms")
    await receiver.client.close()

    async def forgotten():
        return await receptions(studio) == []

    await eventually(forgotten, "the end of the receiver")
