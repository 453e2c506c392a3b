"""The forms for what is done to a claim beside correcting it."""

from collections.abc import Sequence
from typing import Any, get_args

from django import forms
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from tracker.admin.claimforms import Sharing
from tracker.admin.fields import Claimed, Line, Named, NamedLines, Pick, Text
from tracker.domain import events as e
from tracker.domain.claims import Interest
from tracker.log import Recorded
from tracker.queries.claims import copies
from tracker.queries.claims.detail import Sheet
from tracker.wording import counted

# The choice of all words of a claim.
ALL = "all"
OUTCOMES = get_args(e.ForecastResolved.__annotations__["outcome"])
REVIEWS = get_args(e.ClaimReviewed.__annotations__["outcome"])


class DeedForm(Sharing):
    """What a deed asks for."""

    # Told once it is done.
    left: Sequence[str] = ()

    def offer(self, sheet: Sheet) -> None:
        """Fill in what can be chosen on this claim."""


class ReasonForm(DeedForm):
    reason = Text(help_text="It is recorded permanently with your name.")


class VerdictForm(DeedForm):
    verdict = Pick(get_args(e.Verdict))
    reason = Text(label="Why")
    source = Named("source", label="Judged by", help_text="Leave empty for the desk.")
    document = Named("document", label="As written in")
    parties = NamedLines(
        "actor", label="Only for these parties", help_text="One per line. Leave empty for all."
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


class DenialForm(DeedForm):
    denied_by = Named("actor", label="Denied by")
    interest = Pick(
        get_args(Interest),
        empty="self-serving where it is a party to the claim, else none",
        label="Its interest",
    )
    document = Named("document", label="As written in")
    locator = Line(label="Where in it")
    quote = Text(label="Quote")
    language = Line(label="Language of the quote", attrs={"placeholder": "en"})
    note = Text(label="Note", rows=1)


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
    ("contradicts>", "this one contradicts the other: both are shown, no score changes"),
)


class LinkForm(DeedForm):
    link = Pick(LINKS, label="How they are related")
    other = Claimed(label="The other claim", help_text="A few of its words, its id or its address.")
    note = Text(label="Why")


class UnlinkForm(DeedForm):
    link = Pick(())
    reason = Text(help_text="It is recorded permanently with your name.")

    def offer(self, sheet: Sheet) -> None:
        _choices(self, "link", [(one.link.id, _link(one, sheet)) for one in sheet.links])


class WithholdForm(DeedForm):
    position = Pick((), label="Which words")
    reason = Text(help_text="Shown in place of the words. It must not repeat them.")
    authority = Line(label="Decided by")
    number = Line(
        label="The claim's number",
        help_text="The number shown on this claim's page. Nothing is deleted if it differs.",
    )

    def offer(self, sheet: Sheet) -> None:
        """`stays`: where the same words stay, whatever is chosen here."""
        self.worded = copies.of_claim(sheet.filed.state.id)
        entries = self.worded.entries
        whole = f"all words of this claim: {counted(len(entries), 'entry', 'entries')}"
        rows = [(one.position, copies.entry_says(one)) for one in entries]
        _choices(self, "position", [(ALL, whole), *rows] if entries else [])
        self.stays = [(one.says, _link_to(one)) for one in copies.staying(self.worded, entries)]
        self.always = copies.ALWAYS

    def going(self) -> tuple[Recorded, ...]:
        """The entries whose words are chosen."""
        chosen = self.cleaned_data["position"]
        return self.worded.entries if chosen == ALL else self.worded.only(int(chosen))


def _link_to(place: copies.Place) -> str:
    return reverse(f"admin:desk_{place.noun}_change", args=[place.id]) if place.id else ""


def _choices(form: forms.Form, name: str, rows: list[tuple[Any, str]]) -> None:
    field: Any = form.fields[name]
    field.choices = [(str(value), label) for value, label in rows]


def _link(named: Any, sheet: Sheet) -> str:
    way = "→" if named.link.from_ == sheet.filed.state.id else "←"
    return f"{named.link.type} {way} {named.title}"
