"""The list of claims at the desk: searched by words, code or party; the latest act first."""

from contextlib import suppress
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.views import ChangeList as UnfoldChangeList

from tracker.admin.appendonly import AppendOnly
from tracker.queries import claims, names


class Titled(UnfoldChangeList):
    """A page of the list, with each claim's sentence as it must be printed."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        titles = claims.titles(row.pk for row in self.result_list)
        for row in self.result_list:
            row.title = titles[row.pk]


class ClaimList(AppendOnly):
    list_display = ("sentence", "kind", "code", "occurred", "standing")
    list_display_links = ("sentence",)
    list_filter = ("kind", "status")
    search_fields = ("code",)
    search_help_text = "words of the claim, a code, or a party by name or code"
    ordering = (F("latest").desc(nulls_last=True), "-id")
    list_fullwidth = True

    @display(description="Claim")
    def sentence(self, row: Any) -> str:
        return str(row.title)

    @display(description="When", ordering="latest")
    def occurred(self, row: Any) -> str:
        return str(row.state["claim"].get("occurred", {}).get("edtf", "unknown"))

    @display(description="Status", ordering="status", label={"retracted": "warning"})
    def standing(self, row: Any) -> str:
        return str(row.status)

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return Titled

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        wanted = Q(state__claim__summary__icontains=text) | Q(code__icontains=text)
        with suppress(names.NotFound):
            wanted |= Q(actors__contains=[names.directory("actor").find(text).id])
        return queryset.filter(wanted), False
