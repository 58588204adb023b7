# SPDX-License-Identifier: MIT
"""An attacker at the ports of HTTP and HTTPS."""

import contextlib
from urllib.parse import urlsplit

from voicecast_client import websocket_frames
from voicecast_client.raw_http import UPGRADE
from voicecast_client.sdp import GOOD_OFFER
from voicecast_client.secure import client_hello, trust_anybody
from voicecast_client.wires import StreamWire

from strangers.grounds import StreamGround


def request(line, *fields, body=b""):
    length = [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([f"{line} HTTP/1.1", "Host: localhost", *fields, *length, "", ""]).encode() + body


HEALTH = request("GET /health")
OFFER = request("POST /whep/no-such-stream", "Content-Type: application/sdp", body=GOOD_OFFER.encode())
CHUNKED = request("POST /whep/no-such-stream", "Content-Type: application/sdp", "Transfer-Encoding: chunked")
WEBSOCKET = request("GET /ws", *(f"{name}: {value}" for name, value in UPGRADE))
LIST = websocket_frames.frame('{"type": "get_available_streams"}')
ENDLESS_MESSAGE = websocket_frames.frame(b"x" * 2**16, websocket_frames.CONTINUATION, fin=False)
ANSWERED = b"\r\n\r\n"


def by_lines(text):
    return text.splitlines(keepends=True)


# name: (what is sent to come there, what is awaited then, what an honest client sends next, what has no end)
STATES = {
    "fresh": (b"", None, by_lines(HEALTH), b"A"),
    "head begun": (HEALTH[:30], None, [HEALTH[30:]], b"A: b\r\n"),
    "body begun": (OFFER[:-200], None, [OFFER[-200:], HEALTH], b"a=x:y\r\n"),
    "chunks begun": (CHUNKED + b"3\r\nv=0\r\n", None, [b"2\r\n\r\n\r\n", b"0\r\n", b"\r\n", HEALTH], b"1\r\nx\r\n"),
    "answered": (HEALTH, ANSWERED, by_lines(HEALTH), HEALTH),
    "response running": (request("GET /") * 20, None, [HEALTH, OFFER], HEALTH),
    "MP3 listener": (request("GET /stream/latest.mp3"), ANSWERED, [HEALTH], b"A"),
    "WebSocket": (WEBSOCKET, ANSWERED, [LIST, websocket_frames.frame(b"", websocket_frames.PING)], ENDLESS_MESSAGE),
}


HELLO = client_hello()
RECORD = b"\x17\x03\x03\x40\x00" + b"\xa5" * 0x4000  # application data, which nobody has a key for

TLS_STATES = {
    "no TLS yet": (b"", None, [HELLO[:5], HELLO[5:9], HELLO[9:]], RECORD),
    "hello begun": (HELLO[:100], None, [HELLO[100:]], RECORD),
    "hello answered": (HELLO, b"\x16\x03\x03", [b"\x14\x03\x03\x00\x01\x01", RECORD[:300]], RECORD),
}


def open_ground(state, url, context=None):
    lead, awaited, pieces, endless = state

    def open_wire():
        wire = StreamWire((urlsplit(url).hostname, urlsplit(url).port), context)
        try:
            wire.send(lead)
            if awaited:
                wire.read_until(awaited)
        except BaseException:
            wire.close()
            raise
        return wire

    return StreamGround(open_wire, pieces, endless)


def opener(state, port, is_secure=False):
    """For the table: gives the ground in a scene."""

    @contextlib.asynccontextmanager
    async def opened(scene):
        yield open_ground(state, getattr(scene.server, port), trust_anybody() if is_secure else None)

    return opened


HTTP = {f"api: {name}": opener(state, "api") for name, state in STATES.items()}
HTTP |= {f"audio: {name}": opener(STATES[name], "audio") for name in ("fresh", "MP3 listener")}
HTTPS = {f"tls: {name}": opener(state, "tls") for name, state in TLS_STATES.items()}
INSIDE_TLS = {f"tls: {name}": opener(state, "tls", is_secure=True) for name, state in STATES.items()}
