# SPDX-License-Identifier: MIT
"""A WebRTC sender, by the reference's sender flow."""

import aiortc

from . import sdp
from .peer import Peer, same
from .tone import ToneTrack

AIORTC_OPUS_PAYLOAD_TYPE = 96


class Sender(Peer):
    def __init__(self, client, *, frequency=440.0, payload_type=AIORTC_OPUS_PAYLOAD_TYPE):
        super().__init__(client)
        self.track = ToneTrack(frequency)
        self.payload_type = payload_type
        self.connection_id = None
        self.answer = None
        self.rtp_sender = self.pc.addTrack(self.track)

    async def go_live(self):
        """The whole flow, until the server says that others can listen."""
        await self.register()
        await self.offer()
        await self.until_live()
        return self

    async def register(self):
        await self.client.send("start_sending")
        self.connection_id = (await self.client.expect("sender_ready"))["connection_id"]

    async def offer(self, edit_offer=same, edit_answer=same):
        await self.make_offer()
        await self.send_offer(edit_offer)
        await self.take_answer(edit_answer)

    async def make_offer(self):
        offer = await self.pc.createOffer()
        text = sdp.with_payload_type(offer.sdp, AIORTC_OPUS_PAYLOAD_TYPE, self.payload_type)
        await self.pc.setLocalDescription(aiortc.RTCSessionDescription(text, "offer"))

    async def send_offer(self, edit=same):
        await self.client.send("webrtc_offer", offer={"sdp": edit(self.pc.localDescription.sdp), "type": "offer"})

    async def take_answer(self, edit=same):
        await self.apply_answer(await self.client.expect("webrtc_answer"), edit)

    async def apply_answer(self, message, edit=same):
        self.answer = message["answer"]
        assert self.answer["type"] == "answer"
        await self.pc.setRemoteDescription(aiortc.RTCSessionDescription(edit(self.answer["sdp"]), "answer"))

    async def until_live(self):
        await self.client.expect("stream_available", stream_id=self.stream_id)

    @property
    def stream_id(self):
        return f"stream_{self.connection_id}"

    @property
    def ssrc(self):
        return self.rtp_sender._ssrc

    async def payload_bytes_sent(self):
        stats = await self.rtp_sender.getStats()
        return next(report.bytesSent for report in stats.values() if report.type == "outbound-rtp")
