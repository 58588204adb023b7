# SPDX-License-Identifier: MIT
"""A stranger at the media port, by UDP and by ICE-TCP, without a peer and in place of one."""

import contextlib

from OpenSSL import SSL
from voicecast_client import floods, sdp, stun
from voicecast_client.receiver import Receiver
from voicecast_client.sender import Sender
from voicecast_client.signaling import SignalingClient
from voicecast_client.wires import DatagramWire, StreamWire, ice_tcp_frame, ice_tcp_packets

from strangers.grounds import MessageGround, StreamGround
from strangers.signaling_states import answer_to, peer_of

MTU = 1200
COOKIE = b"\x21\x12\xa4\x42"  # RFC 8489 §5: in each answer to a check
ENDLESS = b"\xa5"
ALERT = b"\x15\xfe\xfd" + bytes(8) + b"\x00\x02\x01\x00"  # DTLS: close_notify in the clear
SENDER_REPORT = b"\x80\xc8\x00\x06" + b"\0\0\0\x07" + bytes(20) + b"\x80\0\0\x01" + b"\xa5" * 10  # SRTCP of SSRC 7


class Handshake:
    """The client's side of DTLS, flight by flight."""

    def __init__(self):
        self._connection = SSL.Connection(SSL.Context(SSL.DTLS_METHOD))
        self._connection.set_ciphertext_mtu(MTU)
        self._connection.set_connect_state()

    def flight(self):
        """The datagrams of what comes next."""
        with contextlib.suppress(SSL.WantReadError):
            self._connection.do_handshake()
        got = []
        with contextlib.suppress(SSL.WantReadError):
            while True:
                got.append(self._connection.bio_read(MTU))
        return got

    def take(self, datagram):
        self._connection.bio_write(datagram)


class Place:
    """What a receiver's offer says: where to send checks, and with which words."""

    def __init__(self, offer):
        self.ufrag, self.password = stun.credentials(offer)
        self.udp, self.tcp = stun.addresses(offer, "UDP")[0], stun.addresses(offer, "TCP")[0]

    def check(self):
        return stun.check(self.ufrag, self.password, nominates=True)

    def packets(self, payload_type=96, ssrc=1):
        """A check, a hello, a voice and a report, of which only the check is good."""
        voice = floods.packet(payload_type, ssrc)
        return [self.check(), *Handshake().flight(), voice, SENDER_REPORT, ALERT]

    def bad_packets(self):
        return [stun.check("nobody", self.password), stun.check(self.ufrag, "wrong"), *self.packets()[1:]]


@contextlib.asynccontextmanager
async def place_of_a_receiver(scene, is_answered):
    client = await SignalingClient.connect(scene.server.websocket)
    try:
        await client.send("start_receiving", stream_id=scene.bystanders.stream_id)
        offer = (await client.expect("webrtc_offer"))["offer"]["sdp"]
        if is_answered:
            await client.send("webrtc_answer", answer={"type": "answer", "sdp": answer_to(offer)})
            await client.streams()  # by now the answer has been taken
        yield Place(offer)
    finally:
        await client.close()


@contextlib.asynccontextmanager
async def udp_stranger(scene):
    async with place_of_a_receiver(scene, is_answered=False) as place:
        yield _datagrams(lambda: DatagramWire(place.udp), place.bad_packets())


@contextlib.asynccontextmanager
async def udp_checked(scene):
    async with place_of_a_receiver(scene, is_answered=True) as place:
        yield _datagrams(lambda: _checked(place), place.packets())


@contextlib.asynccontextmanager
async def udp_dtls_begun(scene):
    async with place_of_a_receiver(scene, is_answered=True) as place:
        wire = _checked(place)
        yield _datagrams(lambda: wire, _second_flight(wire))


def _checked(place):
    wire = DatagramWire(place.udp)
    wire.ask(place.check())
    return wire


def _second_flight(wire):
    """The client's answer to the server's hello, certificate and all."""
    handshake = Handshake()
    for datagram in handshake.flight():
        handshake.take(wire.ask(datagram))
    while not (pieces := handshake.flight()):
        handshake.take(wire.receive())
    return pieces


@contextlib.asynccontextmanager
async def udp_receiver_connected(scene):
    """From the address of a receiver, who goes on hearing."""
    async with peer_of(scene, Receiver, decode=False) as receiver:
        await receiver.start(scene.bystanders.stream_id)
        place = Place(receiver.offer["sdp"])
        yield _datagrams(lambda: in_place_of(receiver), place.packets(sdp.opus_payload_type(receiver.offer["sdp"])))
        await receiver.rtp.more(5)
        assert not receiver.client.unread("error")


@contextlib.asynccontextmanager
async def udp_sender_live(scene):
    """From the address of a sender, who goes on being heard."""
    async with peer_of(scene, Sender) as sender:
        await sender.go_live()
        place = Place(sender.answer["sdp"])
        yield _datagrams(lambda: in_place_of(sender), place.packets(sender.payload_type, sender.ssrc))
        assert sender.stream_id in await sender.client.streams()
        assert not sender.client.unread("error")


def in_place_of(peer):
    """A wire that sends from the peer's address."""
    pair = peer.ice._nominated[1]
    return DatagramWire(pair.remote_addr, shared=pair.protocol.transport.get_extra_info("socket"))


def _datagrams(open_wire, pieces):
    return MessageGround(open_wire, pieces, ENDLESS)


def _tcp(lead, awaited=None, is_answered=True, as_packets=False):
    """`lead` and `pieces` of the place."""

    @contextlib.asynccontextmanager
    async def opened(scene):
        async with place_of_a_receiver(scene, is_answered) as place:

            def open_wire():
                stream = StreamWire(place.tcp)
                stream.send(lead(place))
                if awaited:
                    stream.read_until(awaited)
                return ice_tcp_packets(stream) if as_packets else stream

            if as_packets:
                yield MessageGround(open_wire, place.packets(), ENDLESS)
            else:
                packets = place.packets() if awaited else place.bad_packets()
                yield StreamGround(open_wire, [ice_tcp_frame(one) for one in packets], ice_tcp_frame(b"\xa5" * 1000))

    return opened


UDP = {
    "UDP: stranger": udp_stranger,
    "UDP: checked": udp_checked,
    "UDP: DTLS begun": udp_dtls_begun,
    "UDP: receiver connected": udp_receiver_connected,
    "UDP: sender live": udp_sender_live,
}
TCP_STREAMS = {
    "TCP: fresh": _tcp(lambda place: b"", is_answered=False),
    "TCP: frame begun": _tcp(lambda place: b"\x01\x00abc", is_answered=False),
    "TCP: checked": _tcp(lambda place: ice_tcp_frame(place.check()), COOKIE),
}
TCP_PACKETS = {
    "TCP packets: checked": _tcp(lambda place: ice_tcp_frame(place.check()), COOKIE, as_packets=True),
}
