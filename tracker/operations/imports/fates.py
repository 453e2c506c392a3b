"""What becomes of each row: whether its claim is new, on record, told already, or none at all."""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.importers.drafts import DraftClaim
from tracker.importers.lines import BadCell, Refused
from tracker.log import First
from tracker.operations.imports.claims import Row, row_of
from tracker.operations.imports.documents import Sourced
from tracker.operations.imports.names import Records
from tracker.operations.imports.seen import Seen, Sight

ELSEWHERE = "is the id of something else on record"

# Which of some positions this import itself wrote, before it was cut short.
type Own = Callable[[Collection[int]], Collection[int]]


class Past(NamedTuple):
    """All that a claim on record ever said, as it stands now, and its version."""

    said: Sequence[Claim]
    state: f.ClaimState
    version: int


class Fate(NamedTuple):
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
    rows: Sequence[DraftClaim | Refused], records: Records, seen: Seen, own: Own
) -> list[Fate]:
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
        Fate("refused", refused=one)
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


def _sight(row: Row) -> Sight:
    """Rows that tell one event in several ways are not compared."""
    if row.draft.retold:
        return Sight(row.id, row.draft.line, 0)
    said = f"{row.written.body}\0{row.written.words}".encode()
    digest = hashlib.blake2b(said, digest_size=8).digest()
    return Sight(row.id, row.draft.line, int.from_bytes(digest, signed=True))


def _repeat(row: Row, before: Sight) -> Fate:
    draft = row.draft
    if draft.retold:
        return Fate("repeated", row, report=True)
    if before.content == _sight(row).content:
        return Fate("repeated", row)
    column = draft.columns.get("/key", "")
    reason = f"names the row on line {before.line} already, which says something else"
    refused = BadCell(column, draft.cells.get(column, ""), reason).on(draft.line)
    return Fate("refused", refused=refused)


def _leading(row: Row, first: First | None, mine: Collection[int]) -> Fate | None:
    """The fate of a row that is the first of its claim in the file; None where the claim was
    asserted otherwise."""
    draft = row.draft
    if first is None:
        return Fate("new", row, fresh=True)
    if first.kind != "ClaimAsserted":
        return Fate("refused", refused=BadCell("id", str(draft.id), ELSEWHERE).on(draft.line))
    if _is_so(row, first):
        return Fate("new" if first.position in mine else "known", row)
    if draft.retold and _key(first) != row.claim.key:
        return Fate("repeated", row, report=True)
    return None


def _otherwise(row: Row, past: Past) -> Fate:
    """The fate of a row whose claim was asserted otherwise: it may have been corrected since."""
    if any(_covers(one, row.claim) for one in past.said):
        return Fate("known", row)
    return Fate("changed", row, past=past)


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
