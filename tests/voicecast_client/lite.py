# SPDX-License-Identifier: MIT
"""A peer that is lite (RFC 8445 §2.5): it answers checks and makes none."""

from aioice import Connection
from aioice.ice import CandidatePair


class LiteConnection(Connection):
    ice_controlling = property(lambda self: False, lambda self, value: None)  # RFC 8445 §6.1.1

    def check_periodic(self):
        return False

    async def check_start(self, pair):
        """What would be a triggered check: that one came is all that is to be known."""
        self.check_state(pair, CandidatePair.State.SUCCEEDED)
        pair.nominated = pair.remote_nominated
        self.check_complete(pair)

    async def query_consent(self):
        pass


def make_lite(peer):
    """Before the peer knows of the other side's candidates."""
    peer.ice.__class__ = LiteConnection


def say_lite(text):
    return text.replace("m=audio", "a=ice-lite\r\nm=audio", 1)
