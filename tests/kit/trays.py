"""Drafts and trays of people at a desk."""

from typing import Any
from uuid import UUID

from tests.kit.builders import AT, BY, Desk, an_account
from tracker.domain.attribution import SaidBy
from tracker.domain.claims import Claim
from tracker.domain.reading.drafts import Draft, NewName
from tracker.domain.records import Party
from tracker.models.trays import TrayCard
from tracker.operations import ids, trays
from tracker.operations.trays import TrayOutcome


def a_draft(claim: Claim, **given: Any) -> Draft:
    return Draft(**{"id": ids.new_id(AT), "sentence": 1, "claim": claim, **given})


def a_denial(
    desk: Desk, denies: UUID, by: str = "KAZ", claim: Claim | None = None, **given: Any
) -> Draft:
    """A draft in which a country denies another draft, or a claim."""
    said_by = SaidBy(actor=desk.countries[by])
    return a_draft(claim or desk.claim(), **{"denies": denies, "said_by": said_by, **given})


def a_new_name(name: str = "Wagner Group", noun: Any = "actor") -> NewName:
    return NewName(id=ids.new_id(AT), noun=noun, name=name)


def a_draft_about(desk: Desk, name: NewName, **given: Any) -> Draft:
    """A draft in which a new name does something to Kazakhstan."""
    parties = (
        Party(actor=name.id, role="initiator"),
        Party(actor=desk.countries["KAZ"], role="recipient"),
    )
    return a_draft(desk.claim(parties=parties), names=(name,), **given)


def a_tray(desk: Desk, by: str = BY, **given: Any) -> UUID:
    """The tray of an account on the desk's document."""
    an_account(by)
    tray = trays.open_tray(desk.document, **{"by": by, "at": AT, **given})
    return UUID(str(tray.id))


def puts(tray: UUID, draft: Draft, *, by: str = BY, **given: Any) -> TrayCard:
    return trays.put(tray, draft, by=by, at=AT, **given)


def records(tray: UUID, *, by: str = BY) -> TrayOutcome:
    return trays.record(tray, by=by, at=AT)
