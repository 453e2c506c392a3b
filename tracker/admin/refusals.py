"""How the desk says no: in words, in its own frame."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

PLAIN = "You may not do this with your account. Ask an administrator for the role that it needs."


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what somebody may not do."""
    says = str(exception or "") or PLAIN
    context = {"says": says, "title": "Not for this account"}
    if request.path_info.startswith(reverse("admin:index")) and request.user.is_authenticated:
        context |= admin.site.each_context(request)
        context["title"] = "Not for this account"
        return render(request, "desk/refused.html", context, status=403)
    return HttpResponse(says, status=403, content_type="text/plain; charset=utf-8")
