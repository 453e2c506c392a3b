"""Works on a batch of claims that is too large to be waited for: chunk by chunk, or all in one."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from tracker import log
from tracker.domain import attribution
from tracker.domain.attribution import Entered
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Problem, certain
from tracker.imports.formats import rejected
from tracker.imports.formats.base import Refused
from tracker.imports.jobs.leases import Keeper, Lease
from tracker.models.jobs import BatchRow
from tracker.operations import batches, entries
from tracker.operations.ids import statement_id
from tracker.queries.evidence.preview import Foreseen

CHUNK = 500


@dataclass(slots=True)
class _Row:
    """A row with what it is read as, or what is wrong with it."""

    kept: BatchRow
    claim: Entered | None = None
    problems: list[Problem] = field(default_factory=list)


def work(lease: Lease, keeper: Keeper) -> dict[str, int]:
    """Put the claims of a batch on record, and give how many rows became what.

    A row that is on record already, from a worker that died, is left as it is. If the keeper says
    so, it leaves after a chunk; an atomic batch before anything is written.
    """
    rows = _read(BatchRow.objects.filter(job=lease.id).order_by("place"), keeper)
    atomic, dry = lease.options["mode"] == "atomic", lease.options["dry_run"]
    held = atomic and any(row.problems for row in rows)
    for chunk in batched(rows, CHUNK):
        keeper.beat()
        if keeper.left:
            break
        _chunk(chunk, lease, keeper, held=held, writes=not (atomic or dry))
    if atomic and not (held or dry or keeper.left):
        _assert({row.kept.claim: row.claim for row in rows if row.claim}, lease, keeper)
        _recorded_now(rows)
    done = BatchRow.objects.filter(job=lease.id).exclude(status="waiting")
    return dict(Counter(done.values_list("status", flat=True)))


def _chunk(
    chunk: Sequence[_Row], lease: Lease, keeper: Keeper, *, held: bool, writes: bool
) -> None:
    claims = {row.kept.claim: row.claim for row in chunk if row.claim}
    before = _recorded(claims)
    ahead = entries.preview_claims(
        {key: one for key, one in claims.items() if key not in before},
        today=keeper.now().date(),
        reader=Reader.DESK,
    )
    if writes:
        _assert(claims, lease, keeper)
    recorded = _recorded(claims)
    for row in chunk:
        right = "held" if held else "valid"
        position = recorded.get(row.kept.claim)
        row.kept.status = "recorded" if position else right if row.claim else "refused"
        row.kept.position = position
        if row.kept.claim not in before:
            row.kept.told = _told(row, ahead.drafts)
    BatchRow.objects.bulk_update([row.kept for row in chunk], ["status", "position", "told"])


def _recorded_now(rows: Sequence[_Row]) -> None:
    positions = _recorded(row.kept.claim for row in rows)
    for row in rows:
        row.kept.status, row.kept.position = "recorded", positions[row.kept.claim]
    BatchRow.objects.bulk_update([row.kept for row in rows], ["status", "position"], CHUNK)


def _read(kept: Iterable[BatchRow], keeper: Keeper) -> list[_Row]:
    rows = []
    for chunk in batched(kept, CHUNK):
        keeper.beat()
        some = [attribution.read(json.loads(one.sent)) for one in chunk]
        found = batches.problems(claim for claim, _ in some)
        for one, (claim, wrong), more in zip(chunk, some, found, strict=True):
            problems = [*wrong, *certain(more, [each.pointer for each in wrong])]
            rows.append(_Row(one, claim=None if problems else claim, problems=problems))
    return rows


def _assert(claims: Mapping[UUID, Entered], lease: Lease, keeper: Keeper) -> None:
    before = _recorded(claims)
    new = {key: one for key, one in claims.items() if key not in before}
    batches.assert_claims(new, at=keeper.now(), by=lease.by)


def _recorded(claims: Iterable[UUID]) -> dict[UUID, int]:
    """The positions of those that are on record."""
    return {one.stream: one.position for one in log.firsts(claims)}


def _told(row: _Row, foreseen: Mapping[UUID, Foreseen]) -> dict[str, Any]:
    """What else there is to say of a row, as JSON."""
    ahead = foreseen.get(row.kept.claim)
    statement = foreseen.get(statement_id(row.kept.claim))
    said = {"statement": {"effects": list(_effects(statement))}} if statement else {}
    problems = [
        {"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in row.problems
    ]
    return {
        "errors": problems,
        "duplicates": list(_duplicates(ahead)) if ahead else [],
        "effects": list(_effects(ahead)) if ahead else [],
        **said,
    }


def _duplicates(ahead: Foreseen) -> Iterator[dict[str, Any]]:
    for one in ahead.duplicates:
        said = {"title": one.title, "reason": one.reason, "likeness": one.likeness.share}
        yield {"claim": str(one.claim), **said}


def _effects(ahead: Foreseen) -> Iterator[dict[str, Any]]:
    for one in ahead.effects:
        moved = [
            {
                "initiator": impact.initiator,
                "recipient": impact.recipient,
                "first": str(impact.first),
                "last": str(impact.last),
                "value": impact.value,
                "weight": impact.weight,
            }
            for impact in one.evaluation.impacts
        ]
        found = {"p": one.evaluation.p, "silent_because": one.evaluation.silent_because}
        yield {"lenses": list(one.lenses), "evaluation": found | {"impacts": moved}}


# A file that is wrong in each of a hundred million rows says it in these.
MOST_ROWS = 100_000


class SpooledRejects:
    """Refused rows as they come, up to a bound. A spool that cannot be written stops no import:
    `says` tells."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        # Why, by line.
        self.reasons: dict[int, str] = {}
        self.says = ""
        self._path = path
        self._file: IO[str] | None = None
        self._csv: Any = None

    def add(self, refused: Refused) -> None:
        """Write one more."""
        if self.rows >= MOST_ROWS or self.says:
            return
        try:
            if self._file is None:
                self._begin()
            self._csv.writerow(rejected.row(refused))
        except OSError as problem:
            self.says = f"the refused rows could not be written: {problem.strerror}"
        else:
            self.rows += 1
            says = f"{refused.column}: {refused.reason}".removeprefix(": ")
            self.reasons[refused.line] = says

    def keep(self, path: Path) -> int:
        """Put what was written where it is read, and give the number of rows."""
        if self._closed() and not self.says:
            self._path.rename(path)
            return self.rows
        self._path.unlink(missing_ok=True)
        return 0

    def drop(self) -> None:
        """Delete what was written."""
        self._closed()
        self._path.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._file = self._path.open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file, lineterminator="\n")
        self._csv.writerow(rejected.COLUMNS)

    def _closed(self) -> bool:
        """Close the file, if there is one."""
        if self._file is None:
            return False
        try:
            self._file.close()
        except OSError as problem:
            self.says = f"the refused rows could not be written: {problem.strerror}"
        return True
