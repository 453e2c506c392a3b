"""The list of claims at the desk, the latest first, with filters and a search by words or code."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList as UnfoldChangeList

from tracker import log
from tracker.admin.base import AppendOnlyAdmin
from tracker.admin.claim_filters import FilterForm
from tracker.domain import state as f
from tracker.domain.dates.description import describe
from tracker.domain.disclosure import Reader
from tracker.queries.claims import assessed_levels, listing, narrowing
from tracker.queries.claims.narrowing import TooSlow
from tracker.queries.evidence import impacts
from tracker.queries.records import names, search, states

# Rows are counted up to this number: counting an archive takes longer than showing a page.
MOST_COUNTED = 5_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg] # no generic at run time
    """Pages of the first few thousand rows; later rows are found by a search."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class FilteredChangeList(UnfoldChangeList):
    """A page of the list, narrowed by the form in its address."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.form = FilterForm.of(request.GET)
        self.problem = ""
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """The parameters that the form does not know: the admin refuses them."""
        others: dict[str, Any] = super().get_filters_params(params)
        return {name: value for name, value in others.items() if name not in self.form.fields}

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        filters = self.form.filters()
        none: QuerySet[Any] = self.root_queryset.none()
        if filters is None:
            return none
        searched = super().get_queryset
        try:
            rows: QuerySet[Any] = narrowing.within_time(lambda: searched(request, *args, **kwargs))
            return narrowing.narrowed(rows, filters)
        except TooSlow as problem:
            self.problem = str(problem)
            return none

    @property
    def is_counted(self) -> bool:
        """Whether all rows were counted."""
        return bool(self.result_count < MOST_COUNTED)

    def get_results(self, request: HttpRequest) -> None:
        try:
            narrowing.within_time(lambda: self._read(request))
        except TooSlow as problem:
            self.problem = str(problem)
            self.queryset: QuerySet[Any] = self.root_queryset.none()
            self._read(request)

    def _read(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)  # type: ignore[has-type] # untyped in Django
        self.result_list = rows
        ids = [row.pk for row in rows]
        titles = listing.titles(ids, reader=Reader.DESK)
        levels = assessed_levels.in_short(row.pk for row in rows if row.kind == "level")
        position = log.head().position
        certainties = impacts.certainties(ids, lens=narrowing.LENS, position=position)
        involved = _involved(rows)
        ends = log.ends({row.pk: row.version for row in rows})
        for row in rows:
            row.title = titles[row.pk]
            row.coded = row.code or levels.get(row.pk)
            row.when = describe(row.edtf) if row.edtf else "unknown"
            row.p = certainties.get(row.pk) if row.status == "standing" else None
            row.parties, row.sources = involved[row.pk]
            row.entered_by = ends[row.pk][0].recorded_by


def _involved(rows: Sequence[Any]) -> dict[UUID, tuple[str, str]]:
    """The parties of each claim, and the publishers of its documents, by name."""
    documents = states.records({one for row in rows for one in row.documents}, at=None)
    publisher_of = {
        key: state.document.source
        for key, state in documents.items()
        if isinstance(state, f.DocumentState)
    }
    parties = {row.pk: [UUID(one["actor"]) for one in row.parties] for row in rows}
    named = {*publisher_of.values()}.union(*parties.values())
    printed = states.names(states.records(named, at=None), at=None)

    def listed(ids: Iterable[UUID]) -> str:
        return ", ".join(dict.fromkeys(printed[one] for one in ids if one in printed))

    return {
        row.pk: (
            listed(parties[row.pk]),
            listed(publisher_of[one] for one in row.documents if one in publisher_of),
        )
        for row in rows
    }


class ClaimList(AppendOnlyAdmin):
    list_display = ("title",)
    sortable_by = ()
    list_per_page = 20
    show_full_result_count = False
    paginator = BoundedPaginator
    search_fields = ("code",)
    ordering = (F("latest").desc(nulls_last=True), "-id")
    list_fullwidth = True
    change_list_template = "desk/claimlist.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).defer("state")
        annotated: QuerySet[Any] = rows.annotate(
            edtf=F("state__claim__occurred__edtf"), parties=F("state__claim__parties")
        )
        return annotated

    def title(self, row: Any) -> str:
        """The claim in a sentence. The template shows it; the admin wants a column."""
        return str(row.title)

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return FilteredChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        condition = search.claims_saying(text) | search.claims_coded(text)
        with suppress(names.NoSuchName):
            condition |= Q(actors__contains=[names.directory("actor").find(text).id])
        return search.narrow(queryset, condition), False
