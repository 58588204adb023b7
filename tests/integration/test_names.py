# SPDX-License-Identifier: MIT
"""A stream's name, and the details in the list of streams."""

import asyncio
import time

import pytest
from voicecast_client.named import go_live
from voicecast_client.watchdog import eventually

CLEANED = {
    "plain": ("Kitchen", "Kitchen"),
    "spaces": ("  Living   room ", "Living room"),
    "only spaces": (" \t ", ""),
    "empty": ("", ""),
    "64 characters": ("y" * 64, "y" * 64),
    "10,000 characters": ("x" * 10000, "x" * 64),
    "10,000 wide characters": ("\N{SPEAKER}é" * 5000, "\N{SPEAKER}é" * 32),
    "control characters": ("a\nb\r\tc\x07\x1b[31md\x7f", "a b c [31md"),
    "right to left": ("abc\N{RIGHT-TO-LEFT OVERRIDE}def", "abcdef"),
    "HTML": ('<script>alert("x")</script>&amp;', '<script>alert("x")</script>&amp;'),
    "quotes": ("Anna's \"desk\" \\ 'x'", "Anna's \"desk\" \\ 'x'"),
}
NO_TEXTS = {"number": 5, "true": True, "list": ["Kitchen"], "object": {"name": "Kitchen"}}


async def details(studio):
    """The details of all streams by id; /stream/status must contain the same and more."""
    client = await studio.client()
    # The two are asked one after the other, and a listener may come or go in between.
    agreed = await eventually(lambda: _agreed(studio, client), "one story in available_streams and /stream/status")
    return agreed[0]


async def _agreed(studio, client):
    await client.send("get_available_streams")
    message = await client.expect("available_streams")
    assert [stream["id"] for stream in message["details"]] == message["streams"]
    status = await studio.get_json("/stream/status")
    assert [stream["id"] for stream in status["details"]] == status["active_streams"]
    for shown in status["details"]:
        assert shown["listeners"] == sum(shown[f"{kind}_listeners"] for kind in ("webrtc", "mp3", "opus"))
    pairs = zip(message["details"], status["details"], strict=True)
    if all(told.items() <= shown.items() for told, shown in pairs):
        return ({stream["id"]: stream for stream in status["details"]},)
    return None


@pytest.mark.parametrize("given, kept", CLEANED.values(), ids=CLEANED.keys())
async def test_name_is_one_short_line(studio, given, kept):
    sender = await go_live(studio, name=given)
    assert sender.announcement["name"] == kept
    assert (await details(studio))[sender.stream_id]["name"] == kept


@pytest.mark.parametrize("fields", [{}, {"name": None}], ids=["absent", "null"])
async def test_stream_without_name(studio, fields):
    sender = await go_live(studio, **fields)
    assert sender.announcement["name"] == ""
    assert (await details(studio))[sender.stream_id]["name"] == ""


async def test_all_clients_get_name(studio):
    bystander = await studio.client()
    assert (bystander.greeting["streams"], bystander.greeting["details"]) == ([], [])
    sender = await go_live(studio, name="Nursery")
    available = await bystander.expect("stream_available", stream_id=sender.stream_id)
    assert available["name"] == "Nursery"
    newcomer = await studio.client()
    assert newcomer.greeting["streams"] == [sender.stream_id]
    assert [stream["name"] for stream in newcomer.greeting["details"]] == ["Nursery"]


@pytest.mark.parametrize("name", NO_TEXTS.values(), ids=NO_TEXTS.keys())
async def test_non_text_name_is_error(studio, name):
    client = await studio.client()
    await client.send("start_sending", name=name)
    error = await client.expect("error")
    assert '"name"' in error["message"] and "string" in error["message"]
    assert await client.streams() == []
    assert not client.unread("sender_ready")
    await client.send("start_sending", name="Kitchen")
    await client.expect("sender_ready")


async def test_two_streams_of_one_name_and_one_of_another(studio):
    names = ["Kitchen", "Kitchen", "Hall"]
    senders = [await go_live(studio, name=name) for name in names]
    shown = await details(studio)
    assert [shown[sender.stream_id]["name"] for sender in senders] == names


async def test_name_applies_to_one_start_sending(studio):
    client = await studio.client()
    await client.send("start_sending", name="Kitchen")
    await client.expect("sender_ready")
    sender = studio.new_sender(client)
    await sender.go_live()
    assert (await details(studio))[sender.stream_id]["name"] == ""


async def test_html_in_name_is_sent_as_json(studio):
    await go_live(studio, name="<img src=x onerror=alert(1)>")
    async with studio.http.get(studio.server.api + "/stream/status") as response:
        assert response.content_type == "application/json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_since_when(studio):
    before = int(time.time())
    sender = await go_live(studio)
    since = (await details(studio))[sender.stream_id]["since"]
    assert type(since) is int
    assert before <= since <= time.time()


async def test_listeners_are_counted_by_stream(studio):
    sender, other = await go_live(studio, name="Kitchen"), await go_live(studio, name="Hall")

    async def counts():
        shown = (await details(studio))[sender.stream_id]
        return shown["webrtc_listeners"], shown["mp3_listeners"]

    async def come_to(expected):
        await eventually(lambda: _equal(counts(), expected), f"{expected} listeners by WebRTC and MP3")

    await come_to((0, 0))
    receiver = await studio.receiver(sender.stream_id)
    await come_to((1, 0))
    listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    await listener.more(1)
    await come_to((1, 1))
    second = await studio.listener(f"/stream/{sender.stream_id}.mp3")
    await second.more(1)
    await come_to((1, 2))
    await receiver.client.close()
    await come_to((0, 2))
    await asyncio.gather(listener.close(), second.close())
    await come_to((0, 0))
    assert (await details(studio))[other.stream_id]["listeners"] == 0


async def test_details_end_with_stream(studio):
    sender, other = await go_live(studio, name="Kitchen"), await go_live(studio, name="Hall")
    await sender.client.send("stop_stream")
    await other.client.expect("stream_ended", stream_id=sender.stream_id)
    assert list(await details(studio)) == [other.stream_id]


async def _equal(awaitable, expected):
    return await awaitable == expected
