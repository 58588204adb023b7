# SPDX-License-Identifier: MIT
"""Clients that come into some state and say nothing more: each is ended by the limit of that state."""

import asyncio
import contextlib
import json
import re

import pytest
from voicecast_client import key_file, stun
from voicecast_client.raw_http import UPGRADE, connected, own_host
from voicecast_client.raw_websocket import TEXT, bare_websocket, frame
from voicecast_client.sdp import GOOD_OFFER
from voicecast_client.secure import client_hello, trust_anybody
from voicecast_client.wires import ice_tcp_frame
from voicecast_client.watchdog import PATIENCE_S, eventually, within

# Of a hello, an ICE-TCP connection and a peer the limits are the server's own: 5, 10 and 15 s.
LIMITS = {"request_seconds": 1, "idle_seconds": 2, "ping_seconds": 1}
LONGEST_S = 15


@pytest.fixture
def extra_arguments(tmp_path):
    tls = ["--tls", "auto", "--tls-port", "0", "--state-dir", str(tmp_path / "state")]
    return [*key_file.write(tmp_path, limits=LIMITS), *tls]


def request(server, line, *fields):
    return "\r\n".join([f"{line} HTTP/1.1", ": ".join(own_host(server.api)), *fields, "", ""]).encode()


class States:
    """Opens a connection in each state; each gives its reader. `opened` closes all."""

    def __init__(self, server, studio, opened):
        self._server, self._studio, self._opened = server, studio, opened
        self.clients = 0  # whose WebSockets stay

    async def _connection(self, base, data=b"", **options):
        reader, writer = await self._opened.enter_async_context(connected(base, **options))
        writer.write(data)
        return reader

    async def _websocket(self, data=b""):
        reader, writer = await self._opened.enter_async_context(bare_websocket(self._server))
        writer.write(data)
        return reader

    async def _ice_tcp(self, make_data):
        client = await self._studio.client()
        self.clients += 1
        await client.send("start_receiving")
        offer = (await client.expect("webrtc_offer"))["offer"]["sdp"]
        host, port = stun.addresses(offer, "TCP")[0]
        return await self._connection(f"tcp://{host}:{port}", make_data(offer))

    async def open_all(self):
        server = self._server
        head = request(server, "GET /health")
        offer = ["Content-Type: application/sdp", f"Content-Length: {len(GOOD_OFFER)}"]
        upgrade = request(server, "GET /ws", *(f"{name}: {value}" for name, value in UPGRADE))
        start_sending = frame(json.dumps({"type": "start_sending"}).encode())
        by_tls = {"ssl": trust_anybody()}
        return {
            "HTTP, no byte": await self._connection(server.api),
            "HTTP, a line begun": await self._connection(server.api, head[:5]),
            "HTTP, a head begun": await self._connection(server.api, head[:-2]),
            "HTTP, a body awaited": await self._connection(server.api, request(server, "POST /whip", *offer)),
            "HTTP, a body begun": await self._connection(server.api, request(server, "POST /whip", *offer) + b"v=0"),
            **{
                f"HTTP, chunks as far as {data}": await self._connection(
                    server.api, request(server, "POST /whip", offer[0], "Transfer-Encoding: chunked") + data
                )
                for data in (b"", b"3", b"3\r\nv=", b"3\r\nv=0", b"3\r\nv=0\r\n", b"3\r\nv=0\r\n0\r\n")
            },
            "HTTP, a body that waits for its 100": await self._connection(
                server.api, request(server, "POST /whip", *offer, "Expect: 100-continue")
            ),
            "HTTP, answered": await self._connection(server.api, head),
            "HTTP, answered, another begun": await self._connection(server.api, head + head[:5]),
            "HTTP for players, no byte": await self._connection(server.audio),
            "HTTPS, no byte": await self._connection(server.tls),
            "HTTPS, a byte of a hello": await self._connection(server.tls, client_hello()[:1]),
            "HTTPS, a hello cut": await self._connection(server.tls, client_hello()[:-1]),
            "HTTPS, a hello alone": await self._connection(server.tls, client_hello()),
            "HTTPS, no request": await self._connection(server.tls, **by_tls),
            "HTTPS, a head begun": await self._connection(server.tls, head[:5], **by_tls),
            "HTTPS, answered": await self._connection(server.tls, head, **by_tls),
            "WebSocket by HTTPS": await self._connection(server.tls, upgrade, **by_tls),
            "WebSocket": await self._websocket(),
            "WebSocket, a header begun": await self._websocket(b"\x81"),
            "WebSocket, a payload begun": await self._websocket(start_sending[:-5]),
            "WebSocket, a message begun": await self._websocket(frame(b"{", TEXT, False)),
            "WebSocket, a sender without an offer": await self._websocket(start_sending),
            "ICE-TCP, no byte": await self._ice_tcp(lambda offer: b""),
            "ICE-TCP, a length begun": await self._ice_tcp(lambda offer: b"\0"),
            "ICE-TCP, a packet begun": await self._ice_tcp(lambda offer: b"\0\x30abc"),
            "ICE-TCP, checked": await self._ice_tcp(
                lambda offer: ice_tcp_frame(stun.check(*stun.credentials(offer), nominates=True))
            ),
        }


async def end_of(reader, state):
    with contextlib.suppress(ConnectionError):
        await within(reader.read(), f"the server's end of {state}", PATIENCE_S + LONGEST_S)


async def connections(studio):
    async with studio.http.get(studio.server.api + "/metrics", headers={"Accept": "text/plain"}) as response:
        return int(re.search(r"(?m)^voicecast_tcp_connections (\d+)$", await response.text())[1])


async def test_each_state_has_its_end(studio, server):
    """All at once, so it takes as long as the longest of them."""
    await studio.sender()
    before = await connections(studio)
    async with contextlib.AsyncExitStack() as opened:
        states = States(server, studio, opened)
        readers = await states.open_all()
        await asyncio.gather(*(end_of(reader, state) for state, reader in readers.items()))

        async def only_the_studio_is_left():
            return await connections(studio) == before + states.clients

        await eventually(only_the_studio_is_left, "the end of the connections in the server, too")


class TestOfWhip:
    @pytest.fixture
    def extra_arguments(self):
        return []  # a busy machine may take longer to answer than `idle_seconds` here

    async def test_unconnected_session_ends(self, studio, server):
        headers = {"Content-Type": "application/sdp"}
        async with studio.http.post(server.api + "/whip", data=GOOD_OFFER, headers=headers) as response:
            assert response.status == 201
            session = server.api + response.headers["Location"].removeprefix(server.api)

        async def is_gone():
            async with studio.http.get(session) as response:
                return response.status == 404

        await eventually(is_gone, "the end of the session", PATIENCE_S + LONGEST_S)
