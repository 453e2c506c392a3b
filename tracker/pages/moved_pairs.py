"""Which pairs got worse, which got better, and of which there is no new evidence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.level_wording import interval
from tracker.pages import relations
from tracker.queries.scores.table import RankedPair

# Pairs that a list names, and days without a report after which it says when the last one was.
MOST_NAMED, MOST_QUIET, STALE_DAYS = 6, 20, 90


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPair:
    """A pair in a list: how far it moved and the 90 % interval of that, or nothing where it did not
    surely move. `stale`: there is no report of the last 90 days."""

    name: str
    link: str
    row: RankedPair
    reach: str
    stale: bool
    at_war: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The pairs of a list, the first of them alone; `others` is the number of those left out."""

    pairs: Sequence[MovedPair]
    others: int

    @property
    def stale(self) -> bool:
        """Whether there is no recent report of any of them."""
        return bool(self.pairs) and all(pair.stale for pair in self.pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPairs:
    """The pairs that surely got `worse` or `better`, those at war first; of the others those with a
    recent report, and those without (`quiet`). `whole`: no pair is left out."""

    worse: Listed
    better: Listed
    unclear: Listed
    quiet: Listed
    whole: bool


def grouped(
    rows: Sequence[RankedPair],
    names: Mapping[str, str],
    links: Mapping[str, str],
    *,
    wars: Collection[str],
    day: date,
    whole: bool,
) -> MovedPairs:
    """Group pairs by their movement; `names` and `links` are by pair."""
    lines = [_line(row, names, links, wars, day) for row in rows if row.claims]
    ordered = sorted(lines, key=_gravity)
    falling = [one for one in ordered if one.at_war or relations.sure(one.row.movement) < 0]
    rising = [one for one in ordered if one not in falling and relations.sure(one.row.movement) > 0]
    rest = [one for one in ordered if one not in falling and one not in rising]
    return MovedPairs(
        worse=_listed(falling, MOST_NAMED),
        better=_listed(rising, MOST_NAMED),
        unclear=_listed([one for one in rest if not one.stale], MOST_QUIET),
        quiet=_listed([one for one in rest if one.stale], MOST_QUIET),
        whole=whole,
    )


def _line(
    row: RankedPair,
    names: Mapping[str, str],
    links: Mapping[str, str],
    wars: Collection[str],
    day: date,
) -> MovedPair:
    moved = row.movement if relations.sure(row.movement) else None
    last = row.last_claim_day
    return MovedPair(
        name=names[row.pair],
        link=links[row.pair],
        row=row,
        reach=interval(moved.low, moved.high) if moved else "",
        stale=last is None or (day - last).days > STALE_DAYS,
        at_war=row.pair in wars,
    )


def _gravity(line: MovedPair) -> tuple[bool, float, str]:
    """War first, then the largest and surest movement."""
    moved = line.row.movement
    return not line.at_war, -relations.weight(moved) if moved else 0.0, line.row.pair


def _listed(pairs: Sequence[MovedPair], most: int) -> Listed:
    return Listed(pairs=pairs[:most], others=max(0, len(pairs) - most))
