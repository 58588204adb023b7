# SPDX-License-Identifier: MIT
"""A sender and some receivers in a process of their own, to be killed or cut off.

Usage: python3 -m voicecast_client.crowd_process WEBSOCKET_URL LOCAL_ADDRESS STREAM_ID RECEIVERS
Prints "ready" when all play.
"""

import asyncio
import sys

from voicecast_client import loopback
from voicecast_client.receiver import Receiver
from voicecast_client.sender import Sender
from voicecast_client.signaling import SignalingClient


async def main(url, address, stream_id, receivers):
    loopback.keep_ice_on(address)
    await Sender(await SignalingClient.connect(url)).go_live()
    for _ in range(receivers):
        await Receiver(await SignalingClient.connect(url), decode=False).start(stream_id)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4], int(sys.argv[4])))
