"""The pages of daily work at the desk: overnight changes, the inbox, situations to reconfirm,
coverage, and the state of the background work."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from tracker import log
from tracker.admin import access, models
from tracker.admin.base import attempt, pair_links, read_id, read_number, stamp
from tracker.admin.fields import pair_codes
from tracker.admin.proposed_pages import ProposedPages, waiting_names
from tracker.domain import events as e
from tracker.domain.disclosure import Reader
from tracker.imports import queries
from tracker.log.standby import is_standby
from tracker.operations import claims
from tracker.projections import coverage as coverage_counts
from tracker.queries import moment, progress
from tracker.queries.claims import by_record, coverage, listing, worklists
from tracker.queries.claims.worklists import WorkList
from tracker.queries.evidence import impacts, overnight
from tracker.queries.records import pair_names
from tracker.queries.records.names import NoSuchName
from tracker.queries.records.request_names import RequestNames
from tracker.queries.scores import lenses
from tracker.webhooks import queries as webhook_queries

JUDGE = "desk.judge_claim"
VIEW_JOBS = "desk.view_job"
# Claims of the inbox on one page.
MOST_SHOWN = 100
# Situations that cease to count within this time are about to lapse.
LAPSES_SOON = timedelta(days=30)
MOST_JOBS = 10
MOST_WAITING = 50


class DailyPages(ProposedPages):
    """The pages, for every account that may view claims. Reviews need the permission to judge, and
    the list of jobs that to view jobs."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        views = {
            "overnight": self.overnight,
            "inbox": self.inbox,
            "approve": self.approve,
            "reconfirm": self.reconfirm,
            "coverage": self.coverage,
            "operate": self.operate,
        }
        own = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"desk_claim_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def overnight(self, request: HttpRequest) -> HttpResponse:
        """Show what moved the followed pairs since yesterday, and why."""
        self.require("view", request)
        user = request.user.pk or 0
        beat = models.Beat.objects.filter(user_id=user).first() or models.Beat(user_id=user)
        if request.method == "POST":
            return self._follow(request, beat)
        now = timezone.now()
        days = min(read_number(request.GET.get("days", "")) or 1, 366)
        since = moment.reached_by(now - timedelta(days=days))
        context: dict[str, Any] = {"beat": beat.pairs, "days": days, "since": since}
        context |= {"head": log.head().position, "typed": " ".join(beat.pairs)}
        try:
            night = overnight.overnight_changes(
                beat.pairs or None,
                since=since,
                yesterday=(now - timedelta(days=days)).date(),
                today=now.date(),
                reader=Reader.DESK,
            )
            links = pair_links([*(one.pair for one in night.moved), *night.too_large])
            context |= {
                "moved": [(one, links[one.pair]) for one in night.moved],
                "too_large": [links[pair] for pair in night.too_large],
                "left_out": night.left_out,
            }
        except impacts.CatchingUp as problem:
            context["problem"] = str(problem)
        return self.page(request, "overnight", title="Overnight", **context)

    def _follow(self, request: HttpRequest, beat: models.Beat) -> HttpResponse:
        """Save the pairs that the account follows, or show what cannot be read."""
        typed = _pair_texts(request.POST.get("pairs", ""))
        pairs, problems = [], []
        for text in typed:
            try:
                pairs.append(pair_names.pair_name(*_codes_of(text)))
            except (pair_names.NoSuchPair, ValidationError) as problem:
                says = problem.message if isinstance(problem, ValidationError) else problem
                problems.append(f"{text}: {says}")
        if problems:
            context: dict[str, Any] = {
                "problems": problems,
                "typed": ", ".join(typed),
                "beat": beat.pairs,
                "days": 1,
            }
            return self.page(request, "overnight", title="Overnight", **context)
        beat.pairs = sorted(set(pairs))
        beat.save()
        return HttpResponseRedirect(reverse("admin:desk_claim_overnight"))

    def inbox(self, request: HttpRequest) -> HttpResponse:
        """Show claims that wait for review, accept or reject them in bulk, and show names that wait
        for a curator."""
        self.require("view", request)
        text = request.GET.get("collection", "")
        collection = _collection(text) if text else None
        if request.method == "POST":
            access.require(request, JUDGE)
            self._review_chosen(request)
            return HttpResponseRedirect(request.get_full_path())
        context: dict[str, Any] = {
            "waiting": worklists.to_review(
                collection=collection, limit=MOST_SHOWN, reader=Reader.DESK
            ),
            "total": worklists.count_to_review(collection=collection),
            "most": worklists.MOST_COUNTED,
            "collections": worklists.reviewed_collections(),
            "chosen": collection,
            "may": request.user.has_perm(JUDGE),
            **waiting_names(request),
        }
        return self.page(request, "inbox", title="Inbox", **context)

    def _review_chosen(self, request: HttpRequest) -> None:
        """Review each chosen claim in the version that the reviewer saw; count the failures."""
        outcome = request.POST.get("outcome", "")
        note = request.POST.get("note", "").strip()
        chosen = request.POST.getlist("claim")[:MOST_SHOWN]
        if outcome not in ("accepted", "rejected") or not chosen:
            messages.error(request, "Tick some claims, then accept or reject them.")
            return
        if outcome == "rejected" and not note:
            messages.error(request, "Say why they are rejected; the reason is recorded.")
            return
        done, problems = 0, dict[str, int]()
        for choice in chosen:
            identifier, _, version = choice.partition(":")
            problem = self._review(request, read_id(identifier), version, outcome, note)
            done += not problem
            if problem:
                problems[problem] = problems.get(problem, 0) + 1
        if done:
            messages.success(request, f"{done} claim{'s'[: done != 1]} {outcome}.")
        for problem, times in problems.items():
            messages.error(request, f"{times} not {outcome}: {problem}")

    def _review(
        self, request: HttpRequest, claim_id: UUID, version: str, outcome: Any, note: str
    ) -> str:
        """Review a claim; return the problem, empty if it is recorded."""
        review = e.ClaimReviewed(outcome=outcome, note=note)
        try:
            result = attempt(
                lambda: claims.review_claim(
                    claim_id, review, expected=read_number(version) or 0, **stamp(request)
                )
            )
        except claims.NoSuchClaim:
            return "there is no such claim"
        if result.conflict:
            return "it was changed meanwhile: look at it again"
        return "; ".join(found.detail for found in result.problems)

    def approve(self, request: HttpRequest) -> HttpResponse:
        """Show accusations that lack nothing but the approval of a second editor."""
        access.require(request, JUDGE)
        found = to_approve(request.user)
        context: dict[str, Any] = {
            "waiting": listing.titles(found.items, reader=Reader.DESK),
            "looked_at": worklists.MOST_TO_APPROVE if found.more else None,
        }
        return self.page(request, "approve", title="Accusations to approve", **context)

    def reconfirm(self, request: HttpRequest) -> HttpResponse:
        """Show situations whose last source is 180 days old, and those that soon will be."""
        self.require("view", request)
        today = timezone.now().date()
        found = worklists.to_reconfirm(today + LAPSES_SOON, reader=Reader.DESK)
        context: dict[str, Any] = {
            "waiting": [item for item in found.items if item.ceased <= today],
            "soon": [item for item in found.items if item.ceased > today],
            "looked_at": worklists.MOST_TO_RECONFIRM if found.more else None,
            "days": LAPSES_SOON.days,
            "may": request.user.has_perm("desk.change_claim"),
        }
        return self.page(request, "reconfirm", title="Reconfirm", **context)

    def coverage(self, request: HttpRequest) -> HttpResponse:
        """Show claims by month and language, the share of state-owned roots, and how many proposals
        were entered unchanged."""
        self.require("view", request)
        collections = by_record.by_people()
        if not is_standby():
            coverage_counts.follow()
        covered = coverage.coverage(list(collections))
        most = {
            "month": max((month.claims for month in covered.months), default=1),
            "language": max((language.claims for language in covered.languages), default=1),
        }
        context: dict[str, Any] = {
            "coverage": covered,
            "most": most,
            "names": list(collections.values()),
            "proposals": coverage.proposal_coverage(collections),
        }
        return self.page(request, "coverage", title="Coverage", **context)

    def operate(self, request: HttpRequest) -> HttpResponse:
        """Show the state of followers, pairs, jobs, the schedule and webhooks."""
        access.require(request, "desk.view_claim")
        may_jobs = request.user.has_perm(VIEW_JOBS)
        names = lenses.names_by_view()
        context: dict[str, Any] = {
            "head": log.head(),
            "followers": [
                (follower, names.get(follower.view, [])) for follower in progress.followers()
            ],
            "waiting": progress.count_pending(),
            "dirty": progress.pending_pairs(limit=MOST_WAITING),
            "set_aside": progress.quarantine(),
            "jobs": queries.listing(limit=MOST_JOBS) if may_jobs else [],
            "may_jobs": may_jobs,
            "schedule": [
                (purpose, entry["task"], _schedule_in_words(entry["schedule"]))
                for purpose, entry in settings.CELERY_BEAT_SCHEDULE.items()
            ],
            "hooks": webhook_queries.hooks(),
        }
        return self.page(request, "operate", title="Operate", **context)


