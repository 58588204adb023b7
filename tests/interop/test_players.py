# SPDX-License-Identifier: MIT
"""Players other than browsers, each started like by a user."""

import asyncio
import json
import os
import shutil
import time
import wave

import numpy
import pytest
from voicecast_client import mp3, tone
from voicecast_client.watchdog import eventually, within


async def run(*command, statuses=(0,)):
    """Runs a player to its end; returns its output."""
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    try:
        out, err = await within(process.communicate(), f"the end of {command[0]}", 40)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode in statuses, err.decode(errors="replace")
    return out


def read_wave(path):
    """The last half second as mono, and the sample rate."""
    with wave.open(str(path)) as file:
        rate, channels = file.getframerate(), file.getnchannels()
        assert file.getsampwidth() == 2
        samples = numpy.frombuffer(file.readframes(file.getnframes()), dtype=numpy.int16)
    mono = samples.reshape(-1, channels)[:, 0] / 32768
    return mono[-rate // 2 :], rate


async def exists(path):
    return path.exists()


@pytest.fixture(params=["by id", "latest"])
async def url(request, studio):
    sender = await studio.sender(frequency=440)
    name = "latest" if request.param == "latest" else sender.stream_id
    return f"{studio.server.audio}/stream/{name}.mp3"


async def test_ffprobe(url):
    out = await run("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", url)
    probed = json.loads(out)
    assert probed["format"]["format_name"] == "mp3"
    stream = probed["streams"][0]
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"]) == ("mp3", "44100", 2)
    assert stream["bit_rate"] == "128000"


async def test_ffmpeg(url, tmp_path):
    path = tmp_path / "out.wav"
    await run("ffmpeg", "-v", "error", "-xerror", "-i", url, "-t", "2", str(path))
    tone.assert_tone(*read_wave(path), 440)


async def test_mpg123(url, tmp_path):
    """It sends HTTP/1.0 requests with a long Accept list."""
    path = tmp_path / "out.wav"
    await run("mpg123", "-q", "-w", str(path), "-n", "80", url)
    tone.assert_tone(*read_wave(path), 440)


async def test_curl(url, tmp_path):
    path = tmp_path / "out.mp3"
    timed_out = 28
    await run("curl", "-sS", "--fail", "--max-time", "3", "-o", str(path), url, statuses=(timed_out,))
    data = path.read_bytes()
    mp3.assert_station_format(data)
    samples = await mp3.decode(data)
    tone.assert_tone(samples[-mp3.SAMPLE_RATE // 2 :], mp3.SAMPLE_RATE, 440)


async def test_curl_with_http_1_0(url, tmp_path):
    path = tmp_path / "out.mp3"
    await run("curl", "-sS", "--http1.0", "--max-time", "2", "-o", str(path), url, statuses=(28,))
    mp3.assert_station_format(path.read_bytes())


async def test_gstreamer(url, tmp_path):
    """Its source always requests ICY metadata."""
    path = tmp_path / "out.wav"
    pipeline = (
        f"souphttpsrc location={url} is-live=true blocksize=417 num-buffers=120 ! icydemux ! mpegaudioparse ! mpg123audiodec ! "
        f"audioconvert ! audio/x-raw,format=S16LE ! wavenc ! filesink location={path}"
    )
    await run("gst-launch-1.0", "-q", *pipeline.split())
    tone.assert_tone(*read_wave(path), 440)


PCM_RATE = 44100
SECONDS = 10
PLAYERS = {
    "mpg123": ["mpg123", "-q", "--mono", "-r", str(PCM_RATE), "-s", "URL"],
    "ffmpeg": ["ffmpeg", "-v", "error", "-i", "URL", "-f", "s16le", "-ac", "1", "-ar", str(PCM_RATE), "pipe:1"],
    "souphttpsrc": [
        "gst-launch-1.0", "-q", "souphttpsrc", "location=URL", "is-live=true", "!", "icydemux", "!", "decodebin", "!",
        "audioconvert", "!", "audioresample", "!", f"audio/x-raw,format=S16LE,channels=1,rate={PCM_RATE}", "!",
        "fdsink", "fd=1", "sync=false",
    ],
    "vlc": [
        "cvlc", "-q", "--no-loop", "URL", "--sout",
        f"#transcode{{acodec=s16l,samplerate={PCM_RATE},channels=1}}:std{{access=file,mux=raw,dst=-}}",
    ],
}  # fmt: skip


def as_anybody(command):
    """VLC does not run as root."""
    return command if os.geteuid() else ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]


@pytest.mark.parametrize("player", PLAYERS)
async def test_ten_seconds(studio, player, record_property):
    await studio.sender(frequency=440)
    url = f"{studio.server.audio}/stream/latest.mp3"
    await (await studio.listener()).assert_hears(440)
    command = as_anybody([word.replace("URL", url) for word in PLAYERS[player]])
    if not shutil.which(PLAYERS[player][0]):
        pytest.skip(f"{player} is not installed")
    start = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={**os.environ, "HOME": "/tmp"}
    )
    try:
        pcm = await within(process.stdout.readexactly(2), f"the first sample of {player}")
        started = time.monotonic() - start
        pcm += await within(process.stdout.readexactly(2 * SECONDS * PCM_RATE), f"{SECONDS} s of {player}", 40)
    finally:
        process.kill()
        await process.wait()
    record_property("seconds to the first sample", round(started, 2))
    print(f"{player}: first sample after {started:.2f} s")
    samples = numpy.frombuffer(pcm, dtype=numpy.int16) / 32768
    for second in range(1, SECONDS):  # the first has the start in it
        tone.assert_tone(samples[second * PCM_RATE : (second + 1) * PCM_RATE], PCM_RATE, 440)


async def test_ffmpeg_waits_for_next_stream(studio, tmp_path):
    """Started without a stream: it gets silence, and then the stream, on one connection."""
    path = tmp_path / "out.wav"
    url = f"{studio.server.audio}/stream/latest.mp3"
    playing = asyncio.create_task(run("ffmpeg", "-v", "error", "-i", url, "-t", "6", str(path)))
    await eventually(lambda: exists(path), "the player's first output")
    await studio.sender(frequency=440)
    await playing
    tone.assert_tone(*read_wave(path), 440)


async def test_mpg123_waits_for_next_stream(studio, tmp_path):
    path = tmp_path / "out.wav"
    url = f"{studio.server.audio}/stream/latest.mp3"
    playing = asyncio.create_task(run("mpg123", "-q", "-w", str(path), "-n", "230", url))
    await eventually(lambda: exists(path), "the player's first output")
    await studio.sender(frequency=440)
    await playing
    tone.assert_tone(*read_wave(path), 440)


async def test_curl_gets_waiting_page(studio):
    page = await run("curl", "-sS", "--fail", f"{studio.server.audio}/stream/latest.mp3")
    assert b"/stream/status" in page


async def test_references_websocket_check(studio):
    """The troubleshooting page's curl: its key is not a valid one, so only the answer's form is looked at."""
    command = [
        "curl", "-i", "-N", "-sS", "--max-time", "1",
        "-H", "Connection: Upgrade", "-H", "Upgrade: websocket",
        "-H", "Sec-WebSocket-Version: 13", "-H", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"{studio.server.api}/ws",
    ]  # fmt: skip
    out = await run(*command, statuses=(28,))
    assert out.startswith(b"HTTP/1.1 101 ")
    assert b'"available_streams"' in out


async def test_aiortc_receiver_hears_aiortc_sender(studio):
    for frequency in (300, 440, 1200):
        sender = await studio.sender(frequency=frequency)
        await (await studio.receiver(sender.stream_id)).assert_hears(frequency)
