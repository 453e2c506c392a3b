"""What every page does: it answers readers only, says in words what cannot be shown, and is made
once for as long as the record says the same."""

import hashlib
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe

from tracker.domain.problems import BadParameter, NotFound, NotYet
from tracker.operations import accounts
from tracker.pages import request_params
from tracker.queries import progress

type View = Callable[..., HttpResponse]

# An address with a number that is too large for a date is unclear too.
UNCLEAR = (BadParameter, OverflowError)
# Goes up whenever the same record would make another page.
VERSION = "8"
MOST_WAYS = 6
HEADERS = ("Content-Type", "Content-Disposition", "X-Robots-Tag", "Link")


# One for each page that is being built, by its tag.
_BUILDING = [threading.Lock() for _ in range(64)]


def page(view: View) -> View:
    """A page without parameters that says why where it cannot be shown."""
    return page_with()(view)


def page_with(*parameters: str) -> Callable[[View], View]:
    """A page that knows some parameters, and refuses others by name."""

    def decorated(view: View) -> View:
        @require_safe
        @wraps(view)
        def shown(request: HttpRequest, **place: Any) -> HttpResponse:
            return _worded(view, parameters, request, place)

        return shown

    return decorated


def _worded(
    view: View, parameters: Collection[str], request: HttpRequest, place: Mapping[str, Any]
) -> HttpResponse:
    """Show a page, or say in words why it cannot be shown."""
    try:
        request_params.normalise(request, parameters)
        return view(request, **place)
    except NotFound as problem:
        raise Http404(str(problem)) from problem
    except UNCLEAR as problem:
        return _unclear(request, problem, status=400)
    except NotYet as problem:
        response = _unclear(request, problem, status=503)
        response["Retry-After"] = str(problem.wait)
        return response


def kept_by(
    stamp: Callable[[], str], parameters: Collection[str] = request_params.PARAMETERS
) -> Callable[[View], View]:
    """A page that is built once for all readers while its stamp, and the day, are the same.

    For people who are logged in it is built each time: they may be shown more.
    """

    def decorated(view: View) -> View:
        @page_with(*parameters)
        @wraps(view)
        def answered(request: HttpRequest, **place: Any) -> HttpResponse:
            if logged_in(request):
                return view(request, **place)
            return _answered(request, _tag(request, stamp()), lambda: view(request, **place))

        return answered

    return decorated


kept = kept_by(progress.of_tables)


def logged_in(request: HttpRequest) -> bool:
    """Whether a request comes from somebody with an account, and with its second factor; a cookie
    alone says nothing."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and accounts.is_authenticated(
        request.user
    )


def was_built(response: HttpResponse) -> bool:
    """Whether an answer was built for this request alone."""
    return response.status_code == HttpResponse.status_code and not hasattr(response, "was_kept")


def _answered(request: HttpRequest, tag: str, build: Callable[[], HttpResponse]) -> HttpResponse:
    if request.headers.get("If-None-Match") == tag:
        return _marked(HttpResponseNotModified(), tag)
    if held := _held(tag):
        return held
    # Whoever asks for the same page meanwhile waits for it instead of building it as well.
    with _BUILDING[int(tag[1:9], 16) % len(_BUILDING)]:
        return _held(tag) or _built(build, tag)


def _held(tag: str) -> HttpResponse | None:
    held: tuple[bytes, dict[str, str]] | None = caches["answers"].get(tag)
    if held is None:
        return None
    response = HttpResponse(held[0], headers=held[1])
    response.was_kept = True  # type: ignore[attr-defined] # for the count of requests
    return _marked(response, tag)


def _built(build: Callable[[], HttpResponse], tag: str) -> HttpResponse:
    response = build()
    if response.status_code == HttpResponse.status_code:
        headers = {name: response[name] for name in HEADERS if name in response}
        caches["answers"].set(tag, (response.content, headers))
        return _marked(response, tag)
    return response


def shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """`open`: whether the API answers whoever has no token. What is `hidden` no search engine may
    list: it would print the title without what belongs to it."""
    response = render(request, template, {"open": settings.ANONYMOUS_READERS, **context})
    if context.get("hidden"):
        response["X-Robots-Tag"] = "noindex"
    return response


def embedding(request: HttpRequest, path: str, called: str) -> str:
    """What somebody pastes into a page of theirs."""
    address = escape(request.build_absolute_uri(path))
    return (
        f'<iframe src="{address}" title="{escape(called)}, by Entente" width="100%" height="560"'
        ' loading="lazy" style="border:0"></iframe>'
    )


def today() -> date:
    return timezone.now().date()


def _tag(request: HttpRequest, stamp: str) -> str:
    parts = (VERSION, stamp, str(today()), request.build_absolute_uri())
    return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def _marked(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Cookie"
    return response


def _unclear(request: HttpRequest, problem: Exception, *, status: int) -> HttpResponse:
    context = {"problem": str(problem), "ways": _ways_out(request)}
    return render(request, "pages/unclear.html", context, status=status)


def _ways_out(request: HttpRequest) -> dict[str, str]:
    """The same address without one of the parameters, by its name."""
    found = {}
    for name in list(request.GET)[:MOST_WAYS]:
        others = request.GET.copy()
        del others[name]
        found[name] = f"{request.path}?{others.urlencode()}" if others else request.path
    return found
