# SPDX-License-Identifier: MIT
"""pipelines/publish_http.launch with gst-launch-1.0: what souphttpclientsink does, and why the server has its own client.

The facts of docs/versions.md are asserted. A GStreamer that mends one of them fails here, which is the sign to give a push
by HTTP to the element from that version on.
"""

import re
import signal

import pytest
import pytest_asyncio
from aiohttp import web
from voicecast_client import mp3, webdav
from voicecast_client.daemon import free_port
from voicecast_client.server import REPOSITORY
from voicecast_client.shell import run_shell

README = REPOSITORY / "pipelines" / "README.md"
TONE = "gst-launch-1.0 -m audiotestsrc is-live=true num-buffers=40 samplesperbuffer=1152 ! lamemp3enc ! "
TEXT = "$(grep -v '^#' pipelines/publish_http.launch)"


async def put_tone(url, properties=""):
    code, output = await run_shell(f"{TONE} {TEXT} {properties} location={url}", G_DEBUG="")
    assert "Got EOS from element" in output, output
    return code, [line for line in output.splitlines() if "(error)" in line or "(warning)" in line]


SAID_NOTHING = (0, [])


@pytest_asyncio.fixture
async def receiver():
    """Gives the URL of a receiver that answers as `answer` says, and what it got."""
    runners = []

    async def start(answer):
        requests = []

        async def put(request):
            body = await request.read()
            requests.append((request, len(body)))
            return await answer(request, len(requests))

        app = web.Application()
        app.router.add_put("/voice.mp3", put)
        runner = web.AppRunner(app)
        runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/voice.mp3", requests

    yield start
    for runner in runners:
        await runner.cleanup()


async def test_readme_command_makes_whole_file(tmp_path):
    """The whole voice, frame by frame, at a receiver that is quick and takes everything."""
    command = next(c for c in re.findall(r"^```console\n(.*?)^```", README.read_text(), re.S | re.M) if "publish_http" in c)
    directory = tmp_path / "apache"
    directory.mkdir()
    dav = await webdav.WebDav(directory).start()
    try:
        command = command.replace("http://127.0.0.1:8088", dav.url).replace("audiotestsrc", "audiotestsrc num-buffers=60")
        code, output = await run_shell(command, G_DEBUG="")
        assert code == 0, output
        data = (dav.root / "test.mp3").read_bytes()
        assert sum(frame.size for frame in mp3.parse_frames(data)) == len(data) > 0
        requests = dav.requests()
    finally:
        await dav.daemon.stop(signal.SIGTERM)
    assert [request[2] for request in requests] == [201] + [204] * (len(requests) - 1)
    sizes = [request[4] for request in requests]
    assert [request[3] for request in requests] == [None] + [sum(sizes[:i]) for i in range(1, len(sizes))]


async def test_puts_have_whole_bodies(receiver):
    async def take(request, number):
        return web.Response(status=204)

    url, requests = await receiver(take)
    assert await put_tone(url) == SAID_NOTHING
    assert len(requests) > 2
    assert {request.headers.get("Transfer-Encoding") for request, _ in requests} == {None}
    assert {request.headers.get("Content-Type") for request, _ in requests} == {None}
    assert ["Content-Range" in request.headers for request, _ in requests] == [False] + [True] * (len(requests) - 1)


@pytest.mark.parametrize("status", [401, 403, 404, 409, 500, 503])
@pytest.mark.parametrize("properties", ["", "user-id=reporter user-pw=secret retries=3 retry-delay=1"])
async def test_error_status_counts_as_success(receiver, status, properties):
    """No error, no warning, nothing sent again, and no password when it is asked for."""

    async def refuse(request, number):
        return web.Response(status=status, headers={"WWW-Authenticate": 'Basic realm="reports"'} if status == 401 else {})

    url, requests = await receiver(refuse)
    assert await put_tone(url, properties) == SAID_NOTHING
    ranges = [request.headers.get("Content-Range") for request, _ in requests]
    assert len(requests) > 2 and len(set(ranges)) == len(ranges)
    assert not any("Authorization" in request.headers for request, _ in requests)


@pytest.mark.parametrize("properties", ["", "retries=3 retry-delay=1"])
async def test_refused_connection_counts_as_success(properties):
    assert await put_tone(f"http://127.0.0.1:{free_port()}/voice.mp3", properties) == SAID_NOTHING


async def test_lost_connection_is_not_reported(receiver):
    async def answer_once(request, number):
        if number > 1:
            request.transport.close()
        return web.Response(status=204)

    url, requests = await receiver(answer_once)
    assert await put_tone(url) == SAID_NOTHING
    # libsoup sends what was lost on a connection that had been used before once more by itself.
    assert len({request.headers.get("Content-Range") for request, _ in requests}) == 2
