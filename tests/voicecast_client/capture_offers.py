# SPDX-License-Identifier: MIT
"""Writes what aiortc, GStreamer and Pion offer: python3 -m voicecast_client.capture_offers FOLDER"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

import aiortc

from voicecast_client import loopback, pion
from voicecast_client.tone import ToneTrack


async def of_aiortc(kind):
    peer = aiortc.RTCPeerConnection()
    if kind == "whep":
        peer.addTransceiver("audio", direction="recvonly")
    else:
        peer.addTrack(ToneTrack())
    try:
        return (await peer.createOffer()).sdp
    finally:
        await peer.close()


def of_program(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def of_gstreamer(*arguments):
    return of_program(sys.executable, "-m", "voicecast_client.gst_process", *arguments)


def main(folder):
    loopback.keep_ice_on_loopback()
    offers = {f"aiortc-{kind}": asyncio.run(of_aiortc(kind)) for kind in ("talker", "whep")}
    offers["gstreamer-talker"] = of_gstreamer("send", "offer:")
    offers["gstreamer-rtx"] = of_gstreamer("send", "offer:", "--withhold", "10")
    offers["gstreamer-extension"] = of_gstreamer("send", "offer:", "--extension", "urn:ietf:params:rtp-hdrext:ntp-64")
    offers["gstreamer-whep"] = of_gstreamer("receive", "offer:", "/dev/null")
    with tempfile.TemporaryDirectory() as directory:
        program = pion.build(Path(directory))
        offers["pion-talker"] = of_program(program, "offer")
        offers["pion-nack"] = of_program(program, "offer", "--nack")
    for name, sdp in offers.items():
        (Path(folder) / f"captured-{name}.sdp").write_bytes(sdp.encode())


if __name__ == "__main__":
    main(sys.argv[1])
