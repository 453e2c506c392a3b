"""The states of the streams, now and before each later event, written in the transaction of the
append."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
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
from tracker.domain.events import TextWithheld
from tracker.log import Pending, Rows, Sealed, Statement
from tracker.log.messages import id_array, send
from tracker.models.derived import (
    PastClaim,
    PastLink,
    PastRecord,
    StandingClaim,
    StandingLink,
    StandingRecord,
)
from tracker.projections import disclosure
from tracker.projections.inserts import column_types, insert_sql, upsert_sql
from tracker.queries.records.states import NOUNS, filed_under

type StandingColumns = dict[str, Any]
type Row = StandingClaim | StandingLink | StandingRecord

# The tables of the states that a later event ended.
PAST: Mapping[type[Row], type[Model]] = {
    StandingClaim: PastClaim,
    StandingRecord: PastRecord,
    StandingLink: PastLink,
}
# The columns in which somebody's own words stand.
_FREE = ("name", "code")
# Ids are ordered as the database does, and in half the time.
NUMBER = attrgetter("int")
_NOUN_OF = {state: noun for noun, state in NOUNS.items()}


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


def row(state: f.State, *, version: int) -> tuple[type[Row], StandingColumns]:
    """The columns of a state, and the table that it stands in."""
    columns = _columns(state)
    columns["id"] = state.id
    columns["version"] = version
    return _table(state), columns


def copied(table: type[Model], given: Sequence[StandingColumns], known: Known) -> Rows:
    """Rows as COPY takes them. `known` are records in them that are written already."""
    name = table._meta.db_table  # noqa: SLF001 # Django's own way to ask for it
    columns = column_types(table)
    get = itemgetter(*columns)
    return Rows(name, columns, (get(_copied(one, known)) for one in given))


def _copied(row: StandingColumns, known: Known) -> StandingColumns:
    for name in _FREE:
        if row.get(name):
            row[name] = codec.plain(row[name])
    if "state" in row:
        row["state"] = Jsonb(texts(row["state"], known)[2], dumps=str)
    return row


def as_json(given: Sequence[StandingColumns], known: Known = NOTHING) -> str:
    """Rows as JSON; absent columns are null. `known` are records that are written already."""
    return f"[{','.join([_object(row, known) for row in given])}]"


def _object(row: StandingColumns, known: Known) -> str:
    members = [
        f'"{name}":{value_text(value, known)}' for name, value in row.items() if value is not None
    ]
    return f"{{{','.join(members)}}}"


def known_in(row: Row, state: f.State) -> dict[int, Texts]:
    """The claim of a row as it is written there, by its identity in the state that the row holds:
    what happens to a claim leaves most of them as they are."""
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


type Change = Pending | Sealed
# The events of streams, in their order.
type Touched = dict[UUID, list[Change]]
# A state with the version of its stream.
type Version = tuple[f.State, int]

# The tables are asked in this order for the row of a stream whose state's class is unknown.
TABLES: tuple[type[Row], ...] = (StandingClaim, StandingRecord, StandingLink)


def project(pending: Sequence[Change]) -> list[Statement]:
    """Give what brings the rows of the touched streams up to date.

    The order of the streams is the order of the row locks, so that writers cannot deadlock. Rows
    of new streams are inserted and no more: the database plans that in half the time.
    """
    begun, changed = _parted(pending)
    return [
        *(
            Statement(insert_sql(table), [as_json(given)])
            for table, given in _rows(_states(begun, {})).items()
        ),
        *disclosure.shown(disclosure.ordinary(begun)),
        *_upserts(changed),
    ]


def project_bulk(pending: Sequence[Sealed]) -> list[Statement | Rows]:
    """Give the same for many streams at once; what is written of them already is not again."""
    begun, changed = _parted(pending)
    known: dict[int, Texts] = {}
    for one in pending:
        known.update(one.written.known)
    return [
        *(copied(table, given, known) for table, given in _rows(_states(begun, {})).items()),
        disclosure.copied(disclosure.ordinary(begun)),
        *_upserts(changed),
    ]


def rows(pending: Sequence[Change]) -> dict[type[Model], str]:
    """Give the rows of the touched streams, standing and past, as JSON for each table that has
    any."""
    begun, changed = _parted(pending)
    before, _ = _held(changed)
    return {
        table: as_json(given) for table, given in _rows(_states(begun | changed, before)).items()
    }


def write(pending: Sequence[Change]) -> None:
    """Bring the rows up to date now, for events that are on record."""
    send(*project(pending))


def _parted(pending: Sequence[Change]) -> tuple[Touched, Touched]:
    """The events of each stream that begins, and of each of the others."""
    begun: Touched = {}
    changed: Touched = {}
    for one in pending:
        if one.version == 1:
            begun[one.stream] = [one]
        elif one.stream in begun:
            begun[one.stream].append(one)
        else:
            changed.setdefault(one.stream, []).append(one)
    return begun, changed


def _upserts(changed: Touched) -> list[Statement]:
    before, known = _held([stream for stream, some in changed.items() if some[0].version > 1])
    after = _states(changed, before)
    return [
        *_ended(changed, before),
        *(
            Statement(_write_sql(table), [as_json(given, known)])
            for table, given in _rows(after).items()
        ),
        *disclosure.withholding(
            changed, before, {key: versions[-1][0] for key, versions in after.items()}
        ),
    ]


def _write_sql(table: type[Model]) -> str:
    return upsert_sql(table, ("id",)) if table in PAST else insert_sql(table)


def _ended(changed: Touched, before: Mapping[UUID, f.State]) -> Iterator[Statement]:
    """Keep the states that end here. Of a stream whose words are withheld, delete them all: they
    are written again, without the words."""
    rewritten = {stream for stream, some in changed.items() if _withheld(some)}
    for table, past in PAST.items():
        streams = [key for key, state in before.items() if _table(state) is table]
        if kept := [one for one in streams if one not in rewritten]:
            yield Statement(_keep_sql(table), [id_array(kept)])
        if cleared := [one for one in streams if one in rewritten]:
            name = past._meta.db_table  # noqa: SLF001
            yield Statement(f"DELETE FROM {name} WHERE id = ANY(%s::uuid[])", [id_array(cleared)])  # noqa: S608


@cache
def _keep_sql(table: type[Row]) -> str:
    columns = ", ".join(column_types(table))
    past, standing = (one._meta.db_table for one in (PAST[table], table))  # noqa: SLF001
    return (
        f"INSERT INTO {past} ({columns}) SELECT {columns} FROM {standing}"  # noqa: S608
        " WHERE id = ANY(%s::uuid[])"
    )


def _states(touched: Touched, before: Mapping[UUID, f.State]) -> dict[UUID, list[Version]]:
    """The states of the touched streams, in the order of the streams. `before`: those of streams
    that do not begin here."""
    return {
        stream: _versions(stream, touched[stream], before.get(stream))
        for stream in sorted(touched, key=NUMBER)
    }


def _rows(after: Mapping[UUID, Sequence[Version]]) -> dict[type[Model], list[StandingColumns]]:
    """The rows of the streams by table: the last state of each stands, earlier ones are past."""
    found: dict[type[Model], list[StandingColumns]] = {
        table: [] for table in (*TABLES, *PAST.values())
    }
    for versions in after.values():
        for state, version in versions[:-1]:
            table, columns = row(state, version=version)
            found[PAST[table]].append(columns)
        state, version = versions[-1]
        table, columns = row(state, version=version)
        found[table].append(columns)
    return {table: given for table, given in found.items() if given}


def _versions(stream: UUID, pending: Sequence[Change], before: f.State | None) -> list[Version]:
    """The state after each of the events that are about to be appended; if they withhold words,
    after each event of the stream.

    The positions are known only later; states do not depend on them.
    """
    found: list[Version] = []
    if hidden := _withheld(pending):
        found = _without_words(stream, hidden, before=pending[0].version)
        before = found[-1][0] if found else None
    for one in pending:
        before = f.fold([f.Entry(stream, 0, one.event)], before)
        if before is None:
            raise f.OutOfOrder("there is nothing to write")
        found.append((before, one.version))
    return found


def _withheld(pending: Iterable[Change]) -> set[int]:
    """The positions whose words are withheld by some events."""
    return {one.event.position for one in pending if isinstance(one.event, TextWithheld)}


def _held(streams: Collection[UUID]) -> tuple[dict[UUID, f.State], dict[int, Texts]]:
    """The states as written last, their rows locked in the order of the streams; and how what is
    in them is written."""
    found: dict[UUID, f.State] = {}
    known: dict[int, Texts] = {}
    for table in TABLES:
        if wanted := [one for one in streams if one not in found]:
            held = table.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
            for one in held:
                found[one.pk] = state = load(one)
                known |= known_in(one, state)
    return found, known


def _without_words(stream: UUID, hidden: set[int], *, before: int) -> list[Version]:
    """The states before a version, as if the words at some positions had not been recorded.

    A rebuild finds the later versions in the log already.
    """
    found: list[Version] = []
    state: f.State | None = None
    for one in log.history([stream]):
        if one.version < before:
            event = (log.wordless(one) if one.position in hidden else one).decoded()
            state = f.fold([f.Entry(stream=stream, position=0, event=event)], state)
            if state is not None:
                found.append((state, one.version))
    return found
