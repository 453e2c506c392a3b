"""The example of `docs/method.md`, section 9, which works every figure out by hand."""

from datetime import date

import pytest

from tests.kit.impacts import a_level, a_scorer, an_act, an_id, pulls_of, score
from tracker.domain.scoring.bands import likeliest

MARCH, DAY = date(2022, 3, 31), date(2022, 5, 24)
# Grade C, and acts that can be checked in public.
P = 0.9435
PULLS = pulls_of(
    a_level(5.0, sd=2.0, p=0.8, first=date(2018, 12, 31)),
    an_act(claim=an_id(1), value=-6.0, weight=0.6, p=P, first=MARCH),
    an_act(claim=an_id(2), value=-4.0, p=P, first=MARCH),
    an_act(claim=an_id(3), value=5.0, sectors=("state media",), p=P, first=date(2022, 5, 12)),
)


def test_has_the_levels_of_its_days():
    levels = [score(a_scorer("standing"), PULLS, day).value for day in (date(2019, 1, 1), MARCH)]

    assert levels == pytest.approx([4.7059, 3.6139], abs=1e-4)


def test_has_the_level_and_the_interval_of_its_last_day():
    found = score(a_scorer("standing"), PULLS, DAY)

    assert (found.value, found.sd) == pytest.approx((3.7168, 2.340), abs=1e-3)
    assert (found.low, found.high) == pytest.approx((0.19, 7.24), abs=5e-3)
    likely = likeliest(found.value, found.sd, top=9)
    assert likely.bands == ("good", "normal")
    assert likely.chance == pytest.approx(0.84, abs=5e-3)


def test_has_the_movement_since_the_day_before_the_article():
    found = a_scorer("standing").movement(PULLS, date(2022, 3, 30), DAY)

    assert (found.value, found.low, found.high) == pytest.approx((-0.99, -1.05, 0), abs=5e-3)
    assert found.fell == pytest.approx(P)


def test_has_the_contributions():
    parts = a_scorer("standing").contributions(PULLS, DAY).parts

    amounts = {part.claim: part.amount for part in parts}
    expected = {800: 4.2497, 1: -0.3329, 2: -0.3699, 3: 0.1698}
    assert amounts == pytest.approx({an_id(n): one for n, one in expected.items()}, abs=1e-4)
