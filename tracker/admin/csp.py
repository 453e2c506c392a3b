"""The content security policy, which is looser for the desk than for the rest of the site."""

from functools import cache
from typing import Any

from csp.constants import HEADER, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

DESK = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


class DeskPolicyMiddleware(CSPMiddleware):
    """Loosens two directives for the desk: unfold uses Alpine, which evaluates expressions, and
    inline styles."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self._desk = reverse("admin:index")

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # A view has changed its policy, or Django's page for developers needs none.
        if settings.DEBUG or any(name.startswith("_csp_") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _policy(self._is_of_desk(request)))
        return response

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 # django-csp calls it so
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if self._is_of_desk(request):
            parts.replace = {**(parts.replace or {}), **DESK}
        return parts

    def _is_of_desk(self, request: HttpRequest) -> bool:
        return request.path_info.startswith(self._desk)


@cache
def _policy(at_desk: bool) -> str:  # noqa: FBT001 # of one caller
    """A policy, built once: it takes longer than a cached page."""
    return build_policy(replace=DESK if at_desk else None)
