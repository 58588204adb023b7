"""Debian's Icecast as the receiver of a publish."""

from .daemon import Daemon, start_on_a_free_port, user_for_a_daemon

PROGRAM = "/usr/bin/icecast2"
PASSWORD = "hackme-at-home"

_CONFIG = """<icecast>
  <limits><sources>4</sources><clients>20</clients><source-timeout>5</source-timeout></limits>
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


async def start_icecast(directory):
    directory.mkdir()

    def make(port):
        (directory / "icecast.xml").write_text(_CONFIG.format(password=PASSWORD, port=port, directory=directory))
        user = user_for_a_daemon(directory, "nobody")
        return Daemon([PROGRAM, "-c", directory / "icecast.xml"], port, directory / "output.log", user)

    return await start_on_a_free_port(make)
