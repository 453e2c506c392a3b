"""What the streams say now, written in the transaction of the append, in stream order."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain import codec, dates
from tracker.domain import folding as f
from tracker.domain.events import TextWithheld
from tracker.log import Pending, Statement
from tracker.log.messages import send
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.projections.rowsets import insert_sql, upsert_sql
from tracker.queries.states import NOUNS

type Row = StandingClaim | StandingLink | StandingRecord

# The tables are asked in this order for the row of a stream whose state's class is unknown.
TABLES: tuple[type[Row], ...] = (StandingClaim, StandingRecord, StandingLink)
_NOUN_OF = {state: noun for noun, state in NOUNS.items()}


def project(pending: Sequence[Pending]) -> list[Statement]:
    """Give what brings the rows of the touched streams up to date.

    The order of the streams is the order of the row locks, so that writers cannot deadlock. Rows
    of new streams are inserted and no more: the database plans that in half the time.
    """
    new = {one.stream for one in pending if one.version == 1}
    begun = rows([one for one in pending if one.stream in new])
    changed = rows([one for one in pending if one.stream not in new])
    return [
        *(Statement(insert_sql(table), [given]) for table, given in begun.items()),
        *(Statement(upsert_sql(table, ("id",)), [given]) for table, given in changed.items()),
    ]


def rows(pending: Sequence[Pending]) -> dict[type[Row], str]:
    """Give the rows of the touched streams, as JSON for each table that has any."""
    touched: dict[UUID, list[Pending]] = {}
    for one in pending:
        touched.setdefault(one.stream, []).append(one)
    found: dict[type[Row], list[dict[str, Any]]] = {table: [] for table in TABLES}
    for stream in sorted(touched):
        table, columns = _row(_folded(stream, touched[stream]))
        found[table].append({"id": stream, "version": touched[stream][-1].version, **columns})
    return {table: _json(given) for table, given in found.items() if given}


def write(pending: Sequence[Pending]) -> None:
    """Bring the rows up to date now, for events that are on record."""
    send(*project(pending))


def load(row: Row) -> f.State:
    """Give the state that a row holds."""
    match row:
        case StandingClaim():
            return codec.build(f.ClaimState, row.state)
        case StandingLink():
            return f.LinkState(
                id=row.id,
                type=row.type,  # type: ignore[arg-type] # written by `_row` alone
                from_=row.from_claim,
                to=row.to_claim,
                linked=row.linked,
            )
        case StandingRecord():
            return codec.build(NOUNS[row.noun], row.state)


def _folded(stream: UUID, pending: Sequence[Pending]) -> f.State:
    """The state after what is about to be appended.

    The position is known only later; the state that stands does not depend on it.
    """
    entries = [f.Entry(stream=one.stream, position=0, event=one.event) for one in pending]
    before = None if pending[0].version == 1 else _held(stream)
    hidden = {one.event.position for one in pending if isinstance(one.event, TextWithheld)}
    if hidden:
        before = _without_words(stream, hidden, before=pending[0].version)
    state = f.fold(entries, before)
    if state is None:
        raise f.OutOfOrder("there is nothing to write")
    return state


def _held(stream: UUID) -> f.State | None:
    """The state as written last, its row locked."""
    for table in TABLES:
        row = table.objects.select_for_update().filter(pk=stream).first()
        if row is not None:
            return load(row)
    return None


def _without_words(stream: UUID, hidden: set[int], *, before: int) -> f.State | None:
    """The state before a version, as if the words at some positions had not been recorded.

    A rebuild finds the later versions in the log already.
    """
    return f.fold(
        f.Entry(
            stream=stream,
            position=0,
            event=(log.wordless(one) if one.position in hidden else one).decoded(),
        )
        for one in log.history([stream])
        if one.version < before
    )


def _json(given: list[dict[str, Any]]) -> str:
    """Absent columns are null."""
    present = [{key: one for key, one in row.items() if one is not None} for row in given]
    return codec.canonical(codec.plain(present))


def _row(state: f.State) -> tuple[type[Row], dict[str, Any]]:
    match state:
        case f.ClaimState():
            return StandingClaim, _claim_columns(state)
        case f.LinkState():
            return StandingLink, {
                "type": state.type,
                "from_claim": state.from_,
                "to_claim": state.to,
                "linked": state.linked,
            }
        case _:
            return StandingRecord, {
                "noun": _NOUN_OF[type(state)],
                "name": _name(state),
                "state": state,
            }


def _claim_columns(state: f.ClaimState) -> dict[str, Any]:
    claim = state.claim
    earliest, latest = _bounds(state)
    return {
        "status": state.status,
        "collection": claim.collection,
        "kind": claim.kind,
        "code": claim.code,
        "earliest": earliest,
        "latest": latest,
        "actors": sorted({str(party.actor) for party in claim.parties}),
        "documents": sorted({str(citation.document) for citation in claim.citations}),
        "sources": sorted({str(link) for citation in claim.citations for link in citation.chain}),
        "state": state,
    }


def _bounds(state: f.ClaimState) -> tuple[date | None, date | None]:
    if state.claim.occurred is None:
        return None, None
    bounds = dates.bounds(state.claim.occurred.edtf)
    return bounds.earliest, bounds.latest


def _name(state: f.State) -> str:
    match state:
        case f.ActorState():
            return state.actor.code or state.actor.name
        case f.SourceState():
            return state.source.name
        case f.DocumentState():
            return state.document.title
        case f.CollectionState():
            return state.collection.name
        case f.LensState():
            return state.versions[-1].name
        case f.ImportState():
            return state.record.name
    raise TypeError(f"{type(state).__name__} has no name")
