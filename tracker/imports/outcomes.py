"""The outcome of each row of a file: its claim is new, known, changed, repeated or refused."""

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol, Self
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.imports.documents import Sourced
from tracker.imports.formats.base import BadCell, InvalidRow
from tracker.imports.formats.drafts import DraftClaim, PlainDraft
from tracker.imports.plain_rows import PlainRow
from tracker.imports.records import ImportedRecords
from tracker.imports.rows import ImportRow, row_of
from tracker.log import Recorded

# Only the first row of a claim is kept.
_SCHEMA = (
    "PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -16000;"
    " CREATE TABLE seen (stream BLOB PRIMARY KEY, line INTEGER, content INTEGER) WITHOUT ROWID"
)
_ADD = "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)"
_EARLIER = "SELECT line, content FROM seen WHERE stream = ?"


class KnownRow(NamedTuple):
    """A row: the stream of its claim, its line, and a digest of its content, 64 bits."""

    stream: UUID
    line: int
    content: int


class RowsOfFile:
    """The rows of a file so far, in a temporary database of SQLite beside PostgreSQL: a temporary
    table there would need a connection of its own for as long as the import runs. What does not
    fit into memory is written to a temporary file without a name."""

    def __enter__(self) -> Self:
        self._seen = sqlite3.connect("", check_same_thread=False)
        self._seen.executescript(_SCHEMA)
        return self

    def __exit__(self, *_: object) -> None:
        self._seen.close()

    def add(self, rows: Sequence[KnownRow]) -> dict[int, KnownRow]:
        """Add rows. Returns, by line, the first row of the same claim on another line.

        A row may be added twice.
        """
        added = self._seen.executemany(
            _ADD, [(row.stream.bytes, row.line, row.content) for row in rows]
        ).rowcount
        self._seen.commit()
        if added == len(rows):
            return {}
        firsts = ((row, self._first(row.stream)) for row in rows)
        return {row.line: first for row, first in firsts if first.line != row.line}

    def _first(self, stream: UUID) -> KnownRow:
        return KnownRow(stream, *self._seen.execute(_EARLIER, [stream.bytes]).fetchone())


ID_IN_USE = "is the id of something else on record"


class OwnPositions(Protocol):
    """The positions that an import wrote itself."""

    def earlier(self, positions: Collection[int], /) -> Collection[int]:
        """Those of the positions that it wrote, also before it was interrupted."""

    def wrote(self, position: int, /) -> bool:
        """Whether it wrote a position since it began to read the file."""


class ClaimVersions(NamedTuple):
    """All versions of a claim on record, its current state, and its version number."""

    claims: Sequence[Claim]
    state: f.ClaimState
    version: int


class RowOutcome(NamedTuple):
    """The outcome of a row. `fresh`: its claim will be asserted; `report`: its document may be
    cited for a claim that was reported before; `past`: the versions of a claim that is on record
    with other content. `flag`: what needs a decision, and `flag_reason` why."""

    outcome: str
    row: ImportRow | PlainRow | None = None
    refused: InvalidRow | None = None
    fresh: bool = False
    report: bool = False
    past: ClaimVersions | None = None
    flag: str = ""
    flag_reason: InvalidRow | None = None


type Valid = ImportRow | PlainRow


def classify(
    rows: Sequence[PlainRow | DraftClaim | InvalidRow],
    records: ImportedRecords,
    known: RowsOfFile,
    own: OwnPositions,
) -> list[RowOutcome]:
    """The outcomes of rows, in their order. Nothing is written."""
    results = _resolved(rows, records)
    valid = [row for row in results if not isinstance(row, InvalidRow)]
    outcomes = _outcomes(valid, records, known, own)
    return [
        RowOutcome("refused", refused=row)
        if isinstance(row, InvalidRow)
        else outcomes[row.draft.line]
        for row in results
    ]


