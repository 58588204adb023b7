"""GStreamer's webrtcbin as a client of WHIP or WHEP, in a process of its own.

Usage: python3 -m voicecast_client.gst_process send ENDPOINT HERTZ
       python3 -m voicecast_client.gst_process receive ENDPOINT FILE    (S16LE, mono, 48 kHz)

It prints the answer's status and the session's URL, and goes on until a line comes; then it ends the session, whose
answer it prints.
"""

import sys
import threading
import urllib.error
import urllib.request
from urllib.parse import urljoin

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402

SENDER = (
    "audiotestsrc is-live=true freq={} volume=0.4 ! audio/x-raw,rate=48000,channels=1 ! opusenc ! rtpopuspay pt=100 ! "
    "application/x-rtp,media=audio,encoding-name=OPUS,payload=100 ! webrtc. webrtcbin name=webrtc bundle-policy=max-bundle"
)
RECEIVER = (
    "webrtcbin name=webrtc bundle-policy=max-bundle "
    "rtpopusdepay name=voice ! opusdec ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! "
    "filesink location={} buffer-mode=unbuffered sync=false async=false"
)
OPUS = "application/x-rtp,media=audio,encoding-name=OPUS,payload=101,clock-rate=48000,encoding-params=(string)2"


class Client:
    def __init__(self, role, endpoint, argument):
        self.endpoint = endpoint
        self.pipeline = Gst.parse_launch((SENDER if role == "send" else RECEIVER).format(argument))
        self.webrtc = self.pipeline.get_by_name("webrtc")
        self._keep_on_loopback()
        self.replies = []
        self.gathered = threading.Event()
        self.webrtc.connect("notify::ice-gathering-state", self._on_gathering)
        if role == "send":
            self.webrtc.emit("get-transceiver", 0).set_property(
                "direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY
            )
        else:
            direction = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
            self.webrtc.emit("add-transceiver", direction, Gst.Caps.from_string(OPUS))
            self.webrtc.connect("pad-added", self._on_track)

    def run(self):
        negotiate = threading.Event()
        self.webrtc.connect("on-negotiation-needed", lambda webrtc: negotiate.set())
        self.pipeline.set_state(Gst.State.PLAYING)
        assert negotiate.wait(20), "no negotiation"
        offer = self._ask("create-offer", None).get_value("offer")
        self._ask("set-local-description", offer)
        assert self.gathered.wait(20), "no candidates"
        response = self._request("POST", self.endpoint, self.webrtc.get_property("local-description").sdp.as_text())
        print(response.status, flush=True)
        if response.status != 201:
            return
        session = urljoin(self.endpoint, response.headers["Location"])
        print(session, flush=True)
        _, sdp = GstSdp.SDPMessage.new_from_text(response.read().decode())
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
        self._ask("set-remote-description", answer)
        sys.stdin.readline()
        print(self._request("DELETE", session).status, flush=True)
        self.pipeline.set_state(Gst.State.NULL)

    def _keep_on_loopback(self):
        # Kept: webrtcbin 1.22's own reference is a floating one, which Python sinks and would drop.
        self.ice = self.webrtc.get_property("ice-agent")
        self.ice.get_property("agent").set_property("upnp", False)
        self.ice.get_property("agent").set_property("ice-tcp", False)
        self.ice.emit("add-local-ip-address", "127.0.0.1")

    def _on_gathering(self, webrtc, _):
        if webrtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            self.gathered.set()

    def _on_track(self, _, pad):
        if pad.get_direction() == Gst.PadDirection.SRC:
            pad.link(self.pipeline.get_by_name("voice").get_static_pad("sink"))

    def _ask(self, signal, argument):
        promise = Gst.Promise.new()
        self.webrtc.emit(signal, argument, promise)
        promise.wait()
        self.replies.append(promise.get_reply())  # what is taken out of it lives as long
        return self.replies[-1]

    @staticmethod
    def _request(method, url, body=None):
        request = urllib.request.Request(url, body.encode() if body else None, method=method)
        if body:
            request.add_header("Content-Type", "application/sdp")
        try:
            return urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as refusal:
            return refusal


if __name__ == "__main__":
    Gst.init(None)
    Client(*sys.argv[1:]).run()
