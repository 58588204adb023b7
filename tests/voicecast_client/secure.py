# SPDX-License-Identifier: MIT
"""The studio by https and wss."""

import asyncio
import contextlib
import ssl
from urllib.parse import urlsplit

import aiohttp
from cryptography import x509

from .radio import Listener
from .raw_http import small_buffers
from .signaling import SignalingClient
from .studio import Studio
from .watchdog import PATIENCE_S, SLOWNESS, within


def trust(authority):
    """Believes only what this authority, a file, has signed, for names that are in the certificate."""
    return ssl.create_default_context(cafile=str(authority))


def trust_anybody():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def client_hello():
    """The first bytes of a TLS connection."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        trust_anybody().wrap_bio(incoming, outgoing).do_handshake()
    return outgoing.read()


async def shown_certificate(base):
    """What the server shows to a new connection now."""
    address = urlsplit(base)
    _, writer = await within(
        asyncio.open_connection(address.hostname, address.port, ssl=trust_anybody()), f"a TLS connection to {base}"
    )
    try:
        return x509.load_der_x509_certificate(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
    finally:
        writer.transport.abort()


class SecureStudio(Studio):
    """As Studio, with every connection verified against the authority's file."""

    def __init__(self, server, authority):
        super().__init__(server)
        self.ssl = trust(authority)

    async def client(self):
        return self._keep(await _SecureClient.open(self.server.tls.replace("https", "wss", 1) + "/ws", self.ssl))

    async def listener(self, path="/stream/latest.mp3", headers=None, base=None):
        return self._keep(await _SecureListener.open((base or self.server.tls) + path, headers, self.ssl))

    def get(self, path, base=None):
        return self.http.get((base or self.server.tls) + path, ssl=self.ssl)

    async def get_json(self, path, base=None):
        async with self.get(path, base) as response:
            assert (response.status, response.content_type) == (200, "application/json"), path
            return await response.json()

    async def slow_listener(self, path):
        """Asks for a stream; reads of the answer what read() asks for, and nothing by itself."""
        return self._keep(await asyncio.to_thread(_SlowListener, self.server.tls, path, self.ssl))


class _SecureClient(SignalingClient):
    @classmethod
    async def open(cls, url, context):
        client = cls()
        client._http = aiohttp.ClientSession()
        client._socket = await within(client._http.ws_connect(url, ssl=context), f"a WebSocket on {url}")
        client._reader = asyncio.create_task(client._read())
        client.greeting = await client.expect("available_streams")
        return client


class _SecureListener(Listener):
    @classmethod
    async def open(cls, url, headers, context):
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        response = await within(session.get(url, headers=headers or {}, ssl=context), f"an answer from {url}")
        return cls(session, response)


class _SlowListener:
    """A blocking socket: asyncio's TLS would read ahead."""

    def __init__(self, base, path, context):
        address = urlsplit(base)
        plain = small_buffers()
        plain.settimeout(PATIENCE_S * SLOWNESS)
        plain.connect((address.hostname, address.port))
        self._socket = context.wrap_socket(plain, server_hostname=address.hostname)
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._socket.recv(1)
        assert head.startswith(b"HTTP/1.1 200 "), head

    async def read(self, count):
        return await asyncio.to_thread(self._read, count)

    async def close(self):
        self._socket.close()

    def _read(self, count):
        received = bytearray()
        while len(received) < count:
            received += self._socket.recv(count - len(received)) or self._ended()
        return bytes(received)

    def _ended(self):
        raise AssertionError("the MP3 response ended")
