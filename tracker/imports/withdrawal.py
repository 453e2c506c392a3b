"""Takes back what an import added: each of its claims that stands is retracted, by an event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain import validity
from tracker.domain.problems import NotFound
from tracker.imports import runs
from tracker.imports.runs import Signed, Watch
from tracker.imports.writer import Pace, persistently, seldom_swept
from tracker.log import Draft, Span, Statement
from tracker.projections import standing
from tracker.queries.records import states
from tracker.queries.records.states import standing_versions

QUIET = Watch()


class NoSuchImport(NotFound):
    """There is no import with this id, or it is not known what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """How many claims were retracted, and how many of the import's did not stand any more."""

    claims: int
    already: int
    stopped: bool


def withdraw_import(run: UUID, *, reason: str, signed: Signed, watch: Watch = QUIET) -> Withdrawn:
    """Retract every claim that an import added and that stands. What it cited or corrected of
    others' claims stays. One that was cut short is finished by the next.

    :raises NoSuchImport: :raises Invalid: without a reason.
    :raises UnderWay: while the import goes on, or is withdrawn by somebody else.
    :raises VersionConflict: :raises LogBusy: what is retracted until then stays so.
    """
    retracted = e.ClaimRetracted(reason=reason)
    validity.refuse(validity.event_problems(retracted))
    spans = runs.spans(run) or _recorded(run)
    total = sum(last - first + 1 for first, last in spans)
    claims = already = done = 0
    pace = Pace()
    with runs.under_way(run, alone=True), seldom_swept() as sweep:
        for first, last in _stretches(spans, pace):
            streams = log.new_streams("ClaimAsserted", first=first, last=last)
            taken = _retract(streams, retracted, signed, pace)
            claims, already = claims + taken, already + len(streams) - taken
            done += last - first + 1
            watch.progress(done, total)
            if watch.stop():
                return Withdrawn(claims=claims, already=already, stopped=True)
            sweep()
        runs.set_state(run, runs.WITHDRAWN, at=signed.now())
    return Withdrawn(claims=claims, already=already, stopped=False)


def _recorded(run: UUID) -> list[tuple[int, int]]:
    """What an import wrote, as the log says."""
    state = states.records([run], at=None).get(run)
    if state is None and runs.known(run):
        return []  # It added nothing, and nothing of it was recorded.
    if not isinstance(state, f.ImportState) or not state.record.positions:
        raise NoSuchImport(f"there is no import {run} with a record of what it wrote")
    return [(one.first, one.last) for one in state.record.positions]


def _stretches(spans: Sequence[tuple[int, int]], pace: Pace) -> Iterator[tuple[int, int]]:
    """The spans in pieces of as many positions as had best be taken at once."""
    for first, last in spans:
        begin = first
        while begin <= last:
            end = min(last, begin + pace.chunk - 1)
            yield begin, end
            begin = end + 1


def _retract(streams: Sequence[UUID], event: e.ClaimRetracted, signed: Signed, pace: Pace) -> int:
    """Retract those of some claims that stand, in one transaction; give their number."""

    def write() -> int:
        versions = standing_versions(streams)
        drafts = [
            Draft(stream=one, event=event, expected=versions[one])
            for one in streams
            if one in versions
        ]
        if drafts:
            span = log.append_bulk(
                drafts,
                at=signed.now(),
                by=signed.by,
                project=standing.project_bulk,
                with_positions=_nothing,
            )
            pace.held(span.lock_seconds)
        return len(drafts)

    return persistently(write, look_again=lambda: None)


def _nothing(_span: Span) -> Sequence[Statement]:
    return ()
