"""The filters of the list of claims, as a form in its address."""

from typing import Any, get_args

from django import forms
from django.http import QueryDict

from tracker.admin.claim_forms import DeskForm
from tracker.admin.fields import (
    Directories,
    LineField,
    Named,
    NamedLines,
    Number,
    Pick,
    When,
    suggest,
)
from tracker.domain.claims import Kind
from tracker.domain.state import ClaimState
from tracker.queries.claims.narrowing import ClaimFilters

STATUSES = get_args(ClaimState.__annotations__["status"])


class NamedParts(NamedLines):
    """Records by name, separated by commas. The value is a tuple of their ids in this order."""

    def __init__(self, noun: str, **options: Any) -> None:
        super().__init__(noun, **options)
        self.widget = LineField(attrs={**suggest(noun), "data-separator": ","}).widget

    def to_python(self, value: Any) -> Any:
        return super().to_python((value or "").replace(",", "\n"))


class FilterForm(DeskForm):
    """The filters. Its field names are the parameters of the list's address."""

    q = LineField(label="Words or a code")
    party = NamedParts("actor", label="Parties")
    when = When(label="When")
    source = Named("source", label="Source")
    p_from = Number(
        label="p from", min_value=0, max_value=1, help_text="Of claims that move a score."
    )
    p_to = Number(label="p to", min_value=0, max_value=1)
    by = LineField(label="Entered by")
    kind = Pick(get_args(Kind), empty="any")
    collection = Named("collection")
    status = Pick(STATUSES, empty="any")

    @classmethod
    def of(cls, params: QueryDict) -> "FilterForm":
        """The form as filled in by an address."""
        return cls(params, auto_id="filter_%s", directories=Directories())

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        least, most = values.get("p_from"), values.get("p_to")
        if least is not None and most is not None and least > most:
            self.add_error("p_to", f"p from {least:g} is above p to {most:g}: exchange them")
        return values

    @property
    def boxes(self) -> list[forms.BoundField]:
        """All fields, in the order of the page."""
        return list(self)

    def filters(self) -> ClaimFilters | None:
        """The filters, without the words; None if one of them is not valid."""
        if not self.is_valid():
            return None
        values = self.cleaned_data
        reading = values["when"]
        return ClaimFilters(
            parties=values["party"] or (),
            source=values["source"],
            when=reading.bounds if reading else None,
            p_from=values["p_from"],
            p_to=values["p_to"],
            entered_by=values["by"],
            collection=values["collection"],
            kind=values["kind"],
            status=values["status"],
        )
