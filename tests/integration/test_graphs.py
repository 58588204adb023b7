"""GET /debug/pipelines/ID.dot and .svg: what an operator may see of a stream's pipeline, and what it may cost."""

import asyncio
import contextlib
import os
import re
import shutil
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import pytest_asyncio
from voicecast_client import key_file
from voicecast_client.documents import OpenApi
from voicecast_client.graphviz import SVG, WaitingDot, put_dot
from voicecast_client.raw_http import ask, own_host
from voicecast_client.server import Server
from voicecast_client.studio import Studio
from voicecast_client.tokens import SECRET, sign
from voicecast_client.watchdog import eventually, within

FROM_ELSEWHERE = ("X-Forwarded-For", "192.0.2.1")
LATEST_SVG = "/debug/pipelines/latest.svg"

shared = pytest.mark.shared_server


@pytest.fixture
def programs(tmp_path):
    """The first place where the server looks for programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


@pytest_asyncio.fixture
async def start(request, tmp_path):
    """Gives the studio of a server with this PATH and these arguments."""
    server = Server(tmp_path / "server.stderr")
    request.node.servers = [server]
    studio = Studio(server)

    async def start(path, *arguments):
        await server.start(*arguments, env={"PATH": str(path)})
        return studio

    try:
        yield start
    finally:
        await studio.close()
        await server.stop()


@pytest_asyncio.fixture
async def dot(programs):
    async with WaitingDot(programs).listening() as dot:
        yield dot


@pytest_asyncio.fixture
async def live(start, programs):
    """Of a server that finds `programs` first, with a stream."""
    studio = await start(f"{programs}:{os.environ['PATH']}")
    await studio.sender()
    return studio


async def get(studio, file):
    """The answer, which is as documented, and all of its text."""
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


@shared
async def test_a_graph_has_all_who_listen(studio):
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


@shared
async def test_latest_is_the_newest(studio):
    older, newer = await studio.sender(), await studio.sender()
    text = await graph_of(studio, "latest.dot")
    assert newer.stream_id in text and older.stream_id not in text


async def test_a_graph_has_no_secrets(start, tmp_path):
    password = tmp_path / "turn.password"
    password.write_text("somebody:turn-secret\n")
    studio = await start(os.environ["PATH"], "--turn-server", "turn:127.0.0.1:9", "--turn-credentials", str(password))
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
async def test_a_picture(studio):
    if not shutil.which("dot"):
        pytest.skip("no graphviz")
    sender = await studio.sender()
    await studio.receiver(decode=False)
    response, text = await get(studio, f"{sender.stream_id}.svg")
    assert response.status == 200, text
    picture = ElementTree.fromstring(text)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    words = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {sender.stream_id, f"receiver_{sender.stream_id}_1"} <= words
    async with studio.http.head(str(response.url)) as head:
        assert (head.status, head.content_type, await head.read()) == (200, "image/svg+xml", b"")


@shared
async def test_what_is_not_there(studio):
    for file in ("latest.dot", "latest.svg", "stream_x.dot", "stream_x.svg"):
        response, text = await get(studio, file)
        assert (response.status, text) == (404, "Stream not found"), file
    sender = await studio.sender()
    for file in ("", "latest", "latest.png", f"{sender.stream_id}", f"{sender.stream_id}.svg.dot/"):
        assert (await get(studio, file))[0].status == 404, file
    await sender.client.close()

    async def has_ended():
        return (await get(studio, f"{sender.stream_id}.dot"))[0].status == 404

    await eventually(has_ended, "404 for a stream that has ended")


async def test_it_is_for_administrators_and_this_machine(start, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    studio = await start(os.environ["PATH"], *key_file.write(tmp_path, auth={"mode": "token", "secret_file": secret}))
    base = studio.server.api

    async def status(ending, *headers):
        return (await ask(base, f"/debug/pipelines/latest.{ending}", [own_host(base), *headers])).status

    for ending in ("dot", "svg"):
        for claims, expected in [({"admin": True}, 404), ({"listen": "*", "publish": True}, 403)]:
            bearer = ("Authorization", f"Bearer {sign(**claims)}")
            assert await status(ending, FROM_ELSEWHERE, bearer) == expected, claims
        assert await status(ending, FROM_ELSEWHERE) == 401
        assert await status(ending) == 404


async def test_without_graphviz(start, programs):
    studio = await start(programs)
    await studio.sender()
    response, text = await get(studio, "latest.svg")
    assert response.status == 501
    assert "Debian's package graphviz" in text and ".dot" in text
    await graph_of(studio, "latest.dot")


async def test_one_at_a_time(live, dot):
    first = asyncio.create_task(get(live, "latest.svg"))
    run = await dot.begun()
    for file in ("latest.svg", "latest.dot"):
        response, text = await get(live, file)
        assert (response.status, text) == (503, "Service unavailable: another graph is being drawn")
    run.draw()
    response, text = await within(first, "the first picture")
    assert (response.status, text.strip()) == (200, SVG)
    await graph_of(live, "latest.dot")


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


async def begin_picture(studio, writer, dot):
    """Asks for it on this line; gives the run of dot."""
    writer.write(request(studio, LATEST_SVG))
    return await dot.begun()


async def test_who_leaves_while_it_is_drawn(live, dot):
    base = live.server.api
    asking = asyncio.create_task(ask(base, LATEST_SVG, [own_host(base)]))
    run = await dot.begun()
    asking.cancel()
    await asyncio.wait([asking])
    await run.ended()

    async def is_free():
        return (await get(live, "latest.dot"))[0].status == 200

    await eventually(is_free, "a graph for the next one")


async def test_who_says_that_nothing_more_comes_has_left(live, dot):
    """He alone can still hear why there is no picture: it is not the limit of time."""
    async with line_to(live) as (reader, writer):
        run = await begin_picture(live, writer, dot)
        writer.write_eof()
        await run.ended()
        answer = await within(reader.read(), "the answer and the end")
    assert answer.startswith(b"HTTP/1.1 500 ") and b"nobody waits for it any more" in answer


async def test_who_asks_for_more_has_not_left(live, dot):
    """Requests may follow each other without a wait for the answers."""
    async with line_to(live) as (reader, writer):
        run = await begin_picture(live, writer, dot)
        writer.write(request(live, "/health"))
        assert (await get(live, "latest.dot"))[0].status == 503  # the server's loop has been round since
        run.draw()
        for expected in (SVG.encode(), b'"status"'):
            await within(reader.readuntil(expected), "the next answer")


async def test_a_connection_that_is_gone_before_the_graph(live):
    malformed = b"GET /%00 HTTP/1.1\r\n\r\n"
    for _ in range(20):
        async with line_to(live) as (reader, writer):
            writer.write(request(live, LATEST_SVG) + malformed)
            writer.write_eof()
            await within(reader.read(), "the end of the connection")
    await live.get_json("/health")


async def test_a_stream_that_ends_while_it_is_drawn(start, programs, dot):
    studio = await start(f"{programs}:{os.environ['PATH']}")
    sender, bystander = await studio.sender(), await studio.client()
    asking = asyncio.create_task(get(studio, "latest.svg"))
    run = await dot.begun()
    await sender.client.close()
    await bystander.expect("stream_ended", stream_id=sender.stream_id)
    run.draw()
    response, _ = await within(asking, "the picture")
    assert response.status == 200


async def test_a_server_that_stops_while_it_is_drawn(live, dot):
    base = live.server.api
    asking = asyncio.create_task(ask(base, LATEST_SVG, [own_host(base)]))
    run = await dot.begun()
    await live.server.stop()
    await run.ended()
    await asyncio.wait([asking])
    assert isinstance(asking.exception(), asyncio.IncompleteReadError)


async def assert_no_picture(studio, reason):
    response, text = await within(get(studio, "latest.svg"), "an answer without a picture")
    assert response.status == 500
    assert reason in text and "the same address with .dot" in text


async def test_a_program_that_takes_too_long_is_ended(live, dot):
    asking = asyncio.create_task(assert_no_picture(live, "10 s"))
    run = await dot.begun()
    await run.ended()
    await asking


PROGRAMS = {
    "goes on for ever": ("cat > /dev/null; yes", "the picture has more than 16 MiB"),
    "writes nothing": ("cat > /dev/null", "it wrote nothing"),
    "fails": ("cat > /dev/null; exit 3", "exited with code 3"),
    "fails at once": ("exit 3", "exited with code 3"),
    "needs too much memory": ("cat > /dev/null; exec /usr/bin/python3 -c 'bytes(2**29)'", "exited with code 1"),
}


@pytest.mark.parametrize("body, reason", PROGRAMS.values(), ids=PROGRAMS.keys())
async def test_a_program_that(live, programs, body, reason):
    put_dot(programs, f"#!/bin/sh\n{body}\n")
    await assert_no_picture(live, reason)
    await graph_of(live, "latest.dot")
