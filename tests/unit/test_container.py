# SPDX-License-Identifier: MIT
"""docs/container.md agrees with scripts/image, and its compose file is one."""

import re
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
TEXT = (REPOSITORY / "docs/container.md").read_text()
IMAGE = (REPOSITORY / "scripts/image").read_text()
COMPOSE = re.search(r"^```yaml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)[1]
# Of the Compose specification, what the file may use, each with the type of its value.
SERVICE_KEYS = {
    "image": str, "network_mode": str, "restart": str, "read_only": bool, "cap_drop": list, "security_opt": list,
    "stop_grace_period": str, "volumes": list, "environment": dict, "command": list, "ports": list,
}


def with_all_settings(text):
    """The file as its reader has it who uses all that is commented out."""
    return re.sub(r"^(\s*)# (?=- |\w+:|  )", r"\1", text, flags=re.MULTILINE)


@pytest.fixture(params=[COMPOSE, with_all_settings(COMPOSE)], ids=["as it is", "with all settings"])
def compose(request):
    return yaml.safe_load(request.param)


def of_image(option):
    """The values of buildah's option."""
    return set(re.findall(rf"--{option} (\S+)", IMAGE))


def test_compose_file_has_settings_commented_out():
    services = yaml.safe_load(with_all_settings(COMPOSE))["services"]
    assert {"environment", "volumes"} <= set(services["voicecast"])
    assert len(services["voicecast"]["volumes"]) > len(yaml.safe_load(COMPOSE)["services"]["voicecast"]["volumes"])


def test_compose_file_has_known_keys(compose):
    assert set(compose) == {"services", "volumes"}
    for service in compose["services"].values():
        assert {key: type(value) for key, value in service.items()} == {key: SERVICE_KEYS[key] for key in service}
        assert re.fullmatch(r"(\d+(ms|us|s|m|h))+", service["stop_grace_period"])
        assert all(isinstance(value, str) for value in service.get("environment", {}).values()), "numbers need quotes"
        assert service["network_mode"] != "host" or "ports" not in service, "they exclude each other"


def test_compose_file_declares_volumes(compose):
    mounted = [mount.split(":") for service in compose["services"].values() for mount in service["volumes"]]
    named = {parts[0] for parts in mounted if not parts[0].startswith((".", "/"))}
    assert named == set(compose["volumes"])
    assert all(parts[1].startswith("/") and parts[2:] in ([], ["ro"]) for parts in mounted)
    assert of_image("volume") <= {parts[1] for parts in mounted}


def test_version_of_image(compose):
    version = re.search(r"^\s*version: '([^']+)'", (REPOSITORY / "meson.build").read_text(), re.MULTILINE)[1]
    assert compose["services"]["voicecast"]["image"] == f"voicecast:{version}"
    assert set(re.findall(r"voicecast:(\d[\w.]*)", TEXT)) == {version}


def test_ports_of_image():
    rows = re.findall(r"^\| ((?:\d+/\w+(?:, )?)+) \|", TEXT, re.MULTILINE)
    assert {port for row in rows for port in row.split(", ")} == of_image("port")


def test_user_of_image():
    uid = re.search(r"^uid=(\d+)$", IMAGE, re.MULTILINE)[1]
    assert set(re.findall(r"\buser[ |]+(\d+)", TEXT)) == {uid}
