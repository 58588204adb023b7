# SPDX-License-Identifier: MIT
"""Fixtures: a server of its own for every test, or one for all that ask for it, and a studio of clients in front of it."""

import asyncio
import atexit
import inspect
import os
import pathlib
import shutil
import tempfile

import pytest
import pytest_asyncio
from voicecast_client.publishing import write_key_file
from voicecast_client.server import Server
from voicecast_client.studio import Studio


def pytest_configure(config):
    config.addinivalue_line("markers", "shared_server: the test leaves the server as it was, so that others may use it")
    # pytest shuts the directory of its other runs as it starts, where daemons that run as somebody else may be at work.
    root = pathlib.Path(tempfile.mkdtemp(prefix="voicecast-tests-"))
    root.chmod(0o711)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(root)
    atexit.register(shutil.rmtree, root)


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


def pytest_pycollect_makeitem(name, obj):
    """One event loop for the tests of a file: the servers that they share live in it (pytest.ini, for fixtures)."""
    if name.startswith("test") and inspect.iscoroutinefunction(obj):
        pytest.mark.asyncio(loop_scope="module")(obj)


if not hasattr(pytest_asyncio, "is_async_test"):  # pytest-asyncio 0.20 of Debian 12 knows no scopes, but this fixture

    @pytest.fixture(scope="module")
    def event_loop():
        loop = asyncio.new_event_loop()
        yield loop
        loop.close()


@pytest_asyncio.fixture(scope="module")
async def shared_server(tmp_path_factory):
    """Gives the file's server with these arguments, which starts when it is first asked for."""
    servers = {}

    async def get(arguments):
        key = tuple(arguments)
        if key not in servers:
            servers[key] = Server(tmp_path_factory.mktemp("server") / "server.stderr")
            await servers[key].start(*arguments)
        return servers[key]

    yield get
    for server in servers.values():
        await server.stop()


@pytest_asyncio.fixture
async def server(request, tmp_path, extra_arguments, shared_server):
    if request.node.get_closest_marker("shared_server"):
        server = await shared_server(extra_arguments)
        request.node.servers = [server]
        yield server
        return
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
