# SPDX-License-Identifier: MIT
"""Many light receivers in a process of their own.

Usage: python3 -m voicecast_client.load_process WEBSOCKET_URL COUNT
Prints "ready" when all play; for each line on standard input it then prints what came since the last, per receiver:
{"packets": [...], "lost": [...]}.
"""

import asyncio
import json
import sys

from voicecast_client.light import LightReceiver
from voicecast_client.signaling import SignalingClient

JOINING_AT_ONCE = 5


async def join_all(url, count):
    turn = asyncio.Semaphore(JOINING_AT_ONCE)

    async def join():
        async with turn:
            return await LightReceiver(await SignalingClient.connect(url)).start()

    return await asyncio.gather(*(join() for _ in range(count)))


async def main(url, count):
    receivers = await join_all(url, count)
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        report = {"packets": [len(one.arrivals) for one in receivers], "lost": [one.lost() for one in receivers]}
        print(json.dumps(report), flush=True)
        for one in receivers:
            one.arrivals.clear()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
