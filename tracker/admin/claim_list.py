"""The list of claims at the desk, the latest first, with a search by words, code or party."""

from contextlib import suppress
from functools import cached_property
from typing import Any, get_args

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.views import ChangeList as UnfoldChangeList

from tracker.admin.base import AppendOnlyAdmin
from tracker.domain.claims import Kind
from tracker.domain.disclosure import Reader
from tracker.domain.state import ClaimState
from tracker.queries.claims import assessed_levels, listing
from tracker.queries.records import names, search

# Rows are counted up to this number: counting an archive takes longer than showing a page.
MOST_COUNTED = 5_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg] # no generic at run time
    """Pages of the first few thousand rows; later rows are found by a search."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class TitledChangeList(UnfoldChangeList):
    """A page of the list with the title of each claim, and the level that it assesses."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        titles = listing.titles((row.pk for row in self.result_list), reader=Reader.DESK)
        assessed = (row.pk for row in self.result_list if row.kind == "level")
        levels = assessed_levels.in_short(assessed)
        for row in self.result_list:
            row.title = titles[row.pk]
            row.coded = row.code or levels.get(row.pk)


class WordFilter(admin.SimpleListFilter):
    """A filter by one of a few known words, without a query for them."""

    words: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(word, word) for word in self.words]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(**{str(self.parameter_name): chosen}) if chosen else queryset


class KindFilter(WordFilter):
    title = "kind"
    parameter_name = "kind"
    words = get_args(Kind)


class StatusFilter(WordFilter):
    title = "status"
    parameter_name = "status"
    words = get_args(ClaimState.__annotations__["status"])


class ClaimList(AppendOnlyAdmin):
    list_display = ("sentence", "kind", "coded", "occurred", "standing")
    list_display_links = ("sentence",)
    list_filter = (KindFilter, StatusFilter)
    list_per_page = 20
    show_full_result_count = False
    paginator = BoundedPaginator
    search_fields = ("code",)
    search_help_text = "words of the claim, a code, or a party by name or code"
    ordering = (F("latest").desc(nulls_last=True), "-id")
    list_fullwidth = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).defer("state")
        annotated: QuerySet[Any] = rows.annotate(edtf=F("state__claim__occurred__edtf"))
        return annotated

    @display(description="Claim")
    def sentence(self, row: Any) -> str:
        return str(row.title)

    @display(description="Code or level", ordering="code")
    def coded(self, row: Any) -> str | None:
        code: str | None = row.coded
        return code

    @display(description="When", ordering="latest")
    def occurred(self, row: Any) -> str:
        return str(row.edtf or "unknown")

    @display(description="Status", ordering="status")
    def standing(self, row: Any) -> str:
        return str(row.status)

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return TitledChangeList

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
