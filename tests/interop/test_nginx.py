# SPDX-License-Identifier: MIT
"""Behind Debian's nginx, with the configuration of docs/operating.md, and with a minimal one."""

import os
import re

import pytest
import pytest_asyncio
from voicecast_client import key_file, mp3
from voicecast_client.nginx import BARE_SITE, PROGRAM, Nginx, documented_site
from voicecast_client.raw_http import connect_with_small_buffers, opened, own_host
from voicecast_client.studio import Studio
from voicecast_client.watchdog import eventually

pytestmark = pytest.mark.skipif(not os.path.exists(PROGRAM), reason="nginx is not installed")


@pytest.fixture
def extra_arguments(tmp_path):
    return [*key_file.write(tmp_path, limits={"trusted_proxies": "127.0.0.1"}), "--mp3-bitrate", "320"]


@pytest.fixture
def site():
    return documented_site(), "/voice"


@pytest_asyncio.fixture
async def visitors(server, site, tmp_path):
    """A studio of clients behind the proxy."""
    directory = tmp_path / "nginx"
    directory.mkdir()
    nginx = Nginx(directory, server, *site)
    await nginx.start()
    studio = Studio(nginx)
    try:
        yield studio
    finally:
        await studio.close()
        await nginx.stop()


async def test_websocket_streams_both_ways(visitors):
    sender = await visitors.sender()
    receiver = await visitors.receiver(sender.stream_id)
    await receiver.assert_hears(440)


async def test_location_is_session(visitors):
    await visitors.sender()
    sender = await visitors.whip_sender("/whip/studio")
    assert sender.answer.headers["Location"].startswith("/voice/whip/sessions/")
    viewer = await visitors.whep_receiver()
    assert viewer.answer.headers["Location"].startswith("/voice/whep/sessions/")
    await viewer.assert_hears(440)
    for peer in (viewer, sender):
        assert (await peer.patch(peer.fragment(*peer.candidates()))).status == 204
        assert (await peer.delete()).status == 200


@pytest.mark.parametrize("ending", ["m3u", "pls"])
async def test_playlist_has_proxy_address(visitors, ending):
    await visitors.sender()
    async with visitors.http.get(f"{visitors.server.audio}/stream/latest.{ending}?wait=1") as response:
        url = re.search(r"http://\S+", await response.text())[0]
    assert url == f"{visitors.server.audio}/stream/latest.mp3?wait=1"
    async with visitors.http.get(url) as response:
        assert response.content_type == "audio/mpeg"
        mp3.parse_frames(await response.content.readexactly(8000))


async def test_page_and_resources(visitors):
    for path in ("/", "/js/main.js", "/style.css", "/info", "/stream/status", "/stream/latest.mp3"):
        async with visitors.http.get(visitors.server.api + path) as response:
            assert response.status == 200, path


class TestWithNextToNoSettings:
    @pytest.fixture
    def site(self):
        return BARE_SITE, ""

    async def test_stalled_player_gets_no_old_audio(self, visitors, studio):
        """nginx takes megabytes off the server's hands where it may; then the server knows nothing of the stall."""
        sender = await studio.sender()
        base, path = visitors.server.audio, f"/stream/{sender.stream_id}.mp3"
        async with opened(base, path, [own_host(base)], connect=connect_with_small_buffers):
            prompt = await studio.listener(path)

            async def is_stalled():
                await prompt.more(4000)
                metrics = await studio.get_json("/metrics")
                return metrics["mp3_skips"] > 0

            await eventually(is_stalled, "the server's knowledge of the stall", 60)

    async def test_stream_by_whip(self, visitors):
        sender = await visitors.whip_sender()
        assert (await sender.delete()).status == 200
