# SPDX-License-Identifier: MIT
"""Packets of somebody whom the port of all peers does not know, at a steady rate, from one address.

Usage: python3 -m voicecast_client.stranger_process HOST PORT UFRAG PACKETS_PER_SECOND
For each line on standard input it prints what it sent since the last, and what came back: {"sent": …, "answers": …}.
"""

import json
import os
import select
import sys
import time

from voicecast_client import stun

TURN_S = 0.002


def rubbish(ufrag):
    """Good STUN for nobody, STUN with a wrong password, RTP, and noise."""
    return [stun.check("nobody", "password"), stun.check(ufrag, "wrong"), b"\x80\x6f" + bytes(100), os.urandom(200)]


def main(host, port, ufrag, rate):
    kinds = rubbish(ufrag)
    with stun.Prober((host, port)) as prober:
        started, number, reported, answers = time.monotonic(), 0, 0, 0
        while True:
            due = int((time.monotonic() - started) * rate)
            for number in range(number, due):
                prober.send(kinds[number % len(kinds)])
            number = due
            answers += len(prober.waiting())
            if select.select([sys.stdin], [], [], TURN_S)[0]:
                if not sys.stdin.readline():
                    return
                print(json.dumps({"sent": number - reported, "answers": answers}), flush=True)
                reported, answers = number, 0


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
