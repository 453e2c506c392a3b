"""Writes the outcomes of rows, in transactions short enough not to delay other writers."""

import gc
import time
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count
from operator import attrgetter
from uuid import UUID

from tracker import log
from tracker.domain.events import ActorDescribed, ClaimsLinked, link_id
from tracker.imports import runs
from tracker.imports.additions import Additions
from tracker.imports.flags import Flags
from tracker.imports.formats.base import FileRow, InvalidRow
from tracker.imports.formats.drafts import DraftClaim, PlainDraft
from tracker.imports.outcomes import RowOutcome, RowsOfFile, classify
from tracker.imports.plain_rows import PlainRows
from tracker.imports.records import ImportedRecords
from tracker.imports.rows import ImportRow
from tracker.imports.runs import OUTCOMES, Author, Observer, RowResult, Tally
from tracker.log import AppendedSpan, Pending, Recorded, Statement, Step, VersionConflict
from tracker.log.messages import send
from tracker.operations import references
from tracker.operations.ids import content_id
from tracker.operations.links import leads_back
from tracker.operations.name_locks import lock_names
from tracker.projections import plain_rows, standing
from tracker.queries.records import states as on_record

# The time for which a transaction may hold the head of the log. A user's append waits for it.
HOLD_SECONDS = 0.0125
# Below the least, the statements of a transaction cost more than its rows.
FIRST_CHUNK, LEAST_CHUNK, MOST_CHUNK = 500, 500, 2_000
# The transactions by which the time per event is judged.
JUDGED_CHUNKS = 8
# After a conflict with another writer, or while the log is busy, a write is tried again for so long
# (a worker's lease lasts longer), after pauses that double.
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 2.0
WITHDRAWN = "known, withdrawn: they do not count"
# Chunks between two garbage collections.
CHUNKS_PER_COLLECTION = 200


class Throttle:
    """Chooses the number of rows in the next transaction.

    It judges by the least time per event of the last transactions. On a busy machine each also
    waits for a processor, and smaller ones would wait as long.
    """

    def __init__(self) -> None:
        self.chunk = FIRST_CHUNK
        self._seconds_per_event: deque[float] = deque(maxlen=JUDGED_CHUNKS)

    def adjust(self, seconds: float, *, events: int) -> None:
        """Choose the size of the next chunk. The last one appended so many events and held the head
        for `seconds`."""
        factor = 2.0
        if events:
            self._seconds_per_event.append(seconds / events)
            factor = HOLD_SECONDS / (events * min(self._seconds_per_event))
        wanted = int(self.chunk * min(2.0, max(0.5, factor)))
        self.chunk = max(LEAST_CHUNK, min(MOST_CHUNK, wanted))


