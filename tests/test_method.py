"""`docs/method.md` says what the program does: the numbers that it argues for are in the code."""

import math
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tracker.domain import certainty, forecasts, likelihood, shifts
from tracker.domain.divergence import ROOTS_NEEDED
from tracker.domain.impacts import STRENGTH
from tracker.domain.scoring import cooperation, tone
from tracker.domain.scoring.evidence import SECTOR_WEIGHT
from tracker.domain.scoring.standing_defaults import DEFAULTS

PAGE = Path("docs/method.md").read_text(encoding="utf-8")
# What the page says, the numbers in the code, and those that the words mean.
SAID = [
    ("Reliability missing: at most .65", certainty.UNKNOWN_RELIABILITY_CAP, 0.65),
    ("Both missing: .50", certainty.UNGRADED, 0.5),
    ("**Self-serving** content is at most .40", certainty.SELF_SERVING_CAP, 0.4),
    ("at most .97", certainty.CORROBORATED_CAP, 0.97),
    ("raises to .99", certainty.CONFIRMED, 0.99),
    ("caps at .50", certainty.DISPUTED_CAP, 0.5),
    ("| a checkable act or situation | 9 : 1 |", certainty.CHECKABLE.odds, 9),
    ("| an attributed or covert act | 1 : 1 |", certainty.ATTRIBUTED.odds, 1),
    ("weak .3, partial .6, full 1", STRENGTH["weak"], 0.3),
    ("weak .3, partial .6, full 1", STRENGTH["partial"], 0.6),
    ("weak .3, partial .6, full 1", STRENGTH["full"], 1),
    ("| start | 0, sd 4 |", float(DEFAULTS["start_sd"]), 4),
    ("| drift | .03² + (.3/30.4)·R a day |", float(DEFAULTS["omega"]), 0.03),
    ("| drift | .03² + (.3/30.4)·R a day |", float(DEFAULTS["conflict_drift"]), 0.3 / 30.4),
    ("of p·I² of conflict, half-life 365 days", float(DEFAULTS["conflict_fade"]) ** 365, 0.5),
    ("I/30 · 2^(−j/180), until two steps are reached", DEFAULTS["situation_days"], 30),
    ("I/30 · 2^(−j/180), until two steps are reached", float(DEFAULTS["situation_steps"]), 2),
    ("2^(−j/180)", float(DEFAULTS["situation_fade"]) ** 180, 0.5),
    ("p·weight·e^(−days/365)", float(DEFAULTS["habituation_fade"]) ** 365, math.exp(-1)),
    ("begun within 180 days of the first", DEFAULTS["shared_days"], 180),
    ("κ = 1: silence", float(tone.DEFAULTS["kappa"]), 1),
    ("κ = 10 **[R]**", float(cooperation.DEFAULTS["kappa"]), 10),
    ("τ = 3 **[R]**", float(tone.DEFAULTS["tau"]), 3),
    ("more than 2.5 standard deviations", shifts.DEVIATIONS, 2.5),
    ("and more than .5, within 14 days", shifts.LEAST_CHANGE, 0.5),
    ("and more than .5, within 14 days", shifts.WINDOW, 14),
    ("Shown from five roots on each side", ROOTS_NEEDED, 5),
    ("shown from twenty on", forecasts.RESOLVED_NEEDED, 20),
]


@pytest.mark.parametrize(("words", "in_code", "number"), SAID)
def test_a_number_stands_there(words: str, in_code: float, number: float) -> None:
    assert words in PAGE
    assert in_code == pytest.approx(number)


def test_the_grades_stand_there() -> None:
    rows = dict(re.findall(r"\| ([A-F2-6]) [a-z ]+\| (\.\d+) +(?=\|)", PAGE))
    known = certainty.RELIABILITY | {str(one): p for one, p in certainty.CREDIBILITY.items()}

    assert {grade: float(p) for grade, p in rows.items()} == known


def test_the_bands_stand_there() -> None:
    [listed] = re.findall(r"midpoint of its band: ([.\d, ]+)\.", PAGE)

    found = [Decimal(one) for one in listed.split(", ")]
    assert found == [band.midpoint for band in likelihood.BANDS.values()]


def test_the_weights_of_sectors_stand_there() -> None:
    [row] = re.findall(r"\| sector of [^|]*\| ([^|]*) \|", PAGE)
    found: dict[str, float] = {}
    for group in row.split("; "):
        names, weight = group.rsplit(" ", 1)
        found |= dict.fromkeys(names.split(", "), float(weight))

    assert found == SECTOR_WEIGHT


def test_the_steps_of_a_level_stand_there() -> None:
    [table] = re.findall(r"straight between \| ((?:\([^)]*\) ?)+)\|", PAGE)
    steps = [
        [Decimal(one) for one in row.replace("−", "-").split(", ")]
        for row in re.findall(r"\(([^)]*)\)", table)
    ]

    assert steps == [[*map(Decimal, row)] for row in DEFAULTS["steps"]]
