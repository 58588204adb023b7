# SPDX-License-Identifier: MIT
"""docs/openapi.yaml and the server agree, in both directions: requests cover every documented response."""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest
import pytest_asyncio
from voicecast_client import key_file, tokens
from voicecast_client.documents import OpenApi
from voicecast_client.raw_http import UPGRADE
from voicecast_client.server import REPOSITORY, Server
from voicecast_client.studio import Studio
from voicecast_client.watchdog import eventually, within

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
PLAYER, EVIL_PAGE = {"Range": "bytes=0-"}, {"Origin": "https://evil.example.com"}
NOBODY = "stream_00000000-0000-0000-0000-000000000000"

# Answers that no request brings about, and who looks at them instead.
NOT_ASKED_FOR = {
    ("/health", "get", "500", "application/json"),  # needs broken packages: unit/status
    ("/debug/pipelines/{stream_id}.dot", "get", "503", "text/plain"),  # while another is written: integration/graphs
}

pytestmark = pytest.mark.shared_server


class Visitor:
    """Sends requests, and checks every response against the document."""

    def __init__(self, document, studio):
        self.document = document
        self.studio = studio

    async def ask(self, status, path, method="get", headers=None, body=None, **values):
        """A request to the document's `path` with these values; "?…" is a value called query."""
        query = values.pop("query", "")
        url = self.studio.server.api + path.format(**values) + query
        request = self.studio.http.request(method, url, headers=headers, data=body, skip_auto_headers=["Content-Type"])
        async with await within(request, f"an answer from {url}") as response:
            is_endless = response.content_type in ("audio/mpeg", "audio/ogg") or response.status == 101
            text = None if is_endless else await response.text()
            assert response.status == status, f"{method} {url}: {response.status} {text}"
            self.document.check(path, method, status, response.headers, text)
            return response

    async def until_streams(self, count):
        async def are_there():
            return (await self.studio.get_json("/health"))["active_streams"] == count

        await eventually(are_there, f"{count} streams")


@pytest.fixture
def document():
    return OpenApi()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("openapi")


@pytest.fixture
def extra_arguments(folder):
    """Everything is recorded, so that publishers have a status."""
    (folder / "record").mkdir(exist_ok=True)
    push = {"url": f"file://{folder}/record/{{id}}-{{time}}.mp3", "stream": "all"}
    arguments = key_file.write(folder, **{"publish.attic": push})
    return [*arguments, "--tls", "auto", "--tls-port", "0", "--state-dir", str(folder / "state")]


@pytest_asyncio.fixture
async def strict_studio(tmp_path):
    """A server that requires tokens and If-Match, without HTTPS, with an unreachable STUN server."""
    secret = tmp_path / "secret"
    secret.write_text(tokens.SECRET)
    arguments = key_file.write(tmp_path, auth={"mode": "token", "secret_file": secret})
    server = await Server(tmp_path / "server.stderr").start(
        *arguments, "--whip-strict", "yes", "--stun-server", "stun:127.0.0.1:9"
    )
    yield Studio(server)
    await server.stop()


def test_schemas_are_valid(document):
    for name, schema in document.schemas():
        jsonschema.Draft202012Validator.check_schema(schema)
        for example in schema.get("examples", []):
            document.validate(example, schema, f"the example of {name}")


def test_every_route_is_documented(document):
    """Every address in the source is documented, or a folder of documented ones."""
    files = ("server/endpoint.cpp", "radio/audio_handler.hpp", "radio/audio_handler.cpp", "http/media_path.hpp")
    source = "".join((REPOSITORY / "src" / name).read_text() for name in files)
    routes = set(re.findall(r'"(/[\w./-]*)"', source))
    assert {"/health", "/ws", "/stream/", "/whip"} <= routes
    known = document.content["paths"]
    unknown = {route for route in routes if route not in known}
    assert [route for route in unknown if not any(path.startswith(route.rstrip("/") + "/") for path in known)] == []
    endings = set(re.findall(r'ending == "([^"]*)"', source))
    assert {".mp3", ".m3u"} <= endings
    assert [ending for ending in endings if not any(path.endswith("}" + ending) for path in known)] == []


def test_every_page_is_documented(document):
    group = ElementTree.parse(REPOSITORY / "data" / "resources.xml").find("gresource[@prefix='/voicecast/web']")
    names = [file.get("alias") for file in group]
    files = document.content["paths"]["/{file}"]["parameters"][0]["schema"]["enum"]
    assert "index.html" in names
    assert {name for name in names if "/" not in name} == set(files)
    assert all(document.documents("/" + name) for name in names)


async def status_documents(visitor):
    sender = await visitor.studio.sender()
    receiver = await visitor.studio.receiver(decode=False)
    listener = await visitor.studio.listener()
    await receiver.rtp.more(10)
    await listener.more(1000)
    await visitor.ask(200, "/health")
    for accept in ("*/*", "text/plain", "application/openmetrics-text"):
        await visitor.ask(200, "/metrics", headers={"Accept": accept})
    response = await visitor.ask(200, "/stream/status")
    status = await response.json()
    assert status["active_streams"] == [sender.stream_id]
    assert status["publishers"][0]["pushes"][0]["stream_id"] == sender.stream_id
    await visitor.ask(200, "/info")


