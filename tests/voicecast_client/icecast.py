# SPDX-License-Identifier: MIT
"""Debian's Icecast as the receiver of a publish."""

from .daemon import Daemon, start_on_a_free_port, user_for_a_daemon

PROGRAM = "/usr/bin/icecast2"
PASSWORD = "hackme-at-home"

_CONFIG = """<icecast>
  <limits><sources>4</sources><clients>{clients}</clients><source-timeout>5</source-timeout>
    <burst-size>{burst}</burst-size></limits>
  <authentication>
    <source-password>{password}</source-password>
    <admin-user>admin</admin-user><admin-password>{password}</admin-password>
  </authentication>
  <hostname>localhost</hostname>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths>
    <basedir>{directory}</basedir><logdir>{directory}</logdir>
    <webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot>
  </paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>3</loglevel></logging>
  <security><chroot>0</chroot></security>
</icecast>
"""


class Icecast(Daemon):
    """Icecast 2.4.4 can crash (strlen of nothing) of short requests, one in some hundred: nobody asks it whether it serves."""

    def __init__(self, directory, port, user):
        super().__init__([PROGRAM, "-c", directory / "icecast.xml"], port, directory / "output.log", user)
        self._log = directory / "error.log"

    async def start(self):
        self._log.unlink(missing_ok=True)  # that of a start before
        return await super().start()

    async def is_serving(self):
        self.check_alive()
        return self._log.exists() and "server started" in self._log.read_text()


async def start_icecast(directory, clients=20, burst=65536):
    """`burst` is in bytes."""
    directory.mkdir()

    def make(port):
        text = _CONFIG.format(password=PASSWORD, port=port, directory=directory, clients=clients, burst=burst)
        (directory / "icecast.xml").write_text(text)
        return Icecast(directory, port, user_for_a_daemon(directory, "nobody"))

    return await start_on_a_free_port(make)
