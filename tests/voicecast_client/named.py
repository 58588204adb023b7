# SPDX-License-Identifier: MIT
"""Streams with a name."""


async def go_live(studio, **fields):
    """A sender that is live after a start_sending with these fields; `announcement` is what its client was told."""
    sender = studio.new_sender(await studio.client())
    await sender.client.send("start_sending", **fields)
    sender.connection_id = (await sender.client.expect("sender_ready"))["connection_id"]
    await sender.offer()
    sender.announcement = await sender.client.expect("stream_available", stream_id=sender.stream_id)
    return sender
