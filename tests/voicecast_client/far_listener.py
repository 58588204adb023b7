# SPDX-License-Identifier: MIT
"""A receiver on another host that listens for a tone, again for each line on standard input.

Usage: python3 -m voicecast_client.far_listener WEBSOCKET_URL LOCAL_ADDRESS
Prints "heard" each time.
"""

import asyncio
import sys

from voicecast_client import loopback
from voicecast_client.receiver import Receiver
from voicecast_client.signaling import SignalingClient

FREQUENCY = 440


async def main(url, address):
    loopback.keep_ice_on(address)
    receiver = await Receiver(await SignalingClient.connect(url)).start()
    loop = asyncio.get_running_loop()
    while True:
        await receiver.assert_hears(FREQUENCY)
        assert not receiver.client.unread("stream_ended")
        print("heard", flush=True)
        await loop.run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
