# SPDX-License-Identifier: MIT
"""As tricks.py, of a listener who is connected, or of somebody who sends from a listener's address."""

import contextlib

from voicecast_client import floods, rtcp
from voicecast_client.receiver import Receiver
from voicecast_client.sender import Sender
from voicecast_client.wires import StreamWire, ice_tcp_frame

from strangers.media_states import COOKIE, Place, in_place_of
from strangers.signaling_states import peer_of

TAG = b"\xa5" * 10
ENCRYPTED = b"\x80\0\0\x01"  # SRTCP: index 1
FORGED = 8000
CONNECTIONS = 300
MOST_CONNECTIONS = 64 + 4 + 8  # of strangers, of a session, and what else may be open for a moment


async def garbage_srtcp(scene, dice):
    """srtpdec kept something for each source before it looked at the tag."""
    async with peer_of(scene, Receiver, decode=False) as receiver:
        await receiver.start(scene.bystanders.stream_id)
        with contextlib.closing(in_place_of(receiver)) as wire:
            for number in range(FORGED):
                wire.send(rtcp.sender_report(dice.getrandbits(32))[:28] + ENCRYPTED + TAG)
                if number % 100 == 0:
                    await receiver.rtp.more(1)
        assert not receiver.client.unread("error")


async def forged_packets_of_a_sender(scene, dice):
    """Of every kind that ends a sender's stream when it is its own."""
    async with peer_of(scene, Sender) as sender:
        await sender.go_live()
        receiver = await scene.studio.receiver(sender.stream_id, decode=False)
        with contextlib.closing(in_place_of(sender)) as wire:
            for kind in floods.FLOODS.values():
                for number in range(200):
                    wire.send(kind(number))
                    if number % floods.BURST == 0:
                        await receiver.rtp.more(1)
        assert sender.stream_id in await sender.client.streams()
        await receiver.rtp.more(25)
        await receiver.close()
        await receiver.client.close()


async def checks_from_a_senders_address(scene, dice):
    """Good ones, but of a listener: the sender's packets came to the listener's session instead."""
    async with peer_of(scene, Sender) as sender, peer_of(scene, Receiver) as forger:
        await sender.go_live()
        receiver = await scene.studio.receiver(sender.stream_id, decode=False)
        await forger.request(scene.bystanders.stream_id)
        await forger.take_offer()
        with contextlib.closing(in_place_of(sender)) as wire:
            for _ in range(50):
                wire.send(Place(forger.offer["sdp"]).check())
                await receiver.rtp.more(1)
        assert receiver.rtp.missing() == []
        await receiver.close()
        await receiver.client.close()


async def many_connections_of_one_listener(scene, dice):
    """By ICE-TCP, each with a good check: a session has few."""
    async with peer_of(scene, Receiver, decode=False) as receiver:
        await receiver.start(scene.bystanders.stream_id)
        place = Place(receiver.offer["sdp"])
        before = scene.descriptors()
        with contextlib.ExitStack() as opened:
            for _ in range(CONNECTIONS):
                wire = opened.enter_context(contextlib.closing(StreamWire(place.tcp)))
                wire.send(ice_tcp_frame(place.check()))
                with contextlib.suppress(OSError):  # refused, or the place is another one's by now
                    wire.read_until(COOKIE)
            assert scene.descriptors() - before <= MOST_CONNECTIONS
        await receiver.rtp.more(5)


ALL = [
    garbage_srtcp,
    forged_packets_of_a_sender,
    checks_from_a_senders_address,
    many_connections_of_one_listener,
]
