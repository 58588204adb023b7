# SPDX-License-Identifier: MIT
"""Prometheus' tool accepts metrics and alert rules; rules and dashboard use existing metrics only."""

import asyncio
import json
import pathlib
import re
import shutil

import pytest
from voicecast_client import prometheus
from voicecast_client.watchdog import within

DATA = pathlib.Path(__file__).parents[2] / "data"
RULES, DASHBOARD = DATA / "voicecast.rules.yml", DATA / "grafana-dashboard.json"
RULES_TEST = pathlib.Path(__file__).with_name("voicecast.rules.test.yml")

pytestmark = pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is missing (Debian: prometheus)")


async def promtool(*arguments, given=b""):
    tool = await asyncio.create_subprocess_exec(
        "promtool", *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await within(tool.communicate(given), "promtool's verdict")
    return tool.returncode, output.decode()


async def metrics_of(studio):
    headers = {"Accept": "text/plain; version=0.0.4"}
    async with studio.http.get(studio.server.api + "/metrics", headers=headers) as response:
        return await response.text()


async def test_prometheus_accepts_metrics(publish, tmp_path):
    studio = await publish(attic={"url": f"file://{tmp_path}/{{id}}-{{time}}.opus", "stream": "all"})
    await studio.sender()
    receiver = await studio.receiver(decode=False)
    await receiver.rtp.more(10)
    text = await metrics_of(studio)
    assert await promtool("check", "metrics", given=text.encode()) == (0, "")
    known = set()
    for family in prometheus.parse(text).values():
        suffixes = ("_bucket", "_sum", "_count") if family.type == "histogram" else ("",)
        known |= {family.name + suffix for suffix in suffixes}
    for file in (RULES, DASHBOARD):
        named = set(re.findall(r"\b(?:voicecast|process)_\w+", " ".join(expressions_of(file))))
        assert named and named <= known, f"{file.name}: {named - known}"


def expressions_of(file):
    if file.suffix == ".json":
        return [target["expr"] for panel in json.loads(file.read_text())["panels"] for target in panel["targets"]]
    return [line for line in file.read_text().splitlines() if not re.match(r"\s*(#|- name:|\w+: \")", line)]


async def test_rules_can_be_loaded():
    status, output = await promtool("check", "rules", str(RULES))
    assert status == 0, output


async def test_rules_alert_in_time(tmp_path):
    told = tmp_path / "rules.test.yml"
    told.write_text(RULES_TEST.read_text().replace("RULES", str(RULES)))
    status, output = await promtool("test", "rules", str(told))
    assert status == 0, output
