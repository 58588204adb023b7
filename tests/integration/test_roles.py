# SPDX-License-Identifier: MIT
"""One role at a time per WebSocket: a later one replaces the earlier."""

from voicecast_client import sdp


def start_receiving(sender):
    return {"type": "start_receiving", "stream_id": sender.stream_id}


async def test_sender_becomes_receiver(studio):
    other = await studio.sender(frequency=880)
    sender = await studio.sender(frequency=440)
    receiver = studio.new_receiver(sender.client)
    await receiver.start(other.stream_id)
    await sender.client.expect("stream_ended", stream_id=sender.stream_id)
    assert await sender.client.streams() == [other.stream_id]
    await receiver.assert_hears(880)


async def test_receiver_becomes_sender(studio):
    await studio.sender(frequency=440)
    receiver = await studio.receiver()
    sender = await studio.new_sender(receiver.client, frequency=880).go_live()
    await (await studio.receiver(sender.stream_id)).assert_hears(880)


async def test_receiver_switches_streams(studio):
    streams = [await studio.sender(frequency=frequency) for frequency in (440, 880)]
    client = await studio.client()
    for sender, frequency in zip(streams + streams, (440, 880, 440, 880)):
        receiver = await studio.new_receiver(client).start(sender.stream_id)
        await receiver.assert_hears(frequency)


async def test_replaced_receiver_gets_no_more_packets(studio):
    first, second = await studio.sender(frequency=440), await studio.sender(frequency=880)
    before = await studio.receiver(first.stream_id)
    after = await studio.new_receiver(before.client).start(second.stream_id)
    count = len(before.rtp.packets)
    await after.rtp.more(25)
    assert len(before.rtp.packets) == count


async def test_stop_stream_of_receiver_keeps_its_websocket(studio):
    await studio.sender()
    receiver = await studio.receiver()
    await receiver.client.send("stop_stream")
    assert len(await receiver.client.streams()) == 1
    again = await studio.new_receiver(receiver.client).start()
    count = len(receiver.rtp.packets)  # those that were on their way are here by now
    await again.rtp.more(25)
    assert len(receiver.rtp.packets) == count
    assert receiver.client.is_open


async def test_second_start_sending_replaces_first(studio):
    bystander = await studio.client()
    first = await studio.sender(frequency=440)
    second = studio.new_sender(first.client, frequency=880)
    await second.register()
    await bystander.expect("stream_ended", stream_id=first.stream_id)
    await second.offer()
    await second.until_live()
    await bystander.expect("stream_available", stream_id=second.stream_id)
    assert await bystander.streams() == [second.stream_id]
    await (await studio.receiver()).assert_hears(880)


async def test_second_offer_replaces_first(studio):
    first = await studio.sender(frequency=440)
    second = studio.new_sender(first.client, frequency=880)
    second.connection_id = first.connection_id
    await second.offer()
    await second.until_live()
    assert await second.client.streams() == [second.stream_id]
    await (await studio.receiver()).assert_hears(880)


async def test_second_offer_before_first_answer(studio):
    client = await studio.client()
    first, second = studio.new_sender(client, frequency=440), studio.new_sender(client, frequency=880)
    await first.register()
    second.connection_id = first.connection_id
    await first.make_offer()
    await second.make_offer()
    await first.send_offer()
    await second.send_offer()
    await second.take_answer()
    await second.until_live()
    assert not client.unread("webrtc_answer")
    await (await studio.receiver()).assert_hears(880)


async def test_repeated_request_gets_one_offer(studio):
    sender = await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request()
    await receiver.request(sender.stream_id)
    await receiver.take_offer()
    await receiver.answer()
    await receiver.assert_hears(440)
    await receiver.client.streams()
    assert not receiver.client.unread("webrtc_offer")


async def test_repeated_request_gets_no_second_offer(studio):
    sender = await studio.sender()
    receiver = studio.new_receiver(await studio.client())
    await receiver.request(sender.stream_id)
    await receiver.take_offer()
    await receiver.request()
    await receiver.request(sender.stream_id)
    await receiver.answer()
    await receiver.assert_hears(440)
    assert not receiver.client.unread("webrtc_offer")


async def test_replaced_request_sends_no_more(studio):
    first, second = await studio.sender(frequency=440), await studio.sender(frequency=880)
    receiver = studio.new_receiver(await studio.client())
    await receiver.client.send_together(*(start_receiving(sender) for sender in (first, second)))
    await receiver.take_offer()
    await receiver.answer()
    await receiver.assert_hears(880)
    await receiver.client.streams()
    assert not receiver.client.unread("webrtc_offer")


async def test_request_stopped_at_once_sends_nothing(studio):
    await studio.sender()
    client = await studio.client()
    await client.send_together({"type": "start_receiving"}, {"type": "stop_stream"})
    # by the time another receiver plays, the stopped one's offer would long have come
    await (await studio.receiver()).rtp.more(10)
    await client.streams()
    assert not client.unread("webrtc_offer")


async def test_answer_for_replaced_offer_is_harmless(studio):
    first, second = await studio.sender(frequency=440), await studio.sender(frequency=880)
    client = await studio.client()
    old, new = studio.new_receiver(client), studio.new_receiver(client)
    await old.request(first.stream_id)
    await old.take_offer()
    await new.request(second.stream_id)
    await new.take_offer()
    await new.answer()
    await new.assert_hears(880)
    assert sdp.opus_payload_type(new.offer["sdp"])
    assert await client.streams() == [first.stream_id, second.stream_id]


async def test_last_of_many_requests_takes_effect(studio):
    """The server may read them in several turns of its loop, with an offer after each."""
    first, second = await studio.sender(frequency=440), await studio.sender(frequency=880)
    receiver = studio.new_receiver(await studio.client())
    await receiver.client.send_together(*(start_receiving(sender) for sender in 10 * [first, second]))
    await receiver.client.streams()
    await studio.receiver(decode=False)  # by the time another receiver plays, the last offer has long come
    offers = [await receiver.client.expect("webrtc_offer")]
    while receiver.client.unread("webrtc_offer"):
        offers.append(await receiver.client.expect("webrtc_offer"))
    await receiver.apply_offer(offers[-1])
    await receiver.answer()
    await receiver.assert_hears(880)
    assert not receiver.client.unread("webrtc_offer")
