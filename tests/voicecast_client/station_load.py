# SPDX-License-Identifier: MIT
"""Many HTTP listeners in a process of their own, as cheap as they can be.

Usage: python3 -m voicecast_client.station_load URL COUNT
Opens them, some at a time, and prints {"first_byte_s": [...]}: from connecting to the first byte of audio of each.
For each line on standard input it then prints what came since the last, per listener: {"bytes": [...], "open": N}.
"""

import json
import resource
import select
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

JOINING_AT_ONCE = 10


class Load:
    def __init__(self, url):
        self._address = urlsplit(url)
        self._poll = select.epoll()
        self._sockets = {}
        self._lock = threading.Lock()
        self._received = {}
        threading.Thread(target=self._read_all, daemon=True).start()

    def join(self):
        """Seconds to the first byte behind the head."""
        start = time.monotonic()
        client = socket.create_connection((self._address.hostname, self._address.port))
        host = self._address.netloc
        client.sendall(f"GET {self._address.path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: load\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer or answer.endswith(b"\r\n\r\n"):
            some = client.recv(65536)
            assert some, f"the listener was refused: {answer}"
            answer += some
        seconds = time.monotonic() - start
        assert b" 200 " in answer.split(b"\r\n")[0], answer[:100]
        client.setblocking(False)
        with self._lock:
            self._sockets[client.fileno()] = client
            self._received[client.fileno()] = 0
        self._poll.register(client.fileno(), select.EPOLLIN)
        return seconds

    def collect(self):
        with self._lock:
            report = {"bytes": list(self._received.values()), "open": len(self._sockets)}
            self._received = dict.fromkeys(self._received, 0)
        return report

    def _read_all(self):
        while True:
            for fd, _ in self._poll.poll():
                self._read(fd)

    def _read(self, fd):
        with self._lock:
            try:
                count = len(self._sockets[fd].recv(65536))
            except BlockingIOError:
                return
            except OSError:
                count = 0
            self._received[fd] += count
            if not count:
                self._poll.unregister(fd)
                self._sockets.pop(fd).close()


def main(url, count):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    load = Load(url)
    with ThreadPoolExecutor(JOINING_AT_ONCE) as pool:
        seconds = list(pool.map(lambda _: load.join(), range(count)))
    print(json.dumps({"first_byte_s": seconds}), flush=True)
    for _ in sys.stdin:
        print(json.dumps(load.collect()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
