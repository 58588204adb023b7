# SPDX-License-Identifier: MIT
"""Programs in Go, built with Debian's Go and Debian's libraries only."""

import os
import shutil
import subprocess

DEBIANS_GO_CODE = "/usr/share/gocode"


def is_available():
    return bool(shutil.which("go")) and os.path.isdir(f"{DEBIANS_GO_CODE}/src/github.com/pion/webrtc")


def build(source, directory):
    """Builds the program of a folder and gives its path."""
    package = directory / "go" / "src" / "voicecast" / source.name
    shutil.copytree(source, package)
    environment = {
        **os.environ, "GOPATH": f"{directory}/go:{DEBIANS_GO_CODE}", "GO111MODULE": "off", "GOFLAGS": "",
        "GOCACHE": os.environ.get("GOCACHE", os.path.expanduser("~/.cache/go-build")),
    }  # fmt: skip
    program = directory / source.name
    subprocess.run(["go", "build", "-o", program, "."], cwd=package, env=environment, check=True)
    return program
