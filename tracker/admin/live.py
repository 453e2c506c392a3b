"""How the desk answers while somebody types: with dates, names, documents, and what a claim would
do. Nothing is written."""

import re
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from tracker.admin import access, claim_entry, sparks
from tracker.admin.appendonly import read_id
from tracker.admin.claim_entry import Entry
from tracker.admin.write_result import foreseen
from tracker.domain.dates import phrases
from tracker.domain.dates.edtf import BadDate
from tracker.domain.disclosure import Reader
from tracker.queries.claims import detail
from tracker.queries.records import catalogue, search
from tracker.queries.records.names import NoSuchName, Several

READS = tuple(f"desk.{verb}_claim" for verb in ("add", "change", "view"))
# Where a search that finds nothing says so.
SEARCHED = frozenset({"code", "context", "actor", "source", "collection"})
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONGEST = 300
_SHORT = 60


def urls(wrap: Any) -> list[URLPattern]:
    """The addresses of these answers."""
    views = {
        "date": date_reading,
        "suggest": suggest,
        "cited": cited,
        "foresee": foresee,
        "speaker": speaker,
    }
    return [
        path(f"{name}/", wrap(_for_readers(view)), name=f"desk_claim_{name}")
        for name, view in views.items()
    ]


def _for_readers(view: Any) -> Any:
    def checked(request: HttpRequest) -> HttpResponse:
        if not any(request.user.has_perm(one) for one in READS):
            raise PermissionDenied(access.refusal(request, "desk.view_claim"))
        answer: HttpResponse = view(request)
        return answer

    return checked


def date_reading(request: HttpRequest) -> HttpResponse:
    """Say how a date is read."""
    text = request.GET.get("claim-occurred", "")
    try:
        context: dict[str, Any] = {"reading": phrases.from_phrase(text)}
    except BadDate as problem:
        context = {"problem": str(problem) if text.strip() else ""}
    return render(request, "desk/reading.html", context)


def suggest(request: HttpRequest) -> HttpResponse:
    """Offer what a few letters may mean."""
    try:
        found = search.suggestions(
            request.GET.get("noun", ""), request.GET.get("q", "")[:_LONGEST], reader=Reader.DESK
        )
    except KeyError as problem:
        raise Http404(f"nothing is called {problem}") from problem
    answer: dict[str, Any] = {"found": [asdict(one) for one in found]}
    if not found:
        answer["nothing"] = _nothing(request.GET.get("noun", ""), request.GET.get("q", "").strip())
    return JsonResponse(answer)


def _nothing(noun: str, said: str) -> dict[str, str] | None:
    """What to say where nothing was found, and where one can browse. An id needs no suggestion,
    and of a document the form says more than that."""
    if noun not in SEARCHED or not said or _ID.fullmatch(said):
        return None
    told = {"says": f"No {noun} found for “{said[:_SHORT]}”."}
    if noun == "code":
        told |= {"browse": reverse("admin:desk_claim_codes"), "link": "Browse all codes"}
    return told


def cited(request: HttpRequest) -> HttpResponse:
    """Say which document is meant by an address, a title or a reference, and whose it is."""
    said = next((str(text) for key, text in request.GET.items() if key.endswith("-document")), "")
    context: dict[str, Any] = {}
    if said.strip():
        try:
            known = search.Documents().find(said)
        except Several as problem:
            context = {"problem": str(problem)}
        except NoSuchName:
            context = {"add": _addition(said.strip())}
        else:
            entry = catalogue.entry("document", known.id)
            claims = detail.count_citing(known.id, reader=Reader.DESK)
            context = {"known": entry, "claims": claims}
    return render(request, "desk/cited.html", context)


def _addition(said: str) -> dict[str, str]:
    """Where a document that is not on record is added, with what can be told of it."""
    address = said.startswith(("http://", "https://"))
    publisher = search.publisher_at(said) if address else None
    known = {"url" if address else "title": said}
    if publisher:
        known["source"] = publisher.name
    link = f"{reverse('admin:desk_document_add')}?{urlencode(known)}"
    return {"link": link, "publisher": publisher.name if publisher else ""}


def foresee(request: HttpRequest) -> HttpResponse:
    """Say what the claim would do that stands in the form, as far as it goes."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    corrected = request.POST.get("corrects", "")
    claim_id = read_id(corrected) if corrected else None
    at = timezone.now()
    entry = Entry(request.POST)
    effect = foreseen(entry.read_entered(), at=at, claim_id=claim_id)
    context: dict[str, Any] = {"effect": effect, "uncounted": claim_entry.uncounted(entry)}
    context["moved"] = sparks.rows(effect, today=at.date())
    return render(request, "desk/effect.html", context | {"offers": claim_id is None})


def speaker(request: HttpRequest) -> HttpResponse:
    """Propose who says what is typed, if its words tell."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    entry = Entry(request.POST)
    entry.read()
    return render(request, "desk/speaker.html", {"speakers": entry.proposed})
