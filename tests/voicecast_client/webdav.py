# SPDX-License-Identifier: MIT
"""Debian's Apache with mod_dav as the receiver of PUT requests."""

import base64
import hashlib
import re

from .daemon import Daemon, start_on_a_free_port, user_for_a_daemon

PROGRAM = "/usr/sbin/apache2"
USER, PASSWORD = "reporter", "open sesame"

_CONFIG = """ServerRoot {directory}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {directory}/apache.pid
ErrorLog {directory}/error.log
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authn_core_module /usr/lib/apache2/modules/mod_authn_core.so
LoadModule authn_file_module /usr/lib/apache2/modules/mod_authn_file.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule authz_user_module /usr/lib/apache2/modules/mod_authz_user.so
LoadModule auth_basic_module /usr/lib/apache2/modules/mod_auth_basic.so
LoadModule auth_digest_module /usr/lib/apache2/modules/mod_auth_digest.so
LoadModule dav_module /usr/lib/apache2/modules/mod_dav.so
LoadModule dav_fs_module /usr/lib/apache2/modules/mod_dav_fs.so
LogFormat "%m %U %>s %{{Content-Range}}i %{{Content-Length}}i %{{Content-Type}}i" requests
CustomLog {directory}/requests.log requests
DavLockDB {directory}/locks
DefaultRuntimeDir {directory}
DocumentRoot {directory}/root
<Directory {directory}/root>
  Dav On
</Directory>
<Directory {directory}/root/private>
  AuthType Basic
  AuthName "reports"
  AuthBasicProvider file
  AuthUserFile {directory}/passwords
  Require valid-user
</Directory>
<Directory {directory}/root/digest>
  AuthType Digest
  AuthName "reports"
  AuthUserFile {directory}/digests
  Require valid-user
</Directory>
"""


class WebDav:
    def __init__(self, directory):
        self.root = directory / "root"
        self._directory = directory
        for place in ("private", "digest"):
            (self.root / place).mkdir(parents=True)
        password = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()  # as "htpasswd -s" has it
        (directory / "passwords").write_text(f"{USER}:{{SHA}}{password}\n")
        secret = hashlib.md5(f"{USER}:reports:{PASSWORD}".encode()).hexdigest()  # RFC 2617, which asks for MD5
        (directory / "digests").write_text(f"{USER}:reports:{secret}\n")
        self.daemon = None

    async def start(self):
        self.daemon = await start_on_a_free_port(self._make_daemon)
        return self

    @property
    def url(self):
        return f"http://127.0.0.1:{self.daemon.port}"

    def _make_daemon(self, port):
        config = self._directory / "apache.conf"
        config.write_text(_CONFIG.format(directory=self._directory, port=port))
        user = user_for_a_daemon(self._directory, "nobody")
        command = [PROGRAM, "-d", self._directory, "-f", config, "-DFOREGROUND"]
        return Daemon(command, port, self._directory / "output.log", user)

    def requests(self):
        """What came so far: (method, path, status, first byte of the range or None, bytes, type)."""
        log = self._directory / "requests.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [_read_line(line) for line in lines if not line.startswith("GET ")]  # those of who waits for the start


def _read_line(line):
    method, path, status, rest = line.split(" ", 3)
    start = re.match(r"bytes (\d+)-", rest)
    size, content_type = rest.split(" ")[-2:]
    return method, path, int(status), int(start[1]) if start else None, int(size), content_type
