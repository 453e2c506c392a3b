"""Actions on a claim, except corrections. Each has a form and appends one event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from tracker.admin.base import read_number
from tracker.admin.claim_entry import first_of
from tracker.admin.claim_forms import CitationForm, DeskForm
from tracker.admin.fields import Claimed, Day, LineField, Named, NamedLines, Pick, Text
from tracker.admin.form_records import citation_of
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.claims import Interest
from tracker.domain.validity import Problem
from tracker.log import Recorded
from tracker.operations import claims, links, statements, withholding
from tracker.operations.statements import Denial
from tracker.queries.claims import copies
from tracker.queries.claims.detail import Sheet
from tracker.wording import counted

# The choice that withholds all words of a claim.
ALL = "all"
OUTCOMES = get_args(e.ForecastResolved.__annotations__["outcome"])
REVIEWS = get_args(e.ClaimReviewed.__annotations__["outcome"])


class ActionForm(DeskForm):
    """The form of an action."""

    # Warnings that are shown after the action.
    warnings: Sequence[str] = ()

    def offer(self, sheet: Sheet) -> None:
        """Set the choices for this claim."""


class ReasonForm(ActionForm):
    reason = Text(help_text="It is recorded permanently with your name.")


class VerdictForm(ActionForm):
    verdict = Pick(get_args(e.Verdict))
    reason = Text(label="Why")
    source = Named("source", label="Judged by", help_text="Leave empty for the desk.")
    document = Named("document", label="As written in")
    parties = NamedLines(
        "actor", label="Only for these parties", help_text="One per line. Leave empty for all."
    )


class ReviewForm(ActionForm):
    outcome = Pick(REVIEWS)
    note = Text()


class ResolutionForm(ActionForm):
    outcome = Pick(OUTCOMES)
    resolved_on = Day(label="Decided on", required=True)
    document = Named("document", label="As written in")
    reason = Text(label="How that is known")


class DenialForm(ActionForm):
    denied_by = Named("actor", label="Denied by")
    interest = Pick(
        get_args(Interest),
        empty="self-serving where it is a party to the claim, else none",
        label="Its interest",
    )
    document = Named("document", label="As written in")
    locator = LineField(label="Where in it")
    quote = Text(label="Quote")
    language = LineField(label="Language of the quote", attrs={"placeholder": "en"})
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


class LinkForm(ActionForm):
    link = Pick(LINKS, label="How they are related")
    other = Claimed(
        label="The other claim", help_text="A few of its words, its number or its address."
    )
    note = Text(label="Why")

    def offer(self, sheet: Sheet) -> None:
        """Suggest all claims but this one."""
        self.fields["other"].widget.attrs["data-without"] = str(sheet.filed.state.id)


class UnlinkForm(ActionForm):
    link = Pick(())
    reason = Text(help_text="It is recorded permanently with your name.")

    def offer(self, sheet: Sheet) -> None:
        _choices(self, "link", [(link.link.id, _link_label(link, sheet)) for link in sheet.links])


class WithholdForm(ActionForm):
    position = Pick((), label="Which words")
    reason = Text(help_text="Shown in place of the words. It must not repeat them.")
    authority = LineField(label="Decided by")
    number = LineField(label="The claim's number")

    def offer(self, sheet: Sheet) -> None:
        """Set the entries to choose from, where the number is, and `stays`: the places that keep
        the same words."""
        claim = sheet.filed.state.id
        self.worded = copies.text_of_claim(claim)
        self.fields["number"].help_text = format_html(
            'In the line <a href="{}#number" class="underline" target="_blank">Number</a> of this'
            " claim's page; it is not the id in the address. Nothing is deleted if it differs.",
            reverse("admin:desk_claim_change", args=[claim]),
        )
        entries = self.worded.entries
        whole = f"all words of this claim: {counted(len(entries), 'entry', 'entries')}"
        rows = [(entry.position, copies.entry_label(entry)) for entry in entries]
        _choices(self, "position", [(ALL, whole), *rows] if entries else [])
        self.stays = [
            (place.says, _link_to(place)) for place in copies.remaining_copies(self.worded, entries)
        ]
        self.always = copies.ALWAYS

    def going(self) -> tuple[Recorded, ...]:
        """The entries whose words will be withheld."""
        chosen = self.cleaned_data["position"]
        return self.worded.entries if chosen == ALL else self.worded.only(int(chosen))


def _link_to(place: copies.TextPlace) -> str:
    return reverse(f"admin:desk_{place.noun}_change", args=[place.id]) if place.id else ""


def _choices(form: forms.Form, name: str, rows: list[tuple[Any, str]]) -> None:
    field: Any = form.fields[name]
    field.choices = [(str(value), label) for value, label in rows]


def _link_label(named: Any, sheet: Sheet) -> str:
    way = "→" if named.link.from_ == sheet.filed.state.id else "←"
    return f"{named.link.type} {way} {named.title}"


# The time, the author, and the version that the author saw.
type Stamp = Mapping[str, Any]


# Not a permission that can be granted, because the words are deleted for good.
SUPERUSER = "superuser"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAction:
    """An action on a claim: the `label` of its button, the `message` after it, and the `hint` above
    its form. It is available for claims of the status `on` (None: any) to which it `applies`, to
    accounts with the permission.
    """

    name: str
    label: str
    message: str
    hint: str
    form: type[DeskForm]
    act: Callable[[UUID, Any, Stamp], Recorded]
    on: str | None = "standing"
    permission: str = "desk.change_claim"
    applies: Callable[[Sheet], bool] = lambda _sheet: True
    field_of: Callable[[str], str] = first_of

    def may(self, user: Any) -> bool:
        """Whether a user has the permission."""
        return bool(
            user.is_superuser if self.permission == SUPERUSER else user.has_perm(self.permission)
        )


def _retract(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.retract_claim(claim_id, reason=form.cleaned_data["reason"], **stamp)


def _reinstate(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.reinstate_claim(claim_id, reason=form.cleaned_data["reason"], **stamp)


def _judge(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.give_verdict(claim_id, e.VerdictGiven(**form.cleaned_data), **stamp)


NO_DENIER = Problem(pointer="/denied_by", code="required", detail="say who denies it")
NO_DOCUMENT = Problem(pointer="/document", code="required", detail="say in which document it is")


def _cite(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    if not form.cleaned_data["document"]:
        validity.refuse([NO_DOCUMENT])
    return claims.cite(claim_id, citation_of(form), **stamp)


def _deny(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    values = form.cleaned_data
    missing = [NO_DENIER] if not values["denied_by"] else []
    validity.refuse(missing + ([] if values["document"] else [NO_DOCUMENT]))
    denial = Denial(
        actor=values["denied_by"],
        citation=citation_of(form),
        interest=values["interest"] or None,
    )
    return statements.deny(claim_id, denial, **stamp)


def _review(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.review_claim(claim_id, e.ClaimReviewed(**form.cleaned_data), **stamp)


def _resolve(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.resolve_forecast(claim_id, e.ForecastResolved(**form.cleaned_data), **stamp)


def _link(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    """Link two claims. A link has its own version, so the claim's version is not checked."""
    values = form.cleaned_data
    missing = [
        Problem(pointer=f"/{name}", code="required", detail=detail)
        for name, detail in (
            ("other", "say with which claim"),
            ("note", "say why; the reason is recorded"),
        )
        if not values[name]
    ]
    validity.refuse(missing)
    link_type, forward = values["link"][:-1], values["link"].endswith(">")
    ends = (claim_id, values["other"]) if forward else (values["other"], claim_id)
    own = {"at": stamp["at"], "by": stamp["by"]}
    return links.link(link_type, *ends, note=values["note"], **own)


