# SPDX-License-Identifier: MIT
"""ICY metadata: the stream's name, for players that request it."""

import asyncio
import contextlib

import pytest
from voicecast_client import icy, mp3
from voicecast_client.named import go_live
from voicecast_client.raw_http import connect_with_small_buffers, opened, own_host
from voicecast_client.watchdog import within

BITRATE_KBPS = 320  # the highest: the tests wait for bytes
MAX_LAG_BYTES = 4 * BITRATE_KBPS * 1000 // 8  # by the manual, a listener is skipped ahead beyond 4 s
JOIN_BYTES = 20 * 1045  # a listener's first frames are made to stand alone
ASKS = ("Icy-MetaData", "1")
NAMES = {
    "plain": "Kitchen",
    "none": "",
    "64 characters": "x" * 64,
    "not ASCII": "Küche \N{SPEAKER} 厨房",
    "apostrophe": "Anna's desk",
    "double quotes": '"Live"',
    "end of the field": "Anna's '; StreamUrl='http://evil.example';",
    "quote at the end": "the 'Hall'",
    "HTML": "<b>Hall</b>",
}


@pytest.fixture
def extra_arguments():
    return ["--mp3-bitrate", str(BITRATE_KBPS)]


@contextlib.asynccontextmanager
async def tuned_in(studio, *headers, name="latest", query="", **options):
    base = studio.server.audio
    async with opened(base, f"/stream/{name}.mp3?{query}", [own_host(base), *headers], **options) as (head, body):
        assert head.status == 200
        yield head, body


def interval_of(head):
    return int(head.get("icy-metaint"))


def assert_clean(audio):
    for frame in mp3.parse_frames(audio):
        assert (frame.bitrate_kbps, frame.sample_rate) == (BITRATE_KBPS, mp3.SAMPLE_RATE)


async def read(body, count):
    return await within(body.readexactly(count), f"{count} bytes of MP3")


async def test_every_interval_of_200_kb_ends_with_metadata(studio):
    await go_live(studio, name="Kitchen")
    async with tuned_in(studio, ASKS) as (head, body):
        received = await read(body, 200_000)
        audio, blocks = icy.split(received, interval_of(head))
    assert len(blocks) == 200_000 // (interval_of(head) + 1)
    assert icy.titles(blocks) == ["Kitchen"]  # once, in the first block; then unchanged
    assert blocks[0]
    assert_clean(audio)
    assert len(audio) > 199_000


async def test_icy_response_head(studio):
    await go_live(studio, name="Kitchen")
    async with tuned_in(studio, ASKS) as (head, _):
        assert 8192 <= interval_of(head) <= 65536
        assert head.get("icy-br") == str(BITRATE_KBPS)
        assert head.get("icy-name")
        assert head.get("Content-Type") == "audio/mpeg"


@pytest.mark.parametrize("headers", [[], [("Icy-MetaData", "0")]], ids=["absent", "0"])
async def test_no_icy_without_request(studio, headers):
    await go_live(studio, name="Kitchen")
    async with tuned_in(studio, *headers) as (head, body):
        assert not [name for name, _ in head.headers if name.startswith("icy-")]
        received = await read(body, 40_000)
    assert_clean(received)
    assert b"StreamTitle" not in received


@pytest.mark.parametrize("query", ["icy=0", "burst=0&icy=0"])
async def test_icy_can_be_disabled(studio, query):
    for stream in (False, True):
        if stream:
            await go_live(studio, name="Kitchen")
        async with tuned_in(studio, ASKS, query=query) as (head, body):
            assert not [name for name, _ in head.headers if name.startswith("icy-")]
            received = await read(body, 40_000)
        assert_clean(received)


@pytest.mark.parametrize("query", ["icy=1", "icy=", "icy=00", "burst=0"])
async def test_other_values_have_no_effect(studio, query):
    async with tuned_in(studio, ASKS, query=query) as (head, _):
        assert interval_of(head)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
async def test_title_is_stream_name(studio, name):
    sender = await go_live(studio, name=name)
    async with tuned_in(studio, ASKS, name=sender.stream_id) as (head, body):
        interval = interval_of(head)
        audio, blocks = icy.split(await read(body, interval + 1 + 2 * interval), interval)
    assert len(blocks) == 2
    # A field cannot hold every quote; what stands for one must still look like it.
    assert icy.title_of(blocks[0]).replace("`", "'") == sender.announcement["name"]
    assert_clean(audio)


async def test_each_stream_has_its_own_title(studio):
    senders = [await go_live(studio, name=name) for name in ("Kitchen", "Hall")]
    for sender, name in zip(senders, ("Kitchen", "Hall"), strict=True):
        async with tuned_in(studio, ASKS, name=sender.stream_id) as (head, body):
            _, blocks = icy.split(await read(body, interval_of(head) + 200), interval_of(head))
        assert icy.titles(blocks) == [name]


async def test_waiting_player_gets_title_at_start(studio):
    async with tuned_in(studio, ASKS) as (head, body):
        interval = interval_of(head)
        received = await read(body, 2 * interval + 2)
        await go_live(studio, name="Kitchen")
        while not icy.titles(icy.split(received, interval)[1]):
            received += await read(body, 1000)
        received += await read(body, 2 * interval)
    audio, blocks = icy.split(received, interval)
    assert icy.titles(blocks[:2]) == []
    assert icy.titles(blocks) == ["Kitchen"]
    assert_clean(audio)


async def test_skipped_listener_stays_aligned(studio):
    await go_live(studio, name="Kitchen")
    async with (
        tuned_in(studio) as (_, prompt),
        tuned_in(studio, ASKS, connect=connect_with_small_buffers) as (head, slow),
    ):
        whole = await read(prompt, 2 * MAX_LAG_BYTES)  # the slow one does not read
        received, more = await asyncio.gather(read(slow, MAX_LAG_BYTES), read(prompt, MAX_LAG_BYTES))
    whole += more
    audio, blocks = icy.split(received, interval_of(head))
    assert len(blocks) == len(received) // (interval_of(head) + 1)
    assert icy.titles(blocks) == ["Kitchen"]
    assert_clean(audio)
    assert (await studio.get_json("/metrics"))["mp3_skips"] > 0, "nobody was skipped ahead: this test shows nothing"
    for part in (audio[JOIN_BYTES : JOIN_BYTES + 10_000], audio[-10_000:]):
        assert part in whole
