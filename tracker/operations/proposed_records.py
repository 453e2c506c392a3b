"""Names that no record has: filed with the cards that wait for them, accepted or refused by a
curator."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker.domain.problems import Conflict, Problem, refuse
from tracker.domain.reading import drafts
from tracker.domain.reading.drafts import OFFERED, TAKEN, WAITING, Draft
from tracker.log import Recorded
from tracker.log.versions import translate_errors
from tracker.models.trays import ACCEPTED, OPEN, REFUSED, ProposedRecord, Tray, TrayCard
from tracker.operations import entries, ids, references, tray_batches
from tracker.operations.name_locks import lock_name, lock_shared
from tracker.operations.tray_batches import TrayBatch, batch_of, in_words
from tracker.queries import trays

# Held shared while trays are recorded, and alone while a name is settled.
_LOCK = "proposed records"


class AlreadySettled(Conflict):
    """The name was accepted or refused meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How many of the waiting cards were recorded, went back to their trays, still wait, and are
    offered to everybody, since their account may no longer enter claims."""

    recorded: int
    returned: int
    waiting: int
    offered: int = 0


def share() -> None:
    """Keep names from being settled until the end of the transaction."""
    lock_shared(_LOCK)


def resolved(some: Iterable[Draft]) -> list[Draft]:
    """Return drafts with the records of those of their new names that were accepted meanwhile."""
    found = list(some)
    accepted = trays.settled({name.id for draft in found for name in draft.unresolved})
    for one in accepted:
        if one.record:
            found = [drafts.with_record(draft, one.id, one.record) for draft in found]
    return found


def file(some: Sequence[Draft], document: UUID, *, by: str, at: datetime) -> list[Draft]:
    """File the new names in drafts, each name once, and return the drafts with the ids of the
    filed names. A name that waits already is not filed again."""
    names: dict[tuple[str, str], str] = {}
    for name in (name for draft in some for name in draft.unresolved):
        names.setdefault(name.key, name.name)
    filed = {
        key: ProposedRecord.objects.get_or_create(
            noun=key[0],
            name_key=key[1],
            state=OPEN,
            defaults={
                "id": ids.new_id(at),
                "name": names[key],
                "document": document,
                "proposed_by": by,
                "proposed_at": at,
            },
        )[0].id
        for key in sorted(names)
    }
    return [_with_filed(draft, filed) for draft in some]


def _with_filed(draft: Draft, filed: dict[tuple[str, str], UUID]) -> Draft:
    for name in draft.unresolved:
        draft = drafts.with_name(draft, name.id, filed[name.key])
    return draft


def accept(proposed: UUID, record: UUID, *, by: str, at: datetime) -> Settled:
    """Give a new name its record. The claims that waited for it alone are recorded under the names
    of those who took them; those that now have problems go back to their trays, and those of
    accounts that may no longer enter claims are offered to everybody.

    :raises AlreadySettled: :raises Invalid: if no such record exists.
    :raises log.LogBusy: then nothing is changed.
    """
    with translate_errors([]), transaction.atomic():
        return _accept(_lock(proposed), record, by=by, at=at)


def add(
    proposed: UUID, write: Callable[[], Recorded], *, by: str, at: datetime
) -> tuple[Recorded, Settled]:
    """Give a new name the record that `write` puts on record in the same transaction, and do what
    `accept` does.

    :raises AlreadySettled: :raises Invalid: and the errors of `write`.
    """
    with translate_errors([]), transaction.atomic():
        row = _lock(proposed)
        recorded = write()
        return recorded, _accept(row, recorded.stream, by=by, at=at)


def _accept(row: ProposedRecord, record: UUID, *, by: str, at: datetime) -> Settled:
    refuse(references.missing([("/record", record, row.noun)]))
    row.record = record
    _settle(row, ACCEPTED, by=by, at=at)
    waiting = []
    for card in _naming(row.id):
        draft = drafts.with_record(trays.draft_of(card), row.id, record)
        tray_batches.write(card, draft, state=card.state, problems=trays.problems_of(card))
        waiting += [card] if card.state == WAITING else []
    return _release(waiting, at=at)


def reject(proposed: UUID, *, reason: str, by: str, at: datetime) -> Settled:
    """Refuse a new name. Its cards go back to their trays, with the reason.

    :raises AlreadySettled: :raises Invalid: without a reason.
    """
    refuse(entries.reason_problems(reason))
    with translate_errors([]), transaction.atomic():
        row = _lock(proposed)
        row.reason = reason.strip()
        _settle(row, REFUSED, by=by, at=at)
        waiting = [card for card in _naming(proposed) if card.state == WAITING]
        return _release(waiting, at=at)


def _lock(proposed: UUID) -> ProposedRecord:
    """The open name, while no tray is recorded and no other name is settled. It comes first in a
    transaction, since who records a tray holds this lock before the log's head."""
    lock_name(_LOCK)
    row = trays.proposal(proposed)
    if row is None:
        raise AlreadySettled("this name was accepted or refused meanwhile")
    return row


