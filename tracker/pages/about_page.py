"""Who runs the site, where to write, how to complain, and the licences."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tracker.pages.page_cache import page_cached_by, render_page
from tracker.queries import progress


@page_cached_by(progress.of_log, ())
def about(request: HttpRequest) -> HttpResponse:
    contact = settings.ABOUT["CONTACT"]
    context = {
        "operator": settings.ABOUT["OPERATOR"],
        "contact": contact,
        "contact_link": _link(contact),
    }
    return render_page(request, "pages/about.html", context)


@page_cached_by(progress.of_log, ())
def licence(request: HttpRequest) -> HttpResponse:
    name, link = data_licence()
    return render_page(request, "pages/licence.html", {"licence": name, "licence_link": link})


def data_licence() -> tuple[str, str]:
    """The licence of the data: its name, and its address; empty where none is set."""
    words = settings.ABOUT["DATA_LICENCE"].split()
    links = [word for word in words if _is_web(word)]
    return " ".join(word for word in words if not _is_web(word)), links[0] if links else ""


def _link(contact: str) -> str:
    """The link for a contact: a page or a mail address; empty for other texts."""
    if _is_web(contact):
        return contact
    return f"mailto:{contact}" if "@" in contact and " " not in contact else ""


def _is_web(text: str) -> bool:
    return urlsplit(text).scheme in ("http", "https")
