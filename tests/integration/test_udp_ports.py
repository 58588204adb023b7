# SPDX-License-Identifier: MIT
"""A range of UDP ports that is too small is a clear error for whom nothing is left, and harms nobody else."""

import random
import socket

import pytest
from voicecast_client.watchdog import eventually
from voicecast_client.whip import assert_problem


def is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@pytest.fixture
def extra_arguments():
    """One port, not of those that the kernel gives to whoever asks for any."""
    port = next(port for port in random.sample(range(20000, 30000), 1000) if is_free(port))
    return ["--ice-port-range", f"{port}-{port}"]


NONE_LEFT = "no local address or UDP port is available (--ice-address, --ice-port-range)"


async def is_taken(sender):
    """Offers again; a port is free once the stream that had it is stopped, which goes on behind stream_ended."""
    await sender.register()
    await sender.send_offer()
    unread = sender.client.unread
    await sender.client.until(lambda: unread("webrtc_answer") or unread("error"), "an answer or an error")
    if unread("error"):
        await sender.client.expect_error(f"Server error: {NONE_LEFT}")
        return False
    await sender.take_answer()
    return True


async def test_no_free_port(studio, server):
    first = await studio.sender()
    second = studio.new_sender(await studio.client())
    await second.register()
    await second.make_offer()
    await second.send_offer()
    await second.client.expect_error(f"Server error: {NONE_LEFT}")
    listener = await studio.client()
    await listener.send("start_receiving")
    await listener.expect_error(f"Server error: {NONE_LEFT}")
    whip = studio.new_whip_sender()
    assert_problem(await whip.knock(), 503, NONE_LEFT)
    assert await first.client.streams() == [first.stream_id]
    mp3 = await studio.listener()
    await mp3.assert_hears(440)
    assert NONE_LEFT in server.stderr()

    await first.client.send("stop_stream")
    await eventually(lambda: is_taken(second), "a free port")
    await second.until_live()
