"""Withdraws an import: retracts each of its claims that is still in force."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain import validity
from tracker.domain.problems import NotFound
from tracker.imports import runs
from tracker.imports.runs import Author, Observer
from tracker.imports.writer import Throttle, rare_garbage_collection, with_retries
from tracker.log import AppendedSpan, Draft, Statement
from tracker.projections import standing
from tracker.queries.records import states
from tracker.queries.records.states import standing_versions

QUIET = Observer()


class NoSuchImport(NotFound):
    """There is no import with this id, or no record of what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalReport:
    """The number of claims that were retracted, and of those that were retracted `already`."""

    claims: int
    already: int
    stopped: bool


def withdraw_import(
    run: UUID, *, reason: str, author: Author, observer: Observer = QUIET
) -> WithdrawalReport:
    """Retract every claim that an import added and that is in force. Its citations and corrections
    of other claims stay. An interrupted withdrawal can be run again.

    :raises NoSuchImport: :raises Invalid: without a reason.
    :raises ImportInUse: while another process runs or withdraws the import.
    :raises VersionConflict: :raises LogBusy: the retractions until then stay.
    """
    retracted = e.ClaimRetracted(reason=reason)
    validity.refuse(validity.event_problems(retracted))
    spans = runs.spans(run) or _spans_on_record(run)
    total = sum(last - first + 1 for first, last in spans)
    claims = already = done = 0
    throttle = Throttle()
    with runs.lock_run(run, alone=True), rare_garbage_collection() as sweep:
        for first, last in _pieces(spans, throttle):
            streams = log.new_streams("ClaimAsserted", first=first, last=last)
            number = _retract(streams, retracted, author, throttle)
            claims, already = claims + number, already + len(streams) - number
            done += last - first + 1
            observer.progress(done, total)
            if observer.stop():
                return WithdrawalReport(claims=claims, already=already, stopped=True)
            sweep()
        runs.set_state(run, runs.WITHDRAWN, at=author.now())
    return WithdrawalReport(claims=claims, already=already, stopped=False)


def _spans_on_record(run: UUID) -> list[tuple[int, int]]:
    """The spans that an import wrote, from its record in the log."""
    state = states.records([run], at=None).get(run)
    if state is None and runs.exists(run):
        return []  # It added nothing, so it has no record.
    if not isinstance(state, f.ImportState) or not state.record.positions:
        raise NoSuchImport(f"there is no import {run} with a record of what it wrote")
    return [(position.first, position.last) for position in state.record.positions]


def _pieces(spans: Sequence[tuple[int, int]], throttle: Throttle) -> Iterator[tuple[int, int]]:
    """Split spans into pieces of the size that the throttle allows."""
    for first, last in spans:
        start = first
        while start <= last:
            end = min(last, start + throttle.chunk - 1)
            yield start, end
            start = end + 1


def _retract(
    streams: Sequence[UUID], event: e.ClaimRetracted, author: Author, throttle: Throttle
) -> int:
    """Retract those of some claims that are in force, in one transaction; return their number."""

    def write() -> int:
        versions = standing_versions(streams)
        drafts = [
            Draft(stream=stream, event=event, expected=versions[stream])
            for stream in streams
            if stream in versions
        ]
        if drafts:
            span = log.append_bulk(
                drafts,
                at=author.now(),
                by=author.by,
                project=standing.project_bulk,
                with_positions=_no_statements,
            )
            throttle.adjust(span.lock_seconds, events=len(drafts))
        return len(drafts)

    return with_retries(write, refresh=lambda: None)


def _no_statements(_span: AppendedSpan) -> Sequence[Statement]:
    return ()
