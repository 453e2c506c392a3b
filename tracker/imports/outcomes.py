"""What becomes of each row: whether its claim is new, on record, told already, or none at all."""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, Self
from uuid import UUID

from django.db import DatabaseError, Error, connection, transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.imports.documents import Sourced
from tracker.imports.formats.base import BadCell, Refused
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.records import Records
from tracker.imports.rows import Row, row_of
from tracker.log import First
from tracker.log.messages import id_array

_TABLE = "CREATE TEMP TABLE {} (stream uuid PRIMARY KEY, line bigint, content bigint)"
# Of rows of one claim the first stays.
_ADD = (
    "INSERT INTO {} SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[])"
    " ON CONFLICT DO NOTHING RETURNING line"
)
_EARLIER = "SELECT stream, line, content FROM {} WHERE stream = ANY(%s::uuid[])"
# The table is worth more memory than PostgreSQL gives one by itself.
_MEMORY = "SELECT set_config('temp_buffers', '64MB', false)"


class KnownRow(NamedTuple):
    """A row: the stream of its claim, its line, and a digest of what it says, 64 bits."""

    stream: UUID
    line: int
    content: int


class KnownRows:
    """The rows of one file so far, in a table of the session's own."""

    def __init__(self) -> None:
        self._table = f"import_seen_{secrets.token_hex(8)}"

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            # It can be set before a session's first table of this kind, and is then.
            with suppress(DatabaseError), transaction.atomic():
                cursor.execute(_MEMORY)
            cursor.execute(_TABLE.format(self._table))
        return self

    def __exit__(self, *_: object) -> None:
        # Where the connection is gone, so is the table.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {self._table}")

    def look(self, rows: Sequence[KnownRow]) -> dict[int, KnownRow]:
        """Take note of rows; give by line what an earlier row of the same claim was, if there was
        one.

        A row that was looked at before is no earlier one.
        """
        if not rows:
            return {}
        numbers = (_array(row.line for row in rows), _array(row.content for row in rows))
        with connection.cursor() as cursor:
            given = [id_array(row.stream for row in rows), *numbers]
            cursor.execute(_ADD.format(self._table), given)
            first = {row[0] for row in cursor.fetchall()}
            if len(first) == len(rows):
                return {}
            others = [row for row in rows if row.line not in first]
            cursor.execute(_EARLIER.format(self._table), [id_array(row.stream for row in others)])
            held = {row[0]: KnownRow(*row) for row in cursor.fetchall()}
        earlier = ((row.line, held[row.stream]) for row in others)
        return {line: one for line, one in earlier if one.line != line}


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


ELSEWHERE = "is the id of something else on record"

# Which of some positions this import itself wrote, before it was cut short.
type Own = Callable[[Collection[int]], Collection[int]]


class Past(NamedTuple):
    """All that a claim on record ever said, as it stands now, and its version."""

    said: Sequence[Claim]
    state: f.ClaimState
    version: int


class RowOutcome(NamedTuple):
    """What becomes of a row. `fresh`: its claim is to be asserted; `report`: its document may be
    cited for a claim that is told already; `past`: of a claim on record otherwise. `flag`: what a
    person should decide of it, and `told` why."""

    outcome: str
    row: Row | None = None
    refused: Refused | None = None
    fresh: bool = False
    report: bool = False
    past: Past | None = None
    flag: str = ""
    told: Refused | None = None


