# SPDX-License-Identifier: MIT
"""docs/asyncapi.yaml and the server agree, in both directions."""

import copy
import re

import jsonschema
import pytest
import pytest_asyncio
from voicecast_client.documents import AsyncApi
from voicecast_client.server import REPOSITORY, Server
from voicecast_client.stun_server import StunServer

DOCUMENT = AsyncApi()
SIGNALING = REPOSITORY / "src" / "signaling"

CLIENT_EXAMPLES = [
    (name, example["payload"]) for name, message in DOCUMENT.from_client.items() for example in message["examples"]
]


def required_fields(schema, path=()):
    """The path of each field without which the schema refuses a message, but for the type."""
    for field in schema.get("required", []):
        if path or field != "type":
            yield (*path, field)
    for field, below in schema.get("properties", {}).items():
        if "object" in below.get("type", ""):
            yield from required_fields(below, (*path, field))


def without(message, path):
    message = copy.deepcopy(message)
    place = message
    for field in path[:-1]:
        place = place[field]
    del place[path[-1]]
    return message


INCOMPLETE = [
    (name, path, without(message["examples"][0]["payload"], path))
    for name, message in DOCUMENT.from_client.items()
    for path in required_fields(message["payload"])
]


@pytest.fixture(autouse=True)
def the_document_holds(studio):
    """Checks all messages that a client received against the document."""
    clients = []
    connect = studio.client

    async def remember():
        clients.append(await connect())
        return clients[-1]

    studio.client = remember
    yield
    for client in clients:
        for message in client.messages:
            DOCUMENT.check(message)


pytestmark = pytest.mark.shared_server


def test_schemas_are_valid():
    for name, schema in DOCUMENT.schemas():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema, name


@pytest.mark.parametrize("direction", ["from_client", "from_server"])
def test_examples_match_schemas(direction):
    for name, message in getattr(DOCUMENT, direction).items():
        for example in message.get("examples", []):
            DOCUMENT.validate(example["payload"], message["payload"], f"the example of {name}")


def test_every_message_that_server_understands_is_documented():
    understood = re.findall(r'^    \{"(\w+)", parse_', (SIGNALING / "client_message.cpp").read_text(), re.MULTILINE)
    assert len(understood) > 1 and set(understood) == DOCUMENT.from_client.keys()


def test_every_message_that_server_makes_is_documented():
    made = re.findall(r'(?:message_of|one_text|describe)\("(\w+)"', (SIGNALING / "server_message.cpp").read_text())
    assert len(made) > 1 and set(made) == DOCUMENT.from_server.keys()


@pytest.mark.parametrize("name, message", CLIENT_EXAMPLES, ids=lambda value: value if isinstance(value, str) else "")
async def test_server_accepts_client_examples(studio, name, message):
    """An example may be impossible now, but its message must parse."""
    client = await studio.client()
    await client.send(message["type"], **{key: value for key, value in message.items() if key != "type"})
    await client.send("get_available_streams")  # messages are handled in order
    await client.until(lambda: client.unread("available_streams"), "the list")
    for error in client.unread("error"):
        assert not error["message"].startswith(f"Server error: {name}:"), error


@pytest.mark.parametrize("name, path, message", INCOMPLETE, ids=lambda value: str(value) if value is None else None)
async def test_server_refuses_message_without_required_field(studio, name, path, message):
    client = await studio.client()
    await client.send(message["type"], **{key: value for key, value in message.items() if key != "type"})
    error = (await client.expect("error"))["message"]
    assert error == f'Server error: {name}: "{".".join(path)}" is missing'


class TestAConversation:
    """A conversation with all of the server's messages."""

    @pytest_asyncio.fixture
    async def server(self, tmp_path):
        """With a STUN server that never answers: then what little there is to say of it comes late."""
        stun = await StunServer.open()
        server = await Server(tmp_path / "server.stderr").start("--stun-server", stun.uri)
        yield server
        await server.stop()
        stun.close()

    async def test_every_message_is_seen(self, studio):
        listener = await studio.client()
        await listener.send("start_receiving")
        await listener.expect_error("No audio stream available")
        sender = await studio.sender()
        assert (await listener.streams()) == [sender.stream_id]
        receiver = studio.new_receiver(listener)
        await receiver.start()
        await sender.client.expect("ice_candidate")
        await sender.client.send("stop_stream")
        await listener.expect("stream_ended")
        seen = {message["type"] for client in (listener, sender.client) for message in client.messages}
        assert seen == DOCUMENT.from_server.keys()
