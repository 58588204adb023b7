# SPDX-License-Identifier: MIT
"""The jobs of .github/workflows run the repository's scripts, in a Debian that has what these need."""

import itertools
import os
import re
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
JOBS = [
    pytest.param(job, id=f"{path.name}:{name}")
    for path in sorted((REPOSITORY / ".github/workflows").glob("*.yml"))
    for name, job in yaml.safe_load(path.read_text())["jobs"].items()
]
SUITES = {"bookworm", "trixie", "forky"}
SCRIPT = re.compile(r"\bscripts/[\w-]+")


def variants(job):
    """The job's texts, once for each combination of its matrix."""
    matrix = job.get("strategy", {}).get("matrix", {})
    for values in itertools.product(*matrix.values()):
        chosen = dict(zip(matrix, values))
        yield lambda text: re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda match: chosen[match[1]], text)


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def scripts(job):
    return {name for command in commands(job) for name in SCRIPT.findall(command)}


@pytest.mark.parametrize("job", JOBS)
def test_job_runs_existing_scripts(job):
    assert scripts(job)
    for name in scripts(job):
        assert os.access(REPOSITORY / name, os.X_OK), name


@pytest.mark.parametrize("job", JOBS)
def test_job_runs_in_debian(job):
    """The scripts install Debian's packages, and debootstrap takes the sources of apt."""
    for variant in variants(job):
        distribution, suite = variant(job["container"]["image"]).split(":")
        assert distribution == "debian" and suite in SUITES


@pytest.mark.parametrize("job", JOBS)
def test_job_is_root_and_not_by_sudo(job):
    """Debian's image has no sudo, and its user is root."""
    assert not any("sudo" in command for command in commands(job))


@pytest.mark.parametrize("job", JOBS)
def test_job_that_makes_debians_is_privileged(job):
    if any("scripts/root" in (REPOSITORY / name).read_text() for name in scripts(job)):
        assert "--privileged" in job["container"]["options"].split()


@pytest.mark.parametrize("job", JOBS)
def test_job_gets_git_before_sources(job):
    """Without git, the sources come as an archive, and git does not know the files; nor those of another owner."""
    steps = [step.get("uses", step.get("run")) for step in job["steps"]]
    checkout = next(i for i, step in enumerate(steps) if step.startswith("actions/checkout@"))
    assert any(re.search(r"apt-get.* install .*\bgit\b", step) for step in steps[:checkout])
    trusted = next(i for i, step in enumerate(steps) if "safe.directory" in step)
    assert checkout < trusted < next(i for i, step in enumerate(steps) if SCRIPT.search(step))
