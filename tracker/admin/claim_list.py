"""The list of claims at the desk: searched by words, code or party; the latest act first."""

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

from tracker.admin.appendonly import AppendOnly
from tracker.domain.claims import Kind
from tracker.domain.disclosure import Reader
from tracker.domain.state import ClaimState
from tracker.queries.claims import listing
from tracker.queries.records import names, search

# Nobody leafs through more; to count all of an archive would take longer than to show a page.
MOST_COUNTED = 5_000


class Counted(Paginator):  # type: ignore[type-arg] # no generic at run time
    """Pages of the first few thousand rows; what lies behind them is found by searching."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class Titled(UnfoldChangeList):
    """A page of the list, with each claim's sentence as it must be printed."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        titles = listing.titles((row.pk for row in self.result_list), reader=Reader.DESK)
        for row in self.result_list:
            row.title = titles[row.pk]


class Among(admin.SimpleListFilter):
    """A filter by one of a few words, which are known: nobody reads the table for them."""

    words: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one, one) for one in self.words]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(**{str(self.parameter_name): chosen}) if chosen else queryset


class OfKind(Among):
    title = "kind"
    parameter_name = "kind"
    words = get_args(Kind)


class OfStatus(Among):
    title = "status"
    parameter_name = "status"
    words = get_args(ClaimState.__annotations__["status"])


class ClaimList(AppendOnly):
    list_display = ("sentence", "kind", "code", "occurred", "standing")
    list_display_links = ("sentence",)
    list_filter = (OfKind, OfStatus)
    list_per_page = 20
    show_full_result_count = False
    paginator = Counted
    search_fields = ("code",)
    search_help_text = "words of the claim, a code, or a party by name or code"
    ordering = (F("latest").desc(nulls_last=True), "-id")
    list_fullwidth = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        shown: QuerySet[Any] = rows.defer("state").annotate(edtf=F("state__claim__occurred__edtf"))
        return shown

    @display(description="Claim")
    def sentence(self, row: Any) -> str:
        return str(row.title)

    @display(description="When", ordering="latest")
    def occurred(self, row: Any) -> str:
        return str(row.edtf or "unknown")

    @display(description="Status", ordering="status")
    def standing(self, row: Any) -> str:
        return str(row.status)

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return Titled

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        wanted = search.claims_saying(text) | search.claims_coded(text)
        with suppress(names.NoSuchName):
            wanted |= Q(actors__contains=[names.directory("actor").find(text).id])
        return search.narrowed(queryset, wanted), False
