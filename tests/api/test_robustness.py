"""How far a level depends on settings of the model, over the API."""

from datetime import date

import pytest

from tests.kit.builders import AT
from tests.kit.wars import WAR
from tracker.domain.claims import Occurred
from tracker.domain.robustness import MOST_WORK
from tracker.operations import editions
from tracker.queries import moment

pytestmark = pytest.mark.django_db
ADDRESS = "pairs/rus-kaz/robustness/"
# A step of −.6 in 166 of 256 worlds, p .65. Twice that in 193, with odds of √e times as much; half
# of it in 136, with odds of 1/√e times as much.
OWN, LOW, HIGH = -0.6 * 166 / 256, -1.2 * 193 / 256, -0.3 * 136 / 256


@pytest.fixture
def lens(desk, catch_up) -> str:
    desk.asserts()
    name = desk.measures_still_levels()
    catch_up()
    return name


class TestRobustness:
    def test_has_the_spread_of_the_level_and_of_its_movement(self, api, desk, lens):
        found = api.get(ADDRESS, lens=lens, day="2022-06-01", direction="RUS>KAZ")

        assert (found["pair"], found["direction"]) == ("KAZ-RUS", "RUS>KAZ")
        assert (found["lens"], found["day"]) == ("levels@1", "2022-06-01")
        assert (found["table"], found["settings"]) == ("settings-2", 27)
        assert found["level"]["value"] == pytest.approx(OWN)
        assert found["level"]["low"] == pytest.approx(LOW)
        assert found["level"]["high"] == pytest.approx(HIGH)
        assert found["level"]["same_sign"] == 1.0
        assert found["movement"] == found["level"]
        assert found["since"] < found["day"]
        assert [len(factor["choices"]) for factor in found["factors"]] == [3, 3, 3, 3]

    def test_of_too_many_acts_is_not_worked_out(self, api, desk, lens, catch_up):
        start = date.fromordinal(date(2022, 5, 20).toordinal() - MOST_WORK // 2).isoformat()
        desk.asserts(**WAR, occurred=Occurred(edtf=f"{start}/2022-05-20"))
        catch_up()

        found = api.get(ADDRESS, lens=lens, day="2022-06-01")

        why = found["not_worked_out"]
        assert found["level"] is found["movement"] is found["since"] is None
        assert why["reason"] == "too much work"
        assert "at most about 8,000 acts, or a war of 8,000 days" in why["detail"]

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
        assert (float(low), float(high)) == pytest.approx((LOW, HIGH))

    def test_of_another_model_are_none_for_a_reason(self, api, desk, lens):
        editions.publish("tone", date(2022, 5, 24), at=AT, as_of=moment.now())

        one = api.get("editions/tone/2022-05-24/")

        assert one["no_spreads"] == "the model has no settings that could as well be others"
        assert api.http.get(one["spreads"]).content == b"pair,low,high,same_sign\n"
