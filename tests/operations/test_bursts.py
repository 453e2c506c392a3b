"""What much news and a summit's host do under a machine lens, on real events: ICEWS=file (the
text-labelled list of September and October 2018, packed or not)."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY
from tests.kit.imports import counts, take_in
from tracker.domain.lenses import Lens
from tracker.operations import lenses
from tracker.queries import moment
from tracker.queries.scores import pairs
from tracker.queries.scores.lenses import latest

FILE = os.environ.get("ICEWS", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not FILE, reason="ICEWS=file names no events"),
]
OWN, UNSHARED = "machine-icews-list", "unshared"
# Credibility 4 makes .35 of a step of .2 at the most.
MOST = 0.35 * 0.2


@pytest.fixture
def archive() -> None:
    """The file under its own lens, and under one that is the same but for the sharing of days."""
    path = Path(FILE)
    assert counts(take_in(path.read_bytes(), name=path.name))["new"]
    [own] = latest()
    parameters = {**own.lens.parameters, "share_day": False}
    unshared = Lens(
        name=UNSHARED,
        view=own.lens.view,
        model=own.lens.model,
        model_version=own.lens.model_version,
        parameters=parameters,
    )
    lenses.define_lens(unshared, at=AT, by=BY)
    work_off()


def moved(pair: str, lens: str, since: date, until: date) -> float:
    series = pairs.series(pair, direction=pair, lens=lens, as_of=moment.now())
    return series.on(until).score.value - series.on(since).score.value


def acts(pair: str, since: date, until: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT claim) FROM impact WHERE pair = %s AND first > %s"
            " AND first <= %s AND known_until IS NULL",
            [pair, since, until],
        )
        return int(cursor.fetchone()[0])


def every_pair() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pair FROM impact ORDER BY pair")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.usefixtures("archive")
class TestMuchNews:
    def test_moves_no_pair_further_in_a_day_than_its_strongest_act(self) -> None:
        for pair in every_pair():
            series = pairs.series(pair, direction=pair, lens=OWN, as_of=moment.now())
            before = 0.0
            for knot in series.knots:
                mean = knot.moments[0]
                assert abs(mean - before) <= MOST * (1 + abs(before) / 9) + 1e-9, (pair, knot.day)
                before = mean

    def test_of_a_murder_is_no_turn_for_the_better_or_the_worse(self) -> None:
        # Nothing was told of Saudi Arabia and Turkey in September. From the second of October on
        # a journalist was missing, and hundreds of rows have them talk about it.
        month = date(2018, 9, 30), date(2018, 10, 31)

        assert acts("SAU-TUR", date(2018, 8, 28), month[0]) == 0
        assert acts("SAU-TUR", *month) > 200
        assert abs(moved("SAU-TUR", OWN, *month)) < 0.1
        assert abs(moved("SAU-TUR", UNSHARED, *month)) > 0.5

    @pytest.mark.parametrize(
        ("pair", "since", "until"),
        [
            ("IND-RUS", date(2018, 10, 3), date(2018, 10, 5)),  # in New Delhi
            ("KOR-PRK", date(2018, 9, 17), date(2018, 9, 20)),  # in Pyongyang
        ],
    )
    def test_of_a_summit_makes_no_friends_of_its_host(
        self, pair: str, since: date, until: date
    ) -> None:
        days = (until - since).days

        assert acts(pair, since, until) > 10 * days
        assert 0 < moved(pair, OWN, since, until) <= MOST * days
        assert moved(pair, UNSHARED, since, until) > 6 * moved(pair, OWN, since, until)