def to_approve(user: Any) -> WorkList[UUID]:
    """The accusations that an account may approve: those that others wrote."""
    found = worklists.to_approve()
    authors = claims.authors_of(found.items)
    items = [claim for claim in found.items if user.get_username() not in authors[claim]]
    return replace(found, items=items)


def _codes_of(text: str) -> tuple[str, str]:
    """The codes of a pair.

    :raises ValidationError: if the text is none.
    """
    codes = pair_codes(text)
    if codes is None:
        raise ValidationError("write it as KAZ-RUS, or as Kazakhstan – Russia")
    return codes


_CODE_PAIRS = re.compile(r"[A-Za-z]{3}-[A-Za-z]{3}(\s+[A-Za-z]{3}-[A-Za-z]{3})*")


def _pair_texts(text: str) -> list[str]:
    """The pairs in a text: codes with blanks or commas between them, names with commas."""
    parts = filter(None, map(str.strip, re.split(r"[,;\n]", text)))
    return [
        pair for part in parts for pair in (part.split() if _CODE_PAIRS.fullmatch(part) else [part])
    ]


def _collection(text: str) -> UUID:
    """The id of the collection in an address, given by id or by name.

    :raises Http404:
    """
    try:
        return RequestNames().find(text)
    except NoSuchName as problem:
        raise Http404(str(problem)) from problem


def _schedule_in_words(schedule: Any) -> str:
    """A schedule of Celery in words: "every 5 s", "daily at 03:00 UTC"."""
    if isinstance(schedule, int | float):
        return f"every {schedule:g} s"
    if len(schedule.hour) == 24:
        return f"every hour at minute {', '.join(map(str, sorted(schedule.minute)))}"
    times = (f"{h:02}:{m:02}" for h in sorted(schedule.hour) for m in sorted(schedule.minute))
    return f"daily at {', '.join(times)} UTC"
