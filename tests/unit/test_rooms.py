# SPDX-License-Identifier: MIT
"""Each folder includes only what the table in docs/architecture.md permits; its meson.build agrees."""

import re
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "src"
ROW = re.compile(r"^\| \d+ \| `(\w+)/` \| [^|]* \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
INCLUDE = re.compile(r'^#include (?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
# By the beginning of a header's name. A room that may use GStreamer may use all libraries of its own.
LIBRARIES = {
    "gst/": "GStreamer", "libsoup/": "libsoup", "openssl/": "OpenSSL", "nice/": "libnice", "gnutls/": "GnuTLS",
    "json-glib/": "json-glib", "jwt.h": "libjwt", "qrencode.h": "libqrencode", "systemd/": "libsystemd",
}
MESON_LIBRARIES = {
    "json": "json-glib", "gnutls": "GnuTLS", "crypto": "OpenSSL", "ssl": "OpenSSL", "jwt": "libjwt", "qrencode": "libqrencode",
    "soup": "libsoup", "nice": "libnice", "systemd": "libsystemd", "gstreamer": "GStreamer",
}


def words(cell):
    return set(re.findall(r"[\w-]+", cell))


TABLE = {
    room: (words(rooms), words(libraries))
    for room, rooms, libraries in ROW.findall((REPOSITORY / "docs/architecture.md").read_text())
}
FILES = [path for path in SOURCE.rglob("*.[ch]pp") if path.parent.name != "pch" and path.name != "main.cpp"]


def library_of(header):
    return next((name for beginning, name in LIBRARIES.items() if header.startswith(beginning)), None)


@cache
def includes(path):
    """Of a file: (line, path in src/ or None, header of a library or None)."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := INCLUDE.match(line):
            found.append((number, match[1] and SOURCE / match[1], match[2]))
    return found


@cache
def libraries_behind(path):
    """The libraries whose headers a file reaches, each with the files on the way."""
    reached = {}
    for _, ours, header in includes(path):
        if ours:
            for library, way in libraries_behind(ours).items():
                reached.setdefault(library, [path, *way])
        elif library := library_of(header):
            reached.setdefault(library, [path])
    return reached


def test_every_room_is_in_table():
    assert {path.parent.name for path in FILES} == set(TABLE)


def test_includes_of_rooms():
    against = [
        f"{path.relative_to(REPOSITORY)}:{number}: {path.parent.name}/ must not use {ours.parent.name}/"
        for path in FILES for number, ours, _ in includes(path)
        if ours and ours.parent != path.parent and ours.parent.name not in TABLE[path.parent.name][0]
    ]
    assert against == []


def test_headers_of_libraries():
    against = []
    for path in FILES:
        for library, way in libraries_behind(path).items():
            if library not in TABLE[path.parent.name][1]:
                first = way[1] if len(way) > 1 else None
                number = next(n for n, ours, header in includes(path)
                              if ours == first and (ours or library_of(header) == library))
                steps = " -> ".join(str(step.relative_to(SOURCE)) for step in way)
                against.append(f"{path.relative_to(REPOSITORY)}:{number}: {path.parent.name}/ must not reach {library} ({steps})")
    assert against == []


def test_room_uses_lower_rooms_only():
    """No circle: whoever is taken away last is used by nobody left."""
    left = {room: set(uses) for room, (uses, _) in TABLE.items()}
    while left:
        free = [room for room, uses in left.items() if not uses & set(left)]
        assert free, f"these use each other: {sorted(left)}"
        for room in free:
            del left[room]


def test_every_table_entry_is_used():
    for room, (uses, libraries) in TABLE.items():
        files = [path for path in FILES if path.parent.name == room]
        used = {ours.parent.name for path in files for _, ours, _ in includes(path) if ours} - {room}
        reached = {library for path in files for library in libraries_behind(path)}
        assert (uses, libraries) == (used, reached), room


def test_meson_matches_table():
    for room, (uses, libraries) in TABLE.items():
        text = (SOURCE / room / "meson.build").read_text()
        lists = dict(re.findall(r"^(room_\w+) = \[([^]]*)\]", text, re.MULTILINE))
        assert words(lists["room_uses"]) == uses, room
        named = {MESON_LIBRARIES.get(name, "GStreamer") for name in words(lists["room_libraries"])}
        assert named == libraries, room
