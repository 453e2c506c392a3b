"""Bulk actions on the list of claims: retract, accept, reject, and add a tag. One page names the
number of claims and asks for the reason; then all of them are changed, or none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, URLResolver, path, reverse

from tracker import log
from tracker.admin import access
from tracker.admin.base import read_id, read_number, stamp
from tracker.admin.claim_list import ClaimList
from tracker.admin.saved_views import plain_query
from tracker.domain import events as e
from tracker.domain.disclosure import Reader
from tracker.log import Recorded
from tracker.operations import bulk_changes, claims
from tracker.queries.claims import listing
from tracker.queries.records.problem_words import in_words
from tracker.wording import counted

type Values = Mapping[str, str]

MOST_CHANGED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """An action on several claims: the `label` of its button, and the `done` of its message.
    `needs` are the boxes that must not be empty, by what they ask."""

    name: str
    label: str
    done: str
    permission: str
    needs: Mapping[str, str]
    act: Callable[[UUID, int, Values, Mapping[str, Any]], Recorded]


def _retract(claim_id: UUID, version: int, values: Values, stamp: Mapping[str, Any]) -> Recorded:
    return claims.retract_claim(claim_id, reason=values["reason"], expected=version, **stamp)


def _review(outcome: Any) -> Callable[[UUID, int, Values, Mapping[str, Any]], Recorded]:
    def act(claim_id: UUID, version: int, values: Values, stamp: Mapping[str, Any]) -> Recorded:
        review = e.ClaimReviewed(outcome=outcome, note=values["reason"])
        return claims.review_claim(claim_id, review, expected=version, **stamp)

    return act


def _tag(claim_id: UUID, version: int, values: Values, stamp: Mapping[str, Any]) -> Recorded:
    reason = values["reason"]
    return bulk_changes.add_tag(claim_id, values["tag"], reason=reason, expected=version, **stamp)


WHY = "say why; the reason is recorded"
BULK_ACTIONS = {
    action.name: action
    for action in (
        BulkAction(
            name="retract",
            label="Retract",
            done="retracted",
            permission="desk.change_claim",
            needs={"reason": WHY},
            act=_retract,
        ),
        BulkAction(
            name="accept",
            label="Accept",
            done="accepted",
            permission="desk.judge_claim",
            needs={},
            act=_review("accepted"),
        ),
        BulkAction(
            name="reject",
            label="Reject",
            done="rejected",
            permission="desk.judge_claim",
            needs={"reason": WHY},
            act=_review("rejected"),
        ),
        BulkAction(
            name="tag",
            label="Add a tag to",
            done="tagged",
            permission="desk.change_claim",
            needs={"tag": "write the tag", "reason": WHY},
            act=_tag,
        ),
    )
}


class BulkPages(ClaimList):
    """The page that asks for confirmation, and the buttons of the list that lead to it."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.bulk)
        return [path("bulk/", view, name="desk_claim_bulk"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        allowed = [
            action for action in BULK_ACTIONS.values() if request.user.has_perm(action.permission)
        ]
        context = (extra_context or {}) | {"bulk_actions": allowed}
        return super().changelist_view(request, context)

    def bulk(self, request: HttpRequest) -> HttpResponse:
        """Ask for confirmation, then change all of the chosen claims or none."""
        back = _back(request)
        action = BULK_ACTIONS.get(request.POST.get("action", ""))
        chosen = request.POST.getlist("claim")
        if request.method != "POST" or action is None or not chosen:
            messages.error(request, "Tick some claims, then choose what to do with them.")
            return HttpResponseRedirect(back)
        access.require(request, action.permission)
        if len(chosen) > MOST_CHANGED:
            messages.error(request, f"Choose at most {MOST_CHANGED} claims at once.")
            return HttpResponseRedirect(back)
        seen = _versions(chosen)
        values = {name: request.POST.get(name, "").strip() for name in ("reason", "tag")}
        problems, refused = dict[str, str](), dict[UUID, str]()
        if "confirmed" in request.POST:
            problems = {name: says for name, says in action.needs.items() if not values[name]}
            if not problems:
                refused = _change(request, action, seen, values)
            if not problems and not refused:
                messages.success(request, f"{counted(len(seen), 'claim')} {action.done}.")
                return HttpResponseRedirect(back)
        titles = listing.titles(seen, reader=Reader.DESK)
        rows = [
            (
                f"{claim}:{version}",
                claim,
                titles.get(claim, "unknown"),
                in_words(refused.get(claim, "")),
            )
            for claim, version in seen.items()
        ]
        context: dict[str, Any] = {"action": action, "rows": rows, "values": values, "back": back}
        context |= {"problems": problems, "refused": refused, "query": request.POST.get("query")}
        title = f"{action.label} {counted(len(seen), 'claim')}?"
        return self.page(request, "bulk", title=title, **context)


def _change(
    request: HttpRequest, action: BulkAction, seen: Mapping[UUID, int], values: Values
) -> dict[UUID, str]:
    """Change the claims; return the problems of those that cannot be changed."""
    own = stamp(request)
    try:
        refused = bulk_changes.change_all(
            seen, lambda claim, version: action.act(claim, version, values, own)
        )
    except log.LogBusy as problem:
        refused = {next(iter(seen)): str(problem)}
    return {claim: in_words(detail) for claim, detail in refused.items()}


def _versions(chosen: list[str]) -> dict[UUID, int]:
    """The claims, each with the version that the list showed."""
    parts = (choice.partition(":") for choice in chosen)
    return {read_id(claim): read_number(version) or 0 for claim, _, version in parts}


def _back(request: HttpRequest) -> str:
    """The list as it was filtered."""
    query = plain_query(QueryDict(request.POST.get("query", "")))
    return f"{reverse('admin:desk_claim_changelist')}?{query}"
