# SPDX-License-Identifier: MIT
"""The servers that are compared: each is started alone, and gives its process and how its load client finds it."""

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path

from voicecast_client.server import Server
from voicecast_client.watchdog import eventually

ADDRESS = "10.9.0.1"  # that of the namespace (scripts/bench)
STREAMS = 20
# More than a server takes without being told to.
LIMITS = f"[limits]\nclients=1000\nconnections=2000\nreceivers-per-stream=1000\npeers=2000\nstreams={STREAMS}\ndescriptors=16384\n"
JANUS_PORT, RELAY_PORT = 8188, 8190  # nobody else is in the namespace

JANUS = """general: {
  configs_folder = "FOLDER"
  plugins_folder = "/usr/lib/PLATFORM/janus/plugins"
  transports_folder = "/usr/lib/PLATFORM/janus/transports"
  debug_level = 2
  session_timeout = 0
}
media: { ipv6 = false }
nat: { ice_lite = true }
plugins: { disable = "OTHER_PLUGINS" }
transports: { disable = "OTHER_TRANSPORTS" }
"""
JANUS_WEBSOCKETS = f"""general: {{ json = "compact", ws = true, ws_port = {JANUS_PORT}, ws_ip = "{ADDRESS}" }}
admin: {{ admin_ws = false }}
"""


def mountpoints():
    """One for each stream; its number is its port, as tests/bench/webrtc_load has it."""
    return "".join(
        f'stream-{port}: {{ type = "rtp", id = {port}, audio = true, video = false, audioport = {port}, audiopt = 111,'
        f' audiocodec = "opus" }}\n'
        for port in range(20000, 20000 + 2 * STREAMS, 2)
    )


class Started:
    def __init__(self, kind, pid, url):
        self.kind, self.pid, self.url = kind, pid, url


async def is_open(port):
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection(ADDRESS, port)
        writer.close()
        return True
    return False


@contextlib.asynccontextmanager
async def process(kind, url, port, *command):
    """A server that runs until we have done; what it says is seen if it does not come up."""
    with tempfile.TemporaryFile() as log:
        child = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
        try:
            try:
                await eventually(lambda: is_open(port), kind)
            except AssertionError:
                log.seek(0)
                print(log.read().decode(errors="replace"), file=sys.stderr)
                raise
            yield Started(kind, child.pid, url)
        finally:
            if child.returncode is None:
                child.kill()  # a relay would wait for its peers
            await child.wait()


@contextlib.asynccontextmanager
async def voicecast():
    usual = ["--bind", ADDRESS, "--port", "0", "--audio-port", "0", "--tls", "off", "--ice-address", ADDRESS]
    with tempfile.TemporaryDirectory() as folder:
        limits = Path(folder) / "limits.conf"
        limits.write_text(LIMITS)
        server = await Server(Path(folder) / "stderr", usual_arguments=usual).start("--config", str(limits))
        try:
            yield Started("voicecast", server.pid, server.websocket)
        finally:
            await server.stop()


@contextlib.asynccontextmanager
async def janus():
    libraries = next(Path("/usr/lib").glob("*/janus"))
    others = {
        kind: ",".join(path.name for path in (libraries / kind).glob("*.so") if path.name != wanted)
        for kind, wanted in (("plugins", "libjanus_streaming.so"), ("transports", "libjanus_websockets.so"))
    }
    with tempfile.TemporaryDirectory() as folder:
        text = JANUS.replace("FOLDER", folder).replace("PLATFORM", libraries.parent.name)
        text = text.replace("OTHER_PLUGINS", others["plugins"]).replace("OTHER_TRANSPORTS", others["transports"])
        (Path(folder) / "janus.jcfg").write_text(text)
        (Path(folder) / "janus.transport.websockets.jcfg").write_text(JANUS_WEBSOCKETS)
        (Path(folder) / "janus.plugin.streaming.jcfg").write_text(mountpoints())
        command = ("janus", "-C", f"{folder}/janus.jcfg", "-F", folder, "-o")
        async with process("janus", f"ws://{ADDRESS}:{JANUS_PORT}", JANUS_PORT, *command) as started:
            yield started


def relay():
    script = Path(__file__).with_name("aiortc_relay.py")
    url = f"http://{ADDRESS}:{RELAY_PORT}"
    return process("relay", url, RELAY_PORT, sys.executable, str(script), ADDRESS, str(RELAY_PORT))


BY_NAME = {"voicecast": voicecast, "janus": janus, "relay": relay}
