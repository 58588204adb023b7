# SPDX-License-Identifier: MIT
"""A sender in a process of its own, to be killed. Usage: python3 -m voicecast_client.sender_process WEBSOCKET_URL"""

import asyncio
import sys

from voicecast_client.sender import Sender
from voicecast_client.signaling import SignalingClient


async def send_until_killed(url):
    sender = await Sender(await SignalingClient.connect(url)).go_live()
    print(sender.stream_id, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(send_until_killed(sys.argv[1]))