def with_retries[T](write: Callable[[], T], *, refresh: Callable[[], object]) -> T:
    """Write; after a conflict with another writer, pause, refresh and try again.

    :raises VersionConflict: :raises LogBusy: after `PATIENCE_SECONDS`.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    pause = PAUSE_SECONDS
    while True:
        try:
            return write()
        except (log.VersionConflict, log.LogBusy):
            if time.monotonic() > end:
                raise
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        refresh()


@contextmanager
def rare_garbage_collection() -> Iterator[Callable[[], None]]:
    """Collect garbage once in many chunks: the objects of a chunk are freed by reference counts,
    and collecting takes a tenth of the time. Yields a function to call after each chunk."""
    was_enabled, chunks = gc.isenabled(), count(1)

    def sweep() -> None:
        if next(chunks) % CHUNKS_PER_COLLECTION == 0:
            gc.collect()

    gc.disable()
    try:
        yield sweep
    finally:
        if was_enabled:
            gc.enable()


# The time between progress reports of a run that has nothing to write.
PROGRESS_SECONDS = 1.0


class ImportWriter:
    """Writes the rows of a run. `added` counts citations and corrections of claims on record."""

    def __init__(
        self, run: UUID, records: ImportedRecords, author: Author, *, correction: str
    ) -> None:
        self.run = run
        self.throttle = Throttle()
        self.added: Counter[str] = Counter()
        self._records = records
        self._author = author
        self._correction = correction
        # The spans of the log that this writer wrote.
        self._spans: list[AppendedSpan] = []
        self._reported_at = time.monotonic()

    def earlier(self, positions: Collection[int]) -> Collection[int]:
        """The positions of these that this run wrote, also before it was interrupted."""
        return runs.written_by(self.run, positions)

    def wrote(self, position: int) -> bool:
        """Whether this writer wrote a position."""
        place = bisect_right(self._spans, position, key=attrgetter("first"))
        return bool(place) and position <= self._spans[place - 1].last

    def write(self, outcomes: Sequence[RowOutcome], before: Tally) -> Collection[UUID]:
        """Append the events of rows. Returns the records that were added for them. `before` is the
        tally of the earlier rows."""
        additions = Additions(records=self._records, correction=self._correction)
        additions.add(outcomes)
        counts = before.counts + Counter(outcome.outcome for outcome in outcomes)
        if additions.drafts:
            self._append(additions, counts)
            self.added += Counter(citations=additions.citations, corrections=additions.corrections)
        else:
            self.throttle.adjust(0.0, events=0)
            if time.monotonic() > self._reported_at + PROGRESS_SECONDS:
                send(self._progress(counts))
        return additions.planned

    def _append(self, additions: Additions, counts: Counter[str]) -> None:
        def project(pending: Sequence[Pending]) -> list[Step]:
            lock_codes(pending)
            _lock_links(additions.links)
            others = additions.plain.others(pending)
            return [*standing.project_bulk(others), *references.require(additions.referred)]

        def with_positions(span: AppendedSpan) -> list[Statement]:
            previous = self._spans[-1] if self._spans else None
            return [runs.span_statement(self.run, span, after=previous), self._progress(counts)]

        author = self._author
        with references.name_missing(additions.referred):
            span = log.append_bulk(
                additions.drafts,
                at=author.now(),
                by=author.by,
                new_rows=plain_rows.project(
                    additions.plain.claims.values(), additions.plain.documents
                ),
                project=project,
                with_positions=with_positions,
            )
        if self._spans and span.first == self._spans[-1].last + 1:
            span = span._replace(first=self._spans.pop().first)
        self._spans.append(span)
        self.throttle.adjust(span.lock_seconds, events=len(additions.drafts))

    def _progress(self, counts: Counter[str]) -> Statement:
        self._reported_at = time.monotonic()
        by_outcome = {outcome: counts[outcome] for outcome in OUTCOMES}
        return runs.progress_statement(self.run, counts.total(), by_outcome, at=self._author.now())


def lock_codes(drafts: Iterable[Pending]) -> None:
    """Lock the codes of new actors, so that no other writer uses them at the same time.

    :raises VersionConflict: if another actor has a code already.
    """
    described = {
        draft.event.actor.code: draft.stream
        for draft in drafts
        if isinstance(draft.event, ActorDescribed) and draft.event.actor.code
    }
    if not described:
        return
    lock_names(f"actor:{code}" for code in described)
    for code in on_record.actors_by_code(described):
        raise VersionConflict(described[code], expected=0, actual=1)


def _lock_links(links: Sequence[ClaimsLinked]) -> None:
    """Lock the types of new links, so that no cycle can arise from another writer's links.

    :raises VersionConflict: if another writer has added a link that closes a cycle.
    """
    if links:
        lock_names({f"link:{link.type}" for link in links})
    for link in links:
        if leads_back(link, links):
            raise VersionConflict(link_id(link.type, link.from_, link.to), expected=0, actual=1)


class _NothingWritten:
    """The positions of a dry run."""

    def earlier(self, _positions: Collection[int]) -> Collection[int]:
        return ()

    def wrote(self, _position: int) -> bool:
        return False


class RowProcessor:
    """Processes rows and keeps their tally. Without a writer nothing is written."""

    def __init__(self, records: ImportedRecords, writer: ImportWriter | None, flags: Flags) -> None:
        self.tally = Tally()
        self.known = RowsOfFile()
        self.records = records
        self._writer = writer
        self._flags = flags
        self._plain = PlainRows(records)

    @property
    def run(self) -> UUID | None:
        """The run that it writes for; None for a dry run."""
        return self._writer.run if self._writer else None

    @property
    def chunk(self) -> int:
        """The number of rows of the next chunk."""
        return self._writer.throttle.chunk if self._writer else MOST_CHUNK

    @property
    def added(self) -> Counter[str]:
        """The numbers of citations and corrections that were added to claims on record."""
        return self._writer.added if self._writer else Counter()

    def process(self, rows: Sequence[FileRow], observer: Observer) -> None:
        """Process a chunk, again after a conflict with another writer.

        :raises VersionConflict: :raises LogBusy: as `with_retries`.
        """
        outcomes = with_retries(lambda: self._outcomes(rows), refresh=self.records.refresh)
        self.tally.add(_tally(outcomes, self._flags.counts(outcomes)))
        self.tally.add(_withdrawn(outcomes))
        self._flags.settle()
        for outcome in outcomes:
            if outcome.flag_reason:
                observer.flagged(outcome.flag_reason)
            if outcome.refused:
                observer.refused(outcome.refused)
            elif isinstance(outcome.row, ImportRow) and observer.settled:
                observer.settled(_row_result(outcome.row, outcome.outcome))

    def _outcomes(self, rows: Sequence[FileRow]) -> list[RowOutcome]:
        writer = self._writer
        rows = _as_recorded(rows, self.records.home)
        # A dry run reports the claim of each row, so that each is built.
        resolved = self._plain.resolve(rows) if writer else list(map(_as_draft, rows))
        own = writer or _NothingWritten()
        outcomes = self._flags.mark(classify(resolved, self.records, self.known, own))
        new_records = writer.write(outcomes, self.tally) if writer else ()
        self.records.settle(new_records)
        return outcomes


def _as_recorded(rows: Sequence[FileRow], home: str) -> Sequence[FileRow]:
    """The rows, those read without offices whose claims were recorded so before a person was on
    record: they stay known."""
    formers = {
        row.line: (content_id(home, row.former.draft.key), row.former)
        for row in rows
        if isinstance(row, PlainDraft) and row.former
    }
    recorded = log.existing({claim for claim, _ in formers.values()}) if formers else ()
    notes = {first.stream: _note(first) for first in log.firsts(recorded)} if recorded else {}
    # Rows without these persons can have the same key. They never name them.
    former_drafts = {
        line: former.draft
        for line, (claim, former) in formers.items()
        if any(name in notes.get(claim, "") for name in former.names)
    }
    return [former_drafts.get(row.line, row) for row in rows]


def _note(first: Recorded) -> str:
    """The note of a claim, which has the names in its row; empty if its words are withheld."""
    return str((first.content_words or {}).get("claim", {}).get("note", ""))


def _as_draft(row: FileRow) -> DraftClaim | InvalidRow:
    return row.claim() if isinstance(row, PlainDraft) else row


def _row_result(row: ImportRow, outcome: str) -> RowResult:
    draft = row.draft
    return RowResult(draft.line, outcome, row.claim, tuple(party.name for party in draft.parties))


def _withdrawn(outcomes: Sequence[RowOutcome]) -> Tally:
    """The number of known rows whose claims are retracted."""
    known = [outcome.row.id for outcome in outcomes if outcome.outcome == "known" and outcome.row]
    number = len(known and on_record.retracted_claims(known))
    return Tally(remarks=Counter({WITHDRAWN: number} if number else {}))


def _tally(outcomes: Sequence[RowOutcome], flags: Counter[str]) -> Tally:
    refused = [outcome.refused for outcome in outcomes if outcome.refused]
    remarks = [
        outcome.row.draft.remarks
        for outcome in outcomes
        if outcome.row and outcome.row.draft.remarks
    ]
    return Tally(
        counts=Counter([outcome.outcome for outcome in outcomes]),
        reasons=Counter([fault.complaint for row in refused for fault in row.faults]),
        remarks=Counter(chain.from_iterable(remarks)),
        flags=flags,
    )
