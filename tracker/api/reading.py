"""Common to all reads: parameters, `fields` and `expand`, the ETag, and the position."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, ClassVar

from django import urls
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpResponse
from django.http.request import HttpRequest
from django.urls import Resolver404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api import expansion, params, throttling
from tracker.api.expansion import ExpandedField, ExpandField, Expands, expanded_records
from tracker.api.params import Parameters
from tracker.domain.disclosure import Reader
from tracker.queries import moment, progress

type Stamp = Callable[[Mapping[str, str], Mapping[str, Any]], str]


def log(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """For records and their histories."""
    return progress.of_log()


def day_by_day(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """For scores and for the effects of claims, on a day that defaults to today."""
    return f"{progress.of_views()}|{_today()}"


def tables(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """For the tables of all pairs, which age daily."""
    return f"{progress.of_tables()}|{_today()}"


def program(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """For parts of the program."""
    return ""


def description(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """For the description, which depends on whether readers need a token."""
    return "open" if settings.ANONYMOUS_READERS else "closed"


def calibration(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """For the record of the certainty, which follows from verdicts and draws."""
    return progress.of_calibration()


def editions(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """For editions, which cover days that have ended."""
    return progress.of_editions()


# What is complete as soon as the log is.
_OF_LOG = (log, program, description, editions)


def scores(*, dated_by: str) -> Stamp:
    """For scores alone.

    If the query has a position and `dated_by` (the day, or the last day of a span), the response
    never changes. With `without` it can change: the claim may be withheld later.
    """

    def stamp(query: Mapping[str, str], path: Mapping[str, Any]) -> str:
        as_of = query.get("as_of", "")
        if dated_by in query and "without" not in query and as_of.isdecimal() and len(as_of) < 19:
            return progress.of_past(int(as_of))
        return day_by_day(query, path)

    return stamp


def _today() -> str:
    return timezone.now().date().isoformat()


POSITION = "Entente-Position"
INCARNATION = "Entente-Incarnation"
# The largest response to cache, in bytes; `CACHES` limits their number.
LARGEST = 256_000
_VARY = ("Accept", "Authorization")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    """The tag of a response, and the position and incarnation of the log when the request began;
    None if the response does not depend on it."""

    tag: str
    position: int | None
    incarnation: str | None


class Resource(APIView):
    """A readable resource. `stamp` names what its responses depend on; `cost` is what a computed
    response costs of `RATE_LIMIT`."""

    stamp: ClassVar[Stamp] = log
    cost: ClassVar[int] = 1
    validator: Validator

    @property
    def reader(self) -> Reader:
        return reader_of(self.request)

    def cost_of(self, query: Mapping[str, Any]) -> int:  # noqa: ARG002
        """What the response to some parameters costs."""
        return self.cost


def reader_of(request: Any) -> Reader:
    """The reader of a response: without a token, the public."""
    return Reader.DESK if "Authorization" in request.headers else Reader.PUBLIC


def answer_from_cache(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware that answers from the cache on an open site."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and _is_public(request):
            # An invalid request is reported later, as a problem.
            with suppress(DatabaseError, SuspiciousOperation):
                view, path = _resource_at(request.path_info)
                if view is not None:
                    cached = cached_response(request, validator_of(view, request, path))
                    if cached is not None:
                        return throttling.without_charge(request, cached)
        return get_response(request)

    return middleware


@lru_cache(maxsize=2_000)
def _resource_at(path: str) -> tuple[type[Resource] | None, Mapping[str, Any]]:
    """The resource at an address, and the values in the address."""
    with suppress(Resolver404):
        match = urls.resolve(path)
        view = getattr(match.func, "cls", None)
        if isinstance(view, type) and issubclass(view, Resource):
            return view, match.kwargs
    return None, {}


def is_of_scores(path: str) -> bool:
    """Whether what an address shows follows from scores, and not from the log alone."""
    view, _ = _resource_at(path)
    return view is None or view.stamp not in _OF_LOG


def validator_of(view: type[Resource], request: Any, path: Mapping[str, Any]) -> Validator:
    """The validator of the response to a request. It is computed once."""
    validator: Validator | None = getattr(request, "validator", None)
    if validator is None:
        stamp = view.stamp(request.GET, path)
        position, incarnation = progress.end_of(stamp)
        validator = request.validator = Validator(
            tag=_tag(request, stamp), position=position, incarnation=incarnation
        )
    return validator


def cached_response(request: Any, validator: Validator) -> HttpResponse | None:
    """Return a 304 if the client has the response, or the cached response if there is one."""
    etag = _matching_etag(request, validator.tag)
    if not etag:
        cached = caches["answers"].get(validator.tag)
        return cached and HttpResponse(cached[0], headers=cached[1])
    unchanged = HttpResponse(status=304, headers={"ETag": etag})
    # Django sets one although there is no body.
    del unchanged.headers["Content-Type"]
    _set_cache_headers(request, unchanged)
    return unchanged


def _with_validator(request: Any, response: Any, validator: Validator) -> Any:
    """Set the ETag of a response, and cache the response once rendered.

    The ETag that the view has set becomes a prefix: the version, which a correction sends in
    If-Match, or a digest.
    """
    prefix = response.headers.get("ETag", "").strip('"')
    tag = f"{prefix}-{validator.tag}" if prefix else validator.tag
    response.headers["ETag"] = f'"{tag}"'
    if validator.incarnation:
        response.headers[INCARNATION] = validator.incarnation
    _set_cache_headers(request, response)
    if hasattr(response, "add_post_render_callback"):
        response.add_post_render_callback(lambda done: _store(validator.tag, done))
        response.add_post_render_callback(_drop_data)
    return response


def _drop_data(response: Any) -> None:
    """Free the data of a rendered response, which is in a cycle with its view: the garbage
    collector would find it later, among the data of other responses."""
    response.data = None


def _set_cache_headers(request: Any, response: Any) -> None:
    """Clients must revalidate each time, which costs a 304: text may be withheld at any time."""
    scope = "public" if _is_public(request) else "private"
    response.headers.setdefault("Cache-Control", f"{scope}, no-cache")
    patch_vary_headers(response, _VARY)


def _is_public(request: Any) -> bool:
    return settings.ANONYMOUS_READERS and reader_of(request) is Reader.PUBLIC


def _tag(request: Any, stamp: str) -> str:
    # Without a token some text is withheld.
    address, accepts = request.build_absolute_uri(), request.headers.get("Accept", "")
    inputs = (_program_digest(), stamp, reader_of(request).value, address, accepts)
    return hashlib.sha256("\n".join(inputs).encode()).hexdigest()[:32]


def _matching_etag(request: Any, tag: str) -> str | None:
    """The tag as the client sent it; it may have a version as prefix."""
    sent = parse_etags(request.headers.get("If-None-Match", ""))
    strong = (etag.removeprefix("W/") for etag in sent)
    return next((etag for etag in strong if etag.strip('"').rpartition("-")[2] == tag), None)


def _store(tag: str, response: HttpResponse) -> None:
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    if is_json and response.status_code == 200 and len(response.content) <= LARGEST:
        headers = {**response.headers, "Content-Length": str(len(response.content))}
        caches["answers"].set(tag, (response.content, headers))


@cache
def _program_digest() -> str:
    """A digest of the program: another version may render the same record differently."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="the ETag of a response that you have; if it is still current, you get a 304",
)
# Read by `config.min_position`.
MIN_POSITION = OpenApiParameter(
    "min_position",
    {"type": "integer", "format": "int64", "minimum": 0, "maximum": 10**18 - 1},
    OpenApiParameter.QUERY,
    description="the position that a write answered: the answer comes once this server has come as"
    " far, which it waits for; the header `Entente-Min-Position` does the same",
)
UNCHANGED = OpenApiResponse(description="not modified")

