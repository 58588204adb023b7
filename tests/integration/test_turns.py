# SPDX-License-Identifier: MIT
"""TURN through TLS: a server whose certificate is not to be trusted is told nothing, and the log says so once."""

import asyncio
import contextlib
import ipaddress
import ssl
from dataclasses import dataclass

import pytest
from cryptography import x509
from voicecast_client import certificates
from voicecast_client.server import Server
from voicecast_client.studio import Studio
from voicecast_client.watchdog import Watched


ALLOCATE = b"\x00\x03"  # a request of TURN (RFC 8656 §18)


class TlsServer(Watched):
    """Counts connections and the bytes inside TLS."""

    def __init__(self):
        super().__init__()
        self.knocks = 0
        self.said = b""

    @contextlib.asynccontextmanager
    async def open(self, certificate, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = await asyncio.start_server(self._on_knock, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._context = context
        async with server:
            yield self

    async def _on_knock(self, reader, writer):
        """Each knock is counted when it is over, for what comes of it at the other end."""
        try:
            loop = asyncio.get_running_loop()
            transport = await loop.start_tls(writer.transport, writer.transport.get_protocol(), self._context, server_side=True)
            while data := await reader.read(100):
                self.said += data
                self.changed()
            transport.close()
        except (OSError, ssl.SSLError):
            writer.close()
        self.knocks += 1
        self.changed()


@dataclass
class Scene:
    relay: TlsServer
    server: Server
    studio: Studio
    uri: str

    def warnings(self):
        return [line for line in self.server.stderr().splitlines() if "cannot connect to turns" in line]


@pytest.fixture
def scene(tmp_path, request):
    """A server with a relay that has a certificate for these names, of an authority that is told it or not."""

    @contextlib.asynccontextmanager
    async def open_scene(names=None, is_trusted=True):
        authority = certificates.make_authority()
        issued = certificates.issue(authority, names=names)
        paths = certificate, key, authorities, password = [tmp_path / name for name in ("pem", "key", "ca", "password")]
        for path, text in zip(paths, (issued.chain_pem(), issued.key_pem(), authority.chain_pem(), b"voice:secret\n")):
            path.write_bytes(text)
        password.chmod(0o600)
        server = Server(tmp_path / "server.stderr")
        request.node.servers = [server]
        async with TlsServer().open(certificate, key) as relay:
            uri = f"turns:127.0.0.1:{relay.port}"
            trusted = ["--turn-ca", str(authorities)] if is_trusted else []
            await server.start("--turn-server", uri, "--turn-credentials", str(password), *trusted)
            studio = Studio(server)
            try:
                yield Scene(relay, server, studio, uri)
            finally:
                await studio.close()
                await server.stop()

    return open_scene


async def test_good_certificate(scene):
    async with scene() as it:
        await it.studio.sender()
        await it.relay.until(lambda: it.relay.said.startswith(ALLOCATE), "a request inside TLS")
        assert it.warnings() == []


ELSEWHERE = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("192.0.2.1"))])
BAD = {"signed by an untrusted authority": (None, False), "wrong host name": (ELSEWHERE, True)}


@pytest.mark.parametrize("names, is_trusted", BAD.values(), ids=BAD.keys())
async def test_bad_certificate(scene, names, is_trusted):
    async with scene(names, is_trusted) as it:
        for number in (1, 2):
            await it.studio.sender()
            await it.relay.until(lambda: it.relay.knocks >= number, "a knock at the relay")
        (warning,) = it.warnings()
        assert f"cannot connect to {it.uri}: Unacceptable TLS certificate" in warning
        assert it.relay.said == b""


async def test_whip_clients_get_server_candidates(scene):
    async with scene() as it:
        sender = await it.studio.whip_sender()
        assert f"<{it.uri}>" in sender.answer.headers["Link"]
