# SPDX-License-Identifier: MIT
"""Gives what one HTTP station sends to an Icecast server, as its source.

Usage: python3 -m voicecast_client.relay URL ICECAST_HOST ICECAST_PORT MOUNT PASSWORD
"""

import base64
import socket
import sys
import urllib.request


def main(url, host, port, mount, password):
    credentials = base64.b64encode(f"source:{password}".encode()).decode()
    station = urllib.request.urlopen(urllib.request.Request(url))
    icecast = socket.create_connection((host, int(port)))
    icecast.sendall(
        f"SOURCE {mount} HTTP/1.0\r\nAuthorization: Basic {credentials}\r\n"
        "Content-Type: audio/mpeg\r\nice-name: bench\r\n\r\n".encode()
    )
    answer = icecast.recv(1000)
    assert b" 200 " in answer, answer
    print("ready", flush=True)
    while some := station.read1(4096):
        icecast.sendall(some)


if __name__ == "__main__":
    main(*sys.argv[1:])
