# SPDX-License-Identifier: MIT
"""Key files for servers under test."""


def write(folder, **groups):
    """key_file.write(tmp_path, limits={"clients": 3}); underscores stand for dashes."""
    lines = []
    for group, keys in groups.items():
        lines += [f"[{group}]", *(f"{key.replace('_', '-')}={value}" for key, value in keys.items()), ""]
    path = folder / "voicecast.conf"
    path.write_text("\n".join(lines))
    return ["--config", str(path)]
