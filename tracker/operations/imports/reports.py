"""What is told of an import, while it runs and in the end."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tracker.domain.claims import Claim
from tracker.importers.formats import Format
from tracker.importers.lines import Refused

OUTCOMES = ("new", "known", "changed", "repeated", "refused")
# Reasons that hold names are as many as the names are; the file of rejected rows has them all.
MOST_REASONS = 1_000
OTHER_REASONS = "other reasons"

# Called after each chunk: how many rows are done, and of how many.
type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """By whom a run writes, and what tells the time."""

    by: str
    now: Callable[[], datetime]


def _quietly(_done: int, _total: int) -> None:
    pass


def _silently(_refused: Refused) -> None:
    pass


def _never() -> bool:
    return False


def _nobody() -> None:
    pass


def _anyhow(_form: Format, _rows: int) -> None:
    pass


def _whichever(_run: UUID) -> None:
    pass


class Settled(NamedTuple):
    """What a row becomes: its claim, and those who take part as the file names them."""

    line: int
    outcome: str
    claim: Claim
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who looks on: is asked for a sign of life while the file is gone through for the first time;
    is told of which format the file is and how many rows it has, as which run it
    is taken in, how far it is, of each row that is refused, of each that somebody should decide
    on (`flagged`) and, if wanted, of the others; and may ask to stop, which happens after the
    chunk."""

    reads: Callable[[], None] = _nobody
    begins: Callable[[Format, int], None] = _anyhow
    runs: Callable[[UUID], None] = _whichever
    progress: Progress = _quietly
    refused: Callable[[Refused], None] = _silently
    flagged: Callable[[Refused], None] = _silently
    settled: Callable[[Settled], None] | None = None
    stop: Callable[[], bool] = _never


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of rows so far, by outcome, and what was said of them."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        return self.counts.total()

    def add(self, other: "Tally") -> None:
        self.counts += other.counts
        self.remarks += other.remarks
        self.flags += other.flags
        for reason, times in other.reasons.items():
            known = reason in self.reasons or len(self.reasons) < MOST_REASONS
            self.reasons[reason if known else OTHER_REASONS] += times


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a file's rows, by outcome; the counts sum to `rows`, but where it was stopped.

    `known` are on record as they stand in the file, `changed` are on record otherwise,
    `repeated` tell of what an earlier row told. `citations` were added for the latter, and
    `corrections` made of what changed. `run` is None where nothing was to be written. `lens` is the
    name of the one that was made for the collection, or would be, empty where none is; `uncounted`
    are the collections that no lens counts all the same.

    Of the rows that would be added or were left out as asked, `flags` has how many are "undated",
    and how many "repeats" of claims on record, of how many that were "compared" with these.
    """

    run: UUID | None
    format: str
    rows: int
    counts: Mapping[str, int]
    reasons: Mapping[str, int]
    remarks: Mapping[str, int]
    citations: int
    corrections: int
    stopped: bool
    lens: str = ""
    uncounted: tuple[str, ...] = ()
    flags: Mapping[str, int] = field(default_factory=dict)
