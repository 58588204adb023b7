# SPDX-License-Identifier: MIT
"""GStreamer's webrtcbin as a client, in a process of its own.

Usage: python3 -m voicecast_client.gst_process send ENDPOINT [OPTION]...
       python3 -m voicecast_client.gst_process receive ENDPOINT FILE    (S16LE, mono, 48 kHz)

ENDPOINT is a URL of WHIP or WHEP, or of the WebSocket API (ws:), or "offer:" to print an offer only. It prints
the answer's status and the session's URL, or the stream's id. Then it reads commands, one a line: "tone" ends the
silence of --silent, "counts" prints what --withhold did, and an empty one ends the session: it prints the answer to DELETE, or "closed".
"""

import argparse
import asyncio
import json
import sys
import threading
import urllib.error
import urllib.request
from urllib.parse import urljoin

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtp", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstRtp, GstSdp, GstWebRTC  # noqa: E402

from voicecast_client.signaling import SignalingClient  # noqa: E402

SENDER = (
    "audiotestsrc name=source is-live=true freq={o.hertz} volume={volume} ! audio/x-raw,rate=48000,channels=1 ! "
    "{channels} opusenc {o.encoder} ! rtpopuspay name=payloader pt={o.payload_type} {o.payloader} ! "
    "application/x-rtp,media=audio,encoding-name=OPUS,payload={o.payload_type} ! webrtc. "
    "webrtcbin name=webrtc bundle-policy=max-bundle"
)
LEFT_ONLY = 'audioconvert mix-matrix="<<(float)1.0>,<(float)0.0>>" ! audio/x-raw,channels=2 !'
LOUD = 0.4
RECEIVER = (
    "webrtcbin name=webrtc bundle-policy=max-bundle "
    "rtpopusdepay name=voice ! opusdec ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! "
    "filesink location={} buffer-mode=unbuffered sync=false async=false"
)
OPUS = "application/x-rtp,media=audio,encoding-name=OPUS,payload=101,clock-rate=48000,encoding-params=(string)2"
Type, Direction = GstWebRTC.WebRTCSDPType, GstWebRTC.WebRTCRTPTransceiverDirection


class WebRtc:
    """A pipeline with a webrtcbin named `webrtc`, and its descriptions as text."""

    def __init__(self, launch_text):
        self.pipeline = Gst.parse_launch(launch_text)
        self.webrtc = self.pipeline.get_by_name("webrtc")
        self._replies = []
        self._gathered, self._negotiate = threading.Event(), threading.Event()
        # Kept: webrtcbin 1.22's own reference is a floating one, which Python sinks and would drop.
        self._ice = self.webrtc.get_property("ice-agent")
        self._ice.get_property("agent").set_property("upnp", False)
        self._ice.get_property("agent").set_property("ice-tcp", False)
        self._ice.emit("add-local-ip-address", "127.0.0.1")
        self.webrtc.connect("notify::ice-gathering-state", self._on_gathering)
        self.webrtc.connect("on-negotiation-needed", lambda webrtc: self._negotiate.set())

    def play(self):
        self.pipeline.set_state(Gst.State.PLAYING)

    def offer(self):
        assert self._negotiate.wait(20), "no negotiation"
        return self._describe("create-offer", "offer")

    def bare_offer(self):
        """Without candidates, as nothing is gathered for it."""
        assert self._negotiate.wait(20), "no negotiation"
        return self._ask("create-offer", None).get_value("offer").sdp.as_text()

    def answer(self, offer):
        self.set_remote(Type.OFFER, offer)
        return self._describe("create-answer", "answer")

    def set_remote(self, kind, text):
        _, sdp = GstSdp.SDPMessage.new_from_text(text)
        self._ask("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(kind, sdp))

    def stop(self):
        self.pipeline.set_state(Gst.State.NULL)

    def _describe(self, signal, field):
        self._ask("set-local-description", self._ask(signal, None).get_value(field))
        assert self._gathered.wait(20), "no candidates"
        return self.webrtc.get_property("local-description").sdp.as_text()

    def _on_gathering(self, webrtc, _):
        if webrtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            self._gathered.set()

    def _ask(self, signal, argument):
        promise = Gst.Promise.new()
        self.webrtc.emit(signal, argument, promise)
        promise.wait()
        self._replies.append(promise.get_reply())  # what is taken out of it lives as long
        return self._replies[-1]


class Sender(WebRtc):
    def __init__(self, options):
        volume, channels = 0 if options.silent else LOUD, LEFT_ONLY if options.stereo else ""
        super().__init__(SENDER.format(o=options, volume=volume, channels=channels))
        self.counts = {"withheld": 0, "sent again": 0}
        transceiver = self.webrtc.emit("get-transceiver", 0)
        transceiver.set_property("direction", Direction.SENDONLY)
        if options.extension:
            self._extend_headers(options.extension)
        if options.withhold:
            transceiver.set_property("do-nack", True)
            self._withhold(options.withhold, options.payload_type)
        if options.log:
            self._log(open(options.log, "wb", buffering=0))

    def make_sound(self):
        self.pipeline.get_by_name("source").set_property("volume", LOUD)

    def _extend_headers(self, uri):
        extension = GstRtp.RTPHeaderExtension.create_from_uri(uri)
        extension.set_id(5)
        self.pipeline.get_by_name("payloader").emit("add-extension", extension)

    def _withhold(self, each, payload_type):
        """Loses each such packet below webrtcbin's memory of what it sent, which alone can send it again."""

        def look(_, info):
            head = info.get_buffer().extract_dup(0, 4)
            if head[1] & 0x7F != payload_type:
                self.counts["sent again"] += 1
            elif int.from_bytes(head[2:4], "big") % each == 0:
                self.counts["withheld"] += 1
                return Gst.PadProbeReturn.DROP
            return Gst.PadProbeReturn.OK

        def on_pad(_, pad):
            if pad.get_name().startswith("send_rtp_src"):
                pad.add_probe(Gst.PadProbeType.BUFFER, look)

        self.webrtc.get_by_name("rtpbin").connect("pad-added", on_pad)

    def _log(self, file):
        """Every packet as it is sent, its length in front (RFC 4571)."""

        def write(_, info):
            buffer = info.get_buffer()
            packet = buffer.extract_dup(0, buffer.get_size())
            file.write(len(packet).to_bytes(2, "big") + packet)
            return Gst.PadProbeReturn.OK

        self.pipeline.get_by_name("payloader").get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, write)