async def graphs(visitor):
    sender = await visitor.studio.sender()
    for stream_id in (sender.stream_id, "latest"):
        await visitor.ask(200, "/debug/pipelines/{stream_id}.dot", stream_id=stream_id)
        await visitor.ask(410, "/debug/pipelines/{stream_id}.svg", stream_id=stream_id)
    await visitor.ask(404, "/debug/pipelines/{stream_id}.dot", stream_id=NOBODY)


async def radio_without_a_stream(visitor):
    await visitor.ask(200, "/stream/latest.mp3")
    await visitor.ask(200, "/stream/latest.opus")
    await visitor.ask(200, "/stream/latest.mp3", headers=PLAYER)
    await visitor.ask(200, "/stream/latest.mp3", query="?wait=1&icy=0")
    await visitor.ask(200, "/stream/latest.opus", headers=PLAYER)
    for ending in ("m3u", "pls"):
        await visitor.ask(200, f"/stream/latest.{ending}")
    for ending in ("mp3", "opus", "m3u", "pls"):
        await visitor.ask(404, f"/stream/{{stream_id}}.{ending}", stream_id=NOBODY)
    await visitor.ask(200, "/stream/status", "options")
    for ending in ("mp3", "opus"):
        await visitor.ask(200, f"/stream/latest.{ending}", "options")
        await visitor.ask(200, f"/stream/{{stream_id}}.{ending}", "options", stream_id=NOBODY)


async def viewer_without_a_stream(visitor):
    body = await offer(visitor, "/whep/{stream_id}")
    await visitor.ask(409, "/whep/{stream_id}", "post", {"Content-Type": SDP}, body, stream_id="latest")


async def radio_with_a_stream(visitor):
    sender = await visitor.studio.sender()
    icy = await visitor.ask(200, "/stream/latest.mp3", headers={"Icy-MetaData": "1"})
    assert {"icy-metaint", "icy-name"} <= icy.headers.keys()
    await visitor.ask(200, "/stream/latest.opus", headers=PLAYER)
    for ending in ("mp3", "opus", "m3u", "pls"):
        await visitor.ask(200, f"/stream/{{stream_id}}.{ending}", stream_id=sender.stream_id)
    for ending in ("mp3", "opus"):
        await visitor.ask(400, f"/stream/latest.{ending}", query="?burst=all")
        await visitor.ask(400, f"/stream/{{stream_id}}.{ending}", stream_id=sender.stream_id, query="?burst=524289")


async def pages(visitor):
    await visitor.ask(200, "/")
    await visitor.ask(200, "/ca.crt")
    await visitor.ask(200, "/qr.svg", query="?text=hello")
    await visitor.ask(400, "/qr.svg")
    for file in ("index.html", "style.css", "icon.svg", "manifest.webmanifest"):
        await visitor.ask(200, "/{file}", file=file)
    await visitor.ask(404, "/{file}", file="other.html")
    await visitor.ask(200, "/js/{module}", module="main.js")
    await visitor.ask(404, "/js/{module}", module="other.js")


async def websocket(visitor):
    for path in ("/", "/ws"):
        await visitor.ask(101, path, headers=dict(UPGRADE))
    await visitor.ask(426, "/ws")
    await visitor.ask(400, "/ws", headers={**dict(UPGRADE), "Sec-WebSocket-Version": "1"})


async def offers_to_talk(visitor):
    await offers_to(visitor, "/whip")
    await offers_to(visitor, "/whip/{name}")


async def offers_to_listen(visitor):
    await offers_to(visitor, "/whep/{stream_id}")


async def offers_to(visitor, path):
    values = {"name": "studio", "stream_id": "latest"}
    await visitor.studio.sender()
    await visitor.ask(200 if "whep" in path else 204, path, **values)
    await visitor.ask(200, path, "options", **values)
    await visitor.ask(415, path, "post", {"Content-Type": "text/plain"}, "v=0", **values)
    await visitor.ask(400, path, "post", {"Content-Type": SDP}, "hello", **values)
    for status, codec in ((422, "vorbis"), (201, "opus")):
        body = (await offer(visitor, path)).replace("opus", codec)
        await visitor.ask(status, path, "post", {"Content-Type": SDP}, body, **values)


async def an_offer_for_nobody(visitor):
    await visitor.ask(404, "/whep/{stream_id}", stream_id=NOBODY)
    await visitor.ask(404, "/whep/{stream_id}", "post", {"Content-Type": SDP}, "v=0", stream_id=NOBODY)


async def offer(visitor, path):
    studio = visitor.studio
    peer = studio.new_whep_receiver() if "whep" in path else studio.new_whip_sender()
    await peer.make_offer()
    return peer.pc.localDescription.sdp


