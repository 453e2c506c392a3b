"""Records a large batch of claims, chunk by chunk or all at once."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain.attribution import Submission, statement_id
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Problem, certain
from tracker.imports.jobs.leases import Lease, LeaseKeeper
from tracker.models.jobs import BatchRow
from tracker.operations import batches, entries
from tracker.queries.evidence.preview import DraftPreview

CHUNK = 500


@dataclass(slots=True)
class _Entry:
    """A row of a batch with its claim, or its problems."""

    stored: BatchRow
    claim: Submission | None = None
    problems: list[Problem] = field(default_factory=list)


def run_batch(lease: Lease, keeper: LeaseKeeper) -> dict[str, int]:
    """Record the claims of a batch. Returns the number of rows by status.

    Rows that an interrupted worker recorded are left unchanged. When the worker must stop, it stops
    after a chunk; an atomic batch stops before anything is written.
    """
    rows = _load(BatchRow.objects.filter(job=lease.id).order_by("place"), keeper)
    atomic, dry_run = lease.options["mode"] == "atomic", lease.options["dry_run"]
    is_held = atomic and any(row.problems for row in rows)
    for chunk in batched(rows, CHUNK):
        keeper.beat()
        if keeper.stop_reason:
            break
        _chunk(chunk, lease, keeper, held=is_held, writes=not (atomic or dry_run))
    if atomic and not (is_held or dry_run or keeper.stop_reason):
        _assert({row.stored.claim: row.claim for row in rows if row.claim}, lease, keeper)
        _save_positions(rows)
    done = BatchRow.objects.filter(job=lease.id).exclude(status="waiting")
    return dict(Counter(done.values_list("status", flat=True)))


def _chunk(
    chunk: Sequence[_Entry], lease: Lease, keeper: LeaseKeeper, *, held: bool, writes: bool
) -> None:
    claims = {row.stored.claim: row.claim for row in chunk if row.claim}
    recorded_before = _positions(claims)
    new = {key: submission for key, submission in claims.items() if key not in recorded_before}
    previews = entries.preview_claims(new, today=keeper.now().date(), reader=Reader.DESK)
    if writes:
        _assert(claims, lease, keeper)
    recorded = _positions(claims)
    for row in chunk:
        valid_status = "held" if held else "valid"
        position = recorded.get(row.stored.claim)
        row.stored.status = "recorded" if position else valid_status if row.claim else "refused"
        row.stored.position = position
        if row.stored.claim not in recorded_before:
            row.stored.told = _details(row, previews.drafts)
    BatchRow.objects.bulk_update([row.stored for row in chunk], ["status", "position", "told"])


def _save_positions(rows: Sequence[_Entry]) -> None:
    positions = _positions(row.stored.claim for row in rows)
    for row in rows:
        row.stored.status, row.stored.position = "recorded", positions[row.stored.claim]
    BatchRow.objects.bulk_update([row.stored for row in rows], ["status", "position"], CHUNK)


def _load(stored: Iterable[BatchRow], keeper: LeaseKeeper) -> list[_Entry]:
    rows = []
    for chunk in batched(stored, CHUNK):
        keeper.beat()
        some = batches.read(json.loads(row.sent) for row in chunk)
        problems_of = batches.problems((claim for claim, _ in some), at=keeper.now())
        for row, (claim, wrong), more in zip(chunk, some, problems_of, strict=True):
            problems = [*wrong, *certain(more, [each.pointer for each in wrong])]
            rows.append(_Entry(row, claim=None if problems else claim, problems=problems))
    return rows


def _assert(claims: Mapping[UUID, Submission], lease: Lease, keeper: LeaseKeeper) -> None:
    before = _positions(claims)
    new = {key: submission for key, submission in claims.items() if key not in before}
    batches.assert_claims(new, at=keeper.now(), by=lease.by)


def _positions(claims: Iterable[UUID]) -> dict[UUID, int]:
    """The positions of the claims that are on record."""
    return {first.stream: first.position for first in log.firsts(claims)}


def _details(row: _Entry, foreseen: Mapping[UUID, DraftPreview]) -> dict[str, Any]:
    """The problems, duplicates and effects of a row, as JSON."""
    preview = foreseen.get(row.stored.claim)
    statement = foreseen.get(statement_id(row.stored.claim))
    extra = {"statement": {"effects": list(_effects(statement))}} if statement else {}
    problems = [
        {"pointer": problem.pointer, "code": problem.code, "detail": problem.detail}
        for problem in row.problems
    ]
    return {
        "errors": problems,
        "duplicates": list(_duplicates(preview)) if preview else [],
        "effects": list(_effects(preview)) if preview else [],
        **extra,
    }


def _duplicates(preview: DraftPreview) -> Iterator[dict[str, Any]]:
    for duplicate in preview.duplicates:
        details = {
            "title": duplicate.title,
            "reason": duplicate.reason,
            "likeness": duplicate.likeness.share,
        }
        yield {"claim": str(duplicate.claim), **details}


def _effects(preview: DraftPreview) -> Iterator[dict[str, Any]]:
    for effect in preview.effects:
        impacts = [
            {
                "initiator": impact.initiator,
                "recipient": impact.recipient,
                "first": str(impact.first),
                "last": str(impact.last),
                "value": impact.value,
                "weight": impact.weight,
            }
            for impact in effect.evaluation.impacts
        ]
        evaluation = {"p": effect.evaluation.p, "silent_because": effect.evaluation.silent_because}
        yield {"lenses": list(effect.lenses), "evaluation": evaluation | {"impacts": impacts}}
