# SPDX-License-Identifier: MIT
"""The status of publishers, and their key file."""


def write_key_file(path, **publishers):
    """Each publisher is a dict of its keys; dashes in them are written as underscores."""
    lines = []
    for name, keys in publishers.items():
        lines.append(f"[publish.{name}]")
        lines += [f"{key.replace('_', '-')}={value}" for key, value in keys.items()]
    path.write_text("\n".join(lines) + "\n")
    return path


def write_credentials(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


async def publisher(studio, name):
    publishers = (await studio.get_json("/stream/status"))["publishers"]
    return next(publisher for publisher in publishers if publisher["name"] == name)


async def push(studio, name):
    """The one thing that a publisher pushes, or None."""
    pushes = (await publisher(studio, name))["pushes"]
    return pushes[0] if pushes else None
