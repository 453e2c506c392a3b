"""The filters of the list of claims, as a form in its address."""

from typing import Any, get_args

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict

from tracker import log
from tracker.admin.claim_forms import DeskForm
from tracker.admin.fields import (
    Directories,
    LineField,
    Named,
    NamedLines,
    Number,
    Pick,
    RecentDate,
    suggest,
)
from tracker.domain.claims import Kind
from tracker.domain.state import ClaimState
from tracker.queries.claims.narrowing import ClaimFilters

# The filters that are always open.
FIRST = ("q", "party", "when", "source")
MOST_ACCOUNTS = 200
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
    when = RecentDate(label="When", reads="recent")
    source = Named("source", label="Source")
    p_from = Number(
        label="p from", min_value=0, max_value=1, help_text="Of claims that move a score."
    )
    p_to = Number(label="p to", min_value=0, max_value=1)
    by = LineField(label="Entered by", attrs={"list": "accounts", "autocomplete": "off"})
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

    def clean_by(self) -> str:
        """The account as the log spells it."""
        name: str = self.cleaned_data["by"]
        if not name or log.streams_begun("ClaimAsserted", by=name, limit=1):
            return name
        accounts = list(User.objects.filter(username__iexact=name)[:2])
        if len(accounts) != 1:
            raise ValidationError(f"no account is called {name[:80]}", code="not_found")
        return accounts[0].username

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields that most searches need, in the order of the page."""
        return [self[name] for name in FIRST]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields that are folded until one of them is used."""
        return [field for field in self if field.name not in FIRST]

    @property
    def uses_others(self) -> bool:
        return any(field.value() or field.errors for field in self.others)

    @property
    def accounts(self) -> list[str]:
        """The accounts to choose from."""
        names = User.objects.filter(is_active=True).order_by("username")
        return [*names.values_list("username", flat=True)[:MOST_ACCOUNTS]]

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
