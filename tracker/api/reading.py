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
from tracker.api.expansion import ExpandedField, ExpandField, Expands, expanded
from tracker.api.params import Parameters
from tracker.domain.disclosure import Reader
from tracker.queries import moment, progress

type Stamp = Callable[[Mapping[str, str], Mapping[str, Any]], str]


def log(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For records and their histories."""
    return progress.of_log()


def day_by_day(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For scores and for the effects of claims, on a day that defaults to today."""
    return f"{progress.of_views()}|{_today()}"


def tables(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For the tables of all pairs, which age daily."""
    return f"{progress.of_tables()}|{_today()}"


def program(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For what is part of the program."""
    return ""


def described(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For the description, which says whether readers need a token."""
    return "open" if settings.ANONYMOUS_READERS else "closed"


def editions(_query: Mapping[str, str], _place: Mapping[str, Any]) -> str:
    """For editions, which cover days that have ended."""
    return progress.of_editions()


def scores(*, dated_by: str) -> Stamp:
    """For scores alone.

    If the query has a position and `dated_by` (the day, or the last day of a span), the response
    never changes. What is left out with `without` may be withheld later.
    """

    def stamp(query: Mapping[str, str], place: Mapping[str, Any]) -> str:
        as_of = query.get("as_of", "")
        if dated_by in query and "without" not in query and as_of.isdecimal() and len(as_of) < 19:
            return progress.of_past(int(as_of))
        return day_by_day(query, place)

    return stamp


def _today() -> str:
    return timezone.now().date().isoformat()


POSITION = "Entente-Position"
# The largest response to cache, in bytes; `CACHES` limits their number.
LARGEST = 256_000
_VARY = ("Accept", "Authorization")
# The headers that later middleware adds to every response; nothing here is rendered.
_BARE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """The tag of a response, and the position of the log when the request began; None if the
    response does not depend on it."""

    tag: str
    reached: int | None


class Resource(APIView):
    """A readable resource. `stamp` says what its responses depend on, `cost` what computing one
    costs of `RATE_LIMIT`."""

    stamp: ClassVar[Stamp] = log
    cost: ClassVar[int] = 1
    stamped: Stamped

    @property
    def reader(self) -> Reader:
        return reader_of(self.request)


def reader_of(request: Any) -> Reader:
    """Whom a response is for: without a token it is for everybody."""
    return Reader.DESK if "Authorization" in request.headers else Reader.PUBLIC


def ready(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware that answers from the cache on an open site."""

    def answered(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and _open_to(request):
            # An invalid request is reported later, as a problem.
            with suppress(DatabaseError, SuspiciousOperation):
                kind, place = _resource(request.path_info)
                known = known_to(request, stamped(kind, request, place)) if kind else None
                if known is not None:
                    return throttling.uncounted(request, known)
        return get_response(request)

    return answered


@lru_cache(maxsize=2_000)
def _resource(path: str) -> tuple[type[Resource] | None, Mapping[str, Any]]:
    """The resource at an address, and the values in the address."""
    with suppress(Resolver404):
        match = urls.resolve(path)
        kind = getattr(match.func, "cls", None)
        if isinstance(kind, type) and issubclass(kind, Resource):
            return kind, match.kwargs
    return None, {}


def stamped(kind: type[Resource], request: Any, place: Mapping[str, Any]) -> Stamped:
    """Stamp the response to a request, once."""
    found: Stamped | None = getattr(request, "stamped", None)
    if found is None:
        stamp = kind.stamp(request.GET, place)
        head = stamp.partition(" ")[0]
        reached = int(head) if head.isdecimal() else None
        found = request.stamped = Stamped(tag=_tag(request, stamp), reached=reached)
    return found


def known_to(request: Any, answer: Stamped) -> HttpResponse | None:
    """Return a 304 if the client has the response, or the cached response if there is one."""
    held = _held(request, answer.tag)
    if not held:
        return _lately(answer.tag)
    unchanged = HttpResponse(status=304, headers={"ETag": held, **_BARE})
    # Django sets one although there is no body.
    del unchanged.headers["Content-Type"]
    _mark(request, unchanged)
    return unchanged


def kept(request: Any, response: Any, answer: Stamped, *, named: str = "") -> Any:
    """Set the ETag of a response, prefixed with `named`, and cache the response once rendered."""
    tag = f"{named}-{answer.tag}" if named else answer.tag
    response.headers["ETag"] = f'"{tag}"'
    _mark(request, response)
    if hasattr(response, "add_post_render_callback"):
        response.add_post_render_callback(lambda done: _keep(answer.tag, done))
    return response


def _mark(request: Any, response: Any) -> None:
    """Set Cache-Control and Vary."""
    response.headers.setdefault("Cache-Control", _cacheable(request))
    patch_vary_headers(response, _VARY)


def _open_to(request: Any) -> bool:
    return settings.ANONYMOUS_READERS and reader_of(request) is Reader.PUBLIC


def _tag(request: Any, stamp: str) -> str:
    # Without a token some text is withheld.
    address, accepts = request.build_absolute_uri(), request.headers.get("Accept", "")
    rests_on = (_program(), stamp, reader_of(request).value, address, accepts)
    return hashlib.sha256("\n".join(rests_on).encode()).hexdigest()[:32]


def _held(request: Any, tag: str) -> str | None:
    """The tag as the client sent it; it may have a version as prefix."""
    sent = parse_etags(request.headers.get("If-None-Match", ""))
    strong = (one.removeprefix("W/") for one in sent)
    return next((one for one in strong if one.strip('"').rpartition("-")[2] == tag), None)


def _cacheable(request: Any) -> str:
    """Clients must revalidate each time, which costs a 304: text may be withheld at any time."""
    return f"{'public' if _open_to(request) else 'private'}, no-cache"


def _lately(tag: str) -> HttpResponse | None:
    kept = caches["answers"].get(tag)
    return None if kept is None else HttpResponse(kept[0], headers={**kept[1], **_BARE})


def _keep(tag: str, response: HttpResponse) -> None:
    plain = response.headers.get("Content-Type", "").startswith("application/json")
    if plain and response.status_code == 200 and len(response.content) <= LARGEST:
        headers = {**response.headers, "Content-Length": str(len(response.content))}
        caches["answers"].set(tag, (response.content, headers))


@cache
def _program() -> str:
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
UNCHANGED = OpenApiResponse(description="not modified")

type Out = type[serializers.BaseSerializer[Any]]


def read(
    operation_id: str,
    answer: Any,
    asked: type[Parameters] = Parameters,
    *,
    expands: Expands | None = None,
    **described: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Turn a method that takes the parameters in `asked` into a handler of GET.

    `answer` is the serializer of the response, or what `extend_schema` takes for it. With a
    serializer, `fields` selects a part of the response, and the names in `expands` can be expanded.
    """
    shaped, expands = isinstance(answer, type), expands or {}
    kind = _with_fields(asked, answer, expands) if shaped else asked
    # A serializer without fields cannot be described.
    given = [kind] if kind().fields else []
    responses = {200: _with_expanded(answer, expands)} if shaped else dict(answer)

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @extend_schema(
            operation_id=operation_id,
            parameters=[*given, IF_NONE_MATCH],
            responses={**responses, 304: UNCHANGED},
            **described,
        )
        @wraps(method)
        def answered(view: Resource, request: Request, **place: Any) -> Any:
            own: Any = request._request  # noqa: SLF001 # Django's
            fresh = not hasattr(own, "stamped")
            view.stamped = stamped(type(view), own, place)
            known = known_to(own, view.stamped) if fresh else None
            if known is not None:
                return known
            wanted = params.read(request, kind)
            fields, more = wanted.pop("fields", None), wanted.pop("expand", ())
            position = _position(view, wanted)
            throttling.charged(request, view.cost)
            response = method(view, request, wanted, **place)
            beside = expanded(response.data, expands, more, as_of=wanted["as_of"]) if more else {}
            if fields:
                response.data = _cut(response.data, fields)
            if beside:
                response.data["expanded"] = beside
            if position is not None:
                response.headers.setdefault(POSITION, str(position))
            return kept(own, response, view.stamped, named=_named(response))

        return answered

    return decorate


def _with_fields(asked: type[Parameters], answer: Out, expands: Expands) -> type[Parameters]:
    """The same parameters with `fields`, and with `expand` if anything can be expanded."""
    more: dict[str, Any] = {"fields": expansion.FieldsField(expansion.row_of(answer))}
    if expands:
        more["expand"] = ExpandField(expands)
    return type(asked.__name__, (asked,), {**more, "__doc__": asked.__doc__})


def _with_expanded(answer: Out, expands: Expands) -> Out:
    """The same response with `expanded`."""
    if not expands:
        return answer
    more = {"expanded": ExpandedField(), "__doc__": answer.__doc__}
    return type(f"{answer.__name__.removesuffix('Out')}Expanded", (answer,), more)


def _position(view: Resource, given: dict[str, Any]) -> int | None:
    """The position of the response. `as_of` becomes an `At`, which every read of it takes."""
    head = view.stamped.reached
    if "as_of" not in given:
        return head
    if given["as_of"] is None and head is not None:
        at = moment.At(head)
    else:
        at = moment.at(given["as_of"])
    given["as_of"] = at
    return at.position


def _cut(data: Any, fields: expansion.Tree) -> Any:
    if isinstance(data, dict) and "results" in data:
        return {**data, "results": expansion.cut(data["results"], fields)}
    return expansion.cut(data, fields)


def _named(response: Response) -> str:
    """The prefix of the ETag: the version, which a correction sends in If-Match, or a digest."""
    return response.headers.get("ETag", "").strip('"')
