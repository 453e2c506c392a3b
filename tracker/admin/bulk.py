"""Bulk actions on the list of claims: retract, accept, reject, and add a tag. One page names the
number of claims and asks for the reason; then all of them are changed, or none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
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
from tracker.queries.records.problem_words import all_in_words
from tracker.wording import counted

type Values = Mapping[str, str]

MOST_CHANGED = 200
# Stands for a version that cannot be read.
NO_VERSION = 0
TICK = "Tick some claims, then choose what to do with them."
NONE: Mapping[Any, str] = MappingProxyType({})


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
        if request.method != "POST":
            return HttpResponseRedirect(_back(request))
        action = BULK_ACTIONS.get(request.POST.get("action", ""))
        seen = _versions(request.POST.getlist("claim"))
        problem = TICK if action is None else _problem(seen)
        if problem or action is None:
            messages.error(request, problem)
            return HttpResponseRedirect(_back(request))
        access.require(request, action.permission)
        values = {name: request.POST.get(name, "").strip() for name in ("reason", "tag")}
        confirmed = "confirmed" in request.POST
        problems = {
            name: says for name, says in action.needs.items() if confirmed and not values[name]
        }
        if problems or not confirmed:
            return self._question(request, action, seen, values, problems=problems)
        try:
            refused = _change(request, action, seen, values)
        except log.LogBusy as busy:
            messages.error(request, f"Nothing was changed: {busy}.")
            return self._question(request, action, seen, values)
        if refused:
            return self._question(request, action, seen, values, refused=refused)
        messages.success(request, f"{counted(len(seen), 'claim')} {action.done}.")
        return HttpResponseRedirect(_back(request))

    def _question(
        self,
        request: HttpRequest,
        action: BulkAction,
        seen: Mapping[UUID, int],
        values: Values,
        *,
        problems: Mapping[str, str] = NONE,
        refused: Mapping[UUID, str] = NONE,
    ) -> HttpResponse:
        """Show the chosen claims, what is missing, and which cannot be changed."""
        titles = listing.titles(seen, reader=Reader.DESK)
        rows = [
            (f"{claim}:{version}", claim, titles.get(claim, "unknown"), refused.get(claim, ""))
            for claim, version in seen.items()
        ]
        context: dict[str, Any] = {"action": action, "rows": rows, "values": values}
        context |= {"problems": problems, "refused": refused, "back": _back(request)}
        title = f"{action.label} {counted(len(seen), 'claim')}?"
        query = request.POST.get("query")
        return self.page(request, "bulk", title=title, query=query, **context)


def _problem(seen: Mapping[UUID, int]) -> str:
    """Why a choice of claims cannot be changed; empty if it can."""
    if len(seen) > MOST_CHANGED:
        return f"Choose at most {MOST_CHANGED} claims at once."
    if NO_VERSION in seen.values():
        return "A chosen claim has no version that can be read: reload the list and tick again."
    return "" if seen else TICK


def _change(
    request: HttpRequest, action: BulkAction, seen: Mapping[UUID, int], values: Values
) -> dict[UUID, str]:
    """Change the claims; return the problems of those that cannot be changed.

    :raises log.LogBusy:
    """
    own = stamp(request)
    refused = bulk_changes.change_all(
        seen, lambda claim, version: action.act(claim, version, values, own)
    )
    return dict(zip(refused, all_in_words(refused.values()), strict=True))


def _versions(chosen: list[str]) -> dict[UUID, int]:
    """The claims, each with the version that the list showed, `NO_VERSION` if it is no number."""
    parts = (choice.partition(":") for choice in chosen)
    return {read_id(claim): read_number(version) or NO_VERSION for claim, _, version in parts}


def _back(request: HttpRequest) -> str:
    """The list as it was filtered."""
    query = plain_query(QueryDict(request.POST.get("query", "")))
    return f"{reverse('admin:desk_claim_changelist')}?{query}"
