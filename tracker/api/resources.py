"""Resources that are read: what somebody has already is not made again.

The ETag of an answer is made from what it rests on, before any work. It is strong: the program,
the address and the stamp give all bytes. A client that sends it back gets a 304, and an answer
that was made lately is sent as it was; both before a request is looked at in detail where the site
is open to all, and after the token where it is not.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpResponse
from django.http.request import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.views import APIView

from tracker.api import limits, stamping
from tracker.api.stamping import Stamp

POSITION = "Entente-Position"
# Bytes of an answer that is kept; `CACHES` says how many are.
LARGEST = 256_000
_VARY = ("Accept", "Authorization")
# What the middleware further down says of every answer, of data that nobody shows.
_BARE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """The tag of an answer, and the position that the log had reached when it was begun; None
    where that says nothing of it."""

    tag: str
    reached: int | None


class Resource(APIView):
    """Something that is read. `stamp` says what its answers rest on, `cost` what one that is made
    costs of `RATE_LIMIT`."""

    stamp: ClassVar[Stamp] = stamping.log
    cost: ClassVar[int] = 1
    stamped: Stamped


def ready(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The middleware that answers at once what is known, on a site that is open to all."""

    def answered(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and _open_to(request):
            # What is wrong with a request is told further down, as a problem.
            with suppress(DatabaseError, SuspiciousOperation):
                kind, place = _resource(request.path_info)
                known = known_to(request, stamped(kind, request, place)) if kind else None
                if known is not None:
                    return limits.uncounted(request, known)
        return get_response(request)

    return answered


@lru_cache(maxsize=2_000)
def _resource(path: str) -> tuple[type[Resource] | None, Mapping[str, Any]]:
    """What is read at an address, and the values that stand in it."""
    with suppress(Resolver404):
        match = resolve(path)
        kind = getattr(match.func, "cls", None)
        if isinstance(kind, type) and issubclass(kind, Resource):
            return kind, match.kwargs
    return None, {}


def stamped(kind: type[Resource], request: Any, place: Mapping[str, Any]) -> Stamped:
    """Stamp the answer to a request, once."""
    found: Stamped | None = getattr(request, "stamped", None)
    if found is None:
        stamp = kind.stamp(request.GET, place)
        head = stamp.partition(" ")[0]
        reached = int(head) if head.isdecimal() else None
        found = request.stamped = Stamped(tag=_tag(request, stamp), reached=reached)
    return found


def known_to(request: Any, answer: Stamped) -> HttpResponse | None:
    """Give the answer if the client has it, or if it was made lately."""
    held = _held(request, answer.tag)
    if not held:
        return _lately(answer.tag)
    unchanged = HttpResponse(status=304, headers={"ETag": held, **_BARE})
    # Django's default, of a body that is none.
    del unchanged.headers["Content-Type"]
    _mark(request, unchanged)
    return unchanged


def kept(request: Any, response: Any, answer: Stamped, *, named: str = "") -> Any:
    """Mark an answer with its tag, `named` before it, and keep it once it is written."""
    tag = f"{named}-{answer.tag}" if named else answer.tag
    response.headers["ETag"] = f'"{tag}"'
    _mark(request, response)
    if hasattr(response, "add_post_render_callback"):
        response.add_post_render_callback(lambda done: _keep(answer.tag, done))
    return response


def _mark(request: Any, response: Any) -> None:
    """Say how long an answer holds, and on what it depends beside its address."""
    response.headers.setdefault("Cache-Control", _cacheable(request))
    patch_vary_headers(response, _VARY)


def _open_to(request: Any) -> bool:
    return settings.ANONYMOUS_READERS and "Authorization" not in request.headers


def _tag(request: Any, stamp: str) -> str:
    # Without a token some words are not printed.
    who = "known" if "Authorization" in request.headers else "anybody"
    address, accepts = request.build_absolute_uri(), request.headers.get("Accept", "")
    rests_on = (_program(), stamp, who, address, accepts)
    return hashlib.sha256("\n".join(rests_on).encode()).hexdigest()[:32]


def _held(request: Any, tag: str) -> str | None:
    """The tag as the client has it, which may say a version before ours."""
    sent = parse_etags(request.headers.get("If-None-Match", ""))
    strong = (one.removeprefix("W/") for one in sent)
    return next((one for one in strong if one.strip('"').rpartition("-")[2] == tag), None)


def _cacheable(request: Any) -> str:
    """Every use is asked for, which costs a 304: words may be withheld at any time."""
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
    """A digest of the program: another one may write the same record otherwise."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
