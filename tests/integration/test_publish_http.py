# SPDX-License-Identifier: MIT
"""A stream pushed by HTTP PUT to Debian's Apache with mod_dav, which appends by Content-Range."""

import asyncio
import signal

import pytest
import pytest_asyncio
from aiohttp import web
from voicecast_client import mp3, tone, webdav
from voicecast_client.publishing import publisher, push, write_credentials
from voicecast_client.watchdog import eventually


@pytest_asyncio.fixture
async def dav(tmp_path):
    (tmp_path / "apache").mkdir()
    receiver = await webdav.WebDav(tmp_path / "apache").start()
    try:
        yield receiver
    finally:
        await receiver.daemon.stop(signal.SIGTERM)


async def has_grown_to(path, size):
    return path.exists() and path.stat().st_size >= size


async def is_over(studio, name="upload"):
    return (await publisher(studio, name))["pushes"] == []


async def assert_is_whole(path, frequency=440):
    """Checks that it consists of whole frames with the tone."""
    data = path.read_bytes()
    frames = mp3.assert_station_format(data)
    assert sum(frame.size for frame in frames) == len(data)
    samples = await mp3.decode(data)
    tone.assert_tone(samples[-2 * mp3.SAMPLE_RATE :], mp3.SAMPLE_RATE, frequency)
    return data


async def test_server_file_contains_whole_stream(publish, dav):
    studio = await publish(upload={"url": dav.url + "/voice.mp3", "interval": "1s"})
    sender = await studio.sender()
    file = dav.root / "voice.mp3"
    await eventually(lambda: has_grown_to(file, 4 * mp3.BYTES_PER_SECOND), "four seconds at the receiver")
    assert (await push(studio, "upload"))["state"] == "live"
    await sender.client.send("stop_stream")
    await eventually(lambda: is_over(studio), "the end of the upload")
    data = await assert_is_whole(file)
    status = await publisher(studio, "upload")
    assert (status["sent_bytes"], status["failures"], status["dropped_bytes"]) == (len(data), 0, 0)

    requests = dav.requests()
    assert [request[0] for request in requests] == ["PUT"] * len(requests)
    assert [request[2] for request in requests] == [201] + [204] * (len(requests) - 1)
    assert {request[5] for request in requests} == {"audio/mpeg"}
    sizes = [request[4] for request in requests]
    assert [request[3] for request in requests] == [None] + [sum(sizes[:i]) for i in range(1, len(sizes))]
    seconds = len(data) / mp3.BYTES_PER_SECOND
    assert len(requests) <= seconds + 3  # one a second, the first at once, and the rest at the end; not 38 a second


async def test_server_restart_loses_nothing(publish, dav):
    studio = await publish(upload={"url": dav.url + "/voice.mp3", "interval": "1s"})
    sender = await studio.sender()
    file = dav.root / "voice.mp3"
    await eventually(lambda: has_grown_to(file, mp3.BYTES_PER_SECOND), "a second at the receiver")
    await dav.daemon.stop(signal.SIGTERM)

    async def has_failed():
        return (await publisher(studio, "upload"))["failures"] > 0

    await eventually(has_failed, "the failure")
    size = file.stat().st_size
    await dav.daemon.start()
    await eventually(lambda: has_grown_to(file, size + 3 * mp3.BYTES_PER_SECOND), "three seconds more", 40)
    await sender.client.send("stop_stream")
    await eventually(lambda: is_over(studio), "the end of the upload")
    data = await assert_is_whole(file)
    assert (await publisher(studio, "upload"))["sent_bytes"] == len(data)


@pytest.mark.parametrize("place", ["private", "digest"])
async def test_server_requires_password(publish, dav, tmp_path, place):
    credentials = write_credentials(tmp_path / "credentials", f"{webdav.USER}:{webdav.PASSWORD}")
    url = f"{dav.url}/{place}/{{id}}.mp3"
    studio = await publish(upload={"url": url, "stream": "all", "credentials": credentials, "interval": "1s"})
    sender = await studio.sender()
    file = dav.root / place / f"{sender.stream_id}.mp3"
    await eventually(lambda: has_grown_to(file, 2 * mp3.BYTES_PER_SECOND), "two seconds at the receiver")
    mp3.assert_station_format(file.read_bytes())
    status = await publisher(studio, "upload")
    assert status["failures"] == 0
    assert webdav.PASSWORD not in str(status) + studio.server.stderr()


async def test_wrong_password_is_reported(publish, dav, tmp_path):
    credentials = write_credentials(tmp_path / "credentials", f"{webdav.USER}:wrong")
    studio = await publish(upload={"url": dav.url + "/private/voice.mp3", "credentials": credentials})
    await studio.sender()

    async def is_refused():
        pushed = await push(studio, "upload")
        return pushed and pushed.get("error")

    assert await eventually(is_refused, "the refusal") == "the server responds 401 Unauthorized"
    assert (await push(studio, "upload"))["state"] in ("waiting", "connecting")
    assert list((dav.root / "private").iterdir()) == []


async def test_token_in_url_is_not_shown(publish, dav):
    studio = await publish(upload={"url": dav.url + "/voice.mp3?token=s3cr3t", "interval": "1s"})
    await studio.sender()
    await eventually(lambda: has_grown_to(dav.root / "voice.mp3", 1), "something at the receiver")
    assert (await publisher(studio, "upload"))["url"] == dav.url + "/voice.mp3"
    assert "s3cr3t" not in str(await publisher(studio, "upload")) + studio.server.stderr()


async def test_receiver_without_answer_is_harmless(publish):
    """The server accepts the request and does not respond: the stream, its listeners and the main loop continue."""
    requests = []

    done = asyncio.Event()

    async def hold(request):
        requests.append(await request.read())
        await done.wait()
        return web.Response(status=503)

    app = web.Application()
    app.router.add_put("/{path}", hold)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    try:
        studio = await publish(upload={"url": f"http://127.0.0.1:{port}/voice.mp3"})
        sender = await studio.sender()
        listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")
        receiver = await studio.receiver()
        await listener.more(3 * mp3.BYTES_PER_SECOND)
        assert len(requests) == 1
        assert (await publisher(studio, "upload"))["sent_bytes"] == 0
        await listener.assert_hears(440)
        assert receiver.rtp.missing() == []
        await sender.client.send("stop_stream")
        await listener.until_end()
    finally:
        done.set()
        await runner.cleanup()
