# SPDX-License-Identifier: MIT
"""Several simultaneous streams: their order, the newest, and the end of one."""


async def test_lists_go_from_oldest_to_newest(studio):
    senders = [await studio.sender(frequency=440 + 220 * number) for number in range(3)]
    expected = [sender.stream_id for sender in senders]
    client = await studio.client()
    assert client.greeting["streams"] == expected
    assert await client.streams() == expected
    for base in (studio.server.api, studio.server.audio):
        assert (await studio.get_json("/stream/status", base))["active_streams"] == expected


async def test_receiver_without_id_gets_newest(studio):
    await studio.sender(frequency=440)
    await studio.sender(frequency=880)
    await (await studio.receiver()).assert_hears(880)


async def test_each_stream_is_heard_by_its_id(studio):
    senders = {frequency: await studio.sender(frequency=frequency) for frequency in (440, 660, 880)}
    for frequency, sender in senders.items():
        await (await studio.receiver(sender.stream_id)).assert_hears(frequency)


async def test_older_becomes_latest(studio):
    older = await studio.sender(frequency=440)
    newest = await studio.sender(frequency=880)
    await newest.client.close()
    await older.client.expect("stream_ended", stream_id=newest.stream_id)
    await (await studio.receiver()).assert_hears(440)
    await (await studio.listener("/stream/latest.mp3")).assert_hears(440)


async def test_newest_stays_when_older_ends(studio):
    older = await studio.sender(frequency=440)
    newest = await studio.sender(frequency=880)
    receiver = await studio.receiver()
    await older.client.close()
    await newest.client.expect("stream_ended", stream_id=older.stream_id)
    assert await newest.client.streams() == [newest.stream_id]
    await receiver.assert_hears(880)
    assert receiver.rtp.missing() == []
