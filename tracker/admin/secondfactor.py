"""The second factor at the desk: set up by each account, then asked for after the password."""

from collections.abc import Callable
from typing import Any

import django_otp
import segno
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from tracker.operations import accounts
from tracker.operations.accounts import WrongCode

CODE, SETUP = "second_factor_code", "second_factor"
OPEN = ("login", "logout", "jsi18n")


class SecondFactorMiddleware:
    """Lets nobody past the password alone: where an account has a second factor, each session
    needs a code of it, and where the site requires one, the account sets it up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or "admin" not in match.app_names or match.url_name in OPEN:
            return None
        needed = missing(request)
        if needed in (None, match.url_name):
            return None
        asked = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        return _to(str(needed), asked)


def missing(request: HttpRequest) -> str | None:
    """The page that a session has to go through before the rest of the desk; None if it may."""
    user: Any = request.user
    if not user.is_authenticated or accounts.is_authenticated(user):
        return None
    return CODE if accounts.has_second_factor(user) else SETUP


def urls() -> list[URLPattern]:
    """The pages, beside the desk's own."""
    wrap = admin.site.admin_view
    return [
        path("login/code/", wrap(never_cache(code)), name=CODE),
        path("second-factor/", wrap(never_cache(setup)), name=SETUP),
    ]


def code(request: HttpRequest) -> HttpResponse:
    """Ask for a code after the password."""
    onward = _onward(request)
    if missing(request) != CODE:
        return HttpResponseRedirect(onward)
    problem = ""
    if request.method == "POST":
        answer = _checked(request)
        if isinstance(answer, HttpResponse):
            return answer
        if not answer:
            return HttpResponseRedirect(onward)
        problem = answer
    context = {**admin.site.each_context(request), "title": "Code", "problem": problem}
    return TemplateResponse(request, "desk/code.html", context | {"next": onward})


def setup(request: HttpRequest) -> HttpResponse:
    """Set up the second factor of one's own account, renew its recovery codes, or remove it."""
    acts = {"begin": _begin, "confirm": _confirm, "codes": _codes, "remove": _remove}
    act = acts.get(request.POST.get("act", "")) if request.method == "POST" else None
    answer = act(request) if act else {}
    if isinstance(answer, HttpResponse):
        return answer
    begun = accounts.pending_setup(request.user)
    context = {
        **admin.site.each_context(request),
        "title": "Second factor",
        "enrolled": accounts.has_second_factor(request.user),
        "left": accounts.recovery_codes_left(request.user),
        "required": settings.REQUIRE_MFA,
        "begun": begun,
        "picture": _picture(begun.url) if begun else "",
        **answer,
    }
    return TemplateResponse(request, "desk/secondfactor.html", context)


def _begin(request: HttpRequest) -> dict[str, Any]:
    if accounts.has_second_factor(request.user):
        return {"problem": "This account has a second factor already: remove it first."}
    accounts.start_setup(request.user)
    return {}


def _confirm(request: HttpRequest) -> dict[str, Any]:
    try:
        device = accounts.confirm(request.user, request.POST.get("code", ""))
    except WrongCode as problem:
        return {"problem": str(problem)}
    _verify(request, device)
    return {"codes": accounts.renew_recovery_codes(request.user)}


def _codes(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    problem = _checked(request)
    if problem:
        return problem if isinstance(problem, HttpResponse) else {"problem": problem}
    return {"codes": accounts.renew_recovery_codes(request.user)}


def _remove(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    problem = _checked(request)
    if problem:
        return problem if isinstance(problem, HttpResponse) else {"problem": problem}
    accounts.remove_second_factor(request.user)
    messages.success(request, "The second factor is removed: your password alone logs you in.")
    return HttpResponseRedirect(reverse("admin:second_factor"))


def _checked(request: HttpRequest) -> str | HttpResponse:
    """Look at the code that was sent. Give what is wrong with it; nothing if it is right; or the
    page that says that the account is locked from this address. Wrong codes count with wrong
    passwords."""
    who = {"username": request.user.get_username()}
    if not AxesProxyHandler.is_allowed(request, who):
        locked: HttpResponse = get_lockout_response(request, None, who)
        return locked
    try:
        device = accounts.check_code(request.user, request.POST.get("code", ""))
    except WrongCode as problem:
        user_login_failed.send(sender=__name__, credentials=who, request=request)
        return str(problem)
    _verify(request, device)
    return ""


def _verify(request: HttpRequest, device: Any) -> None:
    """Note in the session that its account has shown its second factor."""
    request.session.cycle_key()
    django_otp.login(request, device)


def _picture(url: str) -> str:
    """The QR code, as SVG in the page: it needs no exception of the content policy."""
    return str(segno.make(url, error="m").svg_inline(scale=5, light="white"))


def _onward(request: HttpRequest) -> str:
    """Where somebody was going, if that is on this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else reverse("admin:index")


def _to(page: str, onward: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"admin:{page}", query={"next": onward}))
