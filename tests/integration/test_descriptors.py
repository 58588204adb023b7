# SPDX-License-Identifier: MIT
"""When files and sockets run short, new clients are refused, and connected ones are not affected."""

import itertools

import pytest
from voicecast_client import key_file


@pytest.fixture
def extra_arguments(tmp_path):
    return key_file.write(tmp_path, limits={"descriptors": 256, "receivers-per-stream": 1000})


async def test_too_many_files_and_sockets(studio):
    sender = await studio.sender()
    receiver = await studio.receiver(sender.stream_id)
    for _ in itertools.count():
        client = await studio.client()
        await client.send("start_receiving", stream_id=sender.stream_id)
        answer = await client.until(lambda: client.unread("webrtc_offer") or client.unread("error"), "an answer")
        if answer[0]["type"] == "error":
            break
    await client.expect_error("Server error: the server is full: too many open files and sockets")
    await receiver.assert_hears(440)
    assert receiver.rtp.missing() == []
