"""Which pairs got worse lately, which got better, and of which there is no new evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement
from tracker.level_wording import interval
from tracker.pages import relations
from tracker.pages.front_rows import FrontRows
from tracker.queries.scores import pair_changes
from tracker.queries.scores.pair_changes import MainClaim
from tracker.queries.scores.table import RankedPair

# Pairs that a list names, and days without a report after which it says when the last one was.
MOST_NAMED, MOST_QUIET, STALE_DAYS = 6, 20, 90
# Impacts that are read to say why: where a pair has more, no claim of them stands for it.
MOST_EXPLAINED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPair:
    """A pair in a list. `moved` is its movement lately, or of the whole record where it had no act
    lately; `reach` its 90 % interval, empty where it is not sure. `stale`: there is no report of
    the last 90 days. `why` is the claim that moved it most."""

    name: str
    link: str
    row: RankedPair
    moved: WindowMovement | None
    reach: str
    stale: bool
    at_war: bool
    why: MainClaim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The pairs of a list, the first of them alone; `others` is the number of those left out."""

    pairs: Sequence[MovedPair]
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPairs:
    """The pairs that surely got `worse` or `better` since a day, those at war first; of the others
    those with an act since then (`unclear`), and those without (`quiet`). `whole`: no pair is left
    out."""

    worse: Listed
    better: Listed
    unclear: Listed
    quiet: Listed
    since: date
    whole: bool


def grouped(
    front: FrontRows,
    names: Mapping[str, str],
    links: Mapping[str, str],
    *,
    day: date,
    whole: bool,
) -> MovedPairs:
    """Group pairs by their movement; `names` and `links` are by pair."""
    lines = [_line(row, front, names, links, day) for row in front.listed if row.claims]
    ordered = sorted(lines, key=_gravity)
    lately = [one for one in ordered if _acted(one.row, front.since)]
    falling = [one for one in ordered if one.at_war]
    falling += [one for one in lately if not one.at_war and relations.sure(one.moved) < 0]
    rising = [one for one in lately if not one.at_war and relations.sure(one.moved) > 0]
    rest = [one for one in ordered if one not in falling and one not in rising]
    return MovedPairs(
        worse=_listed(falling, MOST_NAMED),
        better=_listed(rising, MOST_NAMED),
        unclear=_listed([one for one in rest if one in lately], MOST_QUIET),
        quiet=_listed([one for one in rest if one not in lately], MOST_QUIET),
        since=front.since,
        whole=whole,
    )


def explained(found: MovedPairs, lens: LensVersion, position: int | None) -> MovedPairs:
    """Add to the pairs that got worse or better the claim that moved each most, as known at a
    position (None for now)."""
    moved = {
        one.row.pair: one.moved
        for one in (*found.worse.pairs, *found.better.pairs)
        if one.moved is not None
    }
    claims = pair_changes.claims_behind(
        lens, moved, position=position, most=MOST_EXPLAINED, reader=Reader.PUBLIC
    )
    worse, better = (
        replace(listed, pairs=[replace(one, why=claims.get(one.row.pair)) for one in listed.pairs])
        for listed in (found.worse, found.better)
    )
    return replace(found, worse=worse, better=better)


def _acted(row: RankedPair, since: date) -> bool:
    return row.last_claim_day is not None and row.last_claim_day > since


def _line(
    row: RankedPair,
    front: FrontRows,
    names: Mapping[str, str],
    links: Mapping[str, str],
    day: date,
) -> MovedPair:
    moved = front.lately.get(row.pair) if _acted(row, front.since) else row.movement
    last = row.last_claim_day
    return MovedPair(
        name=names[row.pair],
        link=links[row.pair],
        row=row,
        moved=moved,
        reach=interval(moved.low, moved.high) if moved and relations.sure(moved) else "",
        stale=last is None or (day - last).days > STALE_DAYS,
        at_war=row.pair in front.wars,
    )


def _gravity(line: MovedPair) -> tuple[bool, float, str]:
    """War first, then the largest and surest movement."""
    return not line.at_war, -relations.weight(line.moved) if line.moved else 0.0, line.row.pair


def _listed(pairs: Sequence[MovedPair], most: int) -> Listed:
    return Listed(pairs=pairs[:most], others=max(0, len(pairs) - most))