def _unlink(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    """Undo a link. A link has its own version, so the claim's version is not checked."""
    values = form.cleaned_data
    own = {"at": stamp["at"], "by": stamp["by"]}
    return links.remove(claim_id, UUID(values["link"]), reason=values["reason"], **own)


def _withhold(_claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    values = form.cleaned_data
    order = withholding.Withholding(
        record=form.worded,
        entries=form.going(),
        number=read_number(values["number"].strip()),
        reason=values["reason"],
        authority=values["authority"],
    )
    copies_left = copies.remaining_copies(order.record, order.entries)
    recorded = withholding.withhold(order, **stamp)
    form.warnings = [_remaining(place) for place in copies_left]
    form.warnings.append(copies.ALWAYS)
    return recorded[-1]


def _remaining(place: copies.TextPlace) -> str:
    """The warning that words with the same text stand in a place, with a link to it."""
    says, link = place.says, _link_to(place)
    shown = format_html('<a href="{}" class="underline">{}</a>', link, says) if link else says
    return format_html("Words with the same text still stand here: {}.", shown)


CLAIM_ACTIONS: dict[str, ClaimAction] = {
    action.name: action
    for action in (
        ClaimAction(
            name="cite",
            label="Add citation",
            message="The citation is recorded.",
            hint="A further document that supports or denies the claim.",
            form=CitationForm,
            act=_cite,
        ),
        ClaimAction(
            name="deny",
            label="Denied by …",
            message="The denial is recorded.",
            hint="A denial by an interested party is shown, but does not count by itself. A denial "
            "by anyone else weighs against the claim.",
            form=DenialForm,
            act=_deny,
        ),
        ClaimAction(
            name="judge",
            label="Give verdict",
            message="The verdict is recorded.",
            hint="The last verdict that applies is the one that counts.",
            form=VerdictForm,
            act=_judge,
            permission="desk.judge_claim",
        ),
        ClaimAction(
            name="retract",
            label="Retract",
            message="The claim is retracted: it no longer moves any score.",
            hint="The claim no longer moves any score. Its record is kept, including this action.",
            form=ReasonForm,
            act=_retract,
        ),
        ClaimAction(
            name="reinstate",
            label="Reinstate",
            message="The claim is in force again.",
            hint="The claim counts again, in the version that was retracted.",
            form=ReasonForm,
            act=_reinstate,
            on="retracted",
        ),
        ClaimAction(
            name="review",
            label="Review",
            message="The review is recorded.",
            hint="In a collection that requires review, a claim scores once it is accepted.",
            form=ReviewForm,
            act=_review,
            permission="desk.judge_claim",
        ),
        ClaimAction(
            name="resolve",
            label="Resolve",
            message="The resolution is recorded.",
            hint="Whether the forecast came true. The last resolution counts.",
            form=ResolutionForm,
            act=_resolve,
            applies=lambda sheet: sheet.claim.kind == "forecast",
        ),
        ClaimAction(
            name="link",
            label="Link",
            message="The link is recorded.",
            hint="Joins this claim with another one on record; some links change what counts.",
            form=LinkForm,
            act=_link,
            field_of=lambda pointer: {"/from": "other", "/to": "other"}.get(pointer, pointer[1:]),
        ),
        ClaimAction(
            name="unlink",
            label="Undo a link",
            message="The link is undone.",
            hint="The link no longer counts. It is kept in the history of both claims.",
            form=UnlinkForm,
            act=_unlink,
            on=None,
            applies=lambda sheet: bool(sheet.links),
        ),
        ClaimAction(
            name="withhold",
            label="Withhold words",
            message="The words are withheld.",
            hint="Permanently deletes the words of this claim, where law or safety requires it:"
            " its text in every version, its citations, and all reasons and notes. The times of"
            " all entries and all scores are kept.",
            form=WithholdForm,
            act=_withhold,
            on=None,
            permission=SUPERUSER,
        ),
    )
}


def available_actions(user: Any, sheet: Sheet) -> list[ClaimAction]:
    """The actions that a user may take on a claim in its current status."""
    status = sheet.filed.state.status
    return [
        action
        for action in CLAIM_ACTIONS.values()
        if action.on in (None, status) and action.applies(sheet) and action.may(user)
    ]
