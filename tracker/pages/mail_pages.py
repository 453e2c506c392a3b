"""The pages of following by mail: the form, its confirmation, and stopping.

They set no cookie. A link is signed and belongs to the reader of the mailbox. A mail program may
open it, so opening it changes nothing. Stopping takes one POST, which a mail program can send too
(RFC 8058).
"""

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tracker.domain.problems import BadParameter, NotFound
from tracker.mail import following, links
from tracker.mail.following import Followed
from tracker.pages.page_cache import cached_page, page_cached_by, render_page
from tracker.queries import progress
from tracker.queries.records import names
from tracker.wording import Names

# Requests of one client in an hour and in a day.
MOST_REQUESTS, MOST_A_DAY = 10, 30
HOUR, DAY = 3_600, 86_400

type View = Callable[..., HttpResponse]


def _private(*methods: str) -> Callable[[View], View]:
    """Makes a view private: its page is not cached, not indexed, and sent to no other site as a
    referrer; errors are shown as pages."""

    def decorator(view: View) -> View:
        @csrf_exempt
        @require_http_methods([*methods])
        @wraps(view)
        def response_of(request: HttpRequest, **place: Any) -> HttpResponse:
            if not settings.MAIL:
                raise Http404("this site sends no mail")
            try:
                response = view(request, **place)
            except NotFound as problem:
                response = _problem(request, problem, status=404)
            except BadParameter as problem:
                response = _problem(request, problem, status=400)
            response["Cache-Control"] = "no-store"
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex"
            return response

        return response_of

    return decorator


def _problem(request: HttpRequest, problem: Exception, *, status: int) -> HttpResponse:
    context = {"problem": str(problem), "hidden": True}
    return render(request, "pages/mail_problem.html", context, status=status)


@cached_page()
def how_to_follow(request: HttpRequest) -> HttpResponse:
    """The ways to follow pairs."""
    return render_page(request, "pages/following.html", {})


@page_cached_by(progress.of_log, ())
def sent(request: HttpRequest) -> HttpResponse:
    """The page after a request, the same for every address."""
    return render_page(request, "pages/mail_sent.html", {"hidden": True})


@_private("POST")
def ask(request: HttpRequest) -> HttpResponse:
    """Take the form of a pair's page. The answer is the same for every address."""
    if not _is_own_form(request):
        return _problem(request, Refused(_("This form was sent from another site.")), status=403)
    if wait := _wait(request):
        response = _problem(request, Refused(_too_many(wait)), status=429)
        response["Retry-After"] = str(wait)
        return response
    wanted = following.read({name: request.POST.get(name, "") for name in _FIELDS})
    site = request.build_absolute_uri("/").rstrip("/")
    following.ask(wanted, site=site, at=timezone.now())
    return HttpResponseRedirect(reverse("pages:mail-sent"), status=303)


_FIELDS = ("address", "pair", "threshold", "how")


class Refused(Exception):
    """A request that is refused because of its sender."""


def _is_own_form(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of this site, as far as the browser says."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return _has_own_port(request) and origin in (None, f"{request.scheme}://{request.get_host()}")


def _has_own_port(request: HttpRequest) -> bool:
    """Whether the port in `Host` is one of this site's: it is in the links of the message, and
    Django checks the name alone."""
    _, port = split_domain_port(request.get_host())
    own = {"", "80", "443", *settings.ALLOWED_PORTS}
    return port in (own if settings.PROXIES else own | {request.META.get("SERVER_PORT", "")})


def _wait(request: HttpRequest) -> int:
    """Count a request of a client. Returns the seconds that the client has to wait: 0 if it has
    made few requests. If the counter is unavailable, nobody is refused."""
    client = import_string(settings.CLIENT_ADDRESS)(request)
    counter: Any = caches["shared"]
    wait = 0
    for seconds, most in ((HOUR, MOST_REQUESTS), (DAY, MOST_A_DAY)):
        key = f"follow:{client}:{seconds}:{int(time.time()) // seconds}"
        count = counter.increment(key, seconds=seconds)
        if count is not None and count > most:
            wait = seconds
    return wait


def _too_many(wait: int) -> str:
    if wait == HOUR:
        return _("Too many requests from here. Try again in an hour.")
    return _("Too many requests from here. Try again tomorrow.")


@_private("GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody asked for; a POST confirms what is chosen, or forbids further mail."""
    reader, now = links.reader_of_confirmation(token), timezone.now()
    if request.method != "POST":
        asked = following.waiting(reader, at=now)
        if not asked:
            raise links.NoSuchLink(_("Nothing waits to be confirmed here."))
        return _listed(request, "pages/mail_confirm.html", asked)
    if request.POST.get("act") == "block":
        following.block(reader, at=now)
        return _done(request, _("No further mail is sent to this address, which was deleted."))
    chosen = {_number(text) for text in request.POST.getlist("follow")}
    if following.confirm(reader, chosen, at=now):
        return _done(request, _("Confirmed. Every message has a link that ends it."))
    return _done(request, _("Nothing was chosen, so nothing is sent."))


@_private("GET", "HEAD", "POST")
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a reader follows; a POST ends one pair or all, without cookies or questions."""
    reader = links.reader_of_stop(token)
    if request.method != "POST":
        return _listed(request, "pages/mail_stop.html", following.followed(reader))
    text = request.POST.get("follow", "")
    following.stop(reader, _number(text) if text else None)
    if text:
        return HttpResponseRedirect(request.path, status=303)
    return _done(request, _("Ended. The address was deleted."))


_NUMBER = re.compile("[0-9]{1,18}")


def _number(text: str) -> int:
    """The number of a follow.

    :raises following.BadRequest:
    """
    if not _NUMBER.fullmatch(text):
        raise following.BadRequest(_("The field follow must be a number from this page."))
    return int(text)


def _listed(request: HttpRequest, template: str, follows: list[Followed]) -> HttpResponse:
    codes = {code for one in follows for code in one.pair.split("-")}
    context = {
        "follows": follows,
        "named": Names(by_code=names.countries(codes)),
        "hidden": True,
    }
    return render(request, template, context)


def _done(request: HttpRequest, says: str) -> HttpResponse:
    return render(request, "pages/mail_done.html", {"says": says, "hidden": True})
