# SPDX-License-Identifier: MIT
"""Media that publishers send beside, or instead of, the negotiated audio."""

from voicecast_client import picture_sender, tone
from voicecast_client.hand_sender import voice

PICTURES_FOR_EACH_PACKET = 20  # 10 Mbit/s


async def connected_receiver(studio, sender):
    """A receiver of a sender that is silent until the test writes its packets."""
    receiver = studio.new_receiver(await studio.client(), decode=False)
    await receiver.request(sender.stream_id)
    await receiver.take_offer()
    await receiver.answer()
    await receiver.until_connected()
    await sender.talk_until(voice(), lambda: receiver.rtp.packets)
    return receiver


async def test_declined_video_does_not_affect_audio(studio):
    sender = await studio.picture_sender()
    receiver = await connected_receiver(studio, sender)
    packets, number = voice(), 0
    for _ in range(150):
        await sender.talk(1, packets)
        for _ in range(PICTURES_FOR_EACH_PACKET):
            number += 1
            await sender.send_picture(number, picture_sender.PICTURE + number % 3)
    assert await sender.client.streams() == [sender.stream_id]
    assert sender.client.unread("error") == []
    assert receiver.rtp.missing() == []
    assert {packet.ssrc for packet in receiver.rtp.packets} == {sender.own_ssrc}
    assert (await studio.get_json("/metrics"))["dropped_packets"]["declined"] > 0.9 * number


async def test_new_source_of_same_payload_type_becomes_active(studio):
    """When the former is silent, as when a browser changes the microphone."""
    sender = await studio.hand_sender()
    receiver = await connected_receiver(studio, sender)
    packets, first = voice(), sender.own_ssrc
    for ssrc, sequence, timestamp in ((0x7654321, 40000, 99), (0x5555555, 7, 2**31), (first, 9000, 0)):
        await sender.talk(25, packets)
        await sender.pass_time(0.3 * tone.SAMPLE_RATE)
        sender.own_ssrc, sender.sequence, sender.timestamp = ssrc, sequence, timestamp
    await sender.talk(25, packets)
    await receiver.rtp.until(lambda: len(receiver.rtp.packets) >= 100, "the packets of all sources")
    assert {packet.ssrc for packet in receiver.rtp.packets} == {first}
    assert receiver.rtp.missing() == []
    steps = [b.timestamp - a.timestamp for a, b in zip(receiver.rtp.packets, receiver.rtp.packets[1:])]
    assert max(steps) < tone.SAMPLE_RATE


async def test_two_sources_give_one_stream(studio):
    """The second is dropped while the first is active."""
    sender = await studio.hand_sender()
    receiver = await connected_receiver(studio, sender)
    packets, first = voice(), sender.own_ssrc
    for number in range(50):
        await sender.talk(1, packets)
        sequence, timestamp = sender.sequence, sender.timestamp
        sender.own_ssrc, sender.sequence, sender.timestamp = 0x7654321, number, 960 * number
        await sender.send(b"\xf8\xff\xfe", samples=0)
        sender.own_ssrc, sender.sequence, sender.timestamp = first, sequence, timestamp
    assert {packet.ssrc for packet in receiver.rtp.packets} == {first}
    assert receiver.rtp.missing() == []
    assert all(packet.payload != b"\xf8\xff\xfe" for packet in receiver.rtp.packets)
