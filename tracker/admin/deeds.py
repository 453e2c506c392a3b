"""What can be done to a claim beside correcting it: each with a form, a reason, and one event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.admin import deedforms as forms
from tracker.admin.appendonly import read_number
from tracker.admin.claimforms import CitationForm, Sharing
from tracker.admin.entry import citation_of, first_of
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.validity import Problem
from tracker.log import Recorded
from tracker.operations import claims, links, statements, withholding
from tracker.operations.statements import Denial
from tracker.queries.claims import copies
from tracker.queries.claims.detail import Sheet

# When, by whom, and the version that the person saw.
type Stamp = Mapping[str, Any]


# Not a permission that can be given: words are deleted for ever.
SUPERUSER = "superuser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`does` and `done` are how its button and its message read; `on`, what status it needs,
    `needs`, what permission, `fits`, what else must be so; a superuser's asks for no status."""

    name: str
    does: str
    done: str
    says: str
    form: type[Sharing]
    act: Callable[[UUID, Any, Stamp], Recorded]
    on: str | None = "standing"
    needs: str = "desk.change_claim"
    fits: Callable[[Sheet], bool] = lambda _sheet: True
    field_of: Callable[[str], str] = first_of

    def may(self, user: Any) -> bool:
        """Whether somebody has the permission that it needs."""
        return bool(user.is_superuser if self.needs == SUPERUSER else user.has_perm(self.needs))


def _retract(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.retract_claim(claim_id, reason=form.cleaned_data["reason"], **stamp)


def _reinstate(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.reinstate_claim(claim_id, reason=form.cleaned_data["reason"], **stamp)


def _judge(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.give_verdict(claim_id, e.VerdictGiven(**form.cleaned_data), **stamp)


def _cite(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.cite(claim_id, citation_of(form), **stamp)


def _deny(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    said = form.cleaned_data
    validity.refuse(
        Problem(pointer=f"/{name}", code="required", detail=detail)
        for name, detail in (
            ("denied_by", "say who denies it"),
            ("document", "say in which document it stands"),
        )
        if not said[name]
    )
    denial = Denial(
        actor=said["denied_by"],
        citation=citation_of(form),
        interest=said["interest"] or None,
    )
    return statements.deny(claim_id, denial, **stamp)


def _review(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.review_claim(claim_id, e.ClaimReviewed(**form.cleaned_data), **stamp)


def _resolve(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.resolve_forecast(claim_id, e.ForecastResolved(**form.cleaned_data), **stamp)


def _link(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    """A link has a version of its own, so that of the claim says nothing."""
    said = form.cleaned_data
    missing = [
        Problem(pointer=f"/{name}", code="required", detail=detail)
        for name, detail in (
            ("other", "say with which claim"),
            ("note", "say why; the reason is recorded"),
        )
        if not said[name]
    ]
    validity.refuse(missing)
    kind, forth = said["link"][:-1], said["link"].endswith(">")
    ends = (claim_id, said["other"]) if forth else (said["other"], claim_id)
    own = {"at": stamp["at"], "by": stamp["by"]}
    return links.link(kind, *ends, note=said["note"], **own)


def _unlink(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    """A link has a version of its own, so that of the claim says nothing."""
    said = form.cleaned_data
    own = {"at": stamp["at"], "by": stamp["by"]}
    return links.remove(claim_id, UUID(said["link"]), reason=said["reason"], **own)


def _withhold(_claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    said = form.cleaned_data
    asked = withholding.Withholding(
        record=form.worded,
        going=form.going(),
        number=read_number(said["number"].strip()),
        reason=said["reason"],
        authority=said["authority"],
    )
    left = copies.staying(asked.record, asked.going)
    recorded = withholding.withhold(asked, **stamp)
    form.left = [
        f"Words with the same text still stand here: {one.says}"
        f"{f' ({one.noun} {one.id})' if one.id else ''}."
        for one in left
    ]
    form.left.append(copies.ALWAYS)
    return recorded[-1]


DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed(
            name="cite",
            does="Add citation",
            done="The citation is recorded.",
            says="A further document that supports or denies the claim.",
            form=CitationForm,
            act=_cite,
        ),
        Deed(
            name="deny",
            does="Denied by …",
            done="The denial is recorded.",
            says="A denial by an interested party is shown, but does not count by itself. A denial "
            "by anyone else weighs against the claim.",
            form=forms.DenialForm,
            act=_deny,
        ),
        Deed(
            name="judge",
            does="Give verdict",
            done="The verdict is recorded.",
            says="The last verdict that applies is the one that counts.",
            form=forms.VerdictForm,
            act=_judge,
            needs="desk.judge_claim",
        ),
        Deed(
            name="retract",
            does="Retract",
            done="The claim is retracted: it no longer moves any score.",
            says="The claim no longer moves any score. Its record is kept, including this action.",
            form=forms.ReasonForm,
            act=_retract,
        ),
        Deed(
            name="reinstate",
            does="Reinstate",
            done="The claim stands again.",
            says="The claim counts again, as it stood when it was retracted.",
            form=forms.ReasonForm,
            act=_reinstate,
            on="retracted",
        ),
        Deed(
            name="review",
            does="Review",
            done="The review is recorded.",
            says="In a collection that asks for review a claim scores once it is accepted.",
            form=forms.ReviewForm,
            act=_review,
            needs="desk.judge_claim",
        ),
        Deed(
            name="resolve",
            does="Resolve",
            done="The resolution is recorded.",
            says="Whether the forecast came true. The last resolution counts.",
            form=forms.ResolutionForm,
            act=_resolve,
            fits=lambda sheet: sheet.claim.kind == "forecast",
        ),
        Deed(
            name="link",
            does="Link",
            done="The link is recorded.",
            says="Joins this claim with another one on record; some links change what counts.",
            form=forms.LinkForm,
            act=_link,
            field_of=lambda pointer: {"/from": "other", "/to": "other"}.get(pointer, pointer[1:]),
        ),
        Deed(
            name="unlink",
            does="Undo a link",
            done="The link is undone.",
            says="The link no longer counts. It is kept in the history of both claims.",
            form=forms.UnlinkForm,
            act=_unlink,
            on=None,
            fits=lambda sheet: bool(sheet.links),
        ),
        Deed(
            name="withhold",
            does="Withhold words",
            done="The words are withheld.",
            says="Permanently deletes the words of this claim, where law or safety requires it:"
            " its text in every version, its citations, and all reasons and notes. The times of"
            " all entries and all scores are kept.",
            form=forms.WithholdForm,
            act=_withhold,
            on=None,
            needs=SUPERUSER,
        ),
    )
}


def open_to(user: Any, sheet: Sheet) -> list[Deed]:
    """What somebody can do to a claim as it stands."""
    status = sheet.filed.state.status
    return [
        deed
        for deed in DEEDS.values()
        if deed.on in (None, status) and deed.fits(sheet) and deed.may(user)
    ]
