"""How far a level depends on settings of the model that could as well be others.

Five settings are reasoned and not measured. `FACTORS` has their choices, and `SETTINGS` 54
combinations of them, of which one is the lens's own. The level and its movement are worked out
under each: the spread is from the lowest to the highest result.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Literal, NamedTuple

from tracker.domain.movements import over_window
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Scorer, latest
from tracker.domain.scoring.standing import Standing
from tracker.domain.scoring.standing_defaults import DEFAULTS

# The version of the table of settings. A changed table is a new version.
VERSION = "settings-1"
# A smaller value has no sign.
LEAST = 1e-9
# The highest p that a shifted certainty has: that of a claim which a person confirmed.
MOST_CERTAIN = 0.99
# What e^(1/2) and e^(-1/2) are: odds times these are log odds plus and minus 1/2.
HALF_MORE, HALF_LESS = 1.6487212707001282, 0.6065306597126334
# The work on a series, in units of about .3 ms under all settings: what a day takes on which
# something happens, an impact, a draw that acts on a day, and draws that are open on a day on which
# they do not act: the first, and so many more.
WORK_OF_DAY = 4
WORK_OF_IMPACT = 2
WORK_OF_DRAW = 3
WORK_OF_OPEN_DRAWS = 2
OPEN_DRAWS = 8
# About six seconds.
MOST_WORK = 20_000
# A situation acts on a day of its own each day, and so may an act.
_ABOUT = 2_000


class Factor(NamedTuple):
    """A setting that could be another: its choices, the lens's own in the middle or first, and why
    they are all defensible."""

    name: str
    choices: tuple[str, ...]
    reason: str


FACTORS = (
    Factor(
        "steps of conflict",
        ("× 3/4", "as they are", "× 4/3"),
        "Nobody can measure how much worse a war is than a threat. A third more or less leaves the"
        " order of the codes as it is, and is the same ratio both ways.",
    ),
    Factor(
        "steps of cooperation",
        ("× 3/2", "as they are", "× 1/2"),
        "Routine cooperation is reported too much, and by how much differs between countries and"
        " outlets. The choices are wider than those of conflict, because a summit makes news"
        " whatever it achieves.",
    ),
    Factor(
        "most that a situation moves a level",
        ("one step of its code", "two steps", "no limit"),
        "A sanction that stays in force may weigh as much as the act that began it, twice as much,"
        " or more for as long as it lasts.",
    ),
    Factor(
        "certainty of every claim, in log odds",
        ("− 1/2", "as it is", "+ 1/2"),
        "About half of what lies between two grades (C and B are 1.1 apart): who hesitates between"
        " them may give either.",
    ),
    Factor(
        "habituation to routine acts",
        ("on", "off"),
        "The fifth visit of a year may count less than the first, or as much. Without habituation"
        " contacts on the sidelines count too.",
    ),
)


class Setting(NamedTuple):
    """A choice for each factor. The first four are places in the factor's choices, from what makes
    a level higher to what makes it lower (of certainty: from less to more), 1 for the lens's own;
    `habituation` false: the opposite of the lens's own."""

    conflict: int
    cooperation: int
    situations: int
    certainty: int
    habituation: bool


OWN = Setting(1, 1, 1, 1, habituation=True)
# A third of all combinations: any three factors of three choices meet in each combination once.
# Among them are the highest and the lowest of the first three factors at the lens's own certainty.
SETTINGS = tuple(
    Setting(conflict, cooperation, situations, certainty, habituation)
    for conflict, cooperation, situations, certainty in product(range(3), repeat=4)
    if (conflict + cooperation + situations + certainty) % 3 == 1
    for habituation in (True, False)
)
_CONFLICT = (0.75, 1.0, 4 / 3)
_COOPERATION = (1.5, 1.0, 0.5)
_ODDS = (HALF_LESS, 1.0, HALF_MORE)


class Spread(NamedTuple):
    """A value under the lens's own settings, the lowest and the highest one under all settings, and
    the share of the settings whose value has the same sign; None if the value has none."""

    value: float
    low: float
    high: float
    same_sign: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """The spreads of a level on `day`, and of its movement since the close of `since`: both None if
    there is no act."""

    day: date
    settings: int
    level: Spread
    since: date | None
    movement: Spread | None


class NotWorkedOut(NamedTuple):
    """Why a level is not worked out under other settings, in a word or two and as a sentence."""

    reason: Literal["no settings", "too much work"]
    detail: str


_NO_SETTINGS = NotWorkedOut(
    "no settings",
    "The model of this lens has no settings that could as well be others: choose a lens of the"
    " overall relationship.",
)


def robustness(
    scorer: Scorer, pulls: Sequence[Pull], day: date, *, since: date | None = None
) -> Robustness | NotWorkedOut:
    """Return how far a level on a day, and its movement up to it, depend on the settings. The
    movement is by default that since the day before the first act."""
    series = _variants(scorer, pulls, day)
    if isinstance(series, NotWorkedOut):
        return series
    moves = [over_window(model, shifted, day, since=since) for model, shifted in series]
    known = [move for move in moves if move]
    return Robustness(
        day=day,
        settings=len(SETTINGS),
        level=_level(series, day),
        since=known[0].since if known else None,
        movement=_spread([move.value for move in known]) if known else None,
    )


