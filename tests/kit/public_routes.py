"""Asks every public address that the URL conf and the OpenAPI description have.

A new route or parameter is walked without being named here, or stops the walk until it is said what
to ask it for.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import urlencode

import polars as pl
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern

from config.urls import urlpatterns
from tracker.pages.request_params import PageParams

# What is not public: it asks for a session, or is the answer where there is nothing.
NOT_PUBLIC = ("admin/",)
# A cursor is an opaque copy of what the rows say; `fields` only leaves out, and `min_position` only
# waits.
LEFT_OUT = {"cursor", "fields", "min_position"}
# The page without the parameters of others.
SEARCH = "search/"
PIXELS = "Content-Type: image/png"
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
# What only lists look at is asked for at once: to draw a page takes long.
_OF_LISTS = {"country", "order", "page"}
_OF_PAGES = {one.name for one in fields(PageParams)} - {"as_of_text"}


class Answer(NamedTuple):
    """What an address said: its route, what was asked, and the whole answer with its headers."""

    route: str
    query: str
    status: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What to put into addresses and parameters, by name; of an address `route:name` comes first.

    `pages` are the parameters of pages.
    """

    places: Mapping[str, Sequence[object]]
    query: Mapping[str, Sequence[object]]


def walk(client: Any, asking: Asking, *, alone: bool = False) -> list[Answer]:
    """Read every public address by itself, and with each of its parameters unless `alone`."""
    described = client.get("/api/v1/openapi.json").json()
    found = []
    for route, pattern in routes(urlpatterns):
        asked = [] if alone else _queries(described, route, asking)
        for path in _paths(route, pattern, asking):
            plain = _read(client, route, path, {})
            # To draw takes long, and the same is read from the picture as SVG.
            more = () if PIXELS in plain.text else asked
            found += [plain, *(_read(client, route, path, query) for query in more)]
    return found


def routes(patterns: Sequence[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route with its pattern."""
    for one in patterns:
        # Those of the default language have no prefix.
        prefixed = isinstance(one.pattern, LocalePrefixPattern)
        if not (prefixed or isinstance(one.pattern, RoutePattern)):
            continue
        route = before if prefixed else before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not route.startswith(NOT_PUBLIC):
                yield from routes(one.url_patterns, route)
        else:
            yield route, one


def _paths(route: str, pattern: URLPattern, asking: Asking) -> Iterator[str]:
    names = _PLACE.findall(route)
    converters = {**pattern.pattern.converters}
    choices = [_choices(route, name, converters.get(name), asking) for name in names]
    for chosen in product(*choices):
        yield _filled(route, dict(zip(names, chosen, strict=True)))


def _filled(route: str, given: Mapping[str, object]) -> str:
    return "/" + _PLACE.sub(lambda match: str(given[match[1]]), route)


def _choices(route: str, name: str, converter: Any, asking: Asking) -> Sequence[object]:
    regex = getattr(converter, "regex", "")
    if re.fullmatch(r"[a-z]+(\|[a-z]+)+", regex):
        return regex.split("|")
    for key in (f"{route.split('/<', maxsplit=1)[0]}:{name}", name):
        if key in asking.places:
            return asking.places[key]
    raise AssertionError(f"say in the test what to put for {name} of {route}")


def _queries(described: Any, route: str, asking: Asking) -> list[dict[str, str]]:
    """Each parameter of a route with each value that it is asked for."""
    if route == SEARCH:
        return _each({"q": _named(route, "q", asking)})
    if not route.startswith("api/"):
        together = {name: str(_named(route, name, asking)[0]) for name in _OF_LISTS}
        alone = {name: _named(route, name, asking) for name in sorted(_OF_PAGES - _OF_LISTS)}
        return [together, *_each(alone)]
    path = described["paths"].get("/" + _PLACE.sub(r"{\1}", route), {})
    parameters = path.get("get", {}).get("parameters", [])
    return _each(
        {
            one["name"]: _values(route, one, asking)
            for one in parameters
            if one["in"] == "query" and one["name"] not in LEFT_OUT
        }
    )


def _each(values: Mapping[str, Sequence[object]]) -> list[dict[str, str]]:
    return [{name: str(value)} for name, some in values.items() for value in some]


def _values(route: str, parameter: Mapping[str, Any], asking: Asking) -> Sequence[object]:
    schema = parameter["schema"]
    if parameter["name"] == "expand":
        return [parameter["description"].rpartition(": ")[2].replace(" ", "")]
    if "enum" in schema:
        return list(schema["enum"])
    if schema.get("type") == "boolean":
        return ["true", "false"]
    return _named(route, parameter["name"], asking)


def _named(route: str, name: str, asking: Asking) -> Sequence[object]:
    assert name in asking.query, f"say in the test what to ask {name} of {route} for"
    return asking.query[name]


def _read(client: Any, route: str, path: str, query: Mapping[str, str]) -> Answer:
    answer = client.get(f"{path}?{urlencode(query)}" if query else path)
    assert answer.status_code < 500 or answer.status_code == 503, (path, query, answer)
    kind = answer.headers.get("Content-Type", "")
    said = _text(answer.getvalue(), kind)
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return Answer(route, urlencode(query), answer.status_code, f"{headers}\n{said}")


def _text(body: bytes, kind: str) -> str:
    if "parquet" in kind:
        rows = pl.read_parquet(io.BytesIO(body)).to_dicts()
        return "\n".join(json.dumps(row, default=str, ensure_ascii=False) for row in rows)
    if "wordprocessingml" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            inside = [
                parts.read(one) for one in parts.namelist() if one.endswith((".xml", ".rels"))
            ]
        return "\n".join(one.decode() for one in inside)
    if "octet-stream" in kind:
        return body.hex()
    return body.decode("latin-1" if kind.startswith("image/png") else "utf-8")
