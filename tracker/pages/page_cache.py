"""What all public pages share: one set of parameters, errors in words, and a cache.

A page is built once for as long as the record, and the day, stay the same.
"""

import hashlib
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from tracker.domain.problems import BadParameter, NotFound, NotYet, Unavailable
from tracker.operations import accounts
from tracker.pages import request_params
from tracker.queries import progress

type View = Callable[..., HttpResponse]

# A number in an address that is too large for a date raises OverflowError.
INVALID = (BadParameter, OverflowError)
# Increase it whenever the same record would make another page.
VERSION = "31"
MOST_LINKS = 6
# The headers that are kept with a page until it has them all.
HEADERS = ("Content-Type", "Content-Disposition", "X-Robots-Tag", "Link")
# A page takes one of these while it is built, chosen by its tag.
_BUILD_LOCKS = [threading.Lock() for _ in range(64)]


def page(view: View) -> View:
    """Make a page without parameters."""
    return page_with()(view)


def page_with(*parameters: str) -> Callable[[View], View]:
    """Make a page that has these parameters, and refuses others by name.

    Errors become pages: 404 for what does not exist, 400 for a bad parameter, 503 for what is not
    ready yet.
    """

    def decorator(view: View) -> View:
        @require_safe
        @wraps(view)
        def response_of(request: HttpRequest, **place: Any) -> HttpResponse:
            return _with_error_pages(view, parameters, request, place)

        return response_of

    return decorator


def _with_error_pages(
    view: View, parameters: Collection[str], request: HttpRequest, place: Mapping[str, Any]
) -> HttpResponse:
    try:
        request_params.normalise(request, parameters)
        return view(request, **place)
    except NotFound as problem:
        raise Http404(str(problem)) from problem
    except (*INVALID, NotYet, Unavailable) as problem:
        return error_page(request, problem)


class _Cached(NamedTuple):
    """How a page is cached: the stamp that it depends on, and its parameters. Other sites may embed
    it if it is `embeddable`."""

    stamp: Callable[[], str]
    parameters: Collection[str]
    embeddable: bool = False


class _Entry(NamedTuple):
    """A page in the cache. It is `whole` with the headers of the middleware that is skipped."""

    body: bytes
    headers: Mapping[str, str]
    whole: bool


def page_cached_by(
    stamp: Callable[[], str],
    parameters: Collection[str],
    *,
    stored: bool = True,
) -> Callable[[View], View]:
    """Build a page once for all readers while its stamp, and the day, are the same.

    `parameters`: all that it takes. For an account that is logged in it is built each time, because
    it may show more. A page that is not `stored` is built for each client that does not have it:
    where every reader asks for another one, they would push all others out of the cache.
    """

    def decorator(view: View) -> View:
        @page_with(*parameters)
        @wraps(view)
        def response_of(request: HttpRequest, **place: Any) -> HttpResponse:
            if logged_in(request):
                return view(request, **place)
            tag = getattr(request, "page_tag", None) or _tag(request, stamp())
            if not stored:
                return _from_cache(request, tag) or _tagged(view(request, **place), tag)
            return _cached_response(request, tag, lambda: view(request, **place))

        response_of.cached = _Cached(stamp, parameters)  # type: ignore[attr-defined]
        return response_of

    return decorator


def cached_page(*parameters: str) -> Callable[[View], View]:
    """Build a page once while the scores, and the day, are the same; see `page_cached_by`."""
    return page_cached_by(progress.of_tables, parameters)


def embeddable(view: View) -> View:
    """Let other sites show a cached page in a frame."""

    @wraps(view)
    def response_of(request: HttpRequest, **place: Any) -> HttpResponse:
        return _in_frames(view(request, **place))

    response_of.cached = view.cached._replace(embeddable=True)  # type: ignore[attr-defined]
    return response_of


def _in_frames(response: HttpResponse) -> HttpResponse:
    """Mark a response for the middleware of Django and of django-csp, as their decorators do."""
    marked: Any = response
    marked.xframe_options_exempt = True
    marked._csp_replace = {"frame-ancestors": ["*"]}  # noqa: SLF001
    return response


def early_response(request: HttpRequest) -> HttpResponse | None:
    """The response to a request without a session, before any other work: a 304, or the page from
    the cache with the headers of the middleware that is skipped. None if there is neither."""
    if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    cached = request_params.cached_view(request.path_info)
    if cached is None:
        return None
    # An invalid request is reported later, as a page.
    with suppress(DatabaseError, SuspiciousOperation, *INVALID):
        request_params.normalise(request, cached.parameters)
        tag = request.page_tag = _tag(request, cached.stamp())  # type: ignore[attr-defined]
        response = _from_cache(request, tag, whole=True)
        return _in_frames(response) if response and cached.embeddable else response
    return None


