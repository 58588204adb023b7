# SPDX-License-Identifier: MIT
"""The interface as docs/openapi.yaml and docs/asyncapi.yaml have it, and what comes from a server held to it."""

import json
import re

import jsonschema
import yaml

from .server import REPOSITORY


class Document:
    """One of the files. What is in it may be a reference to somewhere else in it."""

    def __init__(self, name):
        self.name = f"docs/{name}"
        self.content = yaml.safe_load((REPOSITORY / "docs" / name).read_text())

    def resolve(self, thing):
        while "$ref" in thing:
            thing = self._at(thing["$ref"])
        return thing

    def _at(self, reference):
        """By a JSON pointer (RFC 6901) into the document: "#/components/schemas/Status"."""
        place = self.content
        for key in reference.removeprefix("#/").split("/"):
            place = place[key.replace("~1", "/").replace("~0", "~")]
        return place

    def validate(self, value, schema, what):
        # References in a schema begin at its root, so the document is around it.
        validator = jsonschema.Draft202012Validator({**self.content, **schema})
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
        assert not errors, f"{what} is not what {self.name} says: {errors}\n{str(value)[:2000]}"

    def schemas(self):
        """All that stand under a key "schema" or "payload" or among the components, each with a name."""
        yield from self.content["components"].get("schemas", {}).items()
        yield from _below(self.content, "")


def _below(thing, path):
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key in ("schema", "payload") and isinstance(value, dict) and "examples" not in path:
                yield f"{path}/{key}", value
            yield from _below(value, f"{path}/{key}")
    elif isinstance(thing, list):
        for number, value in enumerate(thing):
            yield from _below(value, f"{path}/{number}")


class OpenApi(Document):
    """Remembers which of the documented answers it has seen."""

    def __init__(self):
        super().__init__("openapi.yaml")
        self.seen = set()

    def operations(self):
        """(path, method, operation) of each."""
        for path, item in self.content["paths"].items():
            for method in item.keys() & {"get", "post", "patch", "delete", "options", "put", "head"}:
                yield path, method, item[method]

    def answers(self):
        """(path, method, status, media type or None) of each that has a status."""
        for path, method, operation in self.operations():
            for status, response in operation["responses"].items():
                for media_type in self.resolve(response).get("content", {None: None}):
                    yield path, method, status, media_type

    def check(self, path, method, status, headers, body):
        """An answer to a request of `method` to a URL that stands under `path`; `body` None is not looked at."""
        what = f"the answer {status} to {method.upper()} {path}"
        assert path in self.content["paths"], f"{self.name} knows nothing of {path}"
        responses = self.content["paths"][path][method]["responses"]
        key = str(status) if str(status) in responses else "default"
        response = self.resolve(responses[key])
        self._check_headers(response, headers, what)
        media_type = headers.get("Content-Type", "").split(";")[0] or None
        content = response.get("content")
        if content is None:
            assert not body, f"{what} has a body, of which {self.name} knows nothing"
            media_type = None
        else:
            assert media_type in content, f"{what} is of type {media_type}, not of {list(content)}"
            if body is not None and "schema" in content[media_type]:
                value = json.loads(body) if media_type.endswith("json") else body
                self.validate(value, content[media_type]["schema"], what)
        self.seen.add((path, method, key, media_type))

    def _check_headers(self, response, headers, what):
        for name, header in response.get("headers", {}).items():
            header = self.resolve(header)
            assert name in headers or not header.get("required"), f"{what} has no header {name}"
            if name in headers:
                self.validate(", ".join(headers.getall(name)), header["schema"], f"{name} in {what}")

    def documents(self, path):
        """Whether this path is that of an operation."""
        patterns = (re.sub(r"\\{\w+\\}", "[^/]+", re.escape(known)) for known in self.content["paths"])
        return any(re.fullmatch(pattern, path) for pattern in patterns)


class AsyncApi(Document):
    def __init__(self):
        super().__init__("asyncapi.yaml")
        self.from_client = self._messages("from_client")
        self.from_server = self._messages("from_server")

    def check(self, message):
        """One that came from the server."""
        assert message["type"] in self.from_server, f"{self.name} does not know {message['type']} of the server"
        self.validate(message, self.from_server[message["type"]]["payload"], message["type"])

    def _messages(self, operation):
        messages = map(self.resolve, self.content["operations"][operation]["messages"])
        return {message["name"]: message for message in messages}
