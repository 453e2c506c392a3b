"""The pages of an analyst's day: what moved overnight, what waits for review or for a new witness,
and what the record covers."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone

from tracker import log
from tracker.admin import access, models
from tracker.admin.appendonly import read_id, read_number
from tracker.admin.claim_list import ClaimList
from tracker.admin.write_result import attempt
from tracker.domain import events as e
from tracker.domain.codebooks import CODEBOOKS
from tracker.domain.codebooks.search import gloss_of
from tracker.domain.disclosure import Reader
from tracker.operations import claims
from tracker.queries import moment, progress
from tracker.queries.claims import detail, worklists
from tracker.queries.evidence import changes, impacts
from tracker.queries.records import pair_names
from tracker.queries.records.search import value_of

JUDGES = "desk.judge_claim"
# Of the inbox, what a page shows and one button judges.
MOST_SHOWN = 100


class DailyPages(ClaimList):
    """Who may view claims may read them; the inbox is emptied by those who may judge."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        views = {
            "overnight": self.overnight,
            "inbox": self.inbox,
            "reconfirm": self.reconfirm,
            "coverage": self.coverage,
            "codes": self.codes,
        }
        own = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"desk_claim_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def overnight(self, request: HttpRequest) -> HttpResponse:
        """What became of one's pairs since yesterday, and why."""
        self.require("view", request)
        beat, _made = models.Beat.objects.get_or_create(user_id=request.user.pk or 0)
        if request.method == "POST":
            return self._followed(request, beat)
        now = timezone.now()
        days = min(read_number(request.GET.get("days", "")) or 1, 366)
        since = moment.resolve(now - timedelta(days=days))
        given: dict[str, Any] = {"beat": beat.pairs, "days": days, "since": since}
        given |= {"head": log.head().position, "typed": " ".join(beat.pairs)}
        try:
            night = changes.overnight(
                beat.pairs or None,
                since=since,
                yesterday=(now - timedelta(days=days)).date(),
                today=now.date(),
                reader=Reader.DESK,
            )
            given |= {"moved": night.moved, "left_out": night.left_out}
        except impacts.CatchingUp as problem:
            given["problem"] = str(problem)
        return self.page(request, "overnight", title="Overnight", **given)

    def codes(self, request: HttpRequest) -> HttpResponse:
        """Every code that a claim may have, with what it means."""
        self.require("view", request)
        books = [
            (scheme, [(one, value_of(one.code), *gloss_of(one)) for one in book.codes.values()])
            for scheme, book in CODEBOOKS.items()
        ]
        return self.page(request, "codes", title="All codes", books=books)

    def _followed(self, request: HttpRequest, beat: models.Beat) -> HttpResponse:
        typed = request.POST.get("pairs", "").replace(",", " ").split()
        found, problems = [], []
        for one in typed:
            try:
                found.append(pair_names.named(*one.split("-", 1)))
            except (pair_names.NoSuchPair, TypeError) as problem:
                says = (
                    problem if isinstance(problem, pair_names.NoSuchPair) else "write it as KAZ-RUS"
                )
                problems.append(f"{one}: {says}")
        if problems:
            given: dict[str, Any] = {
                "problems": problems,
                "typed": " ".join(typed),
                "beat": beat.pairs,
                "days": 1,
            }
            return self.page(request, "overnight", title="Overnight", **given)
        beat.pairs = sorted(set(found))
        beat.save()
        return HttpResponseRedirect(reverse("admin:desk_claim_overnight"))

    def inbox(self, request: HttpRequest) -> HttpResponse:
        """Claims that wait for review, accepted or rejected in bulk."""
        self.require("view", request)
        asked = request.GET.get("collection", "")
        collection = read_id(asked) if asked else None
        if request.method == "POST":
            access.require(request, JUDGES)
            self._reviewed(request)
            return HttpResponseRedirect(request.get_full_path())
        given: dict[str, Any] = {
            "waiting": worklists.to_review(
                collection=collection, limit=MOST_SHOWN, reader=Reader.DESK
            ),
            "total": worklists.count_to_review(collection=collection),
            "collections": worklists.reviewed_collections(),
            "chosen": collection,
            "may": request.user.has_perm(JUDGES),
        }
        return self.page(request, "inbox", title="Inbox", **given)

    def _reviewed(self, request: HttpRequest) -> None:
        """Judge each that was ticked as its reviewer saw it; say what became of the others."""
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
        for one in chosen:
            identifier, _, version = one.partition(":")
            says = self._review(request, read_id(identifier), version, outcome, note)
            done += not says
            if says:
                problems[says] = problems.get(says, 0) + 1
        if done:
            messages.success(request, f"{done} claim{'s'[: done != 1]} {outcome}.")
        for says, times in problems.items():
            messages.error(request, f"{times} not {outcome}: {says}")

    def _review(
        self, request: HttpRequest, claim_id: UUID, version: str, outcome: Any, note: str
    ) -> str:
        """Judge one; give why not, or nothing."""
        review = e.ClaimReviewed(outcome=outcome, note=note)
        stamp: dict[str, Any] = {"at": timezone.now(), "by": request.user.get_username()}
        try:
            tried = attempt(
                lambda: claims.review_claim(
                    claim_id, review, expected=read_number(version) or 0, **stamp
                )
            )
        except claims.NoSuchClaim as problem:
            return str(problem)
        if tried.overtaken:
            return "it was changed meanwhile: look at it again"
        return "; ".join(one.detail for one in tried.problems)

    def reconfirm(self, request: HttpRequest) -> HttpResponse:
        """Situations whose last witness is 180 days old."""
        self.require("view", request)
        found = worklists.to_reconfirm(timezone.now().date(), reader=Reader.DESK)
        may = request.user.has_perm("desk.change_claim")
        return self.page(request, "reconfirm", title="Reconfirm", waiting=found, may=may)

    def coverage(self, request: HttpRequest) -> HttpResponse:
        """Claims a month, languages, and the share of state-owned roots."""
        self.require("view", request)
        collections = detail.by_people()
        found = worklists.coverage(list(collections))
        most = {
            "month": max((one.claims for one in found.months), default=1),
            "language": max((one.claims for one in found.languages), default=1),
        }
        given: dict[str, Any] = {"found": found, "most": most, "names": list(collections.values())}
        return self.page(request, "coverage", title="Coverage", **given)


