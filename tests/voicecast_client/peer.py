# SPDX-License-Identifier: MIT
"""The common part of a sending and a receiving aiortc peer."""

import aiortc

from . import sdp
from .watchdog import Watched, within


def same(text):
    return text


class Peer(Watched):
    def __init__(self, client):
        super().__init__()
        self.client = client
        self.pc = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
        self.pc.on("connectionstatechange", self.changed)

    async def until_connected(self):
        def is_connected():
            assert self.pc.connectionState not in ("failed", "closed"), f"the connection {self.pc.connectionState}"
            return self.pc.connectionState == "connected"

        await self.until(is_connected, "the peer connection")

    async def until_closed(self):
        """By the other side, as DTLS says. (aiortc's connectionState goes on to be "connected".)"""
        dtls = self.pc.getTransceivers()[0].receiver.transport
        dtls.on("statechange", self.changed)
        await self.until(lambda: dtls.state == "closed", "the close of DTLS")

    async def send_candidates(self):
        """Trickles what was gathered, as a browser names it, and the empty candidate that ends the list."""
        for candidate in sdp.values(self.pc.localDescription.sdp, "candidate"):
            await self.send_candidate(f"candidate:{candidate}")
        await self.send_candidate("")

    async def send_candidate(self, candidate):
        await self.client.send(
            "ice_candidate", candidate={"candidate": candidate, "sdpMid": self.mid, "sdpMLineIndex": 0}
        )

    @property
    def mid(self):
        return sdp.values(self.pc.localDescription.sdp, "mid")[0]

    @property
    def ice(self):
        """aioice's connection, below DTLS."""
        return self.pc.getTransceivers()[0].sender.transport.transport._connection

    def mute(self):
        """From now on nothing leaves, not even a goodbye: as if the network cable was pulled."""
        for protocol in self.ice._protocols:
            protocol.send_stun = lambda message, address: None
            protocol.send_data = send_nothing

    async def close(self):
        transports = [transceiver.sender.transport.transport for transceiver in self.pc.getTransceivers()]
        await within(self.pc.close(), "the peer connection's close")
        for transport in transports:
            await within(_until_ice_gave_up(transport), "the end of ICE")


async def _until_ice_gave_up(transport):
    """aioice goes on looking for a way to a peer that never came, even when closed."""
    transport._connection._check_list_done = True
    started = transport._RTCIceTransport__start
    if started:
        await started.wait()


async def send_nothing(*what):
    pass
