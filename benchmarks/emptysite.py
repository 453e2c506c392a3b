"""The product as gunicorn serves it, and beside it a view that does nothing, behind the same
middleware: what an answer costs before anybody thinks about it."""

import os

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

EMPTY = "/empty"
# Where this is set no answer that was made is kept for the next one who asks.
UNKEPT = "BENCHMARK_UNKEPT"


def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}", content_type="application/json")


urlpatterns: list[URLPattern | URLResolver] = [
    path(EMPTY.lstrip("/"), empty),
    path("", include("config.urls")),
]


def served() -> WSGIHandler:
    """What gunicorn calls for the application."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    settings.ROOT_URLCONF = __name__
    if os.environ.get(UNKEPT):
        dummy = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
        settings.CACHES = {**settings.CACHES, "answers": dummy}
    return get_wsgi_application()