def shown(_request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what waits for somebody, and how the background work goes, to the desk's first page."""
    followers = progress.followers()
    return context | {
        "head": log.head(),
        "behind": max((one.lag for one in followers), default=0),
        "stopped": [one for one in followers if one.stopped_by],
        "waiting": progress.waiting(),
        "set_aside": progress.set_aside(),
        "unread": worklists.count_to_review(),
    }


# What stands beside every page: a title, its icon, its page and what permission opens it.
_PLACES = {
    "Work": (
        ("Enter a claim", "edit_square", "desk_claim_add", "desk.add_claim"),
        ("Overnight", "bedtime", "desk_claim_overnight", "desk.view_claim"),
        ("Inbox", "inbox", "desk_claim_inbox", "desk.view_claim"),
        ("Reconfirm", "update", "desk_claim_reconfirm", "desk.view_claim"),
        ("Coverage", "bar_chart", "desk_claim_coverage", "desk.view_claim"),
        ("Brief", "article", "desk_claim_brief", "desk.view_claim"),
    ),
    "Record": (
        ("Claims", "format_quote", "desk_claim_changelist", "desk.view_claim"),
        ("Documents", "description", "desk_document_changelist", "desk.view_document"),
        ("Sources", "campaign", "desk_source_changelist", "desk.view_source"),
        ("Actors", "groups", "desk_actor_changelist", "desk.view_actor"),
        ("Collections", "folder_open", "desk_collection_changelist", "desk.view_collection"),
        ("Lenses", "tune", "desk_lens_changelist", "desk.view_lens"),
    ),
    "Files": (
        ("Import a file", "upload_file", "desk_job_add", "desk.add_job"),
        ("Jobs", "task", "desk_job_changelist", "desk.view_job"),
    ),
    "Site": (
        ("Operate", "monitoring", "desk_claim_operate", "desk.view_claim"),
        ("Tokens", "key", "desk_claim_tokens", "desk.view_claim"),
        ("Webhooks", "webhook", "desk_webhook_changelist", "desk.view_webhook"),
        ("Users", "person", "auth_user_changelist", "auth.view_user"),
        ("Groups", "group", "auth_group_changelist", "auth.view_group"),
    ),
}


def navigation(_request: HttpRequest) -> list[dict[str, Any]]:
    """What stands beside every page: the day's work first."""
    return [
        {
            "title": title,
            "items": [
                {
                    "title": says,
                    "icon": icon,
                    "link": reverse(f"admin:{name}"),
                    "permission": partial(_may, permission=permission),
                }
                for says, icon, name, permission in places
            ],
        }
        for title, places in _PLACES.items()
    ]


def _may(request: HttpRequest, *, permission: str) -> bool:
    return bool(request.user.has_perm(permission))
