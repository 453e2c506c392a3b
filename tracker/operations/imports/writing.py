"""Writes what becomes of rows, each chunk in one transaction that others hardly notice."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from tracker import log
from tracker.domain.events import ActorDescribed, ClaimsLinked, link_id
from tracker.log import Draft, Rows, Sealed, Span, Statement, VersionConflict
from tracker.log.messages import send
from tracker.operations import references
from tracker.operations.imports import runs
from tracker.operations.imports.additions import Additions
from tracker.operations.imports.fates import Fate
from tracker.operations.imports.names import Records
from tracker.operations.imports.pace import Pace
from tracker.operations.imports.reports import OUTCOMES, Signed, Tally
from tracker.operations.links import leads_back
from tracker.operations.name_locks import take_turns
from tracker.projections import standing
from tracker.queries.records import states as on_record

# So often a run says how far it is, where it has nothing to write.
TELL_SECONDS = 1.0


class Pen:
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

    def write(self, fates: Sequence[Fate], before: Tally) -> Collection[UUID]:
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
            return [*standing.project_bulk(sealed), *references.required(adds.referred)]

        def beside(span: Span) -> list[Statement]:
            return [runs.wrote(self.run, span, after=self._open), self._moved(counts)]

        signed = self._signed
        with references.named(adds.referred):
            span = log.append_bulk(
                adds.drafts, at=signed.now(), by=signed.by, project=project, beside=beside
            )
        before = self._open
        goes_on = before is not None and span.first == before.last + 1
        self._open = before._replace(last=span.last) if before and goes_on else span
        self.pace.held(span.held)

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
    take_turns(f"actor:{code}" for code in described)
    for code in on_record.codes_held(described):
        raise VersionConflict(described[code], expected=0, actual=1)


def _take_turns_to_link(links: Sequence[ClaimsLinked]) -> None:
    """See to it that links lead round to no claim, whoever else links some now.

    :raises VersionConflict: if somebody else has made one that leads back.
    """
    if links:
        take_turns({f"link:{one.type}" for one in links})
    for one in links:
        if leads_back(one, links):
            raise VersionConflict(link_id(one.type, one.from_, one.to), expected=0, actual=1)
