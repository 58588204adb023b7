# SPDX-License-Identifier: MIT
"""A stranger with a WebSocket, as far as the flows of senders and receivers go."""

import contextlib
import json
from urllib.parse import urlsplit

from voicecast_client import sdp
from voicecast_client.receiver import Receiver
from voicecast_client.sdp import GOOD_OFFER
from voicecast_client.sender import Sender
from voicecast_client.signaling import SignalingClient
from voicecast_client.wires import StreamWire, websocket_messages

from strangers.grounds import MessageGround
from strangers.http_states import ANSWERED, WEBSOCKET

OFFER = GOOD_OFFER.replace("\n", "\r\n")
ENDLESS = b'{"a":'
TOO_LONG = 300 * 1024  # 256 KiB may be


def message(message_type, **fields):
    return json.dumps({"type": message_type, **fields}).encode()


def answer_to(offer):
    """Of somebody who would make the DTLS handshake."""
    text = sdp.with_payload_type(OFFER, 111, sdp.opus_payload_type(offer))
    text = text.replace("a=mid:0", f"a=mid:{sdp.values(offer, 'mid')[0]}")
    text = text.replace("a=group:BUNDLE 0", f"a=group:BUNDLE {sdp.values(offer, 'mid')[0]}")
    return text.replace("a=setup:actpass", "a=setup:active").replace("a=sendrecv", "a=recvonly")


START_SENDING, STOP, LIST = message("start_sending"), message("stop_stream"), message("get_available_streams")
START_RECEIVING = message("start_receiving")
OFFERED = message("webrtc_offer", offer={"type": "offer", "sdp": OFFER})
ANSWER = message("webrtc_answer", answer={"type": "answer", "sdp": OFFER.replace("actpass", "active")})
CANDIDATE = message(
    "ice_candidate",
    candidate={"candidate": "candidate:1 1 udp 2113937151 127.0.0.1 9 typ host", "sdpMid": "0", "sdpMLineIndex": 0},
)

# name: (what is sent to come there, what is awaited then, what an honest client sends next)
STATES = {
    "fresh": ([], None, [LIST, message("local_ip", ip="127.0.0.1"), STOP]),
    "sender registered": ([START_SENDING], b"sender_ready", [CANDIDATE, OFFERED, STOP]),
    "sender offered": ([START_SENDING, OFFERED], b"webrtc_answer", [CANDIDATE, OFFERED, STOP]),
    "receiver offered": ([START_RECEIVING], b"webrtc_offer", [CANDIDATE, ANSWER, STOP]),
}


def raw(state):
    lead, awaited, pieces = state

    @contextlib.asynccontextmanager
    async def opened(scene):
        address = urlsplit(scene.server.api)

        def open_wire():
            stream = StreamWire((address.hostname, address.port))
            try:
                stream.send(WEBSOCKET)
                stream.read_until(ANSWERED)
                wire = websocket_messages(stream)
                for piece in lead:
                    wire.send(piece)
                if awaited:
                    stream.read_until(awaited)
            except BaseException:
                stream.close()
                raise
            return wire

        yield MessageGround(open_wire, pieces, ENDLESS, too_long=TOO_LONG)

    return opened


def beside(client, pieces):
    """On somebody's WebSocket."""

    def open_wire():
        shared = client._socket.get_extra_info("socket")
        if not shared:
            raise ConnectionError("the server has ended the WebSocket")
        return websocket_messages(StreamWire(None, shared=shared))

    return MessageGround(open_wire, pieces, ENDLESS, too_long=TOO_LONG)


@contextlib.asynccontextmanager
async def peer_of(scene, kind, **options):
    """A peer on a WebSocket of its own."""
    client = await SignalingClient.connect(scene.server.websocket)
    peer = kind(client, **options)
    try:
        yield peer
    finally:
        await peer.close()
        await client.close()


@contextlib.asynccontextmanager
async def sender_live(scene):
    async with peer_of(scene, Sender) as sender:
        await sender.go_live()
        yield beside(sender.client, [CANDIDATE, OFFERED, START_SENDING])


@contextlib.asynccontextmanager
async def receiver_connected(scene):
    async with peer_of(scene, Receiver, decode=False) as receiver:
        await receiver.start(scene.bystanders.stream_id)
        yield beside(receiver.client, [CANDIDATE, ANSWER, START_RECEIVING])


ALL = {f"signaling: {name}": raw(state) for name, state in STATES.items()} | {
    "signaling: sender live": sender_live,
    "signaling: receiver connected": receiver_connected,
}