def level_spread(scorer: Scorer, pulls: Sequence[Pull], day: date) -> Spread | None:
    """Return how far a level on a day depends on the settings; None if it is not worked out."""
    series = _variants(scorer, pulls, day)
    return None if isinstance(series, NotWorkedOut) else _level(series, day)


def has_settings(scorer: Scorer) -> bool:
    """Return whether a model has these settings."""
    return isinstance(scorer, Standing)


def work(scorer: Scorer, pulls: Sequence[Pull], day: date) -> int:
    """Return how much work a series up to a day is; `MOST_WORK` is allowed. It is none for a model
    without settings, and a lower bound if that is too much."""
    end = day.toordinal()
    pulls = _until(pulls, end)
    least = WORK_OF_IMPACT * sum(pull.last - pull.first + 1 for pull in pulls)
    if not isinstance(scorer, Standing) or least > MOST_WORK:
        return least if isinstance(scorer, Standing) else 0
    plan = replace(scorer, situation_steps=0.0, habituation_fade=0.0).plan(pulls)
    firsts = sorted(first for first, _ in plan.spans.values())
    lasts = sorted(last for _, last in plan.spans.values())
    total = 0
    for on, of_day in plan.days.items():
        total += WORK_OF_IMPACT * (len(of_day.given) + len(of_day.assessed))
        if on <= end:
            total += WORK_OF_DAY + WORK_OF_DRAW * len(of_day.actions)
            others = bisect_right(firsts, on) - bisect_left(lasts, on) - len(of_day.actions)
            total += (WORK_OF_OPEN_DRAWS + others // OPEN_DRAWS) * (others > 0)
    return total


def _until(pulls: Sequence[Pull], end: int) -> list[Pull]:
    """The pulls without the days of situations after a day, but the first: what is open on the day
    stays so, and the level keeps its bits."""
    return [
        pull._replace(last=min(pull.last, max(pull.first, end + 1))) if pull.situation else pull
        for pull in pulls
    ]


type _Variant = tuple[Standing, Sequence[Pull]]


def _variants(
    scorer: Scorer, pulls: Sequence[Pull], day: date
) -> Sequence[_Variant] | NotWorkedOut:
    """The model and the pulls under each setting, the lens's own first."""
    if not isinstance(scorer, Standing):
        return _NO_SETTINGS
    if work(scorer, pulls, day) > MOST_WORK:
        return NotWorkedOut(
            "too much work",
            f"Up to {day} there are too many acts to work the level out under"
            f" {len(SETTINGS)} settings: at most about {_ABOUT:,} acts, or a situation of"
            f" {_ABOUT:,} days. Choose an earlier day, or a lens that counts fewer claims.",
        )
    pulls = _until(pulls, day.toordinal())
    by_certainty = [[_shifted(pull, odds) for pull in pulls] for odds in _ODDS]
    ordered = sorted(SETTINGS, key=lambda setting: setting != OWN)
    return [(_model(scorer, setting), by_certainty[setting.certainty]) for setting in ordered]


def _shifted(pull: Pull, odds: float) -> Pull:
    """The pull with its odds multiplied."""
    if odds == 1:
        return pull
    p = pull.p * odds / (1 - pull.p + pull.p * odds)
    return pull._replace(p=min(MOST_CERTAIN, p))


def _model(scorer: Standing, setting: Setting) -> Standing:
    """The model under a setting."""
    if setting == OWN:
        return scorer
    conflict, cooperation = _CONFLICT[setting.conflict], _COOPERATION[setting.cooperation]
    cap = scorer.situation_steps
    caps = (cap / 2, cap, 0.0) if cap else (1.0, 0.0, 2.0)
    other = 0.0 if scorer.habituation_fade else float(DEFAULTS["habituation_fade"])
    return replace(
        scorer,
        steps=tuple(
            (value, _scaled(step, conflict if step < 0 else cooperation, scorer.top))
            for value, step in scorer.steps
        ),
        situation_steps=caps[setting.situations],
        habituation_fade=scorer.habituation_fade if setting.habituation else other,
    )


def _scaled(step: float, factor: float, top: float) -> float:
    return max(-top, min(top, step * factor))


def _level(series: Iterable[_Variant], day: date) -> Spread:
    return _spread(
        [model.at(latest(model.knots(pulls, until=day), day), day).value for model, pulls in series]
    )


def _spread(values: Sequence[float]) -> Spread:
    """The spread of values, the first of which is that of the lens's own settings."""
    own, number = _sign(values[0]), len(values)
    alike = sum(_sign(value) == own for value in values)
    return Spread(values[0], min(values), max(values), alike / number if own else None)


def _sign(value: float) -> int:
    return 0 if abs(value) <= LEAST else int(value > 0) * 2 - 1