def _settle(row: ProposedRecord, state: str, *, by: str, at: datetime) -> None:
    row.state, row.settled_by, row.settled_at = state, by, at
    row.save()


def _naming(proposed: UUID) -> list[TrayCard]:
    """The cards with a new name, locked in the order of their ids."""
    rows = trays.naming(proposed).select_for_update(of=("self",)).select_related("tray__account")
    return list(rows.order_by("pk"))


def _release(cards: Iterable[TrayCard], *, at: datetime) -> Settled:
    """Record what now can be of the waiting cards in the trays of some cards."""
    owned = {card.tray_id: card.tray for card in cards}
    done = [_release_tray(owned[key], at=at) for key in sorted(owned)]
    return Settled(
        recorded=sum(one.recorded for one in done),
        returned=sum(one.returned for one in done),
        waiting=sum(one.waiting for one in done),
        offered=sum(one.offered for one in done),
    )


def _release_tray(tray: Tray, *, at: datetime) -> Settled:
    """Record the waiting cards of a tray that have no problem, and return those that have one. If
    its account may no longer enter claims, offer them all to everybody."""
    locked = TrayCard.objects.filter(tray=tray, state=WAITING).select_for_update()
    rows = {row.id: row for row in locked.order_by("pk")}
    waiting = {key: trays.draft_of(row) for key, row in rows.items()}
    tray_batches.lock_speakers(waiting.values())
    batch, problems = _without_problems(list(waiting.values()), at=at)
    done = rows.keys() - problems.keys() - batch.waiting
    words = in_words(problems, waiting.values())
    if not _may_enter(tray):
        for key in done | words.keys():
            tray_batches.write(rows[key], waiting[key], state=OFFERED, problems=words.get(key, ()))
        return Settled(
            recorded=0, returned=0, waiting=len(batch.waiting), offered=len(done | words.keys())
        )
    tray_batches.append(batch, done, at=at, by=tray.owner)
    for key, some in words.items():
        tray_batches.write(rows[key], waiting[key], state=TAKEN, problems=some)
    return Settled(recorded=len(done), returned=len(problems), waiting=len(batch.waiting))


def _may_enter(tray: Tray) -> bool:
    """Whether claims are recorded in the name of a tray's account. Those of a deleted one are."""
    return tray.account is None or bool(tray.account.has_perm("desk.add_claim"))


def _without_problems(
    left: list[Draft], *, at: datetime
) -> tuple[TrayBatch, dict[UUID, Sequence[Problem]]]:
    """The batch of the drafts that can be recorded or go on waiting, and the problems of the
    others. A draft that needs one of those has a problem too."""
    problems: dict[UUID, Sequence[Problem]] = {}
    batch = batch_of(left, at=at)
    while batch.problems:
        problems |= batch.problems
        left = [draft for draft in left if draft.id not in problems]
        batch = batch_of(left, at=at)
    return batch, problems
