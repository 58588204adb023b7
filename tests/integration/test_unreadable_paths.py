# SPDX-License-Identifier: MIT
"""An inaccessible path is an error message, never a crash."""

import asyncio
import os

import pytest
from voicecast_client.server import LOOPBACK_ARGUMENTS, Server, binary, environment
from voicecast_client.watchdog import eventually, within

# As root without the rights of root on files.
AS_OTHERS = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()


async def test_unreadable_pipeline_directory(request, tmp_path):
    pipelines = tmp_path / "pipelines"
    pipelines.mkdir()
    server = Server(tmp_path / "server.stderr", prefix=AS_OTHERS)
    request.node.servers = [server]
    await server.start("--pipelines", str(pipelines))

    async def expect(words):
        before = server.stderr().count(words)
        server.reload()

        async def is_said():
            return server.stderr().count(words) > before

        await eventually(is_said, words)

    try:
        pipelines.chmod(0)
        await expect(f"the settings stay unchanged: cannot read {pipelines}/stream.launch: ")
        pipelines.chmod(0o755)
        await expect("settings reloaded")
    finally:
        pipelines.chmod(0o755)
        await server.stop()


@pytest.mark.parametrize("env", [{}, {"GST_REGISTRY": "registry.bin"}], ids=["state", "registry"])
async def test_deleted_working_directory(tmp_path, env):
    """With relative paths below it, for the doctor."""
    gone = tmp_path / "gone"
    gone.mkdir()
    in_it = ("sh", "-c", f'cd {gone} && rmdir {gone} && exec "$0" "$@"')
    process = await asyncio.create_subprocess_exec(
        *in_it, binary(), "doctor", *LOOPBACK_ARGUMENTS, "--tls", "auto", "--tls-port", "0", "--state-dir", "state",
        env={**environment(), **env}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await within(process.communicate(), "the doctor's report")
    assert process.returncode == 1, err.decode()
    assert "No such file or directory" in out.decode()
