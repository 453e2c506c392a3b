"""Answers to the entry form while the user types: how a date is read, suggestions of names, known
documents, and the effect of the claim. Nothing is written."""

import re
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from tracker.admin import access, claim_entry, sparks, usual_form
from tracker.admin.base import preview_entry, read_id
from tracker.admin.claim_entry import ClaimForms
from tracker.admin.fields import Day, RecentDate, When
from tracker.domain.disclosure import Reader
from tracker.queries import moment
from tracker.queries.claims import by_record
from tracker.queries.records import catalogue, document_names, search
from tracker.queries.records.names import AmbiguousName, NoSuchName

READ = tuple(f"desk.{verb}_claim" for verb in ("add", "change", "view"))
# The nouns for which an empty result shows a message.
WITH_NO_MATCH_MESSAGE = frozenset({"code", "context", "actor", "source", "collection"})
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONGEST = 300
_SHORT = 60


def urls(wrap: Any) -> list[URLPattern]:
    """The addresses of these views."""
    views = {
        "date": date_reading,
        "form": form_reading,
        "suggest": suggest,
        "cited": cited_document,
        "foresee": preview,
        "speaker": speaker,
    }
    return [
        path(f"{name}/", wrap(_for_readers(view)), name=f"desk_claim_{name}")
        for name, view in views.items()
    ]


def _for_readers(view: Any) -> Any:
    def checked(request: HttpRequest) -> HttpResponse:
        if not any(request.user.has_perm(permission) for permission in READ):
            raise PermissionDenied(access.refusal(request, "desk.view_claim"))
        answer: HttpResponse = view(request)
        return answer

    return checked


# How the boxes for dates read what is typed into them, by the name of their answer.
DATE_BOXES = {
    "occurred": When(reads="occurred"),
    "date": When(),
    "recent": RecentDate(),
    "day": Day(),
    "first-day": Day(first=True),
}


def date_reading(request: HttpRequest) -> HttpResponse:
    """Show how a date is read by the box that asks."""
    params = request.GET.dict()
    name = params.pop("box", "occurred")
    box = DATE_BOXES.get(name)
    if box is None:
        raise Http404(f"no box for dates is called {name[:_SHORT]!r}")
    context: dict[str, Any] = {"confirms": name == "occurred"}
    try:
        found = box.to_python(next(iter(params.values()), ""))
    except ValidationError as problem:
        context["problem"] = problem.message
    else:
        context["day" if isinstance(found, date) else "reading"] = found
    return render(request, "desk/reading.html", context)


def form_reading(request: HttpRequest) -> HttpResponse:
    """Show whether the claim is entered as an act or as a situation."""
    texts = [request.GET.get(f"claim-{name}", "") for name in ("kind", "code", "occurred")]
    return render(request, "desk/usualform.html", {"usual": usual_form.of(*texts)})


def suggest(request: HttpRequest) -> HttpResponse:
    """Suggest records, codes or words for a few letters; of claims, none `without` this one."""
    noun, text = request.GET.get("noun", ""), request.GET.get("q", "")
    without = request.GET.get("without", "")
    try:
        suggestions = search.suggestions(
            noun,
            text[:_LONGEST],
            reader=Reader.DESK,
            without=read_id(without) if without else None,
        )
    except KeyError as problem:
        raise Http404(f"nothing is called {problem}") from problem
    answer: dict[str, Any] = {"found": [asdict(suggestion) for suggestion in suggestions]}
    if not suggestions:
        answer["nothing"] = _no_match(noun, text.strip())
    return JsonResponse(answer)


def _no_match(noun: str, text: str) -> dict[str, str] | None:
    """The message for a text without suggestions, for codes with a link to all of them. None for an
    id, and for documents, for which the form has its own message."""
    if noun not in WITH_NO_MATCH_MESSAGE or not text or _ID.fullmatch(text):
        return None
    message = {"says": f"No {noun} found for “{text[:_SHORT]}”."}
    if noun == "code":
        message |= {"browse": reverse("admin:desk_claim_codes"), "link": "Browse all codes"}
    return message


def cited_document(request: HttpRequest) -> HttpResponse:
    """Show the document with an address, a title or a reference, and its publisher."""
    fields = request.GET.items()
    typed = next((str(text) for key, text in fields if key.endswith("-document")), "")
    context: dict[str, Any] = {}
    if typed.strip():
        try:
            known = document_names.DocumentDirectory().find(typed)
        except AmbiguousName:
            context = {"problem": "several documents fit: choose one of the suggestions"}
        except NoSuchName:
            context = {"add": _addition(typed.strip())}
        else:
            entry = catalogue.entry("document", known.id, as_of=moment.now())
            claims = by_record.count_citing(known.id, reader=Reader.DESK)
            context = {"known": entry, "claims": claims}
    return render(request, "desk/cited.html", context)


def _addition(text: str) -> dict[str, str]:
    """The link that adds a document that is not on record, with the fields that are known."""
    is_url = text.startswith(("http://", "https://"))
    publisher = document_names.publisher_at(text) if is_url else None
    known = {"url" if is_url else "title": text}
    if publisher:
        known["source"] = publisher.name
    link = f"{reverse('admin:desk_document_add')}?{urlencode(known)}"
    return {"link": link, "publisher": publisher.name if publisher else ""}


def preview(request: HttpRequest) -> HttpResponse:
    """Show the effect of the claim in the form."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    corrected = request.POST.get("corrects", "")
    claim_id = read_id(corrected) if corrected else None
    at = timezone.now()
    entry = ClaimForms(request.POST)
    effect = preview_entry(entry.submission(), at=at, claim_id=claim_id)
    context: dict[str, Any] = {"effect": effect, "uncounted": claim_entry.uncounted(entry)}
    context["moved"] = sparks.rows(effect, today=at.date())
    return render(request, "desk/effect.html", context | {"offers": claim_id is None})


def speaker(request: HttpRequest) -> HttpResponse:
    """Suggest the party that says the claim, from its words."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    entry = ClaimForms(request.POST)
    entry.read()
    return render(request, "desk/speaker.html", {"speakers": entry.proposed})
