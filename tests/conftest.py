"""Fixtures: a server of its own for every test, and a studio of clients in front of it."""

import pytest
import pytest_asyncio
from voicecast_client.publishing import write_key_file
from voicecast_client.server import Server
from voicecast_client.studio import Studio


def pytest_configure(config):
    config.option.asyncio_mode = "auto"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        for server in getattr(item, "servers", []):
            report.sections.append(("server's standard error", server.stderr_tail(200)))


@pytest.fixture
def extra_arguments():
    """Command line of the `server` fixture beyond the loopback arguments; a module may override it."""
    return []


@pytest_asyncio.fixture
async def server(request, tmp_path, extra_arguments):
    server = Server(tmp_path / "server.stderr")
    request.node.servers = [server]
    try:
        yield await server.start(*extra_arguments)
    finally:
        await server.stop()


@pytest_asyncio.fixture
async def studio(server):
    studio = Studio(server)
    try:
        yield studio
    finally:
        await studio.close()


@pytest_asyncio.fixture
async def publish(request, tmp_path):
    """Starts a server with these [publish.NAME] groups and gives its studio."""
    opened = []

    async def start(**publishers):
        server = Server(tmp_path / "server.stderr")
        request.node.servers = [server]
        opened.append(server)
        await server.start("--config", str(write_key_file(tmp_path / "voicecast.conf", **publishers)))
        opened.append(Studio(server))
        return opened[-1]

    yield start
    for thing in reversed(opened):
        await (thing.close() if isinstance(thing, Studio) else thing.stop())
