# SPDX-License-Identifier: MIT
"""Recordings of streams in files."""

import contextlib
import os
import re
import shutil
import subprocess
import time

import pytest
from voicecast_client import mp3, tone
from voicecast_client.publishing import publisher, push, write_key_file
from voicecast_client.raw_audio import decode_url
from voicecast_client.server import run_once
from voicecast_client.watchdog import eventually


@pytest.fixture
def attic(tmp_path):
    directory = tmp_path / "attic"
    directory.mkdir()
    return directory


async def files_of(directory):
    return sorted(directory.iterdir())


async def recorded(directory, seconds, count=1):
    """The files, once there are so many and the last one contains so much MP3."""

    async def enough():
        files = await files_of(directory)
        return len(files) >= count and files[-1].stat().st_size >= seconds * mp3.BYTES_PER_SECOND and files

    return await eventually(enough, f"{seconds} s in {count} files", 40)


async def is_over(studio, name="attic"):
    return (await publisher(studio, name))["pushes"] == []


async def test_recording_contains_whole_stream(publish, attic):
    studio = await publish(attic={"url": f"file://{attic}/{{id}}-{{time}}.mp3", "stream": "all"})
    sender = await studio.sender()
    (file,) = await recorded(attic, 3)
    assert re.fullmatch(sender.stream_id + r"-\d{8}T\d{6}Z\.mp3", file.name)
    assert file.stat().st_mode & 0o777 == 0o640
    pushed = await push(studio, "attic")
    assert (pushed["state"], pushed["url"]) == ("live", f"file://{file}")
    await sender.client.send("stop_stream")
    await eventually(lambda: is_over(studio), "the end of the recording")
    data = file.read_bytes()
    frames = mp3.assert_station_format(data)
    assert sum(frame.size for frame in frames) == len(data)
    assert (await publisher(studio, "attic"))["sent_bytes"] == len(data)
    tone.assert_tone((await mp3.decode(data))[mp3.SAMPLE_RATE :], mp3.SAMPLE_RATE, 440)


async def test_opus_is_recorded_without_encoder(publish, attic):
    studio = await publish(attic={"url": f"file://{attic}/{{time}}.opus"})
    sender = await studio.sender()

    async def is_live():
        pushed = await push(studio, "attic")
        return pushed and pushed["sent_bytes"] > 20000

    await eventually(is_live, "a second or two of Opus")
    assert (await studio.get_json("/metrics"))["mp3_encoders"] == 0
    await sender.client.send("stop_stream")
    await eventually(lambda: is_over(studio), "the end of the recording")
    (file,) = await files_of(attic)
    samples = await decode_url(file)
    assert len(samples) > tone.SAMPLE_RATE
    tone.assert_tone(samples[-tone.SAMPLE_RATE :], tone.SAMPLE_RATE, 440)


