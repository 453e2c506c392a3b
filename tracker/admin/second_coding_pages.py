"""Sampled claims, which a second person codes without sight of the first coding."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse

from tracker.admin import access
from tracker.admin.base import read_id, read_number, stamp
from tracker.admin.claim_list import ClaimList
from tracker.domain.agreement import LEAST_ALPHA
from tracker.domain.codebooks import CODEBOOKS
from tracker.domain.disclosure import Reader
from tracker.domain.second_coding import FORMS, NO_ACT, STRENGTHS, Coding
from tracker.domain.validity import Invalid
from tracker.log import VersionConflict
from tracker.operations import second_coding
from tracker.queries import moment
from tracker.queries.claims import detail
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.second_coding import coded_twice
from tracker.queries.records.problem_words import in_words

ENTER = "desk.add_claim"
MOST_SHOWN = 10
CHANGED = "The claim was changed meanwhile: read it again."


class Task(NamedTuple):
    """A claim on the page, the names of those that it is about in order, and what was typed."""

    sheet: Sheet
    names: Sequence[str]
    typed: Coding


class SecondCodingPages(ClaimList):
    """The page of claims that wait for a second coding, for accounts that may enter claims."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.second_coding)
        own = path("second-coding/", view, name="desk_claim_second_coding")
        return [own, *super().get_urls()]

    def second_coding(self, request: HttpRequest) -> HttpResponse:
        """Show the claims that the account did not enter, and keep the coding of one."""
        access.require(request, ENTER)
        problems = _code(request) if request.method == "POST" else []
        if request.method == "POST" and not problems:
            messages.success(request, "Your coding is kept.")
            return HttpResponseRedirect(reverse("admin:desk_claim_second_coding"))
        waiting = second_coding.waiting_for(request.user.get_username(), limit=MOST_SHOWN)
        context: dict[str, Any] = {
            "tasks": _tasks(waiting, request.POST),
            "problems": problems,
            "codes": [code for book in CODEBOOKS.values() for code in book.codes.values()],
            "no_act": NO_ACT,
            "forms": FORMS,
            "strengths": STRENGTHS,
            "collections": coded_twice(),
            "least_alpha": LEAST_ALPHA,
        }
        return self.page(request, "secondcoding", title="Second coding", **context)


def _code(request: HttpRequest) -> list[str]:
    """Keep the coding of a claim; return what is wrong, nothing if it is kept."""
    version = read_number(request.POST.get("version", ""))
    if not version:
        return [CHANGED]
    claim = read_id(request.POST.get("claim", ""))
    try:
        second_coding.code_again(claim, _typed(request.POST), expected=version, **stamp(request))
    except second_coding.NotSampled as problem:
        return [in_words(str(problem))]
    except Invalid as problem:
        return [one.detail for one in problem.problems]
    except VersionConflict:
        return [CHANGED]
    return []


def _typed(sent: Mapping[str, str]) -> Coding:
    return Coding(**{field: sent.get(field, "").strip() for field in Coding._fields})


def _tasks(waiting: Sequence[UUID], sent: Mapping[str, str]) -> list[Task]:
    """The claims in their current version, with what was typed for one of them."""
    sheets = detail.sheets_at(waiting, moment.now().position, reader=Reader.DESK)
    return [
        Task(
            sheet=sheets[claim],
            names=sorted({party.actor.actor.name for party in sheets[claim].parties}),
            typed=_typed(sent) if sent.get("claim") == str(claim) else Coding(""),
        )
        for claim in waiting
        if claim in sheets
    ]
