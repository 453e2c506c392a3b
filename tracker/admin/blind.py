"""Blind review at the desk: claims that an account did not enter, shown without the answer that
could lead it. A sampled claim is coded again without sight of the first coding; a drawn claim is
judged without sight of p and of any score."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, get_args
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path

from tracker.admin import access
from tracker.admin.base import attempt, read_id, read_number, stamp
from tracker.admin.claim_list import ClaimList
from tracker.domain import events as e
from tracker.domain.blind_review import FORMS, LEAST_ALPHA, NO_ACT, STRENGTHS, Coding
from tracker.domain.codebooks import CODEBOOKS
from tracker.domain.disclosure import Reader
from tracker.domain.judged_claims import Outcome
from tracker.domain.problems import Problem, refuse
from tracker.operations import blind_review
from tracker.queries import moment
from tracker.queries.claims import detail
from tracker.queries.claims.blind_review import coded_twice
from tracker.queries.claims.detail import Sheet
from tracker.queries.records.problem_words import in_words

MOST_SHOWN = 10
CHANGED = "The claim was changed meanwhile: read it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A kind of blind review: its address below that of the claims, its template, the permission
    that it needs, what to say when an answer is recorded, the claims that wait for an account, how
    an answer is recorded, and what its page needs besides."""

    name: str
    title: str
    permission: str
    thanks: str
    waiting: Callable[[str], Sequence[UUID]]
    answer: Callable[..., Any]
    context: Callable[[], Mapping[str, Any]]


class Task(NamedTuple):
    """A claim on the page, the names of those that it is about in order, and what was typed."""

    sheet: Sheet
    names: Sequence[str]
    typed: Mapping[str, str]


class BlindPages(ClaimList):
    """A page for each kind of blind review."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own: list[URLResolver | URLPattern] = [
            path(
                f"{one.name.replace('_', '-')}/",
                self.admin_site.admin_view(partial(self.review_blind, review=one)),
                name=f"desk_claim_{one.name}",
            )
            for one in REVIEWS
        ]
        return [*own, *super().get_urls()]

    def review_blind(self, request: HttpRequest, *, review: Review) -> HttpResponse:
        """Show the claims that the account did not enter, and record the answer to one."""
        access.require(request, review.permission)
        problems = _record(request, review) if request.method == "POST" else []
        if request.method == "POST" and not problems:
            messages.success(request, review.thanks)
            return HttpResponseRedirect(request.path)
        waiting = review.waiting(request.user.get_username())
        context: dict[str, Any] = {
            "tasks": _tasks(waiting[:MOST_SHOWN], request.POST),
            "more": len(waiting) > MOST_SHOWN,
            "problems": problems,
            **review.context(),
        }
        return self.page(request, f"blind_{review.name}", title=review.title, **context)


def _record(request: HttpRequest, review: Review) -> list[str]:
    """Record the answer to a claim; return what is wrong, nothing if it is recorded."""
    sent = request.POST
    claim, version = read_id(sent.get("claim", "")), read_number(sent.get("version", ""))
    if not version:
        return [CHANGED]
    try:
        result = attempt(lambda: review.answer(claim, sent, expected=version, **stamp(request)))
    except blind_review.NotWaiting as problem:
        return [in_words(str(problem))]
    return [CHANGED] if result.conflict else [problem.detail for problem in result.problems]


def _tasks(waiting: Sequence[UUID], sent: Mapping[str, str]) -> list[Task]:
    """The claims in their current version, with what was typed for one of them."""
    sheets = detail.sheets_at(waiting, moment.now().position, reader=Reader.DESK)
    return [
        Task(
            sheet=sheets[claim],
            names=sorted({party.actor.actor.name for party in sheets[claim].parties}),
            typed=sent if sent.get("claim") == str(claim) else {},
        )
        for claim in waiting
        if claim in sheets
    ]


def _code(claim: UUID, sent: Mapping[str, str], **stamp: Any) -> None:
    coding = Coding(**{field: sent.get(field, "").strip() for field in Coding._fields})
    blind_review.code_again(claim, coding, **stamp)


def _judge(claim: UUID, sent: Mapping[str, str], **stamp: Any) -> None:
    outcome: Any = sent.get("verdict", "")
    if outcome not in get_args(Outcome):
        refuse([Problem(pointer="/verdict", code="required", detail="Choose a verdict.")])
    verdict = e.VerdictGiven(verdict=outcome, reason=sent.get("reason", "").strip())
    blind_review.judge_drawn(claim, verdict, **stamp)


REVIEWS = (
    Review(
        name="drawn",
        title="Weekly checks",
        permission="desk.judge_claim",
        thanks="The verdict is recorded.",
        waiting=lambda user: [one.claim for one in blind_review.open_draws_for(user)],
        answer=_judge,
        context=lambda: {"outcomes": get_args(Outcome)},
    ),
    Review(
        name="second_coding",
        title="Second coding",
        permission="desk.add_claim",
        thanks="Your coding is kept.",
        waiting=lambda user: blind_review.to_code_for(user, limit=MOST_SHOWN + 1),
        answer=_code,
        context=lambda: {
            "codes": [code for book in CODEBOOKS.values() for code in book.codes.values()],
            "no_act": NO_ACT,
            "forms": FORMS,
            "strengths": STRENGTHS,
            "collections": coded_twice(),
            "least_alpha": LEAST_ALPHA,
        },
    ),
)
