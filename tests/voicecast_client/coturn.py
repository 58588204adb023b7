# SPDX-License-Identifier: MIT
"""Debian's coturn, a STUN and TURN server."""

import asyncio
import contextlib
import shutil
import signal

from .watchdog import eventually, within

USER, PASSWORD = "voice", "c@st:;1"
PORT, TLS_PORT = 3478, 5349


def is_installed():
    return shutil.which("turnserver") is not None


@contextlib.asynccontextmanager
async def coturn(directory, address, prefix=(), certificate=None):
    """One that listens on this address; `certificate` is (CERT.pem, KEY.pem) for TLS."""
    tls = ["--cert", certificate[0], "--pkey", certificate[1]] if certificate else ["--no-tls", "--no-dtls"]
    log = directory / "coturn.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *prefix, "turnserver", "-n", "--listening-ip", address, "--relay-ip", address, "--listening-port", str(PORT),
            "--tls-listening-port", str(TLS_PORT), "--lt-cred-mech", "--user", f"{USER}:{PASSWORD}", "--realm", "test",
            "--userdb", directory / "turndb", "--pidfile", directory / "turn.pid", "--log-file", "stdout", "--no-cli",
            "--simple-log", "--verbose", *tls, stdout=output, stderr=output,
        )  # fmt: skip

    async def is_listening():
        assert process.returncode is None, log.read_text()
        return "TCP listener opened" in log.read_text()

    try:
        await eventually(is_listening, "coturn")
        yield log
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await within(process.wait(), "the end of coturn")
