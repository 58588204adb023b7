# SPDX-License-Identifier: MIT
"""A WebSocket whose bytes a test writes: it answers no ping and enforces no rule (RFC 6455)."""

import asyncio
import contextlib
from urllib.parse import urlsplit

from .raw_http import UPGRADE, own_host
from .watchdog import within

CONTINUATION, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10


def header(size, opcode=TEXT, final=True):
    """Of a masked frame that announces so many bytes, with a mask of zeros (§5.2)."""
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65536:
        length = bytes([0x80 | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([0x80 | 127]) + size.to_bytes(8, "big")
    return bytes([(0x80 if final else 0) | opcode]) + length + bytes(4)


def frame(payload, opcode=TEXT, final=True):
    return header(len(payload), opcode, final) + payload


@contextlib.asynccontextmanager
async def bare_websocket(server, connect=asyncio.open_connection):
    address = urlsplit(server.api)
    reader, writer = await connect(address.hostname, address.port)
    try:
        fields = [f"{name}: {value}" for name, value in [own_host(server.api), *UPGRADE]]
        writer.write("\r\n".join(["GET /ws HTTP/1.1", *fields, "", ""]).encode())
        assert b" 101 " in await within(reader.readuntil(b"\r\n\r\n"), "the upgrade")
        yield reader, writer
    finally:
        writer.transport.abort()


async def frames(reader):
    """What the server sends until the connection ends, as (opcode, payload)."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            first, length = await within(reader.readexactly(2), "a frame, or the end")
            if length >= 126:
                length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8), "big")
            yield first & 0x0F, await within(reader.readexactly(length), "the rest of a frame")


async def close_code(reader):
    """The code of the close frame that comes, after which nothing does."""
    code = None
    async for opcode, payload in frames(reader):
        assert code is None, "a frame after the close frame"
        code = int.from_bytes(payload[:2], "big") if opcode == CLOSE else None
    return code
