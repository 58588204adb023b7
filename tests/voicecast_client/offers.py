# SPDX-License-Identifier: MIT
"""The offers in tests/offers, as clients of every kind make them."""

from .server import REPOSITORY

FOLDER = REPOSITORY / "tests" / "offers"


def of_senders():
    return sorted(path.stem for path in FOLDER.glob("*.sdp") if not path.stem.endswith("-whep"))


def of_listeners():
    return sorted(path.stem for path in FOLDER.glob("*-whep.sdp"))


def text(name):
    return (FOLDER / f"{name}.sdp").read_bytes().decode()
