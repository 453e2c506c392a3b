"""The product as gunicorn serves it, with an additional view that does nothing, behind the same
middleware. Its time is the minimum of any response."""

import os

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

EMPTY = "/empty"
# If this variable is set, responses are not cached.
NO_CACHE = "BENCHMARK_NO_CACHE"


def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}", content_type="application/json")


urlpatterns: list[URLPattern | URLResolver] = [
    path(EMPTY.lstrip("/"), empty),
    path("", include("config.urls")),
]


def application() -> WSGIHandler:
    """The WSGI application for gunicorn."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    settings.ROOT_URLCONF = __name__
    if os.environ.get(NO_CACHE):
        dummy = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
        settings.CACHES = {**settings.CACHES, "answers": dummy}
    return get_wsgi_application()