type Out = type[serializers.BaseSerializer[Any]]


def read(
    operation_id: str,
    answer: Any,
    parameters: type[Parameters] = Parameters,
    *,
    expands: Expands | None = None,
    **options: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Turn a method that takes the values of `parameters` into a handler of GET.

    `answer` is the serializer of the response, or what `extend_schema` takes for it. With a
    serializer, `fields` selects a part of the response, and the names in `expands` can be expanded.
    """
    has_fields, expands = isinstance(answer, type), expands or {}
    accepted = _with_fields(parameters, answer, expands) if has_fields else parameters
    responses = {200: _with_expanded(answer, expands)} if has_fields else dict(answer)
    if has_fields and expansion.row_of(answer) is answer:
        expansion.select_from(responses[200])

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        describe = extend_schema(
            operation_id=operation_id,
            # A serializer without fields cannot be described.
            parameters=[*([accepted] if accepted().fields else []), IF_NONE_MATCH, MIN_POSITION],
            responses={**responses, 304: UNCHANGED},
            **options,
        )
        return describe(_handler(method, accepted, expands))

    return decorate


def _handler(
    method: Callable[..., Any], accepted: type[Parameters], expands: Expands
) -> Callable[..., Any]:
    @wraps(method)
    def handler(view: Resource, request: Request, **path: Any) -> Any:
        http: Any = request._request  # noqa: SLF001 # Django's
        is_unchecked = not hasattr(http, "validator")
        view.validator = validator_of(type(view), http, path)
        cached = cached_response(http, view.validator) if is_unchecked else None
        if cached is not None:
            return cached
        query = params.read(request, accepted)
        response = _computed(view, query, expands, lambda: method(view, request, query, **path))
        return _with_validator(http, response, view.validator)

    return handler


def _computed(
    view: Resource, query: dict[str, Any], expands: Expands, compute: Callable[[], Response]
) -> Response:
    """The response with the selected fields, the expanded records and the position."""
    fields, names = query.pop("fields", None), query.pop("expand", ())
    position = _position(view, query)
    throttling.charge(view.request, view.cost_of(query))
    response = compute()
    records = None
    if names:
        records = expanded_records(response.data, expands, names, as_of=query["as_of"])
    if fields:
        response.data = _selected(response.data, fields)
    if records:
        response.data["expanded"] = records
    if position is not None:
        response.headers.setdefault(POSITION, str(position))
    return response


def _with_fields(parameters: type[Parameters], answer: Out, expands: Expands) -> type[Parameters]:
    """The same parameters with `fields`, and with `expand` if anything can be expanded."""
    more: dict[str, Any] = {"fields": expansion.select_from(expansion.row_of(answer))}
    if expands:
        more["expand"] = ExpandField(expands)
    return type(parameters.__name__, (parameters,), {**more, "__doc__": parameters.__doc__})


def _with_expanded(answer: Out, expands: Expands) -> Out:
    """The same response with `expanded`."""
    if not expands:
        return answer
    more = {"expanded": ExpandedField(), "__doc__": answer.__doc__}
    return type(f"{answer.__name__.removesuffix('Out')}Expanded", (answer,), more)


def _position(view: Resource, query: dict[str, Any]) -> int | None:
    """The position of the response. `as_of` becomes the `At` that every read takes."""
    head = view.validator.position
    if "as_of" not in query:
        return head
    if query["as_of"] is None and head is not None:
        at = moment.At(head)
    else:
        at = moment.at(query["as_of"])
    query["as_of"] = at
    return at.position


def _selected(data: Any, fields: expansion.Tree) -> Any:
    if isinstance(data, dict) and "results" in data:
        return {**data, "results": expansion.select(data["results"], fields)}
    return expansion.select(data, fields)
