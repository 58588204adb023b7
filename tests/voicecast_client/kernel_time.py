# SPDX-License-Identifier: MIT
"""When a datagram came, as the kernel says it: a reader that is late itself does not spoil the figure."""

import socket
import struct

SO_TIMESTAMPNS = 35  # Linux: asm-generic/socket.h; the same number names the answer


class StampedSocket:
    """A UDP socket for asyncio's transport; `came_at`, by time.time()'s clock, is of what recvfrom() gave last."""

    def __init__(self, sock):
        self._sock = sock
        self.came_at = 0.0
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def recvfrom(self, size):
        data, ancillary, _, address = self._sock.recvmsg(size, 64)
        for level, kind, value in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
                seconds, nanoseconds = struct.unpack("@ll", value[: struct.calcsize("@ll")])
                self.came_at = seconds + nanoseconds / 1e9
        return data, address

    def __getattr__(self, name):
        return getattr(self._sock, name)
