"""The site and its workers, with a page and a task that fail and hold a secret word in a variable.

Both the web server (`application`) and the worker (`app`) are started with it. No test imports it:
the page and the task would stay.
"""

from typing import Any

from celery import shared_task
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

application = get_wsgi_application()

from config import urls  # noqa: E402 # needs loaded apps
from config.celery import app  # noqa: E402

__all__ = ["app", "application"]


@shared_task(name="fails", ignore_result=True)
def fails(**_: Any) -> None:
    """Fail."""
    text = {"article": f"The {'xyzzy'}plugh was nowhere."}
    raise RuntimeError(f"a task failed after {len(text)} text")


def page(_request: HttpRequest, what: str) -> HttpResponse:
    """Wake the task, or fail."""
    token = "xyzzy" + "plugh"
    if what == "task":
        fails.delay()
        return HttpResponse("sent")
    raise RuntimeError(f"a page failed with {len(token)} letters")


urls.urlpatterns.insert(0, path("fails/<str:what>/", page))
