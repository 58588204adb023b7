"""A sender who sends too much, or what was not agreed on, loses its stream; nobody else loses a packet."""

import contextlib

import pytest
from voicecast_client import key_file
from voicecast_client.floods import FLOODS, packet


@pytest.fixture
def extra_arguments(tmp_path):
    return key_file.write(tmp_path, limits={"packets_per_second": 500})


REASONS = {
    "too many packets": "it sends more than 500 packets a second",
    "jumbo packets": "it sends packets of more than 2048 bytes",
    "many sources": "it sends from more than 4 sources (SSRC)",
    "another payload type": "it sends RTP with a payload type that was not agreed on",
}


@pytest.mark.parametrize("kind", FLOODS)
async def test_a_flood(studio, kind):
    bystander = await studio.sender()
    listener = await studio.receiver(bystander.stream_id, decode=False)
    flooder = await studio.sender()
    with contextlib.suppress(ConnectionError):  # the server ends it in the middle
        for number in range(10000):
            await flooder.ice.send(FLOODS[kind](number))
    error = (await flooder.client.expect("error"))["message"]
    assert error == f"Server error: {REASONS[kind]}"
    await flooder.client.expect("stream_ended", stream_id=flooder.stream_id)
    await listener.rtp.more(15)
    assert listener.rtp.missing() == []


async def test_a_receiver_need_not_send(studio):
    sender = await studio.sender()
    receiver = await studio.receiver(sender.stream_id, decode=False)
    with contextlib.suppress(ConnectionError):
        for _ in range(200):
            await receiver.ice.send(packet())
    error = (await receiver.client.expect("error"))["message"]
    assert error == "Server error: it sends RTP with a payload type that was not agreed on"
    assert await sender.client.streams() == [sender.stream_id]
