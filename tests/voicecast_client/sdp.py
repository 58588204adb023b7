"""Small edits of session descriptions, line by line."""

import re


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
