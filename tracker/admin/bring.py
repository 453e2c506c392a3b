"""Bringing an article: its address or its text leads to the document on record, or to a new one,
and to the page on which it is read."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from tracker.admin import access
from tracker.admin.base import WriteResult, attempt, private_text, stamp
from tracker.admin.claim_entry import show_in
from tracker.admin.fields import Directories, Tick
from tracker.admin.reading_pages import ENTER
from tracker.admin.record_forms import DocumentForm, field_of
from tracker.domain.problems import Invalid
from tracker.domain.reading import web_page
from tracker.domain.records import Source
from tracker.operations import reading, sources
from tracker.queries import trays as tray_queries
from tracker.queries.records import document_names
from tracker.queries.records.names import NoSuchName

NAME = "desk_read"
ADD_DOCUMENT = "desk.add_document"
# Where the text waits in the browser's tab for the page that reads it; and the same for a text
# below an address.
BROUGHT = "#brought"
BELOW = "#brought-below"
# The button that adds the document.
MAKE = "_make"
# The fields that most documents have; the focus begins in the first that is empty.
_NEEDED = ("source", "title", "date")
# A longer line is a text, not a title or a reference.
_LONGEST_REFERENCE = 400


def urls() -> list[URLPattern]:
    """The address of this page."""
    return [path("desk/read/", admin.site.admin_view(private_text(bring)), name=NAME)]


class BroughtForm(DocumentForm):
    """The line that describes the new document. A publisher that is not on record becomes a source
    without a grade if the person says that it is new. `general` are problems of no field."""

    new_source = Tick(label="This publisher is new: add it without a grade")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.general: list[str] = []
        missing = next((name for name in _NEEDED if not self[name].value()), _NEEDED[0])
        self.fields[missing].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """An unknown publisher is no error if it is said to be new."""
        values = super().clean() or self.cleaned_data
        if values.get("new_source") and self.has_error("source", "not_found"):
            self.errors.pop("source")
            values["source"] = None
        return values

    @property
    def _publisher(self) -> str:
        """The name in the field."""
        return " ".join(str(self.data.get(self.add_prefix("source"), "")).split())

    @property
    def new_publisher(self) -> Source | None:
        """The publisher to add; None if it is on record."""
        values = self.cleaned_data
        if values.get("source") or not values.get("new_source") or not self._publisher:
            return None
        parts = document_names.address_parts(values.get("url") or "")
        site = f"{parts.scheme}://{parts.netloc}/" if parts and parts.netloc else None
        return Source(kind="outlet", name=self._publisher, url=site)

    def problems(self) -> Iterator[Any]:
        """The problems of the document; without those of a publisher that is yet to be added."""
        is_new = self.new_publisher is not None
        yield from (one for one in super().problems() if not (is_new and one.pointer == "/source"))


def bring(request: HttpRequest) -> HttpResponse:
    """Take an address or a text; show the document as it was found, to correct in one line; add
    it."""
    access.require(request, ENTER)
    context: dict[str, Any] = {
        "forbidden": "" if reading.is_allowed() else reading.FORBIDDEN,
        "most_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    }
    if request.method == "POST" and MAKE in request.POST:
        form = BroughtForm(request.POST, directories=Directories())
        document = _make(request, form)
        if document:
            return HttpResponseRedirect(_page(document, BROUGHT))
        return _answer(request, context | {"form": form, "general": form.general})
    if request.method == "POST":
        return _found(request, request.POST.get("text", ""), context)
    half_read = tray_queries.half_done(request.user.get_username())
    listed = {"half_read": half_read, "most_half_read": tray_queries.MOST_LISTED}
    return _answer(request, context | listed)


def _found(request: HttpRequest, text: str, context: dict[str, Any]) -> HttpResponse:
    """Go to the document on record with this address or title, or show what is known of a new one.
    An address may stand in the first line of a text."""
    whole = text.strip()
    if not whole:
        return _answer(request, context | {"problem": "Paste the address or the text."})
    first, _, rest = whole.partition("\n")
    has_text = bool(rest) or len(first) > _LONGEST_REFERENCE or web_page.is_html(whole)
    if has_text and not reading.is_allowed():
        return _answer(request, context | {"problem": reading.FORBIDDEN})
    known: UUID | dict[str, str] = {}
    if not has_text or _is_address(first):
        known = _known(first)
    body = rest if _is_address(first) else whole
    brought = (BELOW if body is rest else BROUGHT) if has_text else ""
    if isinstance(known, UUID):
        return HttpResponseRedirect(_page(known, brought))
    try:
        head, plain = _read_head(body) if has_text else ({}, "")
        known = {**head, **known}
    except reading.ReadingIsOff as off:
        return _answer(request, context | {"problem": off})
    except Invalid as problem:
        return _answer(request, context | {"problem": problem.problems[0].detail})
    form = BroughtForm(initial=known, directories=Directories())
    found = {"form": form, "alike": document_names.titled(known.get("title", "")), "plain": plain}
    found["brought"] = brought
    return _answer(request, context | found)


def _known(reference: str) -> UUID | dict[str, str]:
    """The document on record, or what an address or a title says of a new one."""
    try:
        return document_names.DocumentDirectory().find(reference).id
    except NoSuchName:
        pass
    is_address = _is_address(reference)
    publisher = document_names.publisher_at(reference) if is_address else None
    known = {"url" if is_address else "title": reference}
    return known | ({"source": publisher.name} if publisher else {})


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and len(text.split()) == 1


def _read_head(text: str) -> tuple[dict[str, str], str]:
    """What the first lines of a text say, or what a web page says of itself; of a page also its
    text."""
    plain = ""
    if web_page.is_html(text):
        page = web_page.page(text)
        head, plain = page.head, page.text
    else:
        head = reading.head(text)
    known = {
        "title": head.title,
        "authors": "\n".join(head.authors),
        "date": head.date,
        "source": head.publisher_hint,
    }
    return known, plain


def _make(request: HttpRequest, form: BroughtForm) -> UUID | None:
    """Add the document, and its publisher if that is new; None with the problems in the form."""
    access.require(request, ADD_DOCUMENT)
    if not form.is_valid():
        return None
    problems = list(form.problems())
    outcome = WriteResult(problems=problems)
    if not problems:
        with transaction.atomic():
            outcome = attempt(lambda: _record(request, form))
            transaction.set_rollback(outcome.recorded is None)
    form.general = show_in(form, outcome.problems, field_of)
    return outcome.recorded.stream if outcome.recorded else None


def _record(request: HttpRequest, form: BroughtForm) -> Any:
    document = form.record()
    if publisher := form.new_publisher:
        source = sources.describe_source(publisher, **stamp(request))
        document = replace(document, source=source.stream)
        messages.info(
            request, f"{publisher.name} is a new source without a grade. A curator grades it."
        )
    return sources.describe_document(document, **stamp(request))


def _page(document: UUID, brought: str) -> str:
    """The page on which the document is read, and the text if the browser's tab holds one."""
    return f"{reverse('admin:desk_document_read', args=[document])}{brought}"


def _answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    frame = {
        **admin.site.each_context(request),
        "title": "Read an article",
        "own_heading": True,
    }
    return TemplateResponse(request, "desk/bring.html", frame | context)
