# SPDX-License-Identifier: MIT
"""A strict reader of the Prometheus text format."""

import re
from dataclasses import dataclass, field

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"'
_SAMPLE = re.compile(rf"({_NAME})(?:\{{((?:{_LABEL}(?:,{_LABEL})*,?)?)\}})? (\S+)(?: -?\d+)?")
_TYPES = ("counter", "gauge", "histogram", "summary", "untyped", "unknown", "info")


@dataclass
class Family:
    name: str
    help: str = None
    type: str = None
    samples: list = field(default_factory=list)  # (name, labels, value)


def parse(text):
    """Families by name. Every line must be understood, and every sample must have its HELP and TYPE before it."""
    assert text.endswith("\n"), "the last line does not end"
    families = {}
    lines = text[:-1].split("\n")
    if lines[-1] == "# EOF":  # OpenMetrics
        lines.pop()
    for line in filter(None, lines):
        if match := re.fullmatch(rf"# (HELP|TYPE) ({_NAME}) (.+)", line):
            family = families.setdefault(match[2], Family(match[2]))
            _describe(family, match[1], match[3])
        elif not line.startswith("#"):
            _add_sample(families, line)
        else:
            assert re.fullmatch(rf"# UNIT {_NAME} \w*", line), f"what is this comment: {line}"
    return families


def _describe(family, what, text):
    key = what.lower()
    assert getattr(family, key) is None, f"{family.name} has two {what}"
    assert not family.samples, f"{what} of {family.name} comes after its samples"
    assert what == "HELP" or text in _TYPES, f"{family.name} has type {text}"
    setattr(family, key, text)


def _add_sample(families, line):
    match = _SAMPLE.fullmatch(line)
    assert match, f"not a sample: {line}"
    name, labels, value = match[1], match[2] or "", float(match[3])
    family = families.get(name) or families.get(re.sub(r"_(bucket|sum|count|total|info)$", "", name))
    assert family and family.help and family.type, f"{name} has no HELP or no TYPE"
    family.samples.append((name, labels, value))


def assert_histogram(family):
    buckets = [(labels, value) for name, labels, value in family.samples if name == family.name + "_bucket"]
    bounds = [float(re.search(r'le="([^"]+)"', labels)[1]) for labels, _ in buckets]
    counts = [value for _, value in buckets]
    totals = {name: value for name, _, value in family.samples}
    assert bounds == sorted(bounds) and bounds[-1] == float("inf"), bounds
    assert counts == sorted(counts), counts
    assert counts[-1] == totals[family.name + "_count"]
    assert family.name + "_sum" in totals