def _resolved(
    rows: Sequence[PlainRow | DraftClaim | InvalidRow], records: ImportedRecords
) -> list[Valid | InvalidRow]:
    """The rows with their ids."""
    drafts = [row for row in rows if isinstance(row, DraftClaim)]
    faulty = [row.draft for row in rows if isinstance(row, InvalidRow) and row.draft]
    # A document is described by the first valid row that cites it.
    looked_up = records.look_up([*drafts, *faulty])
    cited, cited_by_faulty = iter(looked_up[: len(drafts)]), iter(looked_up[len(drafts) :])
    return [
        row
        if isinstance(row, PlainRow)
        else _row(row, cited_by_faulty if isinstance(row, InvalidRow) else cited, records)
        for row in rows
    ]


def _outcomes(
    rows: Sequence[Valid], records: ImportedRecords, known: RowsOfFile, own: OwnPositions
) -> dict[int, RowOutcome]:
    """The outcomes of rows by line."""
    # The claims of nearly all rows are new, and that is found without reading events.
    recorded = log.existing({row.id for row in rows})
    firsts = {first.stream: first for first in log.firsts(recorded)} if recorded else {}
    erased = {first.stream for first in firsts.values() if first.erased}
    # What was erased is not imported again.
    outcomes = {row.draft.line: RowOutcome("known", row) for row in rows if row.id in erased}
    rows = [row for row in rows if row.id not in erased]
    outcomes |= _of_new_plain_claims(rows, firsts)
    rows = [row for row in rows if row.draft.line not in outcomes]
    earlier = known.add([_known_row(row) for row in rows])
    positions = {first.position for first in firsts.values() if not own.wrote(first.position)}
    own_positions = own.earlier(positions) if positions else ()
    changed = []
    for row in rows:
        first = firsts.get(row.id)
        outcome: RowOutcome | None
        if row.draft.line in earlier:
            outcome = _repeated_outcome(row, earlier[row.draft.line])
        elif first and own.wrote(first.position):
            # An earlier row of the file was plain and has asserted the claim.
            outcome = _reported(row)
        else:
            outcome = _first_outcome(row, first, own_positions)
        if outcome:
            outcomes[row.draft.line] = outcome
        else:
            changed.append(row)
    return outcomes | _changed_outcomes(changed, records)


def _of_new_plain_claims(
    rows: Sequence[Valid], firsts: Mapping[UUID, Recorded]
) -> dict[int, RowOutcome]:
    """The outcomes of plain rows with new claims, and of further rows of these claims, by line.
    They are not noted as rows of the file, since the log has their claims from then on."""
    outcomes = {}
    begun: set[UUID] = set()
    asserted: set[UUID] = set()
    for row in rows:
        if row.id in asserted:
            outcomes[row.draft.line] = _reported(row)
        elif isinstance(row, PlainRow) and row.id not in firsts and row.id not in begun:
            outcomes[row.draft.line] = RowOutcome("new", row, fresh=True)
            asserted.add(row.id)
        begun.add(row.id)
    return outcomes


def _reported(row: Valid) -> RowOutcome:
    """The outcome of a row that reports a claim again."""
    return RowOutcome("repeated", row, report=True)


def _row(
    row: DraftClaim | InvalidRow,
    cited: Iterator[list[Sourced] | BadCell],
    records: ImportedRecords,
) -> ImportRow | InvalidRow:
    """A row with its ids, or with all its faults. `cited` are the citations of the next draft."""
    if isinstance(row, DraftClaim):
        return row_of(row, next(cited), records)
    return row_of(row.draft, next(cited), records, refused=row) if row.draft else row


def _known_row(row: Valid) -> KnownRow:
    """A row with its digest. Rows that report one event in several ways are not compared."""
    if row.draft.repeatable:
        return KnownRow(row.id, row.draft.line, 0)
    content = f"{row.written.body}\0{row.written.words}".encode()
    digest = hashlib.blake2b(content, digest_size=8).digest()
    return KnownRow(row.id, row.draft.line, int.from_bytes(digest, signed=True))


