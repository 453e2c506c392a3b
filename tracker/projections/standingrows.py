"""The rows in which states stand: a state as a row's columns, and a row as a state again."""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any

from psycopg.types.json import Jsonb

from tracker.domain import codec, dates
from tracker.domain import folding as f
from tracker.domain.writing import NOTHING, Known, Texts, texts, value_text
from tracker.log import Rows
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.queries.records.states import NOUNS, filed_under

type Columns = dict[str, Any]
type Row = StandingClaim | StandingLink | StandingRecord

# The types of their columns, as COPY has to know them.
COLUMNS: Mapping[type[Row], Mapping[str, str]] = {
    StandingClaim: {
        "id": "uuid",
        "version": "int4",
        "status": "text",
        "collection": "uuid",
        "kind": "text",
        "code": "text",
        "earliest": "date",
        "latest": "date",
        "actors": "uuid[]",
        "documents": "uuid[]",
        "sources": "uuid[]",
        "state": "jsonb",
    },
    StandingRecord: {
        "id": "uuid",
        "version": "int4",
        "noun": "text",
        "name": "text",
        "state": "jsonb",
    },
    StandingLink: {
        "id": "uuid",
        "version": "int4",
        "type": "text",
        "from_claim": "uuid",
        "to_claim": "uuid",
        "linked": "bool",
    },
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


def row(state: f.State, *, version: int) -> tuple[type[Row], Columns]:
    """The columns of a state, and the table that it stands in."""
    table, columns = _row(state)
    columns["id"] = state.id
    columns["version"] = version
    return table, columns


def copied(table: type[Row], given: Sequence[Columns], known: Known) -> Rows:
    """Rows as COPY takes them. `known` are records in them that are written already."""
    name = table._meta.db_table  # noqa: SLF001 # Django's own way to ask for it
    columns = COLUMNS[table]
    get = itemgetter(*columns)
    return Rows(name, columns, (get(_copied(one, known)) for one in given))


def _copied(row: Columns, known: Known) -> Columns:
    for name in _FREE:
        if row.get(name):
            row[name] = codec.plain(row[name])
    if "state" in row:
        row["state"] = Jsonb(texts(row["state"], known)[2], dumps=str)
    return row


def as_json(given: Sequence[Columns], known: Known = NOTHING) -> str:
    """Rows as JSON; absent columns are null. `known` are records that are written already."""
    return f"[{','.join([_object(row, known) for row in given])}]"


def _object(row: Columns, known: Known) -> str:
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


def _row(state: f.State) -> tuple[type[Row], Columns]:
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
                "name": filed_under(state),
                "state": state,
            }


def _claim_columns(state: f.ClaimState) -> Columns:
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
    bounds = dates.bounds(state.claim.occurred.edtf)
    return bounds.earliest, bounds.latest
