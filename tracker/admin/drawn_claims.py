"""The weekly checks: claims that were drawn for a second person, who judges them without sight of p
and of any score."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse

from tracker.admin import access
from tracker.admin.base import read_id, read_number, stamp
from tracker.admin.claim_list import ClaimList
from tracker.admin.write_result import attempt
from tracker.domain import events as e
from tracker.domain.disclosure import Reader
from tracker.domain.judged_claims import Outcome
from tracker.operations import draws
from tracker.queries import moment
from tracker.queries.claims import detail
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.draws import OpenDraw
from tracker.queries.records.problem_words import in_words

JUDGE = "desk.judge_claim"
# Claims on one page: those of a week.
MOST_SHOWN = 10
CHANGED = "The claim was changed meanwhile: look at it again."


class Check(NamedTuple):
    """A drawn claim on the page, the week of its draw, and the reason that was typed for it."""

    sheet: Sheet
    week: date
    reason: str


class DrawnPages(ClaimList):
    """The page of drawn claims, for accounts that may judge."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.drawn)
        return [path("drawn/", view, name="desk_claim_drawn"), *super().get_urls()]

    def drawn(self, request: HttpRequest) -> HttpResponse:
        """Show the drawn claims that the account did not enter, and record a verdict on one."""
        access.require(request, JUDGE)
        problems = _judge(request) if request.method == "POST" else []
        if request.method == "POST" and not problems:
            messages.success(request, "The verdict is recorded.")
            return HttpResponseRedirect(reverse("admin:desk_claim_drawn"))
        waiting = draws.open_draws_for(request.user.get_username())
        context: dict[str, Any] = {
            "checks": _checks(waiting[:MOST_SHOWN], request.POST),
            "total": len(waiting),
            "outcomes": get_args(Outcome),
            "problems": problems,
        }
        return self.page(request, "drawn", title="Weekly checks", **context)


def _judge(request: HttpRequest) -> list[str]:
    """Record the verdict on a drawn claim; return what is wrong, nothing if it is recorded."""
    outcome: Any = request.POST.get("verdict", "")
    if outcome not in get_args(Outcome):
        return ["Choose a verdict."]
    verdict = e.VerdictGiven(verdict=outcome, reason=request.POST.get("reason", "").strip())
    claim_id = read_id(request.POST.get("claim", ""))
    version = read_number(request.POST.get("version", ""))
    if not version:
        return [CHANGED]
    try:
        result = attempt(
            lambda: draws.judge_drawn(claim_id, verdict, expected=version, **stamp(request))
        )
    except draws.NotDrawn as problem:
        return [in_words(str(problem))]
    if result.conflict:
        return [CHANGED]
    return [problem.detail for problem in result.problems]


def _checks(waiting: Sequence[OpenDraw], sent: Mapping[str, str]) -> list[Check]:
    """The claims in their current version, with what was typed for one of them."""
    weeks = {one.claim: one.week for one in waiting}
    sheets = detail.sheets_at(weeks, moment.now().position, reader=Reader.DESK)
    return [
        Check(
            sheet=sheets[claim],
            week=week,
            reason=sent.get("reason", "") if sent.get("claim") == str(claim) else "",
        )
        for claim, week in weeks.items()
        if claim in sheets
    ]
