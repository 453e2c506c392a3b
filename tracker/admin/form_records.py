"""Records of the domain from the values of the forms of a claim, as far as they are valid."""

from typing import Any
from uuid import UUID

from django import forms

from tracker.admin.claim_forms import from_form
from tracker.domain.claims import Citation, Level, Magnitude, Occurred, Strength
from tracker.domain.dates.phrases import DateReading
from tracker.domain.records import Party
from tracker.domain.selectors import Selector


def citation_of(row: forms.Form) -> Citation:
    """The citation of a form, as far as it is valid."""
    values = row.cleaned_data
    citation: Citation = from_form(
        Citation,
        values,
        document=values.get("document") or UUID(int=0),
        interest=values.get("interest") or "none",
        credibility=int(values["credibility"]) if values.get("credibility") else None,
        selector=_selector_of(values),
    )
    return citation


def _selector_of(values: dict[str, Any]) -> Selector | None:
    """The selector of the quote that the form began with, if quote and document are the same."""
    placed: Citation | None = values.get("selector")
    if placed is None:
        return None
    before = (placed.document, placed.quote.strip())
    return placed.selector if before == (values.get("document"), values.get("quote")) else None


def drops_place(row: forms.Form) -> bool:
    """Whether the quote had a place in its document, which changes of the form remove."""
    return bool(row.cleaned_data.get("selector")) and not _selector_of(row.cleaned_data)


def party_of(row: forms.Form, number: int) -> Party:
    """A party with an invalid name gets an id of its own, so that no two are equal."""
    values = row.cleaned_data
    if not row.errors and not values.get("role"):
        row.add_error("role", "choose its role")
    party: Party = from_form(
        Party,
        values,
        actor=values.get("actor") or UUID(int=number),
        role=values.get("role") or "about",
    )
    return party


def occurred_of(values: dict[str, Any]) -> Occurred | None:
    edtf = edtf_of(values.get("occurred"))
    if edtf is None:
        return None
    return Occurred(edtf=edtf, basis=values.get("basis", "stated"), phrase=values.get("phrase", ""))


def strength_of(values: dict[str, Any]) -> Strength | None:
    grade = values.get("strength")
    return Strength(grade=grade, reason=values.get("strength_reason", "")) if grade else None


def magnitude_of(values: dict[str, Any]) -> Magnitude | None:
    value = values.get("magnitude_value")
    if value is None:
        return None
    return Magnitude(
        value=value,
        unit=values.get("magnitude_unit", ""),
        change=values.get("magnitude_change", False),
        baseline=edtf_of(values.get("magnitude_baseline")),
    )


def level_of(values: dict[str, Any]) -> Level | None:
    level = Level(
        value=values.get("level_value"),
        sd=values.get("level_sd"),
        rung=values.get("level_rung") or None,
    )
    return None if level == Level() else level


def edtf_of(reading: DateReading | None) -> str | None:
    return (reading.edtf or None) if reading else None
