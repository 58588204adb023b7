# SPDX-License-Identifier: MIT
"""Attacks that once crashed, exhausted or blocked a server. Each takes the scene, and blocks."""

import contextlib
import subprocess
import time
from urllib.parse import urlsplit

from voicecast_client import websocket_frames
from voicecast_client.wires import StreamWire

from strangers.abuses import ANSWER_S
from strangers.http_states import ANSWERED, LIST, WEBSOCKET, request
from strangers.signaling_states import OFFER, START_RECEIVING, STOP, message

MALFORMED = b"GET /%00 HTTP/1.1\r\n\r\n"
MIB = 2**20
MUCH, MUCH_S = 100 * MIB, 5


def connect(scene, port="api"):
    address = urlsplit(getattr(scene.server, port))
    return contextlib.closing(StreamWire((address.hostname, address.port)))


def send_much(wire, part, most=MUCH):
    end = time.monotonic() + MUCH_S
    for _ in range(most // len(part)):
        if time.monotonic() > end or not wire.send(part):
            break
    wire.read_to_end(ANSWER_S)


@contextlib.contextmanager
def websocket(scene):
    with connect(scene) as wire:
        wire.send(WEBSOCKET)
        wire.read_until(ANSWERED)
        yield wire


def say(wire, text):
    return wire.send(websocket_frames.frame(text))


def a_graph_and_a_malformed_request(scene):
    """In one segment: the answer to the second may not overtake that to the first, which is still being made."""
    for path in ("dot", "svg"):
        for _ in range(40):
            with connect(scene) as wire:
                wire.send(request(f"GET /debug/pipelines/latest.{path}") + MALFORMED)
                wire.finish()


def a_message_that_never_ends(scene):
    with websocket(scene) as wire:
        wire.send(websocket_frames.frame(b"x" * MIB, fin=False))
        send_much(wire, websocket_frames.frame(b"x" * MIB, websocket_frames.CONTINUATION, fin=False))


def a_message_of_many_empty_parts(scene):
    with websocket(scene) as wire:
        wire.send(websocket_frames.frame(b"x", fin=False))
        send_much(wire, websocket_frames.frame(b"", websocket_frames.CONTINUATION, fin=False) * 10000, MIB)


def a_frame_that_announces_all_there_is(scene):
    for length in (2**16, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1):
        with websocket(scene) as wire:
            wire.send(websocket_frames.head(websocket_frames.TEXT, length))
            send_much(wire, b"x" * MIB, 10 * MIB)


def frames_against_the_rules(scene):
    """Reserved bits and opcodes, long and cut control frames, no mask, a beginning within a message."""
    part = websocket_frames.frame(b"x", fin=False)
    odd = [websocket_frames.frame(b"x", opcode, fin=fin) for opcode in range(16) for fin in (True, False)]
    odd += [websocket_frames.frame(b"x", reserved=bits) for bits in range(1, 8)]
    odd += [websocket_frames.frame(b"x" * 126, opcode) for opcode in range(8, 16)]
    odd += [websocket_frames.frame(b"x", websocket_frames.CLOSE), websocket_frames.frame(b"x", masked=False), part * 2]
    for text in odd:
        with websocket(scene) as wire:
            wire.send(text + LIST)
            wire.read_to_end(ANSWER_S)


def an_upgrade_that_is_none(scene):
    fields = ["Connection: Upgrade", "Upgrade: websocket", "Upgrade: x"]
    lines = [("GET /health", fields), ("GET http://x/ws", fields[:2]), ("GET ws://x/health", fields[:2])]
    for head in [request(line, *some) for line, some in lines]:
        with connect(scene) as wire:
            wire.send(head)
            send_much(wire, b"A" * MIB)


def small_requests_of_a_listener(scene):
    with connect(scene, "audio") as wire:
        wire.send(request("GET /stream/latest.mp3"))
        wire.read_until(ANSWERED)
        send_much(wire, request("GET /health") * 1000)


def a_listener_and_a_malformed_request(scene):
    for path in ("/stream/latest.mp3", "/stream/latest.mp3?follow=1", "/stream/latest.opus", "/ws"):
        for _ in range(10):
            with connect(scene, "audio") as wire:
                wire.send(request(f"GET {path}") + MALFORMED)
                wire.finish()


def silent_before_tls(scene):
    """While the bystander makes its handshakes."""
    with contextlib.ExitStack() as opened:
        wires = [opened.enter_context(connect(scene, "tls")) for _ in range(200)]
        wires[-1].read_to_end(2.0)


def renegotiation(scene):
    """Again and again, as `openssl s_client` does it by the letter R."""
    address = urlsplit(scene.server.tls).netloc
    client = subprocess.Popen(
        ["openssl", "s_client", "-tls1_2", "-connect", address], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with contextlib.suppress(subprocess.TimeoutExpired, BrokenPipeError):
        client.communicate(b"R\n" * 200, 2.0)
    client.kill()
    client.wait()


def come_and_stop(scene):
    with websocket(scene) as wire:
        for _ in range(400):
            if not (say(wire, START_RECEIVING) and say(wire, STOP)):
                break
            wire.drain()


def offers_with_another_fingerprint(scene):
    with websocket(scene) as wire:
        say(wire, message("start_sending"))
        for number in range(800):
            text = OFFER.replace("sha-256 AA:BB", f"sha-256 {number >> 8:02X}:{number & 0xFF:02X}")
            if not say(wire, message("webrtc_offer", offer={"type": "offer", "sdp": text})):
                break
            wire.drain()


def descriptions_of_many_lines(scene):
    """64 KiB of each kind of line that belongs to a payload type, and of pairs of them."""
    kinds = [
        "a=rtpmap:1 rtx/90000", "a=fmtp:1 apt=111", "a=rtcp-fb:1 nack", "a=candidate:1 1 udp 1 127.0.0.1 9 typ host",
        "a=ssrc:1 cname:x", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:0", "a=x",
    ]  # fmt: skip
    room = 63 * 1024 - len(OFFER)
    for number, first in enumerate(kinds):
        for second in kinds[number:]:
            pair = f"{first}\r\n{second}\r\n"
            body = (OFFER + pair * (room // len(pair))).encode()
            with connect(scene) as wire:
                wire.send(request("POST /whep/no-such-stream", "Content-Type: application/sdp", body=body))
                wire.read_until(ANSWERED)
            with websocket(scene) as wire:
                say(wire, message("start_sending"))
                say(wire, message("webrtc_offer", offer={"type": "offer", "sdp": body.decode()}))
                wire.read_to_end(ANSWER_S)


def odd_candidates(scene):
    addresses = [
        "fe80::1%", "fe80::1%" + "x" * 1000, "::1%lo", "127.0.0.1\0", "0.0.0.0", "255.255.255.255", "224.0.0.251",
        "x" * 1000, "",
    ]  # fmt: skip
    with websocket(scene) as wire:
        say(wire, message("start_sending"))
        say(wire, message("webrtc_offer", offer={"type": "offer", "sdp": OFFER}))
        for address in addresses:
            for port in (0, 9, 65535, 65536, -1):
                text = f"candidate:1 1 udp 2113937151 {address} {port} typ host"
                say(wire, message("ice_candidate", candidate={"candidate": text, "sdpMid": "0", "sdpMLineIndex": 0}))
        wire.read_to_end(ANSWER_S)


BY_SOCKET = [
    a_graph_and_a_malformed_request, a_message_that_never_ends, a_message_of_many_empty_parts,
    a_frame_that_announces_all_there_is, frames_against_the_rules, an_upgrade_that_is_none,
    small_requests_of_a_listener, a_listener_and_a_malformed_request, silent_before_tls, renegotiation, come_and_stop,
    offers_with_another_fingerprint, descriptions_of_many_lines, odd_candidates,
]  # fmt: skip
