"""`docs/method.md` says what the program does: the numbers that it argues for are in the code."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tracker.domain import certainty, forecasts, likelihood, robustness, shifts
from tracker.domain.divergence import ROOTS_NEEDED
from tracker.domain.impacts import STRENGTH
from tracker.domain.movements import LEAST_CHANCE, LEAST_MOVE
from tracker.domain.scoring import flows, level
from tracker.domain.scoring.assessments import STARTS_P
from tracker.domain.scoring.classes import class_of
from tracker.domain.scoring.course import QUIET_MONTHS
from tracker.domain.scoring.evidence import SECTOR_WEIGHT, Pull, Pulls
from tracker.domain.scoring.level import DEFAULTS, YEARS_AFTER

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
    ("4² at first", float(DEFAULTS["unknown"]), 4),
    ("a variance of .57²/12", float(DEFAULTS["drift"]), 0.57),
    ("never below 2²", float(DEFAULTS["floor"]), 2),
    ("takes a quarter of the way to −9", float(DEFAULTS["war"]), 0.25),
    ("from ½ to 1 and in a third from 1 to 2", float(DEFAULTS["vary"]), 2),
    ("After 36 months without a claim", QUIET_MONTHS, 36),
    ("each January, for 50 years", YEARS_AFTER, 50),
    ("z·2p for p < ½", 1 / STARTS_P, 2),
    ("from half a point and 80 % of the worlds on", LEAST_MOVE, 0.5),
    ("from half a point and 80 % of the worlds on", LEAST_CHANCE, 0.8),
    ("under 27 combinations", len(robustness.SETTINGS), 27),
    ("κ = 1: silence", float(flows.TONE.defaults["kappa"]), 1),
    ("κ = 10 **[R]**", float(flows.COOPERATION.defaults["kappa"]), 10),
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
    rows = dict(re.findall(r"\| ([a-z ]+) \| [^|]* \| ([+−][.\d]+) \|", PAGE))

    assert {name: Decimal(step.replace("−", "-")) for name, step in rows.items()} == {
        name: Decimal(step) for name, step in DEFAULTS["steps"].items()
    }


def test_the_classes_stand_there() -> None:
    rows = re.findall(r"\| ([a-z ]+) \| ([A-Z, a-z]+) \| [+−][.\d]+ \|", PAGE)
    said = {event: name for name, events in rows for event in re.findall(r"[A-Z]{3,}", events)}

    assert {event: class_of(f"plover-2.0/{event}") for event in said if event != "REQUEST"} == {
        event: name for event, name in said.items() if event != "REQUEST"
    }


def test_the_example_adds_up() -> None:
    """Each world by the formulas of section 3, from the numbers before it."""
    text = PAGE.partition("cut to **eight worlds**")[2].replace("−", "-").replace("**", "")
    rows = [
        [float(cell) for cell in row.strip("|").split("|")[1:]]
        for row in re.findall(r"^\| [1-8] \|.*$", text, re.MULTILINE)
    ]
    for start, drift, before, a, b, march, c, may in rows:
        assert min(9, start + drift) == pytest.approx(before, abs=0.006)
        fall = max(a, b)
        assert march == pytest.approx(before - fall / 9 * before - fall, abs=0.001)
        assert may == pytest.approx(march - c / 9 * march + c, abs=0.001)
    means = [sum(column) / 8 for column in zip(*rows, strict=True)]
    assert len(rows) == 8
    assert [means[place] for place in (0, 2, 5, 7)] == pytest.approx(
        [5.001, 5.001, 4.375, 4.473], abs=0.0011
    )
    assert "**4.473**" in PAGE


def test_the_example_has_the_figures_of_the_program() -> None:
    newsletter, data_set = UUID("0cd81c36-4683-5805-a931-58990d14ff07"), UUID(int=1)
    pulls = Pulls(
        [
            _pull(1, date(2018, 12, 31), "", root=data_set, p=0.8, value=5.0, sd=2.0),
            _pull(2, date(2022, 3, 31), "SANCTION/discontinue", root=newsletter, weight=0.6),
            _pull(3, date(2022, 3, 31), "THREATEN/territory", root=newsletter),
            _pull(4, date(2022, 5, 12), "SUPPORT", root=newsletter, weight=0.6),
        ],
        pair="KAZ-RUS",
    )
    model, day = level.read(DEFAULTS), date(2022, 5, 24)
    score, moved = model.on(pulls, day), model.movement(pulls, date(2022, 3, 30), day)

    # Which worlds a claim is true in depends on the id of its root.
    assert (
        "**+4.46 [.2, 8.0]**, good or friendly (.77, printed as about 75 %); it moved −.50"
        " [−1.23, +.10] and fell in .90"
    ) in PAGE
    assert (score.value, score.low, score.high) == pytest.approx((4.46, 0.2, 8.0), abs=0.3)
    assert (moved.value, moved.low, moved.high) == pytest.approx((-0.5, -1.23, 0.1), abs=0.1)
    assert score.likely is not None
    assert (score.likely.chance, moved.fell) == pytest.approx((0.77, 0.9), abs=0.05)


def _pull(number: int, day: date, code: str, *, root: UUID, **given: Any) -> Pull:
    return Pull(
        claim=UUID(int=number),
        first=day.toordinal(),
        last=day.toordinal(),
        situation=False,
        fades=True,
        roots=(root,),
        state_roots=(),
        code=code and f"plover-2.0/{code}",
        **{"value": 0.0, "weight": 1.0, "p": 0.9435} | given,
    )
