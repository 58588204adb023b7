"""Offers as senders of every kind make them, written after what these programs are known to send and cut down to what
matters: their m-lines, codecs, attributes and order.
"""

ICE = "a=ice-ufrag:AbCd\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n"
FINGERPRINT = "a=fingerprint:sha-256 " + ":".join(["AB"] * 32) + "\n"
VIDEO = (
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\nc=IN IP4 0.0.0.0\na=rtcp:9 IN IP4 0.0.0.0\n" + ICE + FINGERPRINT + "a=setup:actpass\n"
    "a=mid:{mid}\na=sendonly\na=rtcp-mux\na=rtcp-rsize\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack pli\n"
    "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\na=ssrc-group:FID 11 12\na=ssrc:11 cname:v\na=ssrc:12 cname:v\n"
)
DATA = (
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\n" + ICE + FINGERPRINT
    + "a=setup:actpass\na=mid:{mid}\na=sctp-port:5000\n"
)  # fmt: skip


def head(mids, origin="-"):
    group = f"a=group:BUNDLE {mids}\n" if mids else ""
    return f"v=0\no={origin} 4611731400430051336 2 IN IP4 127.0.0.1\ns=-\nt=0 0\n{group}"


def audio(mid="0", payload=111, more="", direction="sendonly", setup="actpass", mux="a=rtcp-mux\n", fmtp="minptime=10;useinbandfec=1",
          others=""):  # fmt: skip
    other_numbers = "".join(f" {line.split(':')[1].split(' ')[0]}" for line in others.splitlines() if "rtpmap" in line)
    return (
        f"m=audio 9 UDP/TLS/RTP/SAVPF {payload}{other_numbers}\nc=IN IP4 0.0.0.0\n{ICE}{FINGERPRINT}a=setup:{setup}\n"
        + (f"a=mid:{mid}\n" if mid is not None else "")
        + f"a={direction}\n{mux}a=rtpmap:{payload} opus/48000/2\na=fmtp:{payload} {fmtp}\n{others}{more}"
    )


EXTENSIONS = (
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n"
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\n"
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\n"
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n"
)
CHROMIUM_CODECS = (
    "a=rtcp-fb:111 transport-cc\na=rtpmap:63 red/48000/2\na=fmtp:63 111/111\na=rtpmap:9 G722/8000\n"
    "a=rtpmap:0 PCMU/8000\na=rtpmap:13 CN/8000\na=rtpmap:126 telephone-event/8000\n"
)

# name: (offer, payload type of Opus, whether lost packets may be asked for)
OFFERS = {
    "chromium": (
        head("0") + "a=extmap-allow-mixed\na=msid-semantic: WMS s\n"
        + audio(more=EXTENSIONS + "a=msid:s t\na=rtcp-rsize\na=ssrc:7 cname:c\na=ssrc:7 msid:s t\n", others=CHROMIUM_CODECS),
        111, False,
    ),
    "firefox": (
        head("0", "mozilla...THIS_IS_SDPARTA-99.0") + "a=ice-options:trickle\na=msid-semantic:WMS *\n"
        + audio(payload=109, direction="sendrecv", fmtp="maxplaybackrate=48000;stereo=1;useinbandfec=1",
                others="a=rtpmap:9 G722/8000/1\na=rtpmap:101 telephone-event/8000/1\n", more=EXTENSIONS + "a=ssrc:7 cname:{x}\n"),
        109, False,
    ),
    "safari": (
        head("0 1") + audio(others="a=rtcp-fb:111 transport-cc\na=rtpmap:63 red/48000/2\n", more=EXTENSIONS, direction="sendrecv")
        + VIDEO.format(mid="1"),
        111, False,
    ),
    "obs": (
        head("0 1", "rtc") + "a=ice-options:ice2,trickle\na=msid-semantic:WMS *\n"
        + audio(fmtp="minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1", more="a=ssrc:7 cname:o\n")
        + VIDEO.format(mid="1"),
        111, False,
    ),
    "gstreamer": (
        head("audio0", "-") + "a=ice-options:trickle\n"
        + audio(mid="audio0", payload=97, fmtp="sprop-stereo=0;sprop-maxcapturerate=48000", others="a=rtpmap:98 rtx/48000\n",
                more="a=fmtp:98 apt=97\na=rtcp-fb:97 nack\na=rtcp-fb:97 transport-cc\na=rtcp-rsize\na=ssrc-group:FID 7 8\na=ssrc:7 cname:g\n"),
        97, True,
    ),
    "pion": (
        head("0") + audio(payload=111, direction="sendrecv", more="a=rtcp-fb:111 nack\na=ssrc:7 cname:p\na=rtcp-rsize\n"),
        111, True,
    ),
    "aiortc": (head("0") + audio(payload=96, others="a=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\n", direction="sendrecv"), 96, False),
    "video first": (head("0 1") + VIDEO.format(mid="0") + audio(mid="1"), 111, False),
    "data channel behind": (head("0 1") + audio() + DATA.format(mid="1"), 111, False),
    "not bundled": (head("") + audio(mid="a") + VIDEO.format(mid="v"), 111, False),
    "without a mid": (head("") + audio(mid=None), 111, False),
    "rtcp-mux only": (head("0") + audio(mux="a=rtcp-mux\na=rtcp-mux-only\n"), 111, False),
    "active": (head("0") + audio(setup="active"), 111, False),
    "passive": (head("0") + audio(setup="passive"), 111, False),
    "payload type 127": (head("0") + audio(payload=127), 127, False),
    "payload type 96": (head("0") + audio(payload=96), 96, False),
    "dtx and 60 ms": (head("0") + audio(fmtp="usedtx=1;minptime=60;maxptime=60;cbr=1"), 111, False),
}  # fmt: skip


def text(name):
    return OFFERS[name][0].replace("\n", "\r\n")
