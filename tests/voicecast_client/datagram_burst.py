# SPDX-License-Identifier: MIT
"""Datagrams as fast as a machine can send them: many by one system call, which Python has no name for (sendmmsg(2))."""

import ctypes
import errno
import os
import socket
import struct

AT_ONCE = 512

_libc = ctypes.CDLL(None, use_errno=True)


class _Part(ctypes.Structure):  # struct iovec
    _fields_ = [("base", ctypes.c_char_p), ("size", ctypes.c_size_t)]


class _Header(ctypes.Structure):  # struct msghdr
    _fields_ = [
        ("address", ctypes.c_char_p), ("address_size", ctypes.c_uint32), ("parts", ctypes.POINTER(_Part)),
        ("part_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_size", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]  # fmt: skip


class _Message(ctypes.Structure):  # struct mmsghdr
    _fields_ = [("header", _Header), ("sent", ctypes.c_uint)]


class DatagramBurst:
    """`datagrams` to an IPv4 address, in turn, AT_ONCE or more of them."""

    def __init__(self, sock, address, datagrams):
        self._sock = sock
        datagrams = datagrams * -(-AT_ONCE // len(datagrams))
        self._kept = [_Part(data, len(data)) for data in datagrams]
        target = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(address[1]), socket.inet_aton(address[0]))
        messages = [_Message(_Header(target, len(target), ctypes.pointer(part), 1)) for part in self._kept]
        self._messages = (_Message * len(messages))(*messages)

    def send(self):
        """Gives how many went out: fewer where the socket does not block and is full."""
        sent = _libc.sendmmsg(self._sock.fileno(), self._messages, len(self._messages), 0)
        if sent < 0 and ctypes.get_errno() not in (errno.EAGAIN, errno.EINTR):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return max(sent, 0)
