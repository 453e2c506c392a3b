"""The second factor at the desk: its setup, and its check after the password."""

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
    """Redirects sessions that have passed only the password. An account with a second factor must
    enter a code; if the site requires one, an account without it must set it up."""

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
        step = required_step(request)
        if step in (None, match.url_name):
            return None
        target = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        return _redirect(str(step), target)


def required_step(request: HttpRequest) -> str | None:
    """The page that a session must complete before it may use the desk; None if it may already."""
    user: Any = request.user
    if not user.is_authenticated or accounts.is_authenticated(user):
        return None
    return CODE if accounts.has_second_factor(user) else SETUP


def urls() -> list[URLPattern]:
    """The addresses of these pages."""
    wrap = admin.site.admin_view
    return [
        path("login/code/", wrap(never_cache(code)), name=CODE),
        path("second-factor/", wrap(never_cache(setup)), name=SETUP),
    ]


def code(request: HttpRequest) -> HttpResponse:
    """Ask for a code after the password."""
    target = _next_page(request)
    if required_step(request) != CODE:
        return HttpResponseRedirect(target)
    problem = ""
    if request.method == "POST":
        result = _check_code(request)
        if isinstance(result, HttpResponse):
            return result
        if not result:
            return HttpResponseRedirect(target)
        problem = result
    context = {**admin.site.each_context(request), "title": "Code", "problem": problem}
    return TemplateResponse(request, "desk/code.html", context | {"next": target})


def setup(request: HttpRequest) -> HttpResponse:
    """Set up or remove the second factor of the user's account, or renew its recovery codes."""
    acts = {"begin": _begin, "confirm": _confirm, "codes": _codes, "remove": _remove}
    act = acts.get(request.POST.get("act", "")) if request.method == "POST" else None
    answer = act(request) if act else {}
    if isinstance(answer, HttpResponse):
        return answer
    begun = accounts.pending_setup(request.user)
    context = {
        **admin.site.each_context(request),
        "title": "Second factor",
        "own_heading": True,
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
    problem = _check_code(request)
    if problem:
        return problem if isinstance(problem, HttpResponse) else {"problem": problem}
    return {"codes": accounts.renew_recovery_codes(request.user)}


def _remove(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    problem = _check_code(request)
    if problem:
        return problem if isinstance(problem, HttpResponse) else {"problem": problem}
    accounts.remove_second_factor(request.user)
    messages.success(request, "The second factor is removed: your password alone logs you in.")
    return HttpResponseRedirect(reverse("admin:second_factor"))


def _check_code(request: HttpRequest) -> str | HttpResponse:
    """Check the code in a request. Return the problem, empty if the code is right, or the page of
    a locked account. Wrong codes count like wrong passwords."""
    credentials = {"username": request.user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        locked: HttpResponse = get_lockout_response(request, None, credentials)
        return locked
    try:
        device = accounts.check_code(request.user, request.POST.get("code", ""))
    except WrongCode as problem:
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        return str(problem)
    _verify(request, device)
    return ""


def _verify(request: HttpRequest, device: Any) -> None:
    """Mark the session as verified with the second factor."""
    request.session.cycle_key()
    django_otp.login(request, device)


def _picture(url: str) -> str:
    """The QR code as inline SVG, which the content policy allows."""
    return str(segno.make(url, error="m").svg_inline(scale=5, light="white"))


def _next_page(request: HttpRequest) -> str:
    """The page that was requested before the login, if it is on this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else reverse("admin:index")


def _redirect(page: str, target: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"admin:{page}", query={"next": target}))
