# SPDX-License-Identifier: MIT
"""Debian's nginx in front of a server."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from .daemon import Daemon, start_on_a_free_port
from .server import REPOSITORY

PROGRAM = "/usr/sbin/nginx"

_CONFIG = """daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
{site}
}}
"""

BARE_SITE = "server { listen 443 ssl; location / { proxy_pass http://127.0.0.1:8080; } }"


def documented_site():
    """What docs/operating.md tells operators to write: the server below /voice/."""
    text = (REPOSITORY / "docs" / "operating.md").read_text()
    (site,) = re.findall(r"^```nginx\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return site


class Nginx:
    """`site` is what stands in a http block, on port 443 in front of 127.0.0.1:8080."""

    def __init__(self, directory, server, site, prefix=""):
        self._directory = Path(directory)
        self._site = site.replace("127.0.0.1:8080", urlsplit(server.api).netloc)
        self._prefix = prefix
        self.daemon = None

    async def start(self):
        self.daemon = await start_on_a_free_port(self._make_daemon)
        return self

    async def stop(self):
        await self.daemon.stop()

    # What a Studio asks of a server.

    @property
    def api(self):
        return f"http://127.0.0.1:{self.daemon.port}{self._prefix}"

    audio = api

    @property
    def websocket(self):
        return self.api.replace("http", "ws", 1) + "/ws"

    def _make_daemon(self, port):
        config = self._directory / "nginx.conf"
        site = self._site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        config.write_text(_CONFIG.format(directory=self._directory, site=site))
        log = self._directory / "error.log"
        return Daemon([PROGRAM, "-e", log, "-c", config], port, self._directory / "output.log")
