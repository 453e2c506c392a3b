"""`standing`, a stock: the level of a relation on −9..9, as 256 worlds (see `course`)."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tracker.domain.scoring import bands, evidence, moments, parameters, parts
from tracker.domain.scoring.bands import ASSESSED_P, Likely
from tracker.domain.scoring.classes import CLASSES, Class, class_of
from tracker.domain.scoring.course import Course, Rules, factors
from tracker.domain.scoring.evidence import Pull, is_war, moves_level
from tracker.domain.scoring.moments import Explanation, Knot, Model, Movement, Part, Score, Tally
from tracker.domain.scoring.moves import TOP
from tracker.domain.scoring.parts import Parts
from tracker.domain.scoring.plain_rows import fastest
from tracker.domain.scoring.rows import QUANTILES, Row, Summary
from tracker.domain.scoring.tables import N

DEFAULTS: Mapping[str, Any] = {
    "steps": {
        "cooperation in words": "0.3",
        "cooperation in deeds": "0.6",
        "conflict in words": "-0.3",
        "conflict in deeds": "-0.6",
        "violence": "-2",
    },
    "war": "0.25",
    "drift": "0.57",
    "unknown": "4",
    "floor": "2",
    "vary": "2",
}
NOTHING_ASSESSED = 0.0
# A smaller step is what rounding leaves of none.
ROUNDING = 1e-9
_MANY = len(QUANTILES)
# So long after the last claim a level is still worked out; after that it stays as it is.
YEARS_AFTER = 50


@dataclass(frozen=True, slots=True)
class Level:
    """The model with its rules. The moments of a knot are the numbers of a `Summary`, one after the
    other, and the ordinals of the days on which the level was last assessed, and was last assessed
    or doubtfully so, 0 for never."""

    rules: Rules

    def knots(self, pulls: Sequence[Pull], *, until: date | None = None) -> list[Knot]:
        """Return a knot for each close of a course up to a day, by default up to `YEARS_AFTER` the
        last claim."""
        closes = self._course(pulls, until or date.max).closes
        found = fastest().summaries([close.row for close in closes])
        acting = [pull for pull in pulls if moves_level(pull)]
        tally, known = Tally.of(acting), sorted(_assessed_days(pulls))
        told = sorted({pull.first for pull in pulls if pull.sd is not None})
        knots = []
        for close, summary in zip(closes, found, strict=True):
            tally.advance(close.day)
            last = (_last(days, close.day) for days in (known, told))
            state = (summary.mean, summary.sd, *summary.quantiles, *summary.below, *last)
            knots.append(tally.knot(close.day, state))
        return knots

    def at(self, knot: Knot | None, day: date) -> Score:
        if knot is None:
            [summary] = fastest().summaries([self._unknown()])
            return _score(summary._replace(mean=0.0), NOTHING_ASSESSED, day)
        moments.gap(knot, day)
        mean, sd, *others, assessed, _ = knot.moments
        summary = Summary(mean, sd, tuple(others[:_MANY]), tuple(others[_MANY:]))
        return _score(summary, assessed, day)

    def on(self, pulls: Sequence[Pull], day: date) -> Score:
        """Return what `at` does for the last knot up to a day, without the knots before it."""
        [summary] = fastest().summaries([self.worlds(pulls, day)])
        known = [one for one in _assessed_days(pulls) if one <= day.toordinal()]
        return _score(summary, float(max(known, default=0)), day)

    def closes(self, knot: Knot, days: int) -> list[float]:
        return [knot.moments[0]] * days

    def worlds(self, pulls: Sequence[Pull], day: date) -> Row:
        """Return the level in each world at the close of a day."""
        found = self._course(pulls, day).at(day.toordinal())
        return self._unknown(pulls) if found is None else found

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        course = self._course(pulls, day, traced=True)
        return _explanation(parts.contributions(course), parts.steps(course))

    def change(self, pulls: Sequence[Pull], start: date, end: date) -> Row:
        """Return how the level moved in each world from the close of a day to that of another.
        What a first assessment tells of where it is does not count."""
        return self._course(pulls, end).moved(start.toordinal(), end.toordinal())

    def movement(self, pulls: Sequence[Pull], start: date, end: date) -> Movement:
        return moved(self.change(pulls, start, end))

    def movements(self, pulls: Sequence[Pull], start: date, days: Sequence[date]) -> list[Movement]:
        self._course(pulls, days[-1])
        return [self.movement(pulls, start, day) for day in days]

    def moved_by(self, pulls: Sequence[Pull], start: date, end: date) -> Explanation:
        early, late = (parts.steps(self._course(pulls, day, traced=True)) for day in (start, end))
        found = late.less(early)
        explained = _explanation(found, found)
        own = (part for part in explained.parts if _is_of_window(part))
        return replace(explained, parts=tuple(own))

    def step_of(self, pull: Pull) -> float:
        """Return what a full and certain act like this adds to a level of 0; of a war, the blow of
        its first day."""
        kind = class_of(pull.code)
        return self.rules.steps[kind] if kind else 0.0

    @property
    def month_of_war(self) -> float:
        """What a month of a full and certain war adds to a level of 0."""
        return -TOP * self.rules.war

    def words(self, score: Score, *, since: date | None) -> str:  # noqa: ARG002
        return bands.words(score.likely, score.assessed)

    def _course(self, pulls: Sequence[Pull], until: date, *, traced: bool = False) -> Course:
        """The course up to a day; what was folded up to a later one serves too, untraced."""
        day = min(until.toordinal(), _end(pulls))
        kept = evidence.kept(pulls, self, ("course", traced), list[tuple[int, Course]])
        for last, course in kept:
            if last == day or (last > day and not traced):
                return course
        course = Course(self.rules, _pair(pulls), traced=traced).fold(pulls, until=day)
        kept.append((day, course))
        return course

    def _unknown(self, pulls: Sequence[Pull] = ()) -> Row:
        return Course(self.rules, _pair(pulls)).unknown()


def _is_of_window(part: Part) -> bool:
    """Whether a claim moved the level, or would have."""
    return max(abs(part.amount), abs(part.alone or 0.0)) > ROUNDING


def _explanation(found: Parts, steps: Parts) -> Explanation:
    return moments.largest_first(
        found.by_claim,
        start=found.start,
        drift=found.drift,
        steps=steps.by_claim,
        alone=steps.alone,
    )


def moved(row: Row) -> Movement:
    """Return a movement from its amount in each world."""
    [summary] = fastest().summaries([row])
    amounts = row.tolist()
    fell = sum(amount < -ROUNDING for amount in amounts) / N
    rose = sum(amount > ROUNDING for amount in amounts) / N
    return Movement(summary.mean, summary.quantiles[0], summary.quantiles[-1], fell, rose)


def _end(pulls: Sequence[Pull]) -> int:
    """The last day that is folded: the end of the month, `YEARS_AFTER` the last claim."""
    last = max((pull.last if is_war(pull) else pull.first for pull in pulls), default=1)
    day = date.fromordinal(last)
    if day.year + YEARS_AFTER > date.max.year:
        return date.max.toordinal()
    month = day.replace(year=day.year + YEARS_AFTER, day=28) + timedelta(days=4)
    return month.toordinal() - month.day


def _pair(pulls: Sequence[Pull]) -> str:
    return pulls.pair if isinstance(pulls, evidence.Pulls) else ""


def _score(summary: Summary, assessed: float, day: date) -> Score:
    shares = tuple(high - low for low, high in pairwise((0.0, *summary.below, 1.0)))
    return Score(
        summary.mean,
        summary.sd,
        summary.quantiles[0],
        summary.quantiles[-1],
        _likeliest(shares),
        bands.assessment(assessed, day),
        shares=shares,
    )


def _assessed_days(pulls: Sequence[Pull]) -> set[int]:
    return {pull.first for pull in pulls if pull.sd is not None and pull.p >= ASSESSED_P}


def _last(days: Sequence[int], until: int) -> float:
    """The last of some ascending days up to one; 0 if there is none."""
    place = bisect_right(days, until)
    return float(days[place - 1]) if place else NOTHING_ASSESSED


def _likeliest(shares: Sequence[float]) -> Likely:
    """The two neighbouring bands that most worlds are in, the more probable one first."""
    place = max(range(len(shares) - 1), key=lambda n: shares[n] + shares[n + 1])
    one, other = place, place + 1
    if shares[other] > shares[one]:
        one, other = other, one
    return Likely((bands.BANDS[one], bands.BANDS[other]), shares[one] + shares[other])


def read(body: Mapping[str, Any]) -> Level:
    """Parse the parameters of a lens.

    A month's acts must not take more than all of a level, so the steps and the pull of war are
    limited together.
    """
    parameters.check_names(body, wanted=DEFAULTS)
    steps = _steps(body["steps"])

    def decimal(name: str, *, least: float = 0, most: float = TOP) -> float:
        return parameters.decimal(body[name], name, least=least, most=most)

    rules = Rules(
        steps=steps,
        war=decimal("war", most=0.5),
        drift=decimal("drift", most=3),
        unknown=decimal("unknown"),
        floor=decimal("floor"),
        vary=decimal("vary", least=1, most=2),
    )
    if _most_taken(rules) > 1:
        raise parameters.WrongParameter(
            "steps", "are so large that a month could take all of a level"
        )
    return Level(rules)


def _most_taken(rules: Rules) -> float:
    """The share of a level that acts of all classes and a war take in a month, in the world in
    which they take most."""
    rows = fastest()
    taken: Row = rows.row([rules.war] * N)
    for kind, step in rules.steps.items():
        taken = taken + factors(rows, rules.vary, kind) * (abs(step) / TOP)
    return float(max(taken.tolist()))


def _steps(body: Any) -> dict[Class, float]:
    if not isinstance(body, Mapping):
        raise parameters.WrongParameter("steps", "must have a step for each class of acts")
    for name in body:
        if name not in CLASSES:
            raise parameters.WrongParameter(
                f"steps.{name}", f"is unknown; expected one of: {', '.join(CLASSES)}"
            )
    for name in CLASSES:
        if name not in body:
            raise parameters.WrongParameter(f"steps.{name}", "is missing")
    return {name: _step(body[name], name) for name in CLASSES}


def _step(value: Any, name: Class) -> float:
    up = name.startswith("cooperation")
    least, most = (0.0, 3.0) if up else (-3.0, 0.0)
    return parameters.decimal(value, f"steps.{name}", least=least, most=most)


MODEL = Model(name="standing", version=1, top=TOP, defaults=DEFAULTS, read=read, levels=True)