def _repeated_outcome(row: Valid, first: KnownRow) -> RowOutcome:
    draft = row.draft
    if isinstance(draft, PlainDraft) or draft.repeatable:
        return _reported(row)
    if first.content == _known_row(row).content:
        return RowOutcome("repeated", row)
    column = draft.columns.get("/key", "")
    reason = f"names the row on line {first.line} already, which says something else"
    refused = BadCell(column, draft.cells.get(column, ""), reason).at_line(draft.line)
    return RowOutcome("refused", refused=refused)


def _first_outcome(
    row: Valid, first: Recorded | None, own_positions: Collection[int]
) -> RowOutcome | None:
    """The outcome of the first row of a claim in the file; None where the claim on record has other
    content."""
    if first is None:
        return RowOutcome("new", row, fresh=True)
    if first.kind != "ClaimAsserted":
        refused = BadCell("id", str(row.id), ID_IN_USE).at_line(row.draft.line)
        return RowOutcome("refused", refused=refused)
    if _is_unchanged(row, first):
        return RowOutcome("new" if first.position in own_positions else "known", row)
    if row.draft.repeatable and _key(first) != row.row_key:
        return _reported(row)
    return None


def _changed_outcomes(rows: Sequence[Valid], records: ImportedRecords) -> dict[int, RowOutcome]:
    """The outcomes of rows whose claims were asserted with other content, by line."""
    versions = _versions_on_record([row.id for row in rows])
    outcomes = {}
    for row in rows:
        imported = _as_import_row(row, records) if isinstance(row, PlainRow) else row
        outcomes[row.draft.line] = _changed_outcome(imported, versions[row.id])
    return outcomes


def _as_import_row(row: PlainRow, records: ImportedRecords) -> ImportRow:
    """A plain row as any other."""
    [cited] = records.look_up([draft := row.draft.claim()])
    imported = row_of(draft, cited, records)
    assert isinstance(imported, ImportRow)  # noqa: S101 # nothing about a plain row is wrong
    return imported


def _changed_outcome(row: ImportRow, past: ClaimVersions) -> RowOutcome:
    """The outcome of a row whose claim was asserted with other content: known if the claim was
    corrected to it, otherwise changed."""
    if any(_includes(version, row.claim) for version in past.claims):
        return RowOutcome("known", row)
    return RowOutcome("changed", row, past=past)


def _is_unchanged(row: Valid, first: Recorded) -> bool:
    """Whether the claim was asserted with the content of the row; withheld words are not
    compared."""
    written = row.written
    same_words = first.withheld or (first.words or "") == written.words
    return same_words and first.body == written.body


def _key(first: Recorded) -> str | None:
    """The key of the row that a claim came from."""
    key: str | None = first.content["claim"].get("key")
    return key


def _versions_on_record(ids: Collection[UUID]) -> dict[UUID, ClaimVersions]:
    """All versions of some claims on record."""
    versions: dict[UUID, ClaimVersions] = {}
    for recorded in log.history(ids) if ids else ():
        event, earlier = recorded.decoded(), versions.get(recorded.stream)
        state = f.fold([recorded.entry()], earlier.state if earlier else None)
        assert isinstance(state, f.ClaimState)  # noqa: S101 # its first event asserts a claim
        added = [event.claim] if isinstance(event, e.ClaimAsserted | e.ClaimCorrected) else []
        claims = [*(earlier.claims if earlier else ()), *added]
        versions[recorded.stream] = ClaimVersions(claims, state, recorded.version)
    return {
        key: past._replace(claims=[*past.claims, past.state.claim])
        for key, past in versions.items()
    }


def _includes(version: Claim, claim: Claim) -> bool:
    """Whether a version of a claim has the content of a row; it may have more citations."""
    same_fields = replace(claim, citations=version.citations) == version
    return same_fields and all(citation in version.citations for citation in claim.citations)