async def session_of_whip(visitor):
    await session_of(visitor, "whip")


async def session_of_whep(visitor):
    await session_of(visitor, "whep")


async def session_of(visitor, door):
    await visitor.studio.sender()
    peer = await (visitor.studio.whip_sender("/whip") if door == "whip" else visitor.studio.whep_receiver())
    path, secret = f"/{door}/sessions/{{secret}}", urlsplit(peer.session).path.split("/")[-1]
    fragment = {"Content-Type": FRAGMENT}

    async def ask(status, method, headers=None, body=None, secret=secret):
        return await visitor.ask(status, path, method, headers, body, secret=secret)

    await ask(204, "get")
    await ask(200, "options")
    await ask(204, "patch", {**fragment, "If-Match": peer.etag}, peer.fragment(*peer.candidates()))
    await ask(412, "patch", {**fragment, "If-Match": '"another"'}, peer.fragment())
    await ask(400, "patch", fragment, "hello")
    await ask(415, "patch", {"Content-Type": SDP}, "v=0")
    restart = peer.fragment().replace(peer.ufrag, "another")
    await ask(200, "patch", {**fragment, "If-Match": "*"}, restart)
    await ask(200, "delete")
    for method in ("get", "delete"):
        await ask(404, method)
    await ask(404, "patch", fragment, peer.fragment())


async def refusals_of_a_strict_server(strict_visitor):
    """A server that responds 428, has no authority to install, and requires tokens."""
    bearer = {"Authorization": f"Bearer {tokens.sign(publish=True, listen='*')}"}
    fragment = {**bearer, "Content-Type": FRAGMENT}
    await strict_visitor.ask(404, "/ca.crt")
    sender = await strict_visitor.studio.whip_sender(headers=bearer)
    secret = sender.session.split("/")[-1]
    await strict_visitor.ask(428, "/whip/sessions/{secret}", "patch", fragment, sender.fragment(), secret=secret)
    await strict_visitor.until_streams(1)
    headers, body = {**bearer, "Content-Type": SDP}, await offer(strict_visitor, "/whep")
    opened = await strict_visitor.ask(201, "/whep/{stream_id}", "post", headers, body, stream_id="latest")
    assert opened.headers["Link"].startswith("<stun:")
    viewer = await strict_visitor.studio.whep_receiver(headers=bearer)
    secret = viewer.session.split("/")[-1]
    await strict_visitor.ask(428, "/whep/sessions/{secret}", "patch", fragment, viewer.fragment(), secret=secret)
    await strict_visitor.ask(401, "/whip", "post", {"Content-Type": SDP}, "v=0")
    await strict_visitor.ask(401, "/stream/latest.mp3")
    await strict_visitor.ask(401, "/ws", headers=dict(UPGRADE))
    no_rights = {"Authorization": f"Bearer {tokens.sign()}"}
    await strict_visitor.ask(403, "/stream/{stream_id}.mp3", headers=no_rights, stream_id=NOBODY)


async def what_may_happen_to_any_request(visitor):
    """A page of another site is refused everywhere, in the documented form."""
    values = {"stream_id": "stream_x", "name": "x", "secret": "x", "file": "x", "module": "x"}
    for path, method, _ in visitor.document.operations():
        await visitor.ask(403, path, method, EVIL_PAGE, **values)
    await visitor.ask(403, "/", headers={**EVIL_PAGE, "Accept": "text/html"})


SCENARIOS = [
    status_documents, graphs, radio_without_a_stream, viewer_without_a_stream, radio_with_a_stream, pages, websocket,
    offers_to_talk, offers_to_listen, an_offer_for_nobody, session_of_whip, session_of_whep, what_may_happen_to_any_request,
]  # fmt: skip


async def test_every_documented_answer(document, server, strict_studio):
    for scenario in SCENARIOS:
        await scenario_of(scenario, Visitor(document, Studio(server)))
    await scenario_of(refusals_of_a_strict_server, Visitor(document, strict_studio))
    missing = set(document.answers()) - document.seen - NOT_ASKED_FOR
    assert not missing, f"documented, and not asked for here: {sorted(missing, key=str)}"


async def scenario_of(scenario, visitor):
    """A scenario that starts without streams, and leaves no client."""
    try:
        await visitor.until_streams(0)
        await scenario(visitor)
    finally:
        await visitor.studio.close()


async def test_head_wherever_get_is(document, studio):
    values = {"stream_id": "latest", "name": "x", "secret": "x", "file": "style.css", "module": "main.js"}
    for path in (path for path, method, _ in document.operations() if method == "get"):
        url = studio.server.api + path.format(**values)
        async with studio.http.get(url) as response, studio.http.head(url) as head:
            assert (head.status, head.headers.get("Content-Type")) == (
                response.status, response.headers.get("Content-Type"),
            ), path  # fmt: skip