async def test_max_file_duration_starts_new_file(publish, attic):
    url = f"file://{attic}/{{id}}-{{time}}.mp3"
    studio = await publish(attic={"url": url, "stream": "all", "max_file_duration": "2s"})
    sender = await studio.sender()
    await recorded(attic, 0.5, count=3)
    await sender.client.send("stop_stream")
    await eventually(lambda: is_over(studio), "the end of the recording")
    files = await files_of(attic)
    for file in files:
        data = file.read_bytes()
        frames = mp3.assert_station_format(data)
        assert sum(frame.size for frame in frames) == len(data)
    for file in files[:-1]:
        assert 1.5 < file.stat().st_size / mp3.BYTES_PER_SECOND < 3
        tone.assert_tone((await mp3.decode(file.read_bytes()))[mp3.SAMPLE_RATE // 2 :], mp3.SAMPLE_RATE, 440)
    assert (await publisher(studio, "attic"))["failures"] == 0


async def test_max_file_size_starts_new_file(publish, attic):
    studio = await publish(attic={"url": f"file://{attic}/{{time}}.mp3", "max_file_size": "24K"})
    await studio.sender()
    first, *_ = await recorded(attic, 0.5, count=3)
    assert 24 * 1024 <= first.stat().st_size < 26 * 1024  # the frame that reached it, and two in both files


async def test_recordings_of_same_second_are_separate(publish, attic):
    studio = await publish(attic={"url": f"file://{attic}/{{time}}.mp3", "max_file_size": "4K"})
    await studio.sender()
    files = await recorded(attic, 0, count=8)
    names = [file.name for file in files]
    assert any(re.fullmatch(r"\d{8}T\d{6}Z-2\.mp3", name) for name in names), names


async def test_only_old_recordings_are_deleted(publish, attic):
    old = time.time() - 3 * 86400

    def put(name, size=10, at=old):
        (attic / name).write_bytes(b"x" * size)
        os.utime(attic / name, (at, at))
        return attic / name

    gone = [put("stream_a-20260101T000000Z.mp3"), put("stream_b-20260101T000000Z-2.mp3")]
    kept = [
        put("stream_c-20260101T000000Z.mp3", at=time.time() - 3600),
        put("notes.mp3"),
        put("stream_a-20260101T000000Z.opus"),
        put("stream_a-20260101T000000Z.mp3.txt"),
    ]
    outside = attic.parent / "outside.mp3"
    outside.write_bytes(b"x")
    (attic / "stream_d-20260101T000000Z.mp3").symlink_to(outside)
    studio = await publish(attic={"url": f"file://{attic}/{{id}}-{{time}}.mp3", "stream": "all", "max_age": "2d"})

    async def are_gone():
        return not any(path.exists() for path in gone)

    await eventually(are_gone, "the end of what is old")
    assert all(path.exists() for path in [*kept, outside, attic / "stream_d-20260101T000000Z.mp3"])
    assert "stream_a-20260101T000000Z.mp3: deleted" in studio.server.stderr()


async def test_oldest_recordings_are_deleted(publish, attic):
    for hours in (1, 2, 3, 4):
        path = attic / f"2026010{hours}T000000Z.mp3"
        path.write_bytes(b"x" * 1024)
        os.utime(path, (time.time() - hours * 3600,) * 2)
    await publish(attic={"url": f"file://{attic}/{{time}}.mp3", "max_total_size": "2K"})

    async def two_are_left():
        return [path.name for path in await files_of(attic)] == ["20260101T000000Z.mp3", "20260102T000000Z.mp3"]

    await eventually(two_are_left, "the end of the oldest two")


@contextlib.contextmanager
def small_disk(directory):
    """A file system of 128 KiB: eight seconds of MP3."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("needs root to mount a tmpfs")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", directory], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("cannot mount a tmpfs: " + mounted.stderr.decode())
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", directory], check=True)


@pytest.mark.parametrize("ending", ["mp3", "opus"])
async def test_full_disk_ends_recording_only(publish, attic, ending):
    with small_disk(attic):
        (attic / "others").write_bytes(b"x" * 100 * 1024)
        studio = await publish(attic={"url": f"file://{attic}/{{id}}-{{time}}.{ending}", "stream": "all"})
        sender = await studio.sender()
        receiver = await studio.receiver()
        listener = await studio.listener(f"/stream/{sender.stream_id}.mp3")

        async def has_failed():
            pushed = await push(studio, "attic")
            return pushed and pushed["state"] == "failed" and pushed

        assert (await eventually(has_failed, "the end of the recording", 40))["error"] == "the disk is full"
        assert (await publisher(studio, "attic"))["failures"] == 1
        await listener.more(mp3.BYTES_PER_SECOND)
        await listener.assert_hears(440)
        await receiver.rtp.more(10)
        assert receiver.rtp.missing() == []
        (attic / "others").unlink()  # there is room again: the next stream is recorded
        second = await studio.sender()

        async def next_is_live():
            pushes = (await publisher(studio, "attic"))["pushes"]
            return any(pushed["stream_id"] == second.stream_id and pushed["state"] == "live" for pushed in pushes)

        await eventually(next_is_live, "the next recording")
        await studio.server.stop()


async def test_recordings_are_complete_after_stop(publish, attic):
    studio = await publish(attic={"url": f"file://{attic}/{{time}}.opus"})
    await studio.sender()

    async def is_live():
        pushed = await push(studio, "attic")
        return pushed and pushed["sent_bytes"] > 20000

    await eventually(is_live, "a second or two of Opus")
    await studio.server.stop()
    (file,) = await files_of(attic)
    assert file.read_bytes().rfind(b"OggS\x00\x04") > 0  # the last page says that it is the last
    assert len(await decode_url(file)) > tone.SAMPLE_RATE


async def test_directory_may_appear_later(publish, attic):
    """A disk that is plugged in during a stream."""
    attic.rmdir()
    studio = await publish(attic={"url": f"file://{attic}/{{time}}.opus"})

    async def has_failed():
        status = await publisher(studio, "attic")
        return status["state"] == "failed" and status

    status = await eventually(has_failed, "the missing directory")
    assert status["error"] == status["last_error"] == f"{attic}: No such file or directory"
    assert f"{attic}: No such file or directory; recording starts once" in studio.server.stderr()
    async with studio.http.get(studio.server.api + "/metrics", headers={"Accept": "text/plain"}) as response:
        assert 'voicecast_publish_failed{publisher="attic"} 1' in await response.text()
    sender = await studio.sender()
    attic.mkdir()

    async def is_live():
        pushed = await push(studio, "attic")
        return pushed and pushed["state"] == "live"

    await eventually(is_live, "the recording")

    async def is_ready():
        status = await publisher(studio, "attic")
        return status["state"] == "ready" and "error" not in status

    await eventually(is_ready, "the end of the error")
    await sender.client.send("stop_stream")
    await eventually(lambda: is_over(studio), "the end of the recording")
    assert len(await files_of(attic)) == 1


@pytest.mark.parametrize("is_known", [True, False], ids=["at the start", "since then"])
async def test_missing_directory_is_logged_once(publish, attic, is_known):
    """Not by each stream and each try: one line when it goes, and one when it is back."""
    if is_known:
        attic.rmdir()
    studio = await publish(attic={"url": f"file://{attic}/{{id}}-{{time}}.opus", "stream": "all"})
    if not is_known:
        attic.rmdir()
    for count in (1, 2):
        await studio.sender()

        async def all_wait(count=count):
            pushes = (await publisher(studio, "attic"))["pushes"]
            return [p["state"] for p in pushes if p.get("error") == f"{attic}: No such file or directory"] == ["waiting"] * count

        await eventually(all_wait, f"{count} streams that wait for the directory")
    status = await publisher(studio, "attic")
    assert (status["state"], status["failures"]) == ("failed", 1)
    attic.mkdir()

    async def all_live():
        return [p["state"] for p in (await publisher(studio, "attic"))["pushes"]] == ["live", "live"]

    await eventually(all_live, "both recordings")
    lines = [line for line in studio.server.stderr().splitlines() if "publish.attic" in line]
    assert [line.split(f"{attic}", 1)[1] for line in lines if not line.endswith(": recording")] == [
        ": No such file or directory; recording starts once the directory exists and is writable",
        ": writable now",
    ]


async def test_reload_with_missing_directory(publish, attic, tmp_path):
    studio = await publish(attic={"url": f"file://{attic}/{{time}}.opus"})
    write_key_file(tmp_path / "voicecast.conf", attic={"url": f"file://{attic}/none/{{time}}.opus"})
    studio.server.reload()

    async def has_failed():
        return (await publisher(studio, "attic"))["state"] == "failed"

    await eventually(has_failed, "the missing directory")


async def test_recordings_have_monotonic_age(publish, attic, tmp_path):
    """Like after setting the clock forward: the file's date is old."""
    url = f"file://{attic}/{{time}}.opus"
    studio = await publish(attic={"url": url, "max_age": "3d"})
    sender = await studio.sender()

    async def is_live():
        pushed = await push(studio, "attic")
        return pushed and pushed["state"] == "live"

    await eventually(is_live, "the recording")
    await sender.client.send("stop_stream")
    await eventually(lambda: is_over(studio), "the end of the recording")
    (recorded_now,) = await files_of(attic)
    before = attic / "20260101T000000Z.opus"
    before.write_bytes(b"x")
    for file in (recorded_now, before):
        os.utime(file, (time.time() - 5 * 86400,) * 2)
    write_key_file(tmp_path / "voicecast.conf", attic={"url": url, "max_age": "2d"})
    studio.server.reload()  # what is old is looked for at once

    async def is_gone():
        return not before.exists()

    await eventually(is_gone, "the end of what is old")
    assert recorded_now.exists()


async def test_future_dates_count(publish, attic):
    for number in range(1, 6):
        path = attic / f"2027010{number}T000000Z.mp3"
        path.write_bytes(b"x" * 1024)
        os.utime(path, (time.time() + 365 * 86400,) * 2)
    await publish(attic={"url": f"file://{attic}/{{time}}.mp3", "max_total_size": "2K"})

    async def two_are_left():
        return len(await files_of(attic)) == 2

    await eventually(two_are_left, "the end of three")


async def test_directory_has_no_placeholders(tmp_path):
    config = tmp_path / "voicecast.conf"
    config.write_text(f"[publish.attic]\nurl=file://{tmp_path}/{{id}}/{{time}}.mp3\n")
    status, _, err = await run_once("--config", str(config))
    assert status == 1
    assert err == (
        f"{config}: [publish.attic]: key url: {{id}} and {{time}} are for the file's name, "
        f"not for the directory {tmp_path}/{{id}}\n"
    )
