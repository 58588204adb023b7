# SPDX-License-Identifier: MIT
"""The usual Python server: aiortc's own MediaRelay between those who publish and those who listen.

Usage: python3 aiortc_relay.py ADDRESS PORT. POST /publish/NAME and /listen/NAME take an offer and give an answer."""

import sys

from aiohttp import web
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay

relay = MediaRelay()
tracks = {}
connections = set()


async def answer(request, prepare):
    connection = RTCPeerConnection()
    connections.add(connection)
    prepare(connection)
    offer = await request.json()
    await connection.setRemoteDescription(RTCSessionDescription(offer["sdp"], offer["type"]))
    await connection.setLocalDescription(await connection.createAnswer())
    description = connection.localDescription
    return web.json_response({"sdp": description.sdp, "type": description.type})


async def publish(request):
    def prepare(connection):
        connection.on("track", lambda track: tracks.__setitem__(request.match_info["name"], track))

    return await answer(request, prepare)


async def listen(request):
    track = relay.subscribe(tracks[request.match_info["name"]])
    return await answer(request, lambda connection: connection.addTrack(track))


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/publish/{name}", publish)
    app.router.add_post("/listen/{name}", listen)
    web.run_app(app, host=sys.argv[1], port=int(sys.argv[2]), print=None)
