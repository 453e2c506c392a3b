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


def grades(letters: str) -> dict[str, float]:
    """The p behind each grade in the page's table."""
    rows = re.findall(rf"\| ([{letters}]) [a-z ]+\| (\.\d+) +(?=\|)", PAGE)
    return {grade: float(p) for grade, p in rows}


class TestTheGrades:
    def test_of_sources_stand_there(self) -> None:
        assert grades("A-F") == certainty.RELIABILITY

    def test_of_information_stand_there(self) -> None:
        assert grades("2-6") == {str(one): p for one, p in certainty.CREDIBILITY.items()}

    def test_and_the_caps_do(self) -> None:
        for words, number in (
            ("Reliability missing: at most .65", certainty.UNKNOWN_RELIABILITY_CAP),
            ("Both missing: .50", certainty.UNGRADED),
            ("**Self-serving** content is at most .40", certainty.SELF_SERVING_CAP),
            ("at most .97", certainty.CORROBORATED_CAP),
            ("raises to .99", certainty.CONFIRMED),
            ("caps at .50", certainty.DISPUTED_CAP),
        ):
            assert words in PAGE
            assert float(words.split()[-1]) == number

    def test_and_the_prior_odds_do(self) -> None:
        assert "| a checkable act or situation | 9 : 1 |" in PAGE
        assert certainty.CHECKABLE.odds == 9
        assert "| an attributed or covert act | 1 : 1 |" in PAGE
        assert certainty.ATTRIBUTED.odds == 1

    def test_and_the_bands_do(self) -> None:
        [listed] = re.findall(r"midpoint of its band: ([.\d, ]+)\.", PAGE)

        found = [Decimal(one) for one in listed.split(", ")]
        assert found == [band.midpoint for band in likelihood.BANDS.values()]


class TestTheWeights:
    def test_of_strength_stand_there(self) -> None:
        assert "weak .3, partial .6, full 1" in PAGE
        assert STRENGTH == {"weak": 0.3, "partial": 0.6, "full": 1.0}

    def test_of_sectors_stand_there(self) -> None:
        [row] = re.findall(r"\| sector of [^|]*\| ([^|]*) \|", PAGE)
        found: dict[str, float] = {}
        for group in row.split("; "):
            names, weight = group.rsplit(" ", 1)
            found |= dict.fromkeys(names.split(", "), float(weight))

        assert found == SECTOR_WEIGHT


class TestTheParameters:
    def test_of_the_level_stand_there(self) -> None:
        [table] = re.findall(r"straight between \| ((?:\([^)]*\) ?)+)\|", PAGE)
        steps = [
            [Decimal(one) for one in row.replace("−", "-").split(", ")]
            for row in re.findall(r"\(([^)]*)\)", table)
        ]

        assert steps == [[*map(Decimal, row)] for row in DEFAULTS["steps"]]
        assert "| start | 0, sd 4 |" in PAGE
        assert Decimal(DEFAULTS["start_sd"]) == 4
        assert "| drift | .03² + (.3/30.4)·R a day |" in PAGE
        assert Decimal(DEFAULTS["omega"]) == Decimal(".03")
        assert float(DEFAULTS["conflict_drift"]) == pytest.approx(0.3 / 30.4)
        assert "of p·I² of conflict, half-life 365 days" in PAGE
        assert float(DEFAULTS["conflict_fade"]) ** 365 == pytest.approx(0.5)
        assert "I/30 · 2^(−j/180), until two steps are reached" in PAGE
        assert (DEFAULTS["situation_days"], DEFAULTS["situation_steps"]) == (30, "2")
        assert float(DEFAULTS["situation_fade"]) ** 180 == pytest.approx(0.5)
        assert "the sum of p·weight·e^(−days/365)" in PAGE
        assert float(DEFAULTS["habituation_fade"]) ** 365 == pytest.approx(math.exp(-1))
        assert "begun within 180 days of the first" in PAGE
        assert DEFAULTS["shared_days"] == 180

    def test_of_the_others_do(self) -> None:
        assert "κ = 1: silence" in PAGE
        assert Decimal(tone.DEFAULTS["kappa"]) == 1
        assert "κ = 10 **[R]**" in PAGE
        assert Decimal(cooperation.DEFAULTS["kappa"]) == 10
        assert "τ = 3 **[R]**" in PAGE
        assert Decimal(tone.DEFAULTS["tau"]) == 3

    def test_of_shifts_divergence_and_records_do(self) -> None:
        assert "more than 2.5 standard deviations" in PAGE
        assert "and more than .5, within 14 days" in PAGE
        assert (shifts.DEVIATIONS, shifts.LEAST_CHANGE, shifts.WINDOW) == (2.5, 0.5, 14)
        assert "Shown from five roots on each side" in PAGE
        assert ROOTS_NEEDED == 5
        assert "shown from twenty on" in PAGE
        assert forecasts.RESOLVED_NEEDED == 20
