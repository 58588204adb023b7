# SPDX-License-Identifier: MIT
"""A sender and a receiver on another host, which say what they hear and by which way.

Usage: python3 -m voicecast_client.far_peer WEBSOCKET_URL LOCAL_ADDRESS
Prints one line of JSON when the receiver has heard the sender's tone: {"sender": WAY, "receiver": WAY}, each with the
server's candidates and the one in use, as [type, address].
"""

import asyncio
import json
import sys

from voicecast_client import loopback, sdp
from voicecast_client.receiver import Receiver
from voicecast_client.sender import Sender
from voicecast_client.signaling import SignalingClient

FREQUENCY = 440


def way_of(peer, description):
    candidates = [candidate.split() for candidate in sdp.values(description, "candidate")]
    used = peer.ice._nominated[1].remote_candidate
    return {"offered": [[words[7], words[4]] for words in candidates], "used": [used.type, used.host]}


async def main(url, address):
    loopback.keep_ice_on(address)
    sender = await Sender(await SignalingClient.connect(url), frequency=FREQUENCY).go_live()
    receiver = await Receiver(await SignalingClient.connect(url)).start(sender.stream_id)
    await receiver.assert_hears(FREQUENCY)
    ways = {"sender": way_of(sender, sender.answer["sdp"]), "receiver": way_of(receiver, receiver.offer["sdp"])}
    print(json.dumps(ways), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
