# SPDX-License-Identifier: MIT
"""Ways into a server that keep to no rules. Blocking, so that they are as fast as can be: for threads.

A wire has send(data), which gives False when the other end takes no more, flow(pieces), which gives a function that
sends all of them once more, drain(), which reads what has come, close(), and is_stream: whether what is sent one after
the other is one text to the other end, and ends with the connection. A stream has finish() (no more will be sent),
reset(), and read_to_end() as well.
"""

import contextlib
import socket
import struct
import time

from . import websocket_frames
from .datagram_burst import DatagramBurst
from .watchdog import PATIENCE_S, SLOWNESS

ANSWER_S = PATIENCE_S * SLOWNESS  # for what should come
SEND_S = 1.0 * SLOWNESS  # for what the other end need not take
ASK_S = 0.25 * SLOWNESS
LARGEST_READ = 2**18
ASKED_AT_MOST = 20


def flow_by(send, pieces):
    """Piece by piece: gives False when one is not taken."""
    return lambda: all(send(piece) for piece in pieces)


class StreamWire:
    """A TCP connection, perhaps with TLS inside."""

    is_stream = True

    def __init__(self, address, context=None, shared=None):
        """`shared`: the connection of another one, who reads what comes."""
        self._is_shared = shared is not None
        self._socket = shared.dup() if shared else socket.create_connection(address, ANSWER_S)
        self._socket.settimeout(ANSWER_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            self._socket = context.wrap_socket(self._socket)

    def send(self, data):
        self._socket.settimeout(SEND_S)
        try:
            self._socket.sendall(data)
        except OSError:  # closed, or it takes nothing for long
            return False
        return True

    def flow(self, pieces):
        return flow_by(self.send, pieces)

    def read_until(self, end):
        """Up to and with this text, and whatever came with it."""
        self._socket.settimeout(ANSWER_S)
        got = b""
        while end not in got:
            some = self._socket.recv(LARGEST_READ)
            if not some:
                raise ConnectionError(f"closed before {end}: {got[-200:]}")
            got += some
        return got

    def drain(self):
        if self._is_shared:
            return
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            while self._socket.recv(LARGEST_READ):
                pass

    def read_to_end(self, most_s=ANSWER_S):
        """Until the other end closes or resets, for so long at most."""
        end = time.monotonic() + most_s
        with contextlib.suppress(OSError):
            while (left := end - time.monotonic()) > 0:
                self._socket.settimeout(left)
                if not self._socket.recv(LARGEST_READ):
                    break

    def finish(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def reset(self):
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        self._socket.close()


class MessageWire:
    """Messages inside a stream, each in a frame of its own."""

    is_stream = False

    def __init__(self, stream, put_in_a_frame):
        self._stream = stream
        self._put_in_a_frame = put_in_a_frame
        self.drain = stream.drain
        self.close = stream.close

    def send(self, data):
        return self._stream.send(self._put_in_a_frame(data))

    def flow(self, pieces):
        return self._stream.flow([self._put_in_a_frame(piece) for piece in pieces])


def websocket_messages(stream):
    return MessageWire(stream, websocket_frames.frame)


def ice_tcp_frame(packet):
    """RFC 4571."""
    return struct.pack("!H", len(packet)) + packet


def ice_tcp_packets(stream):
    return MessageWire(stream, ice_tcp_frame)


class DatagramWire:
    """A UDP socket of its own, or the one that another holds: then it sends from that one's address."""

    is_stream = False

    def __init__(self, address, shared=None):
        self._address = address
        self._is_shared = shared is not None
        self._socket = shared.dup() if shared else socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        if not shared:
            self._socket.bind(("127.0.0.1", 0))
            self._socket.settimeout(ASK_S)

    def send(self, data):
        with contextlib.suppress(BlockingIOError):
            self._socket.sendto(data, self._address)
        return True

    def flow(self, pieces):
        burst = DatagramBurst(self._socket, self._address, pieces)

        def send():
            burst.send()  # what the kernel does not take is lost, as any datagram may be
            return True

        return send

    def ask(self, data):
        """Sends, again where nothing comes for a while, and gives the next datagram."""
        for _ in range(ASKED_AT_MOST):
            self.send(data)
            with contextlib.suppress(TimeoutError):
                return self.receive()
        raise ConnectionError("no answer")

    def receive(self):
        """The next datagram that comes soon."""
        return self._socket.recv(LARGEST_READ)

    def drain(self):
        if not self._is_shared:  # or it would take what the other one waits for
            self._socket.setblocking(False)
            with contextlib.suppress(OSError):
                while True:
                    self._socket.recv(LARGEST_READ)
            self._socket.settimeout(ASK_S)

    def close(self):
        self._socket.close()
