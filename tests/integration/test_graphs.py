# SPDX-License-Identifier: MIT
"""GET /debug/pipelines/ID.dot: the graph of a stream's pipeline."""

import asyncio
import contextlib
import re
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from voicecast_client import key_file
from voicecast_client.documents import OpenApi
from voicecast_client.raw_http import ask, own_host
from voicecast_client.server import Server
from voicecast_client.studio import Studio
from voicecast_client.tokens import SECRET, sign
from voicecast_client.watchdog import eventually, within

FROM_ELSEWHERE = ("X-Forwarded-For", "192.0.2.1")
LATEST = "/debug/pipelines/latest.dot"

shared = pytest.mark.shared_server


@pytest_asyncio.fixture
async def start(request, tmp_path):
    """Returns the studio of a server with these arguments."""
    server = Server(tmp_path / "server.stderr")
    request.node.servers = [server]
    studio = Studio(server)

    async def start(*arguments):
        await server.start(*arguments)
        return studio

    try:
        yield start
    finally:
        await studio.close()
        await server.stop()


async def get(studio, file):
    """The response, checked against the document, and its text."""
    async with studio.http.get(f"{studio.server.api}/debug/pipelines/{file}") as response:
        text = await response.text()
    if file.endswith((".dot", ".svg")):
        path = "/debug/pipelines/{stream_id}" + file[-4:]
        OpenApi().check(path, "get", response.status, response.headers, text)
    return response, text


async def graph_of(studio, file):
    response, text = await get(studio, file)
    assert response.status == 200, text
    return text


async def test_graph_has_all_listeners(start):
    studio = await start("--egress", "webrtcbin")
    sender = await studio.sender()
    for _ in range(2):
        await studio.receiver(decode=False)
    listener = await studio.listener()
    await listener.more(1000)
    text = await graph_of(studio, f"{sender.stream_id}.dot")
    names = re.findall(r'label="<?(\w+)>?\\n([\w-]+)\\n\[>\]', text)
    assert {("GstPipeline", sender.stream_id), ("GstWebRTCBin", f"webrtc_{sender.stream_id}")} <= set(names)
    branches = [name for kind, name in names if kind == "GstBin" and name.rsplit("_", 1)[0].endswith(sender.stream_id)]
    assert sorted(name.split("_")[0] for name in branches) == ["mp3", "receiver", "receiver"]
    assert text.count("GstWebRTCBin") == 3
    assert {"application/x-rtp", "audio/mpeg"} <= set(re.findall(r'label="([\w/-]+)"', text))


async def test_receivers_of_fan_out_have_no_elements(start):
    studio = await start("--egress", "fanout", "--ice", "lite")
    sender = await studio.sender()
    await studio.receiver(decode=False)
    text = await graph_of(studio, f"{sender.stream_id}.dot")
    assert text.count("GstWebRTCBin") == 1
    assert "receiver_" not in text


@shared
async def test_latest_is_newest_stream(studio):
    older, newer = await studio.sender(), await studio.sender()
    text = await graph_of(studio, "latest.dot")
    assert newer.stream_id in text and older.stream_id not in text


async def test_graph_has_no_secrets(start, tmp_path):
    password = tmp_path / "turn.password"
    password.write_text("somebody:turn-secret\n")
    studio = await start("--turn-server", "turn:127.0.0.1:9", "--turn-credentials", str(password))
    sender = await studio.sender()
    receiver = await studio.receiver(decode=False)
    descriptions = [sender.pc.localDescription.sdp, sender.answer["sdp"], receiver.offer["sdp"]]
    secrets = re.findall(r"a=(?:ice-\w+|fingerprint):(.+?)\r", "".join(descriptions))
    assert len(secrets) >= 9
    text = await graph_of(studio, "latest.dot")
    assert sender.stream_id in text
    for secret in [*secrets, "turn-secret", "somebody", "srtp-key", "encoder-key", "pem", "0x"]:
        assert secret not in text


@shared
async def test_no_pictures(studio):
    sender = await studio.sender()
    for file in ("latest.svg", f"{sender.stream_id}.svg", "stream_x.svg"):
        response, text = await get(studio, file)
        assert response.status == 410 and ".dot" in text


@shared
async def test_missing_resource(studio):
    for file in ("latest.dot", "stream_x.dot"):
        response, text = await get(studio, file)
        assert (response.status, text) == (404, "Stream not found"), file
    sender = await studio.sender()
    for file in ("", "latest", "latest.png", f"{sender.stream_id}", f"{sender.stream_id}.dot.dot/"):
        assert (await get(studio, file))[0].status == 404, file
    await sender.client.close()

    async def has_ended():
        return (await get(studio, f"{sender.stream_id}.dot"))[0].status == 404

    await eventually(has_ended, "404 for a stream that has ended")


async def test_graph_needs_admin_or_local_request(start, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    studio = await start(*key_file.write(tmp_path, auth={"mode": "token", "secret_file": secret}))
    base = studio.server.api

    async def status(*headers):
        return (await ask(base, LATEST, [own_host(base), *headers])).status

    for claims, expected in [({"admin": True}, 404), ({"listen": "*", "publish": True}, 403)]:
        bearer = ("Authorization", f"Bearer {sign(**claims)}")
        assert await status(FROM_ELSEWHERE, bearer) == expected, claims
    assert await status(FROM_ELSEWHERE) == 401
    assert await status() == 404


def request(studio, path):
    return f"GET {path} HTTP/1.1\r\nHost: {urlsplit(studio.server.api).netloc}\r\n\r\n".encode()


@contextlib.asynccontextmanager
async def line_to(studio):
    address = urlsplit(studio.server.api)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def test_disconnect_before_graph(start):
    live = await start()
    await live.sender()
    malformed = b"GET /%00 HTTP/1.1\r\n\r\n"
    for _ in range(20):
        async with line_to(live) as (reader, writer):
            writer.write(request(live, LATEST) + malformed)
            writer.write_eof()
            await within(reader.read(), "the end of the connection")
    await live.get_json("/health")


async def test_server_stops_meanwhile(start):
    studio = await start()
    await studio.sender()
    async with line_to(studio) as (reader, writer):
        writer.write(request(studio, LATEST))
        await studio.server.stop()
        await within(reader.read(), "the end of the connection")
