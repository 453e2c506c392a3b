"""A panel's round at the desk: one page with the levels of many pairs by several members."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse

from tracker.admin import access, models
from tracker.admin.base import WriteResult, attempt, stamp
from tracker.admin.claim_entry import show_in
from tracker.admin.claim_list import ClaimList
from tracker.admin.panel_round import Cell, PanelRound
from tracker.admin.record_forms import field_of
from tracker.domain.attribution import Submission
from tracker.log import Recorded
from tracker.operations import batches, ids, sources
from tracker.queries.records import states
from tracker.queries.scores.uncounted import uncounted_collections

ENTER = "desk.add_claim"
# The button that shows the grid.
GRID = "_grid"


class PanelPages(ClaimList):
    """The page of a round, for accounts that may enter claims."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.panel)
        return [path("panel/", view, name="desk_claim_panel"), *super().get_urls()]

    def panel(self, request: HttpRequest) -> HttpResponse:
        """Show the forms of a round, and record all of its levels or none."""
        access.require(request, ENTER)
        if request.method != "POST":
            beat = models.Beat.objects.filter(user_id=request.user.pk or 0).first()
            return self._round_page(request, PanelRound(pairs=beat.pairs if beat else ()))
        entered = PanelRound(request.POST)
        moved = entered.has_grid and request.POST.get("layout") != entered.layout
        if GRID in request.POST or moved:
            return self._round_page(request, entered, moved=moved and GRID not in request.POST)
        if entered.describes:
            access.require(request, "desk.add_document")
        filled = entered.read()
        document = _record(entered, filled, stamp(request)) if filled else None
        if document is None:
            return self._round_page(request, entered)
        number = len(filled)
        messages.success(request, f"{number} level{'s'[: number != 1]} recorded.")
        return HttpResponseRedirect(reverse("admin:desk_document_change", args=[document]))

    def _round_page(
        self, request: HttpRequest, entered: PanelRound, *, moved: bool = False
    ) -> HttpResponse:
        begin = [entered.form["document"]]
        if entered.has_grid:
            begin = [entered.cells[0].form["level"]]
        for field in (*entered.faults, *begin)[:1]:
            field.field.widget.attrs["autofocus"] = True
        context: dict[str, Any] = {"round": entered, "moved": moved}
        if collection := entered.values.get("collection"):
            context["uncounted"] = uncounted_collections([collection])
        return self.page(request, "panel", title="Levels of a panel", **context)


def _record(entered: PanelRound, filled: list[Cell], stamp: dict[str, Any]) -> UUID | None:
    """Record the levels, and the document if it is new; return the document. None, with every
    problem at its field and nothing recorded, if one cannot be."""
    with transaction.atomic():
        document = entered.values.get("document") or _describe(entered, stamp)
        outcome = _assert_levels(entered, filled, document, stamp) if document else WriteResult()
        transaction.set_rollback(outcome.recorded is None)
    return document if outcome.recorded else None


def _describe(entered: PanelRound, stamp: dict[str, Any]) -> UUID | None:
    outcome = attempt(lambda: sources.describe_document(entered.document.record(), **stamp))
    entered.general += show_in(entered.document, outcome.problems, field_of)
    return outcome.recorded.stream if outcome.recorded else None


def _assert_levels(
    entered: PanelRound, filled: list[Cell], document: UUID, stamp: dict[str, Any]
) -> WriteResult:
    facts = states.documents(ids=[document], urls=())
    submissions = [
        Submission(claim=entered.claim(cell, document, facts[0].source)) for cell in filled
    ]
    problems = batches.problems(submissions, at=stamp["at"])
    if any(problems):
        entered.show(zip(filled, problems, strict=True))
        return WriteResult()
    by_id = dict(zip(ids.new_ids(stamp["at"], len(filled)), submissions, strict=True))

    def write() -> Recorded:
        return batches.assert_claims(by_id, **stamp)[-1]

    outcome = attempt(write)
    entered.general += [problem.detail for problem in outcome.problems]
    return outcome
