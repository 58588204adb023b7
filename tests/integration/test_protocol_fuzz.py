# SPDX-License-Identifier: MIT
"""Random sequences of valid and broken messages, without effect on a bystander's stream.

FUZZ_SEED=N repeats a run's sequences, FUZZ_SECONDS=N makes it longer.
"""

import json
import os
import random

from voicecast_client.helper_process import helper_process

SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("FUZZ_SEED", random.randrange(2**32)))


async def test_random_messages_are_harmless(studio, server):
    sender = await studio.sender()
    receiver = await studio.receiver(sender.stream_id, decode=False)
    print(f"FUZZ_SEED={SEED}")  # which pytest shows when the test fails
    async with helper_process("protocol_fuzzer", server.api, SEED, SECONDS) as fuzzer:
        counts = json.loads(await fuzzer.read_line("the fuzzer's end", SECONDS + 60))
    print(counts)
    assert counts["answers"] > 0
    await receiver.rtp.more(50)
    assert receiver.rtp.missing() == []
    assert (await receiver.client.streams())[0] == sender.stream_id
