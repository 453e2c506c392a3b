"""The options of all benchmarks."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

CLAIMS = 100_000

# Where the pairs of `validity` start.
Start = Literal["none", "structural", "expert"]
STARTS: tuple[Start, ...] = get_args(Start)


class Skipped(RuntimeError):
    """A benchmark lacks something. The text names what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`claims` in the log; `share` of the usual repetitions and seconds; the files, the hub and
    the start of `validity`; the article of `reading`, and sentences with their events; the article
    of `reading-clock`, and the list of its claims; the archive of `density`."""

    claims: int = CLAIMS
    share: float = 1.0
    events: Path | None = None
    expert: Path | None = None
    mapping: Path | None = None
    hub: str = ""
    start: Start = "expert"
    article: Path | None = None
    article2: Path | None = None
    claims2: Path | None = None
    gsr: Path | None = None
    icews: Path | None = None

    def times(self, usual: int) -> int:
        return max(2, round(usual * self.share))

    def seconds(self, usual: float) -> float:
        return usual * self.share


def parse(arguments: Sequence[str] | None, known: Sequence[str]) -> tuple[list[str], Options]:
    """The names of the benchmarks to run, and their options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default all: {', '.join(known)}")
    parser.add_argument("--claims", type=int, default=CLAIMS, help="claims in the log")
    parser.add_argument("--share", type=float, default=1.0, help="of the usual repetitions")
    parser.add_argument("--events", type=existing_file, help="validity: a table of events")
    parser.add_argument("--expert", type=existing_file, help="validity: Country, YearMonth, Score")
    parser.add_argument("--mapping", type=existing_file, help="validity: of the events")
    parser.add_argument("--hub", default="", help="validity: whose relations they are")
    parser.add_argument(
        "--start", choices=STARTS, default="expert", help="validity: where pairs start"
    )
    parser.add_argument("--article", type=existing_file, help="reading: the article of the seed")
    parser.add_argument("--article2", type=existing_file, help="reading-clock: an article")
    parser.add_argument("--claims2", type=existing_file, help="reading-clock: its claims")
    parser.add_argument("--gsr", type=existing_file, help="reading: sentences with events")
    parser.add_argument("--icews", type=existing_file, help="density: an archive")
    given = vars(parser.parse_args(arguments))
    names = given.pop("names")
    if unknown := sorted({*names} - {*known}):
        parser.error(f"unknown benchmark {unknown[0]!r}; expected one of {', '.join(known)}")
    return names, Options(**given)


def existing_file(text: str) -> Path:
    """The path of an existing file.

    :raises argparse.ArgumentTypeError: if there is none.
    """
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text!r}: EVENTS=… EXPERT=…")
    return path
