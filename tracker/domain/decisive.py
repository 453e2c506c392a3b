"""What a finding depends on: the smallest sets of claims without which it would change, and how
many acts of a kind would bring the next band.

The search leaves claims out of the series and folds it again: first one at a time, then in pairs,
then greedily. Each fold is exact, but the search is bounded.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Literal, NamedTuple
from uuid import UUID

from tracker.domain import robustness
from tracker.domain.movements import WindowMovement, known, over_window
from tracker.domain.problems import BadParameter
from tracker.domain.scoring import bands
from tracker.domain.scoring.evidence import Pull, Pulls, placed
from tracker.domain.scoring.level import Level
from tracker.domain.scoring.moments import Score

type Question = Literal["direction", "certainty", "sign", "band"]

QUESTIONS: tuple[Question, ...] = ("direction", "certainty", "sign", "band")
# A smaller value rounds to 0.0 and has no sign.
LEAST = 0.05
# The number of claims that are tried, the heaviest first, and of members of a set.
MOST_CLAIMS, MOST_MEMBERS = 60, 8
# The work of all folds, in the units of `robustness.work`: about three seconds. With fewer folds
# than these the search is refused.
MOST_WORK, FEWEST_FOLDS = 240_000, 40
# The top of the scale of a level.
TOP = 9
# Acts of a kind that are tried.
MOST_ACTS = 40


class TooMuchWork(BadParameter):
    """A series has too many acts for this search."""

    parameter = "lens"
    code = "too_much"


class Finding(NamedTuple):
    """What a page says about a series: the sign of its movement, whether that is known, and the
    sign and the band of its level. None for what the page does not say."""

    direction: int | None
    certainty: bool | None
    sign: int | None
    band: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisiveSet:
    """Claims without which the answer to a `question` would be `instead` rather than `now`.

    `exact`: no smaller set of the tried claims changes it; otherwise the set was found greedily.
    """

    question: Question
    claims: tuple[UUID, ...]
    now: Finding
    instead: Finding
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The sets that were found, and the questions without a set. Each of the `tried` claims was
    left out alone, and every pair of the `paired` heaviest ones. `claims` is the number of all."""

    found: tuple[DecisiveSet, ...]
    open: tuple[Question, ...]
    tried: int
    paired: int
    claims: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOn:
    """A level on a day: its scorer, its pulls, and the day after which its movement counts."""

    scorer: Level
    pulls: Sequence[Pull]
    day: date
    since: date | None

    def without(self, claims: Collection[UUID]) -> "SeriesOn":
        return self._of(pull for pull in self.pulls if pull.claim not in claims)

    def _of(self, pulls: Iterable[Pull]) -> "SeriesOn":
        pair = self.pulls.pair if isinstance(self.pulls, Pulls) else ""
        return replace(self, pulls=Pulls(placed(pulls), pair=pair))

    def with_acts(self, pattern: Pull, number: int) -> "SeriesOn":
        """The series with so many more acts, one a month from the day on, up to the last of
        them."""
        days = [_months_after(self.day, each) for each in range(number)]
        # Each from its own source, so that none depends on the truth of another.
        own = [UUID(int=2**128 - each) for each in range(1, number + 1)]
        acts = [
            pattern._replace(claim=id_, roots=(id_,), first=day.toordinal(), last=day.toordinal())
            for id_, day in zip(own, days, strict=True)
        ]
        pulls = sorted([*self.pulls, *acts], key=lambda pull: pull.claim.int)
        return replace(self._of(pulls), day=days[-1] if days else self.day)

    def score(self) -> Score:
        return self.scorer.on(self.pulls, self.day)

    def moved(self) -> WindowMovement | None:
        """The movement; None if the model has no movements, or without an act."""
        return over_window(self.scorer, self.pulls, self.day, since=self.since)

    def finding(self) -> Finding:
        score, moved = self.score(), self.moved()
        is_level = score.assessed is None or score.assessed.day is not None
        return Finding(
            direction=sign_of(moved.value) if moved else None,
            certainty=known(moved) if moved else None,
            sign=sign_of(score.value) if is_level else None,
            band=band_of(score) if is_level else None,
        )


def sign_of(value: float) -> int:
    """Return −1, 0 or 1; 0 where the value rounds to 0.0."""
    return 0 if abs(value) < LEAST else 1 if value > 0 else -1


def band_of(score: Score) -> str | None:
    """Return the band in which the value of a level is; None for a score without bands."""
    if score.likely is None:
        return None
    return bands.BANDS[bisect_right(bands.scale(TOP)[1], score.value)]


def folds_of(series: SeriesOn) -> int:
    """Return how many times a series may be folded.

    :raises TooMuchWork: if that is not often enough.
    """
    folds = MOST_WORK // max(1, robustness.work(series.scorer, series.pulls, series.day))
    if folds < FEWEST_FOLDS:
        raise TooMuchWork("too many acts are on record of this pair to try it without each of them")
    return folds


