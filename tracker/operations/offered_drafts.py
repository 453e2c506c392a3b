"""Drafts that a client hands in for people to review at the desk: cards that any person may take.

A draft is known by its id, so that it can be handed in again. Nobody's choice is undone by that: a
card that a person took stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain.problems import Problem, invalid, refuse
from tracker.domain.proposed import LONGEST_READER
from tracker.domain.proposed import of as as_proposed
from tracker.domain.reading.drafts import MOST_PER_TRAY, OFFERED, READER, Draft, problems
from tracker.log.versions import translate_errors
from tracker.models.trays import Tray, TrayCard
from tracker.operations import reading, tray_batches, trays
from tracker.queries import trays as tray_queries

# The states of a draft that is no longer offered: a person took it; the claim is on record; what it
# denies has this denial already.
STATES = TAKEN, RECORDED, REPEATED = "taken", "recorded", "repeated"
# The fields of a draft beside those of its claim.
_OWN = ("", "said_by", "denies", "links", "names", "id", "sentence")
# Problems of a claim that a person still has to complete.
_INCOMPLETE = ("required", "no_initiator", "no_recipient")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A draft that was handed in, and its state: `offered` or one of those above."""

    id: UUID
    state: str


def hand_in(document: UUID, drafts: Sequence[Draft], *, by: str, at: datetime) -> list[HandedIn]:
    """Offer drafts of a document to people, all or none. A draft with the id of one that still
    waits replaces it.

    :raises Invalid: with all problems; their pointers begin with `/drafts`. :raises log.LogBusy:
    """
    refuse(_same_ids(drafts))
    drafts = [_with_proposal(_with_summary(draft), by) for draft in drafts]
    with translate_errors([]), transaction.atomic():
        own = trays.open_tray(document, by=by, at=at)
        rows = TrayCard.objects.select_for_update().in_bulk([draft.id for draft in drafts])
        states = _states(own, drafts, rows)
        found = _batch_problems(own, drafts, states, at=at)
        states |= {key: REPEATED for key in found if _is_repeated(found[key])}
        offered = [draft for draft in drafts if states[draft.id] == OFFERED]
        refuse(_too_many(own, offered))
        refuse(_all_problems(own, drafts, rows, {one.id: found.get(one.id, ()) for one in offered}))
        for draft in offered:
            if not _is_same(rows.get(draft.id), draft):
                trays.put(own.id, draft, by=by, at=at, state=OFFERED)
    return [HandedIn(id=draft.id, state=states[draft.id]) for draft in drafts]


def _same_ids(drafts: Sequence[Draft]) -> Iterator[Problem]:
    seen: set[UUID] = set()
    for place, draft in enumerate(drafts):
        if draft.id in seen:
            yield invalid(f"/drafts/{place}/id", "two drafts have this id: give each its own")
        seen.add(draft.id)


def _with_summary(draft: Draft) -> Draft:
    if draft.claim.summary:
        return draft
    return reading.with_summary(draft, reading.printed([draft]))


def _with_proposal(draft: Draft, account: str) -> Draft:
    """A draft that keeps its structure as it is handed in. It names the reader that it came with,
    if that is not ours, else the account."""
    sent = draft.proposed.by if draft.proposed else READER
    by = account[:LONGEST_READER] if sent == READER else sent
    said_by = draft.said_by.actor if draft.said_by else None
    return replace(draft, proposed=as_proposed(by, draft.claim, said_by))


def _states(own: Tray, drafts: Sequence[Draft], rows: Mapping[UUID, TrayCard]) -> dict[UUID, str]:
    recorded = log.existing([draft.id for draft in drafts])
    here = {key: row for key, row in rows.items() if row.tray.document == own.document}
    taken = {key for key, row in here.items() if row.state != OFFERED}
    return {
        one.id: RECORDED if one.id in recorded else TAKEN if one.id in taken else OFFERED
        for one in drafts
    }


def _batch_problems(
    own: Tray, drafts: Sequence[Draft], states: Mapping[UUID, str], *, at: datetime
) -> Mapping[UUID, Sequence[Problem]]:
    """The problems that drafts would have if they were recorded together. They may deny or link to
    those handed in before."""
    offered = [draft for draft in drafts if states[draft.id] == OFFERED]
    before = [tray_queries.draft_of(row) for row in tray_queries.cards(own.id, OFFERED)]
    known = [draft for draft in drafts if states[draft.id] == TAKEN]
    known += [draft for draft in before if draft.id not in states]
    return tray_batches.batch_of(offered, at=at, waiting=known).problems


def _is_same(row: TrayCard | None, draft: Draft) -> bool:
    return row is not None and tray_queries.draft_of(row) == draft


def _is_repeated(problems: Sequence[Problem]) -> bool:
    return any(one.code == "repeated" and not one.pointer for one in problems)


def _all_problems(
    own: Tray,
    drafts: Sequence[Draft],
    rows: Mapping[UUID, TrayCard],
    offered: Mapping[UUID, Sequence[Problem]],
) -> Iterator[Problem]:
    """The problems of the drafts that are offered, with pointers into the body."""
    for place, draft in enumerate(drafts):
        if draft.id not in offered:
            continue
        found = [*problems(draft), *_place_problems(own, draft, rows.get(draft.id))]
        found += filter(_is_wrong, map(_placed, offered[draft.id]))
        yield from (replace(one, pointer=f"/drafts/{place}{one.pointer}") for one in found)


def _placed(problem: Problem) -> Problem:
    """A problem of a claim, with its pointer into the draft."""
    field = problem.pointer.removeprefix("/").partition("/")[0]
    return problem if field in _OWN else replace(problem, pointer=f"/claim{problem.pointer}")


def _is_wrong(problem: Problem) -> bool:
    """Whether a problem is more than that something is missing."""
    return problem.code not in _INCOMPLETE or not problem.pointer.startswith("/claim")


def _place_problems(own: Tray, draft: Draft, row: TrayCard | None) -> Iterator[Problem]:
    """The problems of a draft that depend on where, and by whom, it is handed in."""
    if row and row.tray_id != own.id:
        yield invalid("/id", "another draft that waits has this id: give it a new one")
    cited = [citation.document for citation in draft.claim.citations]
    if not cited:
        yield invalid("/claim/citations", f"cite the document {own.document}")
    for place, document in enumerate(cited):
        if document != own.document:
            pointer = f"/claim/citations/{place}/document"
            yield invalid(pointer, f"the draft is handed in for the document {own.document}")


def _too_many(own: Tray, offered: Sequence[Draft]) -> Iterator[Problem]:
    held = set(own.cards.values_list("id", flat=True))
    if len(held.union(one.id for one in offered)) > MOST_PER_TRAY:
        detail = (
            f"at most {MOST_PER_TRAY} drafts of yours may wait, and {len(held)} do: wait until"
            " people have looked at them"
        )
        yield Problem(pointer="/drafts", code="too_many", detail=detail)