class Receiver(WebRtc):
    def __init__(self, options):
        super().__init__(RECEIVER.format(options.file))
        self.webrtc.connect("pad-added", self._on_track)
        if not options.endpoint.startswith("ws"):
            self.webrtc.emit("add-transceiver", Direction.RECVONLY, Gst.Caps.from_string(OPUS))

    def _on_track(self, _, pad):
        if pad.get_direction() == Gst.PadDirection.SRC:
            pad.link(self.pipeline.get_by_name("voice").get_static_pad("sink"))


def obey(client):
    """Until a line without a command."""
    while command := sys.stdin.readline().strip():
        if command == "tone":
            client.make_sound()
        elif command == "counts":
            print(json.dumps(client.counts), flush=True)


def request(method, url, body=None):
    asked = urllib.request.Request(url, body.encode() if body else None, method=method)
    if body:
        asked.add_header("Content-Type", "application/sdp")
    try:
        return urllib.request.urlopen(asked, timeout=20)
    except urllib.error.HTTPError as refusal:
        return refusal


def by_http(client, endpoint):
    response = request("POST", endpoint, client.offer())
    print(response.status, flush=True)
    if response.status != 201:
        return
    session = urljoin(endpoint, response.headers["Location"])
    print(session, flush=True)
    client.set_remote(Type.ANSWER, response.read().decode())
    obey(client)
    print(request("DELETE", session).status, flush=True)


async def send_by_websocket(client, signaling):
    await signaling.send("start_sending")
    ready = await signaling.expect("sender_ready")
    await signaling.send("webrtc_offer", offer={"type": "offer", "sdp": client.offer()})
    client.set_remote(Type.ANSWER, (await signaling.expect("webrtc_answer"))["answer"]["sdp"])
    available = await signaling.expect("stream_available", stream_id=f"stream_{ready['connection_id']}")
    return available["stream_id"]


async def receive_by_websocket(client, signaling):
    await signaling.send("start_receiving")
    offer = (await signaling.expect("webrtc_offer"))["offer"]["sdp"]
    await signaling.send("webrtc_answer", answer={"type": "answer", "sdp": client.answer(offer)})
    return signaling.greeting["streams"][-1]


async def by_websocket(client, endpoint):
    signaling = await SignalingClient.connect(endpoint)
    negotiate = send_by_websocket if isinstance(client, Sender) else receive_by_websocket
    print(await negotiate(client, signaling), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, obey, client)
    await signaling.close()
    print("closed", flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser()
    roles = parser.add_subparsers(dest="role", required=True)
    send, receive = roles.add_parser("send"), roles.add_parser("receive")
    for role in (send, receive):
        role.add_argument("endpoint")
    receive.add_argument("file")
    send.add_argument("--hertz", type=int, default=440)
    send.add_argument("--payload-type", type=int, default=100)
    send.add_argument("--stereo", action="store_true", help="the tone is on the left, and nothing on the right")
    send.add_argument("--silent", action="store_true", help="until the command")
    send.add_argument("--encoder", default="", help="properties of opusenc")
    send.add_argument("--payloader", default="", help="properties of rtpopuspay")
    send.add_argument("--extension", help="the URI of an RTP header extension in every packet")
    send.add_argument("--log", help="the file for what is sent")
    send.add_argument("--withhold", type=int, help="send each such packet only when it is asked for, by RTX")
    return parser.parse_args()


def main(options):
    Gst.init(None)
    client = Sender(options) if options.role == "send" else Receiver(options)
    client.play()
    if options.endpoint == "offer:":
        print(client.bare_offer(), end="")
    elif options.endpoint.startswith("ws"):
        asyncio.run(by_websocket(client, options.endpoint))
    else:
        by_http(client, options.endpoint)
    client.stop()


if __name__ == "__main__":
    main(parse_arguments())