def judge(
    rows: Sequence[DraftClaim | Refused], records: Records, seen: KnownRows, own: Own
) -> list[RowOutcome]:
    """Say what becomes of rows, in their order. Nothing is written."""
    cited = iter(records.look_up([one for one in rows if isinstance(one, DraftClaim)]))
    read = [one if isinstance(one, Refused) else _row(one, next(cited), records) for one in rows]
    good = [one for one in read if isinstance(one, Row)]
    earlier = seen.look([_sight(one) for one in good])
    leading = [one for one in good if one.draft.line not in earlier]
    firsts = {one.stream: one for one in log.firsts([one.id for one in leading])}
    mine = own({one.position for one in firsts.values()}) if firsts else set[int]()
    # By line: ids take longer to look up.
    found = {
        one.draft.line: _leading(one, firsts.get(one.id) if firsts else None, mine)
        for one in leading
    }
    pasts = _pasts([one.id for one in leading if found[one.draft.line] is None])
    return [
        RowOutcome("refused", refused=one)
        if isinstance(one, Refused)
        else _repeat(one, earlier[one.draft.line])
        if one.draft.line in earlier
        else found[one.draft.line] or _otherwise(one, pasts[one.id])
        for one in read
    ]


def _row(draft: DraftClaim, cited: list[Sourced] | BadCell, records: Records) -> Row | Refused:
    try:
        return row_of(draft, cited, records)
    except BadCell as problem:
        return problem.on(draft.line)


def _sight(row: Row) -> KnownRow:
    """Rows that tell one event in several ways are not compared."""
    if row.draft.retold:
        return KnownRow(row.id, row.draft.line, 0)
    said = f"{row.written.body}\0{row.written.words}".encode()
    digest = hashlib.blake2b(said, digest_size=8).digest()
    return KnownRow(row.id, row.draft.line, int.from_bytes(digest, signed=True))


def _repeat(row: Row, before: KnownRow) -> RowOutcome:
    draft = row.draft
    if draft.retold:
        return RowOutcome("repeated", row, report=True)
    if before.content == _sight(row).content:
        return RowOutcome("repeated", row)
    column = draft.columns.get("/key", "")
    reason = f"names the row on line {before.line} already, which says something else"
    refused = BadCell(column, draft.cells.get(column, ""), reason).on(draft.line)
    return RowOutcome("refused", refused=refused)


def _leading(row: Row, first: First | None, mine: Collection[int]) -> RowOutcome | None:
    """The fate of a row that is the first of its claim in the file; None where the claim was
    asserted otherwise."""
    draft = row.draft
    if first is None:
        return RowOutcome("new", row, fresh=True)
    if first.kind != "ClaimAsserted":
        return RowOutcome("refused", refused=BadCell("id", str(draft.id), ELSEWHERE).on(draft.line))
    if _is_so(row, first):
        return RowOutcome("new" if first.position in mine else "known", row)
    if draft.retold and _key(first) != row.claim.key:
        return RowOutcome("repeated", row, report=True)
    return None


def _otherwise(row: Row, past: Past) -> RowOutcome:
    """The fate of a row whose claim was asserted otherwise: it may have been corrected since."""
    if any(_covers(one, row.claim) for one in past.said):
        return RowOutcome("known", row)
    return RowOutcome("changed", row, past=past)


def _is_so(row: Row, first: First) -> bool:
    """Whether the claim was asserted as the row has it; words that are withheld since are not
    compared."""
    same = first.withheld or (first.words or "") == row.written.words
    return same and first.body == row.written.body


def _key(first: First) -> str | None:
    """What names the row that a claim came from."""
    key: str | None = json.loads(first.body)["claim"].get("key")
    return key


def _pasts(claims: Collection[UUID]) -> dict[UUID, Past]:
    """All that some claims on record ever said."""
    found: dict[UUID, Past] = {}
    for one in log.history(claims) if claims else ():
        event, before = one.decoded(), found.get(one.stream)
        state = f.fold([one.entry()], before.state if before else None)
        assert isinstance(state, f.ClaimState)  # noqa: S101 # its first event asserts a claim
        said = [event.claim] if isinstance(event, e.ClaimAsserted | e.ClaimCorrected) else []
        found[one.stream] = Past([*(before.said if before else ()), *said], state, one.version)
    return {key: past._replace(said=[*past.said, past.state.claim]) for key, past in found.items()}


def _covers(said: Claim, claim: Claim) -> bool:
    """Whether a claim says all that a row says; it may have more citations."""
    bare = replace(claim, citations=said.citations)
    return bare == said and all(one in said.citations for one in claim.citations)
