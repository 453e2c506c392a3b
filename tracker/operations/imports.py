"""Takes tables in: row by row, each id from the row's content, so that a second run adds nothing.

A row that is wrong is refused alone; a file or a mapping that is, before anything is written.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.claims import Claim
from tracker.importers import generic
from tracker.importers.drafts import DraftClaim
from tracker.importers.lines import BadCell, Refused
from tracker.importers.mapping import Mapping as TableMapping
from tracker.log import Draft, Pending, Recorded, Statement
from tracker.operations import ids, references
from tracker.operations.importclaims import claim_of
from tracker.operations.importnames import CannotImport, Records
from tracker.projections import standing

__all__ = ["OUTCOMES", "CannotImport", "Report", "Signed", "import_table"]

# Claims that travel in one transaction, so that others wait for the head some 50 ms.
CHUNK = 100
# So often can a rival that imports the same rows be first.
MOST_ATTEMPTS = 5
OUTCOMES = ("new", "known", "changed", "repeated", "refused")

# Called after each chunk: how many rows are done, and of how many.
type Progress = Callable[[int, int], None]
type Rows = Iterable[DraftClaim | Refused]


def _quietly(_done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a file's rows, by outcome; the counts sum to `rows`.

    `known` are on record as they stand in the file, `changed` are on record otherwise and stay so,
    `repeated` stand in the file more than once.
    """

    rows: int
    counts: Mapping[str, int]
    refused: Sequence[Refused]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """When and by whom a run writes."""

    at: datetime
    by: str


def import_table(
    data: bytes,
    mapping: TableMapping,
    *,
    name: str,
    signed: Signed | None,
    progress: Progress = _quietly,
) -> Report:
    """Put the claims of a table on record, and that the file was taken in.

    Unsigned, everything is looked up and checked, and nothing is written.

    :raises BadFile: :raises CannotImport: :raises Invalid: before anything is written.
    """
    rows = list(generic.read(data, mapping))
    run = _Run(mapping, rows, signed)
    record = e.ImportRecorded(
        name=name,
        format=generic.NAME,
        collection=run.records.collection,
        file_sha256=hashlib.sha256(data).hexdigest(),
        counts={},
    )
    validity.refuse(validity.event_problems(record))
    done = 0
    for chunk in batched(rows, CHUNK):
        run.take(chunk)
        done += len(chunk)
        progress(done, len(rows))
    counts = {outcome: run.counts[outcome] for outcome in OUTCOMES}
    if counts["new"] and signed:
        record = replace(record, counts={"rows": len(rows)} | counts)
        draft = Draft(stream=ids.new_id(signed.at), event=record, expected=0)
        log.append([draft], at=signed.at, by=signed.by, project=standing.project)
    return Report(rows=len(rows), counts=counts, refused=run.refused)


class _Run:
    """One run over a table: what became of its rows so far."""

    def __init__(self, mapping: TableMapping, rows: Rows, signed: Signed | None) -> None:
        self.counts: Counter[str] = Counter()
        self.refused: list[Refused] = []
        self._mapping = mapping
        self._signed = signed
        self.records = Records(mapping, [row for row in rows if isinstance(row, DraftClaim)])
        self._lines: dict[UUID, tuple[int, Claim]] = {}

    def take(self, rows: Rows) -> None:
        """Put the claims of some rows on record, in one transaction."""
        claims: dict[UUID, Claim] = {}
        for row in rows:
            if isinstance(row, Refused):
                self._refuse(row)
                continue
            try:
                claims |= self._new(row)
            except BadCell as problem:
                self._refuse(problem.on(row.line))
        self._settle(claims)

    def _new(self, draft: DraftClaim) -> dict[UUID, Claim]:
        """The claim of a row by its id; nothing where an earlier row is the same.

        :raises BadCell: where it is wrong, or contradicts an earlier row that is named alike.
        """
        claim = claim_of(draft, self.records)
        claim_id = ids.content_id(self._mapping.collection.name, draft.key)
        line, earlier = self._lines.setdefault(claim_id, (draft.line, claim))
        if line == draft.line:
            return {claim_id: claim}
        if earlier != claim:
            column = self._mapping.key[0]
            reason = f"names the row on line {line} already, which says something else"
            raise BadCell(column, draft.cells[column], reason)
        self.counts["repeated"] += 1
        return {}

    def _refuse(self, refused: Refused) -> None:
        self.counts["refused"] += 1
        self.refused.append(refused)

    def _settle(self, claims: dict[UUID, Claim]) -> None:
        """Write what is new. Who is overtaken by a rival looks again what is left."""
        attempts = 0
        while True:
            before = _asserted(claims)
            new = {one: claim for one, claim in claims.items() if one not in before}
            try:
                self._append(new)
                break
            except log.VersionConflict:
                attempts += 1
                if attempts == MOST_ATTEMPTS:
                    raise
                self.records.look_again()
        same = sum(_says(one, claims[stream]) for stream, one in before.items())
        self.counts += Counter(new=len(new), known=same, changed=len(before) - same)

    def _append(self, claims: Mapping[UUID, Claim]) -> None:
        """Append claims, and before them what they refer to that is not on record yet."""
        made = dict.fromkeys(one for claim in claims.values() for one in self.records.needed(claim))
        drafts = [
            Draft(stream=stream, event=event, expected=version)
            for stream in made
            for version, event in enumerate(self.records.planned[stream])
        ]
        for stream, claim in claims.items():
            drafts.append(Draft(stream=stream, event=e.ClaimAsserted(claim=claim), expected=0))
        if not self._signed:
            return
        referred = [one for claim in claims.values() for one in references.of_claim(claim)]

        def project(pending: Sequence[Pending]) -> list[Statement]:
            return [*standing.project(pending), *references.required(referred)]

        with references.named(referred):
            log.append(drafts, at=self._signed.at, by=self._signed.by, project=project)
        self.records.written(made)


def _asserted(claims: Iterable[UUID]) -> dict[UUID, Recorded]:
    """The first event of each claim that is on record."""
    return {one.stream: one for one in log.history(claims) if one.version == 1}


def _says(first: Recorded, claim: Claim) -> bool:
    """Whether a claim was asserted as it stands in the file; words that are withheld since are not
    compared."""
    _, _, body, words = e.encode(e.ClaimAsserted(claim=claim))
    return first.body == body and (first.withheld or (first.words or {}) == words)