def search(
    series: SeriesOn,
    weights: Mapping[UUID, float],
    *,
    holds: Callable[[Collection[UUID]], Finding],
) -> Search:
    """Search the smallest sets of claims without which a finding would change.

    :param weights: how much each claim that may be named weighs, of either sign.
    :param holds: the finding without some claims in full, also where others depend on them.
    :raises TooMuchWork: if not even the heaviest claims can be tried one by one.
    """
    now = series.finding()
    ranked = sorted(weights, key=lambda claim: (-abs(weights[claim]), claim.int))[:MOST_CLAIMS]
    tried = Tried(series, holds, folds_of(series))
    asked = [one for one in QUESTIONS if getattr(now, one) is not None]
    found: dict[Question, DecisiveSet] = {}
    ranked = ranked[: tried.left]
    found |= _first_sets(tried, now, asked, ((claim,) for claim in ranked))
    paired = _most_paired(len(ranked), tried.left)
    unanswered = [one for one in asked if one not in found]
    found |= _first_sets(tried, now, unanswered, combinations(ranked[:paired], 2))
    for question in [one for one in asked if one not in found]:
        if greedy := _greedy(tried, now, question, ranked):
            found[question] = greedy
    return Search(
        found=tuple(found[one] for one in QUESTIONS if one in found),
        open=tuple(one for one in asked if one not in found),
        tried=len(ranked),
        paired=paired,
        claims=len(weights),
    )


class Tried:
    """The findings without some claims, by themselves and in full, each computed once; `left` is
    the number of folds still allowed."""

    def __init__(
        self, series: SeriesOn, holds: Callable[[Collection[UUID]], Finding], folds: int
    ) -> None:
        self.series = series
        self.left = folds
        self._holds = holds
        self._known: dict[frozenset[UUID], Finding] = {}
        self._whole: dict[frozenset[UUID], Finding] = {}

    def without(self, claims: Iterable[UUID]) -> Finding:
        key = frozenset(claims)
        if key not in self._known:
            self.left -= 1
            self._known[key] = self.series.without(key).finding()
        return self._known[key]

    def in_full(self, claims: Iterable[UUID]) -> Finding | None:
        """Also without what depends on the claims; None if no fold is left."""
        key = frozenset(claims)
        if key not in self._whole:
            if self.left <= 0:
                return None
            self.left -= 1
            self._whole[key] = self._holds(key)
        return self._whole[key]

    def least_of(
        self, now: Finding, claims: tuple[UUID, ...], question: Question
    ) -> tuple[tuple[UUID, ...], Finding] | None:
        """The set that changes an answer in full: one of the claims alone, if it does so with what
        depends on it, or all of them; None if neither does."""
        for members in dict.fromkeys([*((claim,) for claim in claims), claims]):
            whole = self.in_full(members)
            if whole and differs(now, whole, question):
                return members, whole
        return None


def _most_paired(claims: int, folds: int) -> int:
    """How many claims can be left out in pairs with the folds left, a tenth of which is kept for
    the greedy search."""
    most = claims
    while most * (most - 1) // 2 > max(0, folds) * 9 // 10:
        most -= 1
    return most


def _first_sets(
    tried: Tried, now: Finding, asked: Sequence[Question], sets: Iterable[tuple[UUID, ...]]
) -> dict[Question, DecisiveSet]:
    """The first set that changes each answer, also in full."""
    found: dict[Question, DecisiveSet] = {}
    for claims in sets:
        instead = tried.without(claims)
        changed = [one for one in asked if one not in found and differs(now, instead, one)]
        for question in changed:
            if least := tried.least_of(now, claims, question):
                members, whole = least
                found[question] = DecisiveSet(
                    question=question, claims=members, now=now, instead=whole, exact=True
                )
    return found


def differs(now: Finding, instead: Finding, question: Question) -> bool:
    """Whether the answer to a question changes. A level that nobody assessed counts as another
    band, but not as another side of zero."""
    if question == "sign" and instead.sign is None:
        return False
    return bool(getattr(now, question) != getattr(instead, question))


def _greedy(
    tried: Tried, now: Finding, question: Question, ranked: Sequence[UUID]
) -> DecisiveSet | None:
    """Claims that pull the same way, the heaviest first, until the answer changes; claims that turn
    out not to be needed are removed again."""
    for start in range(min(2, len(ranked))):
        chosen: list[UUID] = []
        for claim in ranked[start:]:
            if len(chosen) >= MOST_MEMBERS or tried.left <= 0:
                break
            chosen.append(claim)
            if differs(now, tried.without(chosen), question):
                least = _pruned(tried, now, question, chosen)
                whole = tried.in_full(least)
                if whole and differs(now, whole, question):
                    return DecisiveSet(
                        question=question, claims=least, now=now, instead=whole, exact=False
                    )
                break
    return None


def _pruned(
    tried: Tried, now: Finding, question: Question, claims: Sequence[UUID]
) -> tuple[UUID, ...]:
    """The claims that are needed for the change. One may become needless by the loss of another,
    since an act may count in the place of a larger one."""
    needed = tuple(claims)
    for claim in claims:
        others = tuple(one for one in needed if one != claim)
        if len(others) < len(needed) and others and differs(now, tried.without(others), question):
            return _pruned(tried, now, question, others)
    return needed


def _months_after(day: date, months: int) -> date:
    """The day so many months later, or the last of that month."""
    month = 12 * day.year + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class ActsNeeded(NamedTuple):
    """How many acts of a code, one a month from the day on, would bring a level from its band into
    another; `number` None: not within `MOST_ACTS`."""

    code: str
    number: int | None
    band: str | None


def acts_needed(series: SeriesOn, pattern: Pull) -> ActsNeeded:
    """Return how many acts like `pattern` bring another band. More acts of one kind pull further
    the same way, so the number is found by halving."""
    now = band_of(series.score())

    def band_with(number: int) -> str | None:
        return band_of(series.with_acts(pattern, number).score())

    if now is None or band_with(MOST_ACTS) == now:
        return ActsNeeded(pattern.code, None, None)
    low, high = 0, MOST_ACTS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if band_with(middle) == now else (low, middle)
    return ActsNeeded(pattern.code, high, band_with(high))
