# SPDX-License-Identifier: MIT
"""A sender of too many packets, or of media that were not negotiated, loses its stream; no other client loses a packet."""

import contextlib

import pytest
from voicecast_client import key_file
from voicecast_client.floods import FLOODS, flood, packet
from voicecast_client.watchdog import within

# Four times what a voice sends. The flood is 50 for each of its packets.
PACKETS_PER_SECOND = 200


@pytest.fixture
def extra_arguments(tmp_path):
    return key_file.write(tmp_path, limits={"packets_per_second": PACKETS_PER_SECOND})


REASONS = {
    "too many packets": f"it sends more than {PACKETS_PER_SECOND} packets a second",
    "many sources": "it sends from more than 4 sources (SSRC)",
    "another payload type": "it sends RTP with a payload type that was not agreed on",
}


@pytest.mark.parametrize("kind", FLOODS)
async def test_flood(studio, kind):
    bystander = await studio.sender()
    listener = await studio.receiver(bystander.stream_id, decode=False)
    flooder = await studio.sender()
    await within(flood(flooder, kind, breath=lambda: listener.rtp.more(1)), "the end of the flood")
    error = await flooder.client.expect("error", code="failed", stream_id=flooder.stream_id)
    assert error["message"] == f"Server error: {REASONS[kind]}"
    await flooder.client.expect("stream_ended", stream_id=flooder.stream_id, code="failed")
    await listener.rtp.more(15)
    assert listener.rtp.missing() == []


async def test_receiver_need_not_send(studio):
    sender = await studio.sender()
    receiver = await studio.receiver(sender.stream_id, decode=False)
    with contextlib.suppress(ConnectionError):
        for number in range(200):
            await receiver.pc.getReceivers()[0].transport._send_rtp(packet(sequence=number))
    error = (await receiver.client.expect("error"))["message"]
    assert error == "Server error: it sends RTP with a payload type that was not agreed on"
    assert await sender.client.streams() == [sender.stream_id]
