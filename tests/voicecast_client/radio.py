# SPDX-License-Identifier: MIT
"""An MP3 listener."""

import asyncio

import aiohttp

from . import mp3, tone
from .watchdog import Watched, within

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ICY_PLAYER = {"Icy-MetaData": "1"}
RANGE_PLAYER = {"Range": "bytes=0-"}
AUDIO_PLAYER = {"Accept": "audio/mpeg, audio/*;q=0.9"}


class Listener(Watched):
    """One HTTP connection; `received` grows as audio comes (without ICY titles, if the server sends them)."""

    def __init__(self, session, response):
        super().__init__()
        self.response = response
        self.received = bytearray()
        self.has_ended = False
        self.error = None
        self._session = session
        self._metadata_interval = int(response.headers.get("icy-metaint", 0))
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, url, headers=None, version=aiohttp.HttpVersion11):
        session = aiohttp.ClientSession(version=version, timeout=aiohttp.ClientTimeout(total=None))
        response = await within(session.get(url, headers=headers or {}), f"an answer from {url}")
        return cls(session, response)

    async def more(self, byte_count, seconds=20.0):
        """Bytes that come from now on."""
        start = len(self.received)

        def enough():
            assert not self.has_ended or len(self.received) >= start + byte_count, "the MP3 response ended"
            return len(self.received) >= start + byte_count

        await self.until(enough, f"{byte_count} more bytes of MP3", seconds)
        return bytes(self.received[start : start + byte_count])

    async def until_end(self, seconds=20.0):
        await self.until(lambda: self.has_ended, "the end of the MP3 response", seconds)

    async def assert_hears(self, frequency, seconds=20.0):
        """Waits until the last second is this tone; before it may be silence or another stream."""

        async def last_second():
            await self.more(mp3.BYTES_PER_SECOND // 4)
            return (await mp3.decode(self.received))[-mp3.SAMPLE_RATE :]

        async def hear():
            while not tone.is_tone(await last_second(), mp3.SAMPLE_RATE, frequency):
                pass

        await within(hear(), f"{frequency} Hz in the MP3", seconds)

    async def assert_silent(self, seconds=20.0):
        """Waits until the last second is silence."""

        async def hear():
            while True:
                await self.more(mp3.BYTES_PER_SECOND // 4)
                last_second = (await mp3.decode(self.received))[-mp3.SAMPLE_RATE :]
                if len(last_second) == mp3.SAMPLE_RATE and tone.loudness(last_second) < 0.001:
                    return

        await within(hear(), "silence in the MP3", seconds)

    async def close(self):
        self.response.close()
        await self._session.close()
        self._reader.cancel()

    async def _read(self):
        audio_left = self._metadata_interval
        pending = bytearray()
        try:
            async for chunk in self.response.content.iter_any():
                if not self._metadata_interval:
                    self.received += chunk
                else:
                    pending += chunk
                    audio_left = self._take(pending, audio_left)
                self.changed()
        except aiohttp.ClientError as error:
            self.error = error
        finally:
            self.has_ended = True
            self.changed()

    def _take(self, pending, audio_left):
        """Moves audio out of pending and drops the titles between: a length byte, then 16 times as many."""
        while pending:
            if audio_left:
                audio = pending[:audio_left]
                self.received += audio
                del pending[: len(audio)]
                audio_left -= len(audio)
            elif len(pending) > pending[0] * 16:
                del pending[: pending[0] * 16 + 1]
                audio_left = self._metadata_interval
            else:
                break
        return audio_left
