"""The values of a series without their intervals."""

from datetime import date, timedelta

import pytest

from tests.kit.background_work import work_off
from tracker.domain.claims import Occurred
from tracker.queries import moment
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db
DAYS = [date(2022, 5, 1) + timedelta(days=days) for days in (0, 9, 10, 11, 12, 50, 400)]


@pytest.mark.parametrize("lens", ["standing", "tone", "cooperation"])
class TestTheValues:
    def test_are_those_of_the_readings(self, desk, lens):
        for day in ("2022-05-11", "2022-05-13", "2022-06-20"):
            desk.asserts(occurred=Occurred(edtf=day))
        work_off()
        series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens=lens, as_of=moment.now())

        values = series.values(DAYS)

        assert values == [series.on(day).score.value for day in DAYS]
        assert values[:2] == [0, 0]
        assert 0 not in values[2:]
