# SPDX-License-Identifier: MIT
"""The YAML of docs/home-assistant.md is valid and refers to existing things."""

import re

import pytest
import pytest_asyncio
import yaml
from voicecast_client.secure import SecureStudio
from voicecast_client.server import REPOSITORY

TEXT = (REPOSITORY / "docs" / "home-assistant.md").read_text()
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)]
KEY_FILES = re.findall(r"^```ini\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.shared_server


def values(thing, key):
    """All values of a key, at any depth."""
    if isinstance(thing, dict):
        for name, value in thing.items():
            if name == key:
                yield value
            yield from values(value, key)
    elif isinstance(thing, list):
        for value in thing:
            yield from values(value, key)


def named(key):
    return [value for block in BLOCKS for value in values(block, key)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("home_assistant")


@pytest.fixture
def extra_arguments(folder):
    """The settings for a proxy, and the ports that the addresses have."""
    (keys,) = KEY_FILES
    path = folder / "voicecast.conf"
    path.write_text(keys)
    return ["--config", str(path), "--tls", "auto", "--tls-port", "0", "--state-dir", str(folder / "state")]


@pytest.fixture
def here(server):
    """Turns an address of the document into one of the server under test."""
    bases = {"http:8080": server.api, "http:8081": server.audio, "https:8443": server.tls}

    def translate(url):
        scheme, port, path = re.fullmatch(r"(https?)://192\.168\.1\.10:(\d+)(/.*)", url).groups()
        return bases[f"{scheme}:{port}"] + path

    return translate


@pytest_asyncio.fixture
async def secure_studio(server, folder):
    studio = SecureStudio(server, folder / "state" / "ca.crt")
    yield studio
    await studio.close()


def test_image_exists():
    assert {"script", "rest", "automation", "type"} <= {key for block in BLOCKS for key in block}


async def test_loudspeaker_address_is_mp3(studio, here):
    urls = named("media_content_id")
    assert urls
    for url in urls:
        listener = await studio.listener(here(url).removeprefix(studio.server.audio), {"Icy-MetaData": "1"})
        assert listener.response.content_type == "audio/mpeg"
        await listener.more(1000)


async def test_documented_addresses_exist(studio, here):
    for url in re.findall(r"https?://192\.168\.1\.10:80\S+?(?=[`\s])", TEXT):
        async with studio.http.get(here(url)) as response:
            assert response.status == 200, url


async def test_sensors_use_health_fields(studio, here):
    (rest,) = named("rest")
    for sensors in rest:
        async with studio.http.get(here(sensors["resource"])) as response:
            document = await response.json()
        templates = list(values(sensors, "value_template"))
        assert templates
        for template in templates:
            assert set(re.findall(r"value_json\.(\w+)", template)) <= document.keys(), template
        (healthy,) = re.findall(r"value_json\.status == '(\w+)'", str(templates))
        assert document["status"] == healthy


def test_automation_uses_existing_sensor():
    sensors = {f"sensor.{name.lower().replace(' ', '_')}" for name in named("name")}
    awaited = [trigger["entity_id"] for triggers in named("triggers") for trigger in triggers]
    assert awaited and set(awaited) <= sensors


async def test_page_may_be_shown_in_frame(secure_studio, here):
    (url,) = named("url")
    async with secure_studio.get(here(url).removeprefix(secure_studio.server.tls)) as response:
        assert response.status == 200
        assert "X-Frame-Options" not in response.headers
        (parents,) = re.findall("frame-ancestors ([^;]*)", response.headers["Content-Security-Policy"])
    # Home Assistant by its usual name, and by the address that the example lists.
    assert {"http://*.local:*", "https://home.example.com:443"} <= set(parents.split())


async def test_pages_of_proxy_address_are_accepted(studio):
    origin = "https://home.example.com"
    async with studio.http.get(studio.server.api + "/health", headers={"Origin": origin}) as response:
        assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (200, origin)
    async with studio.http.get(studio.server.api + "/", headers={"Host": "home.example.com"}) as response:
        assert response.status == 200
