"""Which pairs are at war, got worse or better lately, and of which there is no new evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.movements import (
    Backing,
    Turn,
    WindowMovement,
    apart,
    on_one_source,
    turn_of,
)
from tracker.findings.facts import is_stale
from tracker.level_wording import interval
from tracker.pages import relations
from tracker.pages.front_rows import FrontRows
from tracker.queries.evidence import newest_reports
from tracker.queries.scores import pair_changes
from tracker.queries.scores.pair_changes import MainClaim
from tracker.queries.scores.table import RankedPair

# Pairs that a list names.
MOST_NAMED, MOST_QUIET = 6, 20
# Impacts that are read to say why, and who reported it: where pairs have more, no claim of theirs
# stands for it, and it is not said that one source alone reports it.
MOST_EXPLAINED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPair:
    """A pair in a list. `moved` is its movement lately, or of the whole record where it had no act
    lately; `turn` which way that went, and `reach` its 90 % interval, empty where it is not clear
    which way. `one_source`: it rests on the word of one source. `reported` is the day of the newest
    report, of pairs at war and of those whose last act is old. `why` is the claim that moved it
    most."""

    name: str
    link: str
    row: RankedPair
    day: date
    moved: WindowMovement | None
    turn: Turn
    reach: str
    one_source: bool
    at_war: bool
    reported: date | None = None
    why: MainClaim | None = None

    @property
    def stale(self) -> bool:
        """Whether the newest report is old."""
        return is_stale(self.reported, self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The pairs of a list, the first of them alone; `others` is the number of those left out."""

    pairs: Sequence[MovedPair]
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPairs:
    """The pairs at war; those that clearly got `worse` or `better` since a day, which may be at war
    too; of the others those with an act since then (`unclear`), and those without (`quiet`).
    `whole`: no pair is left out."""

    wars: Listed
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
    backings: Mapping[str, Backing] | None = None,
) -> MovedPairs:
    """Group pairs by their movement. `names` and `links` are by pair, as are the `backings` of what
    one source may have reported."""
    behind = backings or {}
    lines = [_line(row, front, names, links, day, behind) for row in front.listed if row.claims]
    ordered = sorted(lines, key=_gravity)
    lately = [one for one in ordered if _acted(one.row, front.since)]
    turned = {turn: [one for one in lately if one.turn == turn] for turn in ("worse", "better")}
    rest = [
        one
        for one in ordered
        if not one.at_war and one not in turned["worse"] and one not in turned["better"]
    ]
    return MovedPairs(
        wars=_listed([one for one in ordered if one.at_war], MOST_NAMED),
        worse=_listed(turned["worse"], MOST_NAMED),
        better=_listed(turned["better"], MOST_NAMED),
        unclear=_listed([one for one in rest if one in lately], MOST_QUIET),
        quiet=_listed([one for one in rest if one not in lately], MOST_QUIET),
        since=front.since,
        whole=whole,
    )


def backings(front: FrontRows, lens: LensVersion, position: int | None) -> Mapping[str, Backing]:
    """What is behind the late movements that are named and may rest on the word of one source."""
    doubtful = {
        pair: moved
        for pair, moved in front.lately.items()
        if moved and not apart(moved) and turn_of(moved) != "unchanged"
    }
    return pair_changes.backings(lens, doubtful, position=position, most=MOST_EXPLAINED)


def explained(found: MovedPairs, lens: LensVersion, position: int | None) -> MovedPairs:
    """Add to the pairs at war, and to those that got worse or better, the claim that moved each
    most, and to all that need it when they were last reported, as known at a position (None for
    now)."""
    named = (*found.wars.pairs, *found.worse.pairs, *found.better.pairs)
    claims = pair_changes.claims_behind(
        lens,
        {one.row.pair: one.moved for one in named if one.moved is not None},
        position=position,
        most=MOST_EXPLAINED,
        reader=Reader.PUBLIC,
    )
    # All are of one day.
    old = {
        one.row.pair: one.day
        for one in (*named, *found.unclear.pairs, *found.quiet.pairs)
        if one.at_war or is_stale(one.row.last_claim_day, one.day)
    }
    reported = newest_reports.of_pairs(
        lens, [*old], position=position, until=max(old.values(), default=date.max)
    )

    def told(listed: Listed) -> Listed:
        pairs = [
            replace(one, why=claims.get(one.row.pair), reported=reported.get(one.row.pair))
            for one in listed.pairs
        ]
        return replace(listed, pairs=pairs)

    return replace(
        found,
        wars=told(found.wars),
        worse=told(found.worse),
        better=told(found.better),
        unclear=told(found.unclear),
        quiet=told(found.quiet),
    )


def _acted(row: RankedPair, since: date) -> bool:
    return row.last_claim_day is not None and row.last_claim_day > since


def _line(
    row: RankedPair,
    front: FrontRows,
    names: Mapping[str, str],
    links: Mapping[str, str],
    day: date,
    behind: Mapping[str, Backing],
) -> MovedPair:
    lately = _acted(row, front.since)
    moved = front.lately.get(row.pair) if lately else row.movement
    turn, backing = turn_of(moved), behind.get(row.pair) if lately else None
    return MovedPair(
        name=names[row.pair],
        link=links[row.pair],
        row=row,
        day=day,
        moved=moved,
        turn=turn,
        reach=interval(moved.low, moved.high) if moved and turn != "unchanged" else "",
        one_source=moved is not None and turn != "unchanged" and on_one_source(moved, backing),
        at_war=row.pair in front.wars,
    )


def _gravity(line: MovedPair) -> tuple[float, str]:
    """The largest and surest movement first."""
    return -relations.weight(line.moved) if line.moved else 0.0, line.row.pair


def _listed(pairs: Sequence[MovedPair], most: int) -> Listed:
    return Listed(pairs=pairs[:most], others=max(0, len(pairs) - most))
