"""Readable resources with ETags and a cache of recent responses.

The ETag is computed from what a response depends on, before any work. It is strong: the program,
the address and the stamp determine every byte. A client that sends it back gets a 304, and a recent
response is served from the cache. On an open site both happen before the request is examined;
otherwise after the token was checked.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
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
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.views import APIView

from tracker.api import limits, stamping
from tracker.api.stamping import Stamp

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

    stamp: ClassVar[Stamp] = stamping.log
    cost: ClassVar[int] = 1
    stamped: Stamped


def ready(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware that answers from the cache on an open site."""

    def answered(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and _open_to(request):
            # An invalid request is reported later, as a problem.
            with suppress(DatabaseError, SuspiciousOperation):
                kind, place = _resource(request.path_info)
                known = known_to(request, stamped(kind, request, place)) if kind else None
                if known is not None:
                    return limits.uncounted(request, known)
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
    return settings.ANONYMOUS_READERS and "Authorization" not in request.headers


def _tag(request: Any, stamp: str) -> str:
    # Without a token some text is withheld.
    who = "known" if "Authorization" in request.headers else "anybody"
    address, accepts = request.build_absolute_uri(), request.headers.get("Accept", "")
    rests_on = (_program(), stamp, who, address, accepts)
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
