# SPDX-License-Identifier: MIT
"""A WebRTC receiver, by the reference's receiver flow."""

import asyncio

import aiortc
import numpy
from aiortc.mediastreams import MediaStreamError

from . import tone
from .peer import Peer, send_nothing, same
from .rtp import RtpLog

SKIPPED_S = 0.4  # the decoder's start, and what was left of an earlier tone
HEARD_S = 0.6


class Receiver(Peer):
    """Logs every RTP packet; decodes them too unless told not to."""

    def __init__(self, client, *, decode=True):
        super().__init__(client)
        self.rtp = RtpLog()
        self.offer = None
        self._decode = decode
        self._heard = []
        self._samples = 0
        self._listening = None
        self._sends_rtcp = True
        self.pc.on("track", self._on_track)

    async def start(self, stream_id=None):
        """The whole flow, until packets arrive."""
        await self.request(stream_id)
        await self.take_offer()
        await self.answer()
        await self.rtp.more(1)
        return self

    def send_no_rtcp(self):
        """As some small listeners; before it gets an offer."""
        self._sends_rtcp = False

    async def request(self, stream_id=None):
        await self.client.send("start_receiving", **({"stream_id": stream_id} if stream_id else {}))

    async def take_offer(self, edit=same):
        await self.apply_offer(await self.client.expect("webrtc_offer"), edit)

    async def apply_offer(self, message, edit=same):
        self.offer = message["offer"]
        assert self.offer["type"] == "offer"
        await self.pc.setRemoteDescription(aiortc.RTCSessionDescription(edit(self.offer["sdp"]), "offer"))

    async def answer(self, edit=same):
        await self.make_answer()
        await self.send_answer(edit)

    async def make_answer(self):
        await self.pc.setLocalDescription(await self.pc.createAnswer())

    async def send_answer(self, edit=same):
        await self.client.send("webrtc_answer", answer={"sdp": edit(self.pc.localDescription.sdp), "type": "answer"})

    async def audio(self, seconds):
        """Decoded mono samples that arrive from now on, -1 to 1."""
        start = self._samples
        wanted = int(seconds * tone.SAMPLE_RATE)
        await self.until(lambda: self._samples >= start + wanted, f"{seconds} s of audio", 20 + seconds)
        return numpy.concatenate(self._heard)[start : start + wanted]

    async def assert_hears(self, frequency):
        heard = await self.audio(SKIPPED_S + HEARD_S)
        tone.assert_tone(heard[int(SKIPPED_S * tone.SAMPLE_RATE) :], tone.SAMPLE_RATE, frequency)

    async def close(self):
        if self._listening:
            self._listening.cancel()
        await super().close()

    def _on_track(self, track):
        rtp_receiver = self.pc.getReceivers()[0]
        handle = rtp_receiver._handle_rtp_packet
        if not self._sends_rtcp:
            rtp_receiver._send_rtcp = send_nothing

        async def log_and_handle(packet, arrival_time_ms):
            self.rtp.add(packet)
            if not self._decode:
                rtp_receiver._handle_disconnect()  # stops the decoder's thread, and nothing else
            await handle(packet, arrival_time_ms=arrival_time_ms)

        rtp_receiver._handle_rtp_packet = log_and_handle
        if self._decode:
            self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track):
        try:
            while True:
                frame = await track.recv()
                left = frame.to_ndarray().reshape(-1)[::2]
                self._heard.append(left.astype(numpy.float32) / 32768)
                self._samples += len(left)
                self.changed()
        except MediaStreamError:
            pass  # the stream ended
