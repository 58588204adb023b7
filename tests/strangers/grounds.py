# SPDX-License-Identifier: MIT
"""Where a stranger stands: a state of the server towards them, what an honest client sends next, and wires there."""

import contextlib


class StreamGround:
    """Each wire is a new connection that is brought into the state."""

    is_stream = True

    def __init__(self, open_wire, pieces, endless):
        """`pieces`: what an honest client sends next, in its parts. `endless`: what, repeated, never ends."""
        self._open = open_wire
        self.opened = 0  # wires so far
        self.pieces = pieces
        self.endless = endless

    @contextlib.contextmanager
    def wire(self):
        wire = self._open()
        self.opened += 1
        try:
            yield wire
        finally:
            wire.close()

    def close(self):
        pass


class MessageGround:
    """One wire, which a message does not end; where the other end has ended it, the next one is another."""

    is_stream = False

    def __init__(self, open_wire, pieces, endless, *, too_long=60000):
        """`too_long`: bytes of a message."""
        self.too_long = too_long
        self._open = open_wire
        self._wire = None
        self.opened = 0
        self.pieces = pieces
        self.endless = endless

    @contextlib.contextmanager
    def wire(self):
        if not self._wire:
            self._wire = self._open()
            self.opened += 1
        yield _Noticing(self)

    def send(self, data):
        return self._noticed(self._wire.send(data))

    def flow(self, pieces):
        send = self._wire.flow(pieces)
        return lambda: self._noticed(send())

    def _noticed(self, taken):
        if not taken:
            self.close()
        return taken

    def close(self):
        if self._wire:
            self._wire.close()
        self._wire = None


class _Noticing:
    def __init__(self, ground):
        self._ground = ground

    def send(self, data):
        return self._ground._wire is not None and self._ground.send(data)

    def flow(self, pieces):
        return self._ground.flow(pieces)

    def drain(self):
        if self._ground._wire:
            self._ground._wire.drain()
