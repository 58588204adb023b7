# SPDX-License-Identifier: MIT
"""References in documents are valid: files, headings, tests and parts of the source."""

import re

import pytest
from voicecast_client.server import REPOSITORY

DOCUMENTS = {
    str(path.relative_to(REPOSITORY)): path.read_text()
    for path in [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md"), REPOSITORY / "pipelines" / "README.md"]
}
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
TEST = re.compile(r"\b(unit|integration|interop|browser|fuzz|bench)/((?:[a-z]+/)?[a-z_0-9]+)\b(?![/.])")
PLACE = re.compile(r"`((?:src|data|tests|scripts|pipelines|docs)/[\w./*-]+)`")

each_document = pytest.mark.parametrize("name", DOCUMENTS)


def anchors(text):
    """The anchors of headings, in GitHub's form."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@each_document
def test_links(name):
    here = (REPOSITORY / name).parent
    for path, anchor in LINK.findall(DOCUMENTS[name]):
        target = here / path if path else REPOSITORY / name
        assert target.exists(), path
        assert not anchor or anchor in anchors(target.read_text()), f"{path}#{anchor}"


@each_document
def test_tests(name):
    for suite, test in TEST.findall(DOCUMENTS[name]):
        place = (REPOSITORY / "tests" / suite / test).parent
        stem = test.split("/")[-1]
        known = [f"{stem}_test.cpp", f"test_{stem}.py", f"{stem}.test.mjs", f"bench_{stem}.py", f"{stem}_bench.cpp",
                 f"{stem}_fuzz.cpp", stem]
        assert any((place / file).exists() for file in known), f"{suite}/{test}"


@each_document
def test_library_places(name):
    for place in PLACE.findall(DOCUMENTS[name]):
        assert list(REPOSITORY.glob(place)), place
