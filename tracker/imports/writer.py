"""Writes what becomes of rows, each chunk in one transaction that others hardly notice."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count
from uuid import UUID

from tracker import log
from tracker.domain.events import ActorDescribed, ClaimsLinked, link_id
from tracker.imports import runs
from tracker.imports.additions import Additions
from tracker.imports.flags import Flags
from tracker.imports.formats.base import Refused
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.outcomes import KnownRows, RowOutcome, judge
from tracker.imports.records import Records
from tracker.imports.rows import Row
from tracker.imports.runs import OUTCOMES, Settled, Signed, Tally, Watch
from tracker.log import Draft, Rows, Sealed, Span, Statement, VersionConflict
from tracker.log.messages import send
from tracker.operations import references
from tracker.operations.links import leads_back
from tracker.operations.name_locks import lock_names
from tracker.projections import standing
from tracker.queries.records import states as on_record

# For so long a transaction may hold the head of the log.
HOLD_SECONDS = 0.025
FIRST_CHUNK, LEAST_CHUNK, MOST_CHUNK = 200, 20, 2_000
# So often can a rival be first, or the log be busy.
MOST_ATTEMPTS = 5
PAUSE_SECONDS = 0.2
# Chunks between two looks for garbage.
SWEEP = 200


class Pace:
    """How many rows the next transaction had best be made of."""

    def __init__(self) -> None:
        self.chunk = FIRST_CHUNK

    def held(self, seconds: float) -> None:
        """Let the next chunk hold the head for as long as it may, if it is like the one that held
        it for so long."""
        factor = HOLD_SECONDS / seconds if seconds else 2.0
        wanted = int(self.chunk * min(2.0, max(0.5, factor)))
        self.chunk = max(LEAST_CHUNK, min(MOST_CHUNK, wanted))


def persistently[T](write: Callable[[], T], *, look_again: Callable[[], object]) -> T:
    """Write, and look again and try anew where somebody was first.

    :raises VersionConflict: :raises LogBusy: after several attempts.
    """
    for _ in range(1, MOST_ATTEMPTS):
        try:
            return write()
        except log.VersionConflict:
            look_again()
        except log.LogBusy:
            time.sleep(PAUSE_SECONDS)
            look_again()
    return write()


@contextmanager
def seldom_swept() -> Iterator[Callable[[], None]]:
    """Let Python look for garbage once in many chunks: what one is made of goes by itself, and
    looking for more among so many new objects takes a tenth of the time."""
    swept, chunks = gc.isenabled(), count(1)

    def sweep() -> None:
        if next(chunks) % SWEEP == 0:
            gc.collect()

    gc.disable()
    try:
        yield sweep
    finally:
        if swept:
            gc.enable()


# So often a run says how far it is, where it has nothing to write.
TELL_SECONDS = 1.0


class ImportWriter:
    """Writes for one run. `added`: citations and corrections to claims told already."""

    def __init__(self, run: UUID, records: Records, signed: Signed, *, correction: str) -> None:
        self.run = run
        self.pace = Pace()
        self.added: Counter[str] = Counter()
        self._records = records
        self._signed = signed
        self._correction = correction
        # The stretch of the log that this run wrote last.
        self._open: Span | None = None
        self._told = time.monotonic()

    def own(self, positions: Collection[int]) -> Collection[int]:
        """Which of some positions this run wrote."""
        return runs.own(self.run, positions)

    def write(self, fates: Sequence[RowOutcome], before: Tally) -> Collection[UUID]:
        """Append what is to be added, and give the records that were made for it. `before` is what
        became of the rows before these."""
        adds = Additions(records=self._records, correction=self._correction)
        adds.take(fates)
        counts = before.counts + Counter(fate.outcome for fate in fates)
        if adds.drafts:
            self._append(adds, counts)
            self.added += Counter(citations=adds.citations, corrections=adds.corrections)
        else:
            self.pace.held(0.0)
            if time.monotonic() > self._told + TELL_SECONDS:
                send(self._moved(counts))
        return adds.made

    def _append(self, adds: Additions, counts: Counter[str]) -> None:
        def project(sealed: Sequence[Sealed]) -> list[Statement | Rows]:
            _take_turns(adds.drafts)
            _take_turns_to_link(adds.links)
            return [*standing.project_bulk(sealed), *references.require(adds.referred)]

        def with_positions(span: Span) -> list[Statement]:
            return [runs.wrote(self.run, span, after=self._open), self._moved(counts)]

        signed = self._signed
        with references.name_missing(adds.referred):
            span = log.append_bulk(
                adds.drafts,
                at=signed.now(),
                by=signed.by,
                project=project,
                with_positions=with_positions,
            )
        before = self._open
        goes_on = before is not None and span.first == before.last + 1
        self._open = before._replace(last=span.last) if before and goes_on else span
        self.pace.held(span.lock_seconds)

    def _moved(self, counts: Counter[str]) -> Statement:
        self._told = time.monotonic()
        told = {outcome: counts[outcome] for outcome in OUTCOMES}
        return runs.moved(self.run, counts.total(), told, at=self._signed.now())


def _take_turns(drafts: Iterable[Draft]) -> None:
    """See to it that a code stands for one actor only, whoever else describes one now.

    :raises VersionConflict: if somebody else has it already.
    """
    described = {
        one.event.actor.code: one.stream
        for one in drafts
        if isinstance(one.event, ActorDescribed) and one.event.actor.code
    }
    if not described:
        return
    lock_names(f"actor:{code}" for code in described)
    for code in on_record.codes_held(described):
        raise VersionConflict(described[code], expected=0, actual=1)


def _take_turns_to_link(links: Sequence[ClaimsLinked]) -> None:
    """See to it that links lead round to no claim, whoever else links some now.

    :raises VersionConflict: if somebody else has made one that leads back.
    """
    if links:
        lock_names({f"link:{one.type}" for one in links})
    for one in links:
        if leads_back(one, links):
            raise VersionConflict(link_id(one.type, one.from_, one.to), expected=0, actual=1)


type Given = Sequence[DraftClaim | Refused]


class Work:
    """What became of the rows so far. Without a pen, all is looked up and nothing written."""

    def __init__(self, records: Records, pen: ImportWriter | None, flags: Flags) -> None:
        self.tally = Tally()
        self.seen = KnownRows()
        self.records = records
        self._pen = pen
        self._flags = flags

    @property
    def chunk(self) -> int:
        """How many rows had best be taken next."""
        return self._pen.pace.chunk if self._pen else MOST_CHUNK

    @property
    def added(self) -> Counter[str]:
        """How many citations and corrections were added to claims that were told already."""
        return self._pen.added if self._pen else Counter()

    def take(self, rows: Given, watch: Watch) -> None:
        """Settle what becomes of rows. Who is overtaken by a rival looks again.

        :raises VersionConflict: :raises LogBusy: after several attempts.
        """
        fates = persistently(lambda: self._settle(rows), look_again=self.records.look_again)
        self.tally.add(_tally(fates, self._flags.counts(fates)))
        self._flags.settle()
        for fate in fates:
            if fate.told:
                watch.flagged(fate.told)
            if fate.refused:
                watch.refused(fate.refused)
            elif fate.row and watch.settled:
                watch.settled(_settled(fate.row, fate.outcome))

    def _settle(self, rows: Given) -> list[RowOutcome]:
        pen = self._pen
        own = pen.own if pen else lambda _positions: ()
        fates = self._flags.mark(judge(rows, self.records, self.seen, own))
        made = pen.write(fates, self.tally) if pen else ()
        self.records.settle(made)
        return fates


def _settled(row: Row, outcome: str) -> Settled:
    draft = row.draft
    return Settled(draft.line, outcome, row.claim, tuple(one.name for one in draft.parties))


def _tally(fates: Sequence[RowOutcome], flags: Counter[str]) -> Tally:
    refused = [fate.refused for fate in fates if fate.refused]
    said = [fate.row.draft.remarks for fate in fates if fate.row and fate.row.draft.remarks]
    return Tally(
        counts=Counter([fate.outcome for fate in fates]),
        reasons=Counter([f"{one.column}: {one.reason}".removeprefix(": ") for one in refused]),
        remarks=Counter(chain.from_iterable(said)),
        flags=flags,
    )
