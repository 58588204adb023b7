# SPDX-License-Identifier: MIT
"""Attacks on a server in any state. Each takes a ground and a source of random numbers, and blocks."""

import contextlib
import time


FLOOD_S = 1.5  # longer than what a bystander may wait
COME_AND_GO_S = 0.3
SILENCE_S = 0.2
SILENT = 100
CUTS = 60  # of a text that is longer, so many by chance
DAMAGES = 40
BURST = 100
PART = 2**16
TOO_LONG = 4 * 2**20
ANSWER_S = 0.02  # for what need not be answered
BYTES = [b"\0", b"\x01", b"\x16", b"\x80", b"\x90", b"\xff", b"G", b"{", b"\r", b"\n"]


def silent(ground, dice):
    """Many who come so far and say nothing more."""
    with contextlib.ExitStack() as wires:
        held = [wires.enter_context(ground.wire()) for _ in range(SILENT)]
        held[-1].read_to_end(SILENCE_S)


def nothing(ground, dice):
    """Comes so far, and leaves."""
    with ground.wire():
        pass


def empty(ground, dice):
    with ground.wire() as wire:
        wire.send(b"")
        if ground.is_stream:
            wire.finish()
            wire.read_to_end(ANSWER_S)
    if not ground.is_stream:
        burst([b""] * BURST, ground)


def one_byte(ground, dice):
    for byte in BYTES if ground.is_stream else [bytes([number]) for number in range(256)]:
        with ground.wire() as wire:
            wire.send(byte)


def cut(ground, dice):
    """At every byte of what comes next; the connection ends there in one of three ways."""
    text = b"".join(ground.pieces)
    for length in chosen(len(text), dice) if ground.is_stream else []:
        with ground.wire() as wire:
            wire.send(text[:length])
            leave(wire, length)
    for piece in [] if ground.is_stream else ground.pieces:
        for length in chosen(len(piece), dice):
            with ground.wire() as wire:
                wire.send(piece[:length])


def too_long(ground, dice):
    if not ground.is_stream:
        return burst([(piece + ground.endless * ground.too_long)[: ground.too_long] for piece in ground.pieces], ground)
    part = (ground.endless * PART)[:PART]
    with ground.wire() as wire:
        for _ in range(TOO_LONG // PART):
            if not wire.send(part):
                break
        wire.read_to_end(ANSWER_S)


def twice(ground, dice):
    with ground.wire() as wire:
        for piece in ground.pieces:
            wire.send(piece)
            wire.send(piece)
        wire.drain()


def out_of_order(ground, dice):
    orders = [ground.pieces[::-1], *(dice.sample(ground.pieces, len(ground.pieces)) for _ in range(5))]
    for pieces in orders:
        with ground.wire() as wire:
            for piece in pieces:
                wire.send(piece)
            wire.drain()


def in_fragments(ground, dice):
    """Byte by byte; as messages, in two parts, of which neither is one."""
    if ground.is_stream:
        parts = [bytes([byte]) for byte in b"".join(ground.pieces)[:2000]]
    else:
        places = [(piece, dice.randint(0, len(piece))) for piece in ground.pieces]
        parts = [part for piece, place in places for part in (piece[:place], piece[place:])]
    with ground.wire() as wire:
        for part in parts:
            wire.send(part)
        wire.drain()


def at_once(ground, dice):
    """Pipelined, or a burst of messages."""
    if not ground.is_stream:
        return burst(ground.pieces * BURST, ground)
    with ground.wire() as wire:
        wire.send(b"".join(ground.pieces) * BURST)
        wire.read_to_end(ANSWER_S)


def half_closed(ground, dice):
    with ground.wire() as wire:
        for piece in ground.pieces:
            wire.send(piece)
        wire.finish()
        wire.read_to_end(ANSWER_S)


def reset(ground, dice):
    for _ in range(20):
        with ground.wire() as wire:
            wire.send(b"".join(ground.pieces))
            wire.reset()


def noise(ground, dice):
    for _ in range(10):
        with ground.wire() as wire:
            for size in (1, 12, 100, 1400):
                wire.send(dice.randbytes(size))


def damaged(ground, dice):
    for number in range(DAMAGES):
        pieces = list(ground.pieces)
        at = dice.randrange(len(pieces))
        pieces[at] = damage(pieces[at], dice)
        with ground.wire() as wire:
            for piece in pieces:
                wire.send(piece)
            if ground.is_stream:
                leave(wire, number)


def flood(ground, dice):
    """What an honest client sends next, again and again, as fast as this machine can send it."""
    pieces = [b"".join(ground.pieces) * 10] if ground.is_stream else ground.pieces
    end, rounds = time.monotonic() + FLOOD_S, 0
    while time.monotonic() < end:
        with ground.wire() as wire:
            send = wire.flow(pieces)
            while time.monotonic() < end and send():
                wire.drain()
                rounds += 1
    assert rounds > 0


def come_and_go(ground, dice):
    start = time.monotonic()
    while time.monotonic() - start < COME_AND_GO_S:
        with ground.wire() as wire:
            wire.reset()


def burst(messages, ground):
    """At a pace that a socket holds, the largest ones too; then on a new wire if this one was ended."""
    for message in messages:
        with ground.wire() as wire:
            wire.send(message)


def leave(wire, number):
    """In one of three ways."""
    if number % 3 == 0:
        wire.finish()
        wire.read_to_end(ANSWER_S)
    elif number % 3 == 1:
        wire.reset()


def chosen(length, dice):
    """Where to cut: everywhere, or at the ends and by chance."""
    if length <= CUTS:
        return range(1, length)
    return sorted({1, 2, length - 2, length - 1, *dice.sample(range(1, length), CUTS)})


def damage(piece, dice):
    """A byte changed, left out, put in or a part of it repeated."""
    at = dice.randrange(len(piece))
    return dice.choice([
        piece[:at] + dice.randbytes(1) + piece[at + 1 :],
        piece[:at] + piece[at + 1 :],
        piece[:at] + dice.randbytes(dice.choice([1, 2, 200])) + piece[at:],
        piece[:at] + piece[at // 2 :],
        piece[:at] + b"\0" * 8 + piece[at + 8 :],
    ])  # fmt: skip


BOTH = [empty, one_byte, cut, too_long, twice, out_of_order, in_fragments, at_once, noise, damaged, flood]
STREAM = [silent, *BOTH, half_closed, reset, come_and_go]
INSIDE_TLS = [silent, cut, too_long, at_once, damaged, flood, half_closed, reset, come_and_go]
