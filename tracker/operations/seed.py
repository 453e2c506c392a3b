"""Puts the seed on record through the operations that people use.

What is on record already is passed over: a second run adds nothing, one that was cut short is
taken up where it ended, and what people changed since stays theirs.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker import log
from tracker.domain import validity
from tracker.operations.seedfiles import FOLDER, BadSeed
from tracker.operations.seedsteps import Step, steps

SEEDER = "system:seed"

# Called after each step: how many are done, of how many, and what this one was.
type Progress = Callable[[int, int, str], None]


def _quietly(_done: int, _total: int, _what: str) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a run added, by what it is, and how many events were on record before."""

    added: Mapping[str, int]
    on_record: int


def load_seed(
    *, at: datetime, by: str = SEEDER, progress: Progress = _quietly, folder: Path = FOLDER
) -> Counts:
    """Put on record what is not yet. All files are read before anything is written.

    :raises BadSeed: naming file, entry and field.
    """
    planned = [step for step in steps(folder) if step.due is None or step.due()]
    streams = {step.stream for step in planned}
    versions = {one.stream: one.version for one in log.history(streams, words=False)}
    added: Counter[str] = Counter()
    for number, step in enumerate(planned, start=1):
        if versions.get(step.stream, 0) < step.version:
            _take(step, at=at, by=by)
            added[step.what] += 1
        progress(number, len(planned), f"{step.what} {step.entry.key}")
    return Counts(added=dict(added), on_record=len(planned) - added.total())


def _take(step: Step, *, at: datetime, by: str) -> None:
    try:
        step.write(at=at, by=by)
    except validity.Invalid as problem:
        found = [str(step.entry.bad(one.pointer, one.detail)) for one in problem.problems]
        raise BadSeed("\n".join(found)) from problem
