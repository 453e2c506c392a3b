"""Takes the rows of a file chunk by chunk, and tells what became of them."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from tracker.importers.drafts import DraftClaim
from tracker.importers.lines import Refused
from tracker.operations.imports.claims import Row
from tracker.operations.imports.fates import Fate, judge
from tracker.operations.imports.flags import Flags
from tracker.operations.imports.names import Records
from tracker.operations.imports.pace import MOST_CHUNK, persistently
from tracker.operations.imports.reports import Settled, Tally, Watch
from tracker.operations.imports.seen import Seen
from tracker.operations.imports.writing import Pen

type Given = Sequence[DraftClaim | Refused]


class Work:
    """What became of the rows so far. Without a pen, all is looked up and nothing written."""

    def __init__(self, records: Records, pen: Pen | None, flags: Flags) -> None:
        self.tally = Tally()
        self.seen = Seen()
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

    def _settle(self, rows: Given) -> list[Fate]:
        pen = self._pen
        own = pen.own if pen else lambda _positions: ()
        fates = self._flags.mark(judge(rows, self.records, self.seen, own))
        made = pen.write(fates, self.tally) if pen else ()
        self.records.settle(made)
        return fates


def _settled(row: Row, outcome: str) -> Settled:
    draft = row.draft
    return Settled(draft.line, outcome, row.claim, tuple(one.name for one in draft.parties))


def _tally(fates: Sequence[Fate], flags: Counter[str]) -> Tally:
    refused = [fate.refused for fate in fates if fate.refused]
    said = [fate.row.draft.remarks for fate in fates if fate.row and fate.row.draft.remarks]
    return Tally(
        counts=Counter([fate.outcome for fate in fates]),
        reasons=Counter([f"{one.column}: {one.reason}".removeprefix(": ") for one in refused]),
        remarks=Counter(chain.from_iterable(said)),
        flags=flags,
    )
