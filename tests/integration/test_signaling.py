# SPDX-License-Identifier: MIT
"""The WebSocket's messages that need no media."""

import uuid

import pytest
from voicecast_client.signaling import SignalingClient


async def test_greeting_lists_streams_and_names_version(studio):
    client = await studio.client()
    assert client.greeting == {"type": "available_streams", "streams": [], "version": "1.0"} | client.greeting
    assert client.greeting["streams"] == []
    assert client.greeting["version"] == "1.0"


async def test_root_has_websocket(server):
    client = await SignalingClient.connect(server.websocket.removesuffix("ws"))
    assert await client.streams() == []
    await client.close()


async def test_audio_port_has_websocket(server):
    client = await SignalingClient.connect(server.audio.replace("http", "ws", 1) + "/ws")
    assert await client.streams() == []
    await client.close()


async def test_get_available_streams_without_streams(studio):
    client = await studio.client()
    assert await client.streams() == []


async def test_start_sending_is_answered_with_uuid(studio):
    client = await studio.client()
    await client.send("start_sending")
    ready = await client.expect("sender_ready")
    assert str(uuid.UUID(ready["connection_id"])) == ready["connection_id"].lower()


async def test_connection_ids_differ(studio):
    senders = [studio.new_sender(await studio.client()) for _ in range(3)]
    for sender in senders:
        await sender.register()
    assert len({sender.connection_id for sender in senders}) == 3


async def test_local_ip_is_accepted_silently(studio):
    client = await studio.client()
    await client.send("local_ip", ip="192.168.1.100")
    assert await client.streams() == []
    assert len(client.messages) == 2  # the greeting and the list


@pytest.mark.parametrize("version", ["1.0", "1.7"])
async def test_same_major_version_is_accepted(studio, version):
    client = await studio.client()
    await client.send("get_available_streams", version=version)
    assert (await client.expect("available_streams"))["streams"] == []


async def test_another_major_version_is_error(studio):
    client = await studio.client()
    await client.send("get_available_streams", version="2.0")
    assert (await client.expect("error"))["message"].startswith("Server error: ")
    assert await client.streams() == []


async def test_extra_fields_are_ignored(studio):
    client = await studio.client()
    await client.send("get_available_streams", colour="blue", nested={"list": [1, 2]})
    assert (await client.expect("available_streams"))["streams"] == []


async def test_stop_stream_of_idle_client_is_safe(studio):
    client = await studio.client()
    for _ in range(3):
        await client.send("stop_stream")
    assert await client.streams() == []
    assert len(client.messages) == 2


@pytest.mark.parametrize("stream_id", [None, "stream_00000000-0000-4000-8000-000000000000", "", "../etc/passwd"])
async def test_start_receiving_of_missing_stream(studio, stream_id):
    client = await studio.client()
    await client.send("start_receiving", **({} if stream_id is None else {"stream_id": stream_id}))
    error = await client.expect_error("No audio stream available")
    assert (error["code"], error.get("stream_id")) == ("no_stream", stream_id or None)
    assert await client.streams() == []


async def test_null_stream_id_means_newest(studio):
    client = await studio.client()
    await client.send("start_receiving", stream_id=None)
    await client.expect_error("No audio stream available")
