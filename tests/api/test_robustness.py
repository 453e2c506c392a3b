"""How far a level depends on settings of the model, over the API."""

from datetime import date

import pytest

from tests.kit.builders import AT
from tracker.domain.claims import Occurred
from tracker.domain.robustness import MOST_WORK
from tracker.operations import editions
from tracker.queries import moment

pytestmark = pytest.mark.django_db
ADDRESS = "pairs/rus-kaz/robustness/"
# A step of -.6 times 4/3, and p .65 with log odds of 1/2 more; times 3/4, and 1/2 less.
LOW, HIGH = -0.8 * 0.7538, -0.45 * 0.5297


@pytest.fixture
def lens(desk, catch_up) -> str:
    desk.asserts()
    name = desk.measures_levels()
    catch_up()
    return name


class TestRobustness:
    def test_has_the_spread_of_the_level_and_of_its_movement(self, api, desk, lens):
        found = api.get(ADDRESS, lens=lens, day="2022-06-01", direction="RUS>KAZ")

        assert (found["pair"], found["direction"]) == ("KAZ-RUS", "RUS>KAZ")
        assert (found["lens"], found["day"]) == ("levels@1", "2022-06-01")
        assert (found["table"], found["settings"]) == ("settings-1", 54)
        assert found["level"]["value"] == pytest.approx(-0.39)
        assert found["level"]["low"] == pytest.approx(LOW, abs=1e-4)
        assert found["level"]["high"] == pytest.approx(HIGH, abs=1e-4)
        assert found["level"]["same_sign"] == 1.0
        assert found["movement"] == found["level"]
        assert found["since"] < found["day"]
        assert [len(factor["choices"]) for factor in found["factors"]] == [3, 3, 3, 3, 2]

    def test_of_too_many_acts_is_not_worked_out(self, api, desk, lens, catch_up):
        start = date.fromordinal(date(2022, 5, 20).toordinal() - MOST_WORK).isoformat()
        desk.asserts(kind="situation", occurred=Occurred(edtf=f"{start}/2022-05-20"))
        catch_up()

        found = api.get(ADDRESS, lens=lens, day="2022-06-01")

        why = found["not_worked_out"]
        assert found["level"] is found["movement"] is found["since"] is None
        assert why["reason"] == "too much work"
        assert "at most about 2,000 acts, or a situation of 2,000 days" in why["detail"]

    def test_of_another_model_is_not_worked_out(self, api, desk, lens):
        found = api.get(ADDRESS, lens="tone")

        assert (found["lens"], found["level"]) == ("tone@1", None)
        assert found["not_worked_out"]["reason"] == "no settings"


class TestTheSpreadsOfAnEdition:
    def test_are_a_table(self, api, desk, lens):
        kept = editions.publish(lens, date(2022, 5, 24), at=AT, as_of=moment.now())

        one = api.get(f"editions/{lens}/2022-05-24/")
        answer = api.http.get(one["spreads"])

        assert one["no_spreads"] is None
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        name = f"levels@1-2022-05-24-{kept.position}-spreads.csv"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        head, row = answer.content.decode().splitlines()
        assert head == "pair,low,high,same_sign"
        pair, low, high, same = row.split(",")
        assert (pair, same) == ("KAZ-RUS", "1.0")
        assert (float(low), float(high)) == pytest.approx((LOW, HIGH), abs=1e-4)

    def test_of_another_model_are_none_for_a_reason(self, api, desk, lens):
        editions.publish("tone", date(2022, 5, 24), at=AT, as_of=moment.now())

        one = api.get("editions/tone/2022-05-24/")

        assert one["no_spreads"] == "the model has no settings that could as well be others"
        assert api.http.get(one["spreads"]).content == b"pair,low,high,same_sign\n"