def keep_whole(response: HttpResponse) -> None:
    """Keep a built page with the headers that it has by now."""
    tag = getattr(response, "page_tag", None)
    if tag and response.status_code == HttpResponse.status_code and not response.cookies:
        caches["answers"].set(tag, _Entry(response.content, dict(response.headers), whole=True))


def logged_in(request: HttpRequest) -> bool:
    """Whether a request comes from an account that has passed its second factor; a cookie alone
    does not count."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and accounts.is_authenticated(
        request.user
    )


def was_built(response: HttpResponse) -> bool:
    """Whether a response was built for this request, and not taken from the cache."""
    return response.status_code == HttpResponse.status_code and not hasattr(response, "from_cache")


def before_long_work(request: HttpRequest, count: Callable[[], object]) -> None:
    """Have `count` called for a request before work that takes as long as all claims."""
    request.count_long_work = count  # type: ignore[attr-defined]


def begin_long_work(request: HttpRequest) -> None:
    """Count a request as one for all claims, before the work is done; an excess blocks the next
    request. Without a rate limit nothing is counted."""
    getattr(request, "count_long_work", bool)()


def _cached_response(
    request: HttpRequest, tag: str, build: Callable[[], HttpResponse]
) -> HttpResponse:
    if response := _from_cache(request, tag):
        return response
    # Other requests for the same page wait for it instead of building it as well.
    with _BUILD_LOCKS[int(tag[1:9], 16) % len(_BUILD_LOCKS)]:
        return _from_cache(request, tag) or _build(build, tag)


def _from_cache(request: HttpRequest, tag: str, *, whole: bool = False) -> HttpResponse | None:
    """A 304 if the client has the page, or the page from the cache; `whole`: only one that has all
    headers."""
    sent = {one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))}
    if tag in sent:
        return _with_cache_headers(HttpResponseNotModified(), tag)
    entry: _Entry | None = caches["answers"].get(tag)
    if entry is None or (whole and not entry.whole):
        return None
    response = HttpResponse(entry.body, headers=dict(entry.headers))
    response.from_cache = True  # type: ignore[attr-defined] # for the count of requests
    return response if entry.whole else _with_cache_headers(response, tag)


def _build(build: Callable[[], HttpResponse], tag: str) -> HttpResponse:
    response = build()
    if response.status_code == HttpResponse.status_code:
        headers = {name: response[name] for name in HEADERS if name in response}
        caches["answers"].set(tag, _Entry(response.content, headers, whole=False))
        response.page_tag = tag  # type: ignore[attr-defined] # for `keep_whole`
    return _tagged(response, tag)


def _tagged(response: HttpResponse, tag: str) -> HttpResponse:
    """A built page with its tag; an error has none."""
    if response.status_code == HttpResponse.status_code:
        return _with_cache_headers(response, tag)
    return response


def render_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page. `open` in its context: whether the API answers without a token; `mail`:
    whether pairs can be followed by mail. A page with `hidden` is not indexed: a search engine
    would print its title without the caveats."""
    site = {"open": settings.ANONYMOUS_READERS, "mail": settings.MAIL}
    response = render(request, template, {**site, **context})
    if context.get("hidden"):
        response["X-Robots-Tag"] = "noindex"
    return response


def embed_code(request: HttpRequest, path: str, name: str) -> str:
    """The HTML that embeds a chart in another site."""
    address = escape(request.build_absolute_uri(path))
    return (
        f'<iframe src="{address}" title="{escape(name)}, by Entente" width="100%" height="560"'
        ' loading="lazy" style="border:0"></iframe>'
    )


def today() -> date:
    return timezone.now().date()


def _tag(request: HttpRequest, stamp: str) -> str:
    parts = (VERSION, stamp, str(today()), request.build_absolute_uri())
    return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def _with_cache_headers(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Cookie"
    return response


def error_page(request: HttpRequest, problem: Exception) -> HttpResponse:
    """A problem in words: a bad parameter is a 400, what is not ready a 503."""
    context = {
        "problem": str(problem),
        # Messages of other parts of the program are in English.
        "translated": isinstance(problem, request_params.InvalidParameter),
        "links": _links_without(request),
    }
    if isinstance(problem, NotYet | Unavailable):
        response = render(request, "pages/unclear.html", context, status=503)
        response["Retry-After"] = str(problem.wait)
        return response
    return render(request, "pages/unclear.html", context, status=400)


def _links_without(request: HttpRequest) -> dict[str, str]:
    """The same address without one of the parameters, by the parameter's name."""
    links = {}
    for name in list(request.GET)[:MOST_LINKS]:
        others = request.GET.copy()
        del others[name]
        links[name] = f"{request.path}?{others.urlencode()}" if others else request.path
    return links
