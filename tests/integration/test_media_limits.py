"""A sender who sends too much, or what was not agreed on, loses its stream; nobody else loses a packet."""

import contextlib
import struct

import pytest
from voicecast_client import key_file


@pytest.fixture
def extra_arguments(tmp_path):
    return key_file.write(tmp_path, limits={"packets_per_second": 500})


def packet(payload_type=96, ssrc=1, size=100):
    """The clear header of an SRTP packet, and rubbish: what is looked at before anything is decrypted."""
    return struct.pack("!BBHII", 0x80, payload_type, 1, 1, ssrc).ljust(size, b"\xa5")


FLOODS = {
    "10,000 packets": (lambda number: packet(), "it sends more than 500 packets a second"),
    "jumbo packets": (lambda number: packet(size=60000), "it sends packets of more than 2048 bytes"),
    "many sources": (lambda number: packet(ssrc=number + 1), "it sends from more than 4 sources (SSRC)"),
    "another payload type": (
        lambda number: packet(payload_type=100), "it sends RTP with a payload type that was not agreed on"
    ),
}  # fmt: skip


@pytest.mark.parametrize("make, reason", FLOODS.values(), ids=FLOODS.keys())
async def test_a_flood(studio, make, reason):
    bystander = await studio.sender()
    listener = await studio.receiver(bystander.stream_id, decode=False)
    flooder = await studio.sender()
    with contextlib.suppress(ConnectionError):  # the server ends it in the middle
        for number in range(10000):
            await flooder.ice.send(make(number))
    error = (await flooder.client.expect("error"))["message"]
    assert error == f"Server error: {reason}"
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
