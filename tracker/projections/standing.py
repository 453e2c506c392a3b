"""Writes the states of the streams, current and past, in the transaction of the append."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Model
from psycopg.types.json import Jsonb

from tracker import log
from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.codec import NOTHING, Known, Texts, texts, value_text
from tracker.domain.dates import edtf
from tracker.domain.events import CitationAdded, Erased, TextWithheld
from tracker.log import ClaimInColumns, Pending, Rows, Statement
from tracker.log.messages import id_array, send
from tracker.models.derived import (
    PastClaim,
    PastLink,
    PastRecord,
    StandingClaim,
    StandingLink,
    StandingRecord,
)
from tracker.projections import citations, disclosure
from tracker.projections.citations import Added
from tracker.projections.inserts import column_types, copy_sql, insert_sql, upsert_sql
from tracker.queries.records.states import NOUNS, filed_under

type StandingColumns = dict[str, Any]
type Row = StandingClaim | StandingLink | StandingRecord

# The tables of the states that a later event ended.
PAST: Mapping[type[Row], type[Model]] = {
    StandingClaim: PastClaim,
    StandingRecord: PastRecord,
    StandingLink: PastLink,
}
# The columns with free text.
_TEXT_COLUMNS = ("name", "code")
# Sorts ids as the database does, and twice as fast as comparing them.
NUMBER = attrgetter("int")
_NOUN_OF = {state: noun for noun, state in NOUNS.items()}


def load(row: Row) -> f.State:
    """Return the state that a row holds."""
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


def row(state: f.State, *, version: int) -> tuple[type[Row], StandingColumns]:
    """Return the table of a state and its columns."""
    columns = _columns(state)
    columns["id"] = state.id
    columns["version"] = version
    return _table(state), columns


def copy_rows(table: type[Model], rows: Sequence[StandingColumns], known: Known) -> Rows:
    """Return rows for COPY. `known` has the records in them that are encoded already."""
    name = table._meta.db_table  # noqa: SLF001
    columns = column_types(table)
    get = itemgetter(*columns)
    return Rows(name, columns, (get(_copied(row, known)) for row in rows))


def _copied(row: StandingColumns, known: Known) -> StandingColumns:
    for name in _TEXT_COLUMNS:
        if row.get(name):
            row[name] = codec.plain(row[name])
    if "state" in row:
        row["state"] = Jsonb(texts(row["state"], known)[2], dumps=str)
    return row


def as_json(rows: Sequence[StandingColumns], known: Known = NOTHING) -> str:
    """Return rows as JSON; absent columns are null. `known` has the records that are encoded
    already."""
    return f"[{','.join([_object(row, known) for row in rows])}]"


def _object(row: StandingColumns, known: Known) -> str:
    members = [
        f'"{name}":{value_text(value, known)}' for name, value in row.items() if value is not None
    ]
    return f"{{{','.join(members)}}}"


def known_in(row: Row, state: f.State) -> dict[int, Texts]:
    """The encoded claim of a row, by the identity of the claim object in `state`.

    Most events leave the claim unchanged, so it need not be encoded again.
    """
    if not isinstance(row, StandingClaim) or not isinstance(state, f.ClaimState):
        return {}
    text = codec.canonical(row.state["claim"])
    return {id(state.claim): (text, "", text)}


def _table(state: f.State) -> type[Row]:
    match state:
        case f.ClaimState():
            return StandingClaim
        case f.LinkState():
            return StandingLink
    return StandingRecord


def _columns(state: f.State) -> StandingColumns:
    match state:
        case f.ClaimState():
            return _claim_columns(state)
        case f.LinkState():
            return {
                "type": state.type,
                "from_claim": state.from_,
                "to_claim": state.to,
                "linked": state.linked,
            }
        case _:
            return {"noun": _NOUN_OF[type(state)], "name": filed_under(state), "state": state}


def _claim_columns(state: f.ClaimState) -> StandingColumns:
    claim = state.claim
    earliest, latest = _bounds(state)
    return {
        "status": state.status,
        "collection": claim.collection,
        "kind": claim.kind,
        "code": claim.code,
        "earliest": earliest,
        "latest": latest,
        "actors": sorted({party.actor for party in claim.parties}, key=NUMBER),
        "documents": sorted({citation.document for citation in claim.citations}, key=NUMBER),
        "sources": sorted(
            {link for citation in claim.citations for link in citation.chain}, key=NUMBER
        ),
        "state": state,
    }


def _bounds(state: f.ClaimState) -> tuple[date | None, date | None]:
    if state.claim.occurred is None:
        return None, None
    bounds = edtf.bounds(state.claim.occurred.edtf)
    return bounds.earliest, bounds.latest


# The events of streams, in their order.
type EventsByStream = dict[UUID, list[Pending]]
# A state with the version of its stream.
type Version = tuple[f.State, int]

# The order in which a stream of unknown kind is looked up.
TABLES: tuple[type[Row], ...] = (StandingClaim, StandingRecord, StandingLink)


def project(pending: Sequence[Pending]) -> list[Statement]:
    """Return the statements that update the rows of the streams with new events.

    Row locks are taken in the order of the streams, so that writers cannot deadlock. Rows of new
    streams are only inserted, which the database plans faster.
    """
    begun, changed = _partition(pending)
    known = _known(pending)
    return [
        *(
            Statement(insert_sql(table), [as_json(rows, known)])
            for table, rows in _rows(_states(begun, {})).items()
        ),
        *disclosure.show_new(disclosure.ordinary(begun)),
        *_upserts(changed),
    ]


def new_claim(change: Pending) -> ClaimInColumns:
    """Return what `project` does for the first event of a claim, as typed columns."""
    begun = {change.stream: [change]}
    [(state, version)] = _versions(change.stream, begun[change.stream], None)
    table, columns = row(state, version=version)
    known = _known([change])
    values = [_parameter(columns.get(name), known) for name in column_types(table)]
    return ClaimInColumns(
        tuple(column_types(table).values()), values, shown=bool(disclosure.ordinary(begun))
    )


def _parameter(value: Any, known: Known) -> Any:
    """A value of a column as a parameter, as far as possible as text."""
    match value:
        case list():
            return id_array(value)
        case f.ClaimState():
            return texts(value, known)[2]
        case str():
            return codec.plain(value)
    return value


def project_bulk(pending: Sequence[Pending]) -> list[Statement | Rows]:
    """Return what `project` does, as COPY for many new streams. Encoded records are reused."""
    begun, changed = _partition(pending)
    known = _known(pending)
    return [
        *(copy_rows(table, rows, known) for table, rows in _rows(_states(begun, {})).items()),
        *disclosure.show_new_rows(disclosure.ordinary(begun)),
        *_upserts(changed),
    ]


def _known(pending: Iterable[Pending]) -> dict[int, Texts]:
    """The records that are encoded already."""
    known: dict[int, Texts] = {}
    for change in pending:
        if change.written:
            known.update(change.written.known)
    return known


def rows(pending: Sequence[Pending]) -> dict[type[Model], str]:
    """Return the rows of the streams with these events, current and past, as JSON by table."""
    begun, changed = _partition(pending)
    before, _ = _lock(changed)
    return {
        table: as_json(table_rows)
        for table, table_rows in _rows(_states(begun | changed, before)).items()
    }


def write(pending: Sequence[Pending]) -> None:
    """Update the rows now, for events that are on record."""
    send(*project(pending))


def _partition(pending: Sequence[Pending]) -> tuple[EventsByStream, EventsByStream]:
    """The events of each new stream, and of each existing one."""
    begun: EventsByStream = {}
    changed: EventsByStream = {}
    for change in pending:
        if change.version == 1:
            begun[change.stream] = [change]
        elif change.stream in begun:
            begun[change.stream].append(change)
        else:
            changed.setdefault(change.stream, []).append(change)
    return begun, changed


def _upserts(changed: EventsByStream) -> list[Statement]:
    cited = citations.lock(_only_cited(changed))
    others = {stream: events for stream, events in changed.items() if stream not in cited.added}
    return [*citations.add(cited), *_folded_upserts(others)]


def _only_cited(changed: EventsByStream) -> dict[UUID, list[Added]]:
    """The citations of the streams to which nothing else is added."""
    added = {
        stream: [
            Added(change.version, change.event.citation)
            for change in events
            if isinstance(change.event, CitationAdded)
        ]
        for stream, events in changed.items()
    }
    return {stream: some for stream, some in added.items() if len(some) == len(changed[stream])}


def _folded_upserts(changed: EventsByStream) -> list[Statement]:
    before, known = _lock([stream for stream, events in changed.items() if events[0].version > 1])
    after = _states(changed, before)
    erased = [stream for stream in before if stream not in after]
    changed = {stream: events for stream, events in changed.items() if stream in after}
    return [
        *_deleted(erased),
        *_ended(changed, before),
        *(
            Statement(
                upsert_sql(table, ("id",)) if table in PAST else insert_sql(table),
                [as_json(rows, known)],
            )
            for table, rows in _rows(after).items()
        ),
        *disclosure.withhold_changed(
            changed, before, {key: versions[-1][0] for key, versions in after.items()}
        ),
    ]


def _deleted(erased: Sequence[UUID]) -> Iterator[Statement]:
    """Delete all states of claims that are erased."""
    for table in ("standing_claim", "past_claim") if erased else ():
        yield Statement(f"DELETE FROM {table} WHERE id = ANY(%s::uuid[])", [id_array(erased)])  # noqa: S608
    yield from disclosure.withhold(erased)


def _ended(changed: EventsByStream, before: Mapping[UUID, f.State]) -> Iterator[Statement]:
    """Keep the states that end here. If words of a stream are withheld, its past states are deleted
    and written again without them."""
    rewritten = {stream for stream, events in changed.items() if _withheld(events)}
    for table, past in PAST.items():
        streams = [key for key in changed if key in before and _table(before[key]) is table]
        if unchanged := [stream for stream in streams if stream not in rewritten]:
            yield Statement(copy_sql(table, past), [id_array(unchanged)])
        if cleared := [stream for stream in streams if stream in rewritten]:
            name = past._meta.db_table  # noqa: SLF001
            yield Statement(f"DELETE FROM {name} WHERE id = ANY(%s::uuid[])", [id_array(cleared)])  # noqa: S608


def _states(touched: EventsByStream, before: Mapping[UUID, f.State]) -> dict[UUID, list[Version]]:
    """The states of each stream after its events, in the order of the ids; none of an erased claim.
    `before`: the states of existing streams."""
    found = {
        stream: _versions(stream, touched[stream], before.get(stream))
        for stream in sorted(touched, key=NUMBER)
    }
    return {stream: versions for stream, versions in found.items() if versions}


def _rows(after: Mapping[UUID, Sequence[Version]]) -> dict[type[Model], list[StandingColumns]]:
    """The rows by table: the last state of each stream is current, earlier ones are past."""
    tables: dict[type[Model], list[StandingColumns]] = {
        table: [] for table in (*TABLES, *PAST.values())
    }
    for versions in after.values():
        for number, (state, version) in enumerate(versions, start=1):
            table, columns = row(state, version=version)
            tables[table if number == len(versions) else PAST[table]].append(columns)
    return {table: rows for table, rows in tables.items() if rows}


def _versions(stream: UUID, pending: Sequence[Pending], before: f.State | None) -> list[Version]:
    """The state after each event to be appended; none if it is erased. If these withhold words,
    after each event of the stream.

    The positions are not known yet; states do not depend on them.
    """
    versions: list[Version] = []
    if hidden := _withheld(pending):
        versions = _without_words(stream, hidden, before=pending[0].version)
        before = versions[-1][0] if versions else None
    for change in pending:
        before = f.fold([f.Entry(stream, 0, change.event)], before)
        if before is not None:
            versions.append((before, change.version))
    if before is None and pending[0].version == 1 and not isinstance(pending[0].event, Erased):
        raise f.OutOfOrder("the events leave no state")
    return [] if before is None else versions


def _withheld(pending: Iterable[Pending]) -> set[int]:
    """The positions whose words the events withhold."""
    return {change.event.position for change in pending if isinstance(change.event, TextWithheld)}


def _lock(streams: Collection[UUID]) -> tuple[dict[UUID, f.State], dict[int, Texts]]:
    """Lock the rows of streams in the order of their ids. Return their states, and the encoded
    records in them."""
    states: dict[UUID, f.State] = {}
    known: dict[int, Texts] = {}
    for table in TABLES:
        if missing := [stream for stream in streams if stream not in states]:
            rows = table.objects.select_for_update().filter(pk__in=missing).order_by("pk")
            for row in rows:
                states[row.pk] = state = load(row)
                known |= known_in(row, state)
    return states, known


def _without_words(stream: UUID, hidden: set[int], *, before: int) -> list[Version]:
    """The states before version `before`, as if the words at some positions were never recorded.

    During a rebuild the log has later versions already; these are skipped.
    """
    versions: list[Version] = []
    state: f.State | None = None
    for recorded in log.history([stream]):
        if recorded.version < before:
            event = (log.wordless(recorded) if recorded.position in hidden else recorded).decoded()
            state = f.fold([f.Entry(stream=stream, position=0, event=event)], state)
            if state is not None:
                versions.append((state, recorded.version))
    return versions
