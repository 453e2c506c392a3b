"""How far a level depends on settings of the model that could as well be others.

Four settings are reasoned and not measured. `FACTORS` has their choices, and `SETTINGS` 27
combinations of them, of which one is the lens's own. The level and its movement are worked out
under each: the spread is from the lowest to the highest result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Literal, NamedTuple

from tracker.domain.movements import over_window
from tracker.domain.scoring.evidence import Pull, Pulls, is_war
from tracker.domain.scoring.level import Level
from tracker.domain.scoring.moments import Scorer

# The version of the table of settings. A changed table is a new version.
VERSION = "settings-2"
# A smaller value has no sign.
LEAST = 1e-9
# The highest p that a shifted certainty has: that of a claim which a person confirmed.
MOST_CERTAIN = 0.99
# What e^(1/2) and e^(-1/2) are: odds times these are log odds plus and minus 1/2.
HALF_MORE, HALF_LESS = 1.6487212707001282, 0.6065306597126334
# The work on a series, in units of about .013 ms: a month takes one, an act and a day of war two.
WORK_OF_PULL = 2
# About six seconds under all settings.
MOST_WORK = 17_000
_ABOUT = 8_000


class Factor(NamedTuple):
    """A setting that could be another: its choices, the lens's own in the middle or first, and why
    they are all defensible."""

    name: str
    choices: tuple[str, ...]
    reason: str


FACTORS = (
    Factor(
        "steps of conflict",
        ("× 1/2", "as they are", "× 2"),
        "Nobody can measure how much worse a sanction is than a threat. Half and twice as much"
        " leave the order of the classes as it is.",
    ),
    Factor(
        "steps of cooperation",
        ("× 2", "as they are", "× 1/2"),
        "Routine cooperation is reported too much, and by how much differs between countries and"
        " outlets.",
    ),
    Factor(
        "how fast a war lowers a level",
        ("× 1/2", "as it is", "× 2"),
        "A war that is reported takes a level to the end of the scale, but nobody knows within how"
        " many months.",
    ),
    Factor(
        "certainty of every claim, in log odds",
        ("− 1/2", "as it is", "+ 1/2"),
        "About half of what lies between two grades (C and B are 1.1 apart): who hesitates between"
        " them may give either.",
    ),
)


class Setting(NamedTuple):
    """A choice for each factor, as a place in its choices, from what makes a level higher to what
    makes it lower (of certainty: from less to more), 1 for the lens's own."""

    conflict: int
    cooperation: int
    war: int
    certainty: int


OWN = Setting(1, 1, 1, 1)
# A third of all combinations: any three factors meet in each combination of their choices once.
SETTINGS = tuple(Setting(*places) for places in product(range(3), repeat=4) if sum(places) % 3 == 1)
_CONFLICT = (0.5, 1.0, 2.0)
_COOPERATION = (2.0, 1.0, 0.5)
_WAR = (0.5, 1.0, 2.0)
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
    own = over_window(scorer, pulls, day, since=since)
    levels, moves = [], []
    for model, shifted in series:
        levels.append(model.on(shifted, day).value)
        moves += [model.movement(shifted, own.since, day).value] if own else []
    return Robustness(
        day=day,
        settings=len(SETTINGS),
        level=_spread(levels),
        since=own.since if own else None,
        movement=_spread(moves) if moves else None,
    )


def level_spread(scorer: Scorer, pulls: Sequence[Pull], day: date) -> Spread | None:
    """Return how far a level on a day depends on the settings; None if it is not worked out."""
    series = _variants(scorer, pulls, day)
    if isinstance(series, NotWorkedOut):
        return None
    return _spread([model.on(shifted, day).value for model, shifted in series])


def has_settings(scorer: Scorer) -> bool:
    """Return whether a model has these settings."""
    return isinstance(scorer, Level)


def work(scorer: Scorer, pulls: Sequence[Pull], day: date) -> int:
    """Return how much work a series up to a day is; `MOST_WORK` is allowed. It is none for a model
    without settings."""
    end = day.toordinal()
    counted = [pull for pull in pulls if pull.first <= end]
    if not isinstance(scorer, Level) or not counted:
        return 0
    first = date.fromordinal(min(pull.first for pull in counted))
    months = 12 * (day.year - first.year) + day.month - first.month + 1
    days = sum(min(pull.last, end) - pull.first if is_war(pull) else 0 for pull in counted)
    return months + WORK_OF_PULL * (len(counted) + days)


type _Variant = tuple[Level, Sequence[Pull]]


def _variants(
    scorer: Scorer, pulls: Sequence[Pull], day: date
) -> Sequence[_Variant] | NotWorkedOut:
    """The model and the pulls under each setting, the lens's own first."""
    if not isinstance(scorer, Level):
        return _NO_SETTINGS
    if work(scorer, pulls, day) > MOST_WORK:
        return NotWorkedOut(
            "too much work",
            f"Up to {day} there are too many acts to work the level out under"
            f" {len(SETTINGS)} settings: at most about {_ABOUT:,} acts, or a war of"
            f" {_ABOUT:,} days. Choose an earlier day, or a lens that counts fewer claims.",
        )
    by_certainty = [_shifted(pulls, odds) for odds in _ODDS]
    ordered = sorted(SETTINGS, key=lambda setting: setting != OWN)
    return [(_model(scorer, setting), by_certainty[setting.certainty]) for setting in ordered]


def _shifted(pulls: Sequence[Pull], odds: float) -> Sequence[Pull]:
    """The pulls with their odds multiplied."""
    if odds == 1:
        return pulls
    return Pulls(
        (
            pull._replace(p=min(MOST_CERTAIN, pull.p * odds / (1 - pull.p + pull.p * odds)))
            for pull in pulls
        ),
        pair=pulls.pair if isinstance(pulls, Pulls) else "",
    )


def _model(scorer: Level, setting: Setting) -> Level:
    """The model under a setting."""
    conflict, cooperation = _CONFLICT[setting.conflict], _COOPERATION[setting.cooperation]
    steps = {
        kind: step * (conflict if step < 0 else cooperation)
        for kind, step in scorer.rules.steps.items()
    }
    war = min(0.5, scorer.rules.war * _WAR[setting.war])
    return Level(replace(scorer.rules, steps=steps, war=war))


def _spread(values: Sequence[float]) -> Spread:
    """The spread of values, the first of which is that of the lens's own settings."""
    own, number = _sign(values[0]), len(values)
    alike = sum(_sign(value) == own for value in values)
    return Spread(values[0], min(values), max(values), alike / number if own else None)


def _sign(value: float) -> int:
    return 0 if abs(value) <= LEAST else int(value > 0) * 2 - 1
