"""The forms for what is done to a claim beside correcting it."""

from typing import Any, get_args

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from tracker.admin.claimforms import Sharing
from tracker.admin.fields import Claimed, Line, Named, NamedLines, Pick, Text
from tracker.domain import events as e
from tracker.queries import chronicle
from tracker.queries.sheets import Sheet

OUTCOMES = get_args(e.ForecastResolved.__annotations__["outcome"])
REVIEWS = get_args(e.ClaimReviewed.__annotations__["outcome"])


class DeedForm(Sharing):
    """What a deed asks for."""

    def offer(self, sheet: Sheet) -> None:
        """Fill in what can be chosen on this claim."""


class ReasonForm(DeedForm):
    reason = Text(help_text="It is recorded with your name, for ever.")


class VerdictForm(DeedForm):
    verdict = Pick(get_args(e.Verdict))
    reason = Text(label="Why")
    source = Named("source", label="Judged by", help_text="Empty: by the desk.")
    document = Named("document", label="As written in")
    parties = NamedLines(
        "actor", label="Only for these parties", help_text="One a line; empty: for all."
    )


class ReviewForm(DeedForm):
    outcome = Pick(REVIEWS)
    note = Text()


class ResolutionForm(DeedForm):
    outcome = Pick(OUTCOMES)
    resolved_on = forms.DateField(
        input_formats=["%Y-%m-%d"],
        label="Decided on",
        widget=UnfoldAdminTextInputWidget({"placeholder": "2023-04-04"}),
    )
    document = Named("document", label="As written in")
    reason = Text(label="How that is known")


LINKS = (
    ("says>", "this claim says the other"),
    ("says<", "the other says this claim"),
    ("causes>", "this one causes the other"),
    ("causes<", "the other causes this one"),
    ("part_of>", "this one is part of the other"),
    ("part_of<", "the other is part of this one"),
    ("same_as>", "both say the same: they count once"),
    ("supersedes>", "this one supersedes the other"),
    ("supersedes<", "the other supersedes this one"),
)


class LinkForm(DeedForm):
    link = Pick(LINKS, label="How they belong together")
    other = Claimed(label="The other claim", help_text="A few of its words, its id or its address.")
    note = Text(label="Why")


class UnlinkForm(DeedForm):
    link = Pick(())
    reason = Text(help_text="It is recorded with your name, for ever.")

    def offer(self, sheet: Sheet) -> None:
        _choices(self, "link", [(one.link.id, _link(one, sheet)) for one in sheet.links])


class WithholdForm(DeedForm):
    position = Pick(())
    reason = Text(help_text="Printed in the place of the words: it must not repeat them.")
    authority = Line(label="Decided by")

    def offer(self, sheet: Sheet) -> None:
        told = chronicle.told(sheet.filed.state.id)
        worded = (one.recorded for one in told if one.recorded.words)
        rows = [(one.position, f"position {one.position}: {one.kind}") for one in worded]
        _choices(self, "position", rows)


def _choices(form: forms.Form, name: str, rows: list[tuple[Any, str]]) -> None:
    field: Any = form.fields[name]
    field.choices = [(str(value), label) for value, label in rows]


def _link(named: Any, sheet: Sheet) -> str:
    way = "→" if named.link.from_ == sheet.filed.state.id else "←"
    return f"{named.link.type} {way} {named.title}"
