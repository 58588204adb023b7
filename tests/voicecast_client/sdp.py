# SPDX-License-Identifier: MIT
"""Small edits of session descriptions, line by line."""

import re

# Of nobody who is there: for tests that go no further than the description.
GOOD_OFFER = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=rtcp-mux
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuv
a=fingerprint:sha-256 AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99
a=setup:actpass
a=mid:0
a=sendrecv
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
"""


def lines(sdp):
    return sdp.replace("\r\n", "\n").strip("\n").split("\n")


def join(sdp_lines):
    return "\r\n".join(sdp_lines) + "\r\n"


def values(sdp, attribute):
    """What follows `a=attribute:` on each such line."""
    start = f"a={attribute}:"
    return [line[len(start) :] for line in lines(sdp) if line.startswith(start)]


def has(sdp, line):
    return line in lines(sdp)


def without(sdp, *starts):
    """Drops the lines that start with one of these."""
    return join(line for line in lines(sdp) if not line.startswith(starts))


def without_candidates(sdp):
    dropped = without(sdp, "a=candidate:", "a=end-of-candidates")
    return re.sub(r"(?m)^m=(\w+) \d+ ", r"m=\1 9 ", dropped)


def with_payload_type(sdp, old, new):
    """Renumbers one payload type of the (only) m-line."""
    renumbered = re.sub(rf"(?m)^(m=.*) {old}\b", rf"\1 {new}", sdp)
    return re.sub(rf"(?m)^a=(rtpmap|fmtp|rtcp-fb):{old} ", rf"a=\1:{new} ", renumbered)


def opus_payload_type(sdp):
    for value in values(sdp, "rtpmap"):
        number, codec = value.split(" ", 1)
        if codec.lower().startswith("opus/"):
            return int(number)
    raise AssertionError(f"no Opus in\n{sdp}")


def format_parameters(sdp, payload_type):
    for value in values(sdp, "fmtp"):
        number, parameters = value.split(" ", 1)
        if int(number) == payload_type:
            return [parameter.strip() for parameter in parameters.split(";")]
    return []


def ssrcs(sdp):
    return {int(value.split(" ", 1)[0]) for value in values(sdp, "ssrc")}
