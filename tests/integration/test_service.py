# SPDX-License-Identifier: MIT
"""The systemd service: notifications and passed sockets."""

import asyncio
import contextlib
import re
import socket
import sys

import pytest
import pytest_asyncio
from voicecast_client import key_file
from voicecast_client.raw_http import ask, own_host
from voicecast_client.server import Server
from voicecast_client.service_manager import NotifySocket, passing
from voicecast_client.studio import Studio
from voicecast_client.watchdog import within


@pytest_asyncio.fixture
async def manager(tmp_path):
    manager = NotifySocket(tmp_path / "notify")
    yield manager
    manager.close()


@pytest_asyncio.fixture
async def start(request, tmp_path):
    """start(*arguments, prefix=that of a Server, **options of Server.start())"""
    request.node.servers = []

    async def start(*arguments, prefix=(), **options):
        server = Server(tmp_path / "server.stderr", prefix)
        request.node.servers.append(server)
        return await server.start(*arguments, **options)

    yield start
    for server in request.node.servers:
        await server.stop()


async def test_status_line_is_reported(start, manager, tmp_path):
    server = await start(*key_file.write(tmp_path, limits={"clients": 5}), env=manager.env)
    await manager.until_told("READY")
    assert manager.told("STATUS") == ["streams: 0, WebRTC listeners: 0, HTTP listeners: 0"]
    studio = Studio(server)
    try:
        await studio.sender()
        await studio.receiver(decode=False)
        await manager.until_told("STATUS", "streams: 1, WebRTC listeners: 1, HTTP listeners: 0")
    finally:
        await studio.close()

    server.reload()
    await manager.until_told("READY", times=2)
    key_file.write(tmp_path, limits={"clients": "none"})
    server.reload()
    await manager.until_told("READY", times=3)  # it goes on with the old settings
    assert "the settings stay unchanged" in server.stderr()
    steps = [name for message in manager.messages for name in ("READY", "RELOADING", "STOPPING") if name in message]
    assert steps == ["READY", "RELOADING", "READY", "RELOADING", "READY"]
    assert all(int(when) > 0 for when in manager.told("MONOTONIC_USEC"))

    await server.stop()
    await manager.until_told("STOPPING")
    assert not manager.told("WATCHDOG")


# Holds one thread of a process still until its standard input ends.
FREEZER = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
seize, interrupt, wait_for_any_thread = 0x4206, 0x4207, 0x40000000
thread = int(sys.argv[1])
for request in (seize, interrupt):
    if libc.ptrace(request, thread, None, None) != 0:
        sys.exit(os.strerror(ctypes.get_errno()))
os.waitpid(thread, wait_for_any_thread)
print("frozen", flush=True)
sys.stdin.read()
"""


@contextlib.asynccontextmanager
async def frozen_main_thread(pid):
    freezer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FREEZER, str(pid),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    if await within(freezer.stdout.readline(), "the freezer's word") != b"frozen\n":
        pytest.skip(f"a process cannot be traced here: {(await freezer.stderr.read()).decode()}")
    try:
        yield
    finally:
        freezer.stdin.close()
        await within(freezer.wait(), "the freezer's end")


async def test_watchdog_is_reset_by_main_loop(start, manager):
    limit_s = 0.3
    server = await start(env={**manager.env, "WATCHDOG_USEC": str(int(limit_s * 1e6))})
    await manager.until_told("WATCHDOG", times=5)
    async with frozen_main_thread(server.pid):
        await asyncio.sleep(0)  # what was told before
        fed = len(manager.told("WATCHDOG"))
        with pytest.raises(asyncio.TimeoutError):  # a real manager would lose its patience now
            await asyncio.wait_for(manager.until(lambda: len(manager.told("WATCHDOG")) > fed, "food"), 2 * limit_s)
    await manager.until_told("WATCHDOG", times=fed + 2)


def listening():
    each = socket.create_server(("127.0.0.1", 0))
    each.setblocking(True)
    return each


def address(each, scheme="http"):
    return f"{scheme}://127.0.0.1:{each.getsockname()[1]}"


@pytest.fixture
def sockets():
    with contextlib.ExitStack() as opened:
        yield [opened.enter_context(listening()) for _ in range(3)]


async def test_passed_sockets_serve(start, sockets, tmp_path):
    """By their order; connections made before the start are served."""
    host, port = sockets[0].getsockname()
    early_reader, early_writer = await asyncio.open_connection(host, port)
    early_writer.write(f"GET /health HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    server = await start("--tls", "auto", "--state-dir", str(tmp_path), **passing(sockets))
    api, audio, tls = sockets
    assert (server.api, server.audio, server.tls) == (address(api), address(audio), address(tls, "https"))
    assert b"200" in await within(early_reader.readline(), "the answer to who came before")
    early_writer.close()
    assert (await ask(server.audio, "/health", [own_host(server.audio)])).status == 200


async def test_socket_names_override_order(start, sockets):
    server = await start(**passing(sockets, ["audio", "of-another", "api"]))
    assert (server.api, server.audio) == (address(sockets[2]), address(sockets[0]))
    assert "unused socket passed: of-another" in server.stderr()


async def test_missing_sockets_are_opened(start, sockets):
    server = await start(**passing(sockets[:1]))
    assert server.api == address(sockets[0])
    assert re.fullmatch(r"http://127.0.0.1:\d+", server.audio) and server.audio != server.api


async def test_sockets_for_another_process_are_not_taken(start, sockets):
    options = passing(sockets)
    options["prefix"] = ("env", "LISTEN_PID=1")
    server = await start(**options)
    assert server.api not in [address(each) for each in sockets]


async def test_non_listening_socket(start, request):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        with pytest.raises(AssertionError, match="api: the passed socket is not a listening TCP socket"):
            await start(**passing([udp]))
    request.node.servers.clear()  # it has ended, with status 1
