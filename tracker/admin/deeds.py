"""What can be done to a claim beside correcting it: each with a form, a reason, and one event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

from tracker.admin.claimforms import CitationForm, Sharing
from tracker.admin.entry import citation_of
from tracker.admin.fields import Named, NamedLines, Pick, Text
from tracker.domain import events as e
from tracker.log import Recorded
from tracker.operations import claims

# When, by whom, and the version that the person saw.
type Stamp = Mapping[str, Any]


class ReasonForm(Sharing):
    reason = Text(help_text="It is recorded with your name, for ever.")


class VerdictForm(Sharing):
    verdict = Pick(get_args(e.Verdict))
    reason = Text(label="Why")
    source = Named("source", label="Judged by", help_text="Empty: by the desk.")
    document = Named("document", label="As written in")
    parties = NamedLines(
        "actor", label="Only for these parties", help_text="One a line; empty: for all."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`does` and `done` are how its button and its message read; `on`, what status it needs,
    `needs`, what permission."""

    name: str
    does: str
    done: str
    says: str
    form: type[Sharing]
    act: Callable[[UUID, Any, Stamp], Recorded]
    on: str = "standing"
    needs: str = "desk.change_claim"


def _retract(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.retract_claim(claim_id, reason=form.cleaned_data["reason"], **stamp)


def _reinstate(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.reinstate_claim(claim_id, reason=form.cleaned_data["reason"], **stamp)


def _judge(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.give_verdict(claim_id, e.VerdictGiven(**form.cleaned_data), **stamp)


def _cite(claim_id: UUID, form: Any, stamp: Stamp) -> Recorded:
    return claims.cite(claim_id, citation_of(form), **stamp)


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
            name="judge",
            does="Give verdict",
            done="The verdict is recorded.",
            says="The last verdict that applies is the one that counts.",
            form=VerdictForm,
            act=_judge,
            needs="desk.judge_claim",
        ),
        Deed(
            name="retract",
            does="Retract",
            done="The claim is retracted: it moves no score any more.",
            says="The claim moves no score from here on. Its record stays, and so does this act.",
            form=ReasonForm,
            act=_retract,
        ),
        Deed(
            name="reinstate",
            does="Reinstate",
            done="The claim stands again.",
            says="The claim counts again, as it stood when it was retracted.",
            form=ReasonForm,
            act=_reinstate,
            on="retracted",
        ),
    )
}


def open_to(status: str) -> list[Deed]:
    """The deeds that can be done to a claim of this status."""
    return [deed for deed in DEEDS.values() if deed.on == status]
