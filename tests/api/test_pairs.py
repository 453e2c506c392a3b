"""Pairs: both directions, series over days, explanations, triangles."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.models.derived import DirtyPair, Quarantine
from tracker.projections import impacts

pytestmark = pytest.mark.django_db


# A sanction: a step of −.6, at p .65.
SANCTIONED = -0.6 * 0.65
MAY = {"from": "2022-05-10", "to": "2022-05-13"}


class TestAPair:
    def test_is_read_in_both_directions_under_every_lens(self, api, scored):
        pair = api.get("pairs/KAZ-RUS/")

        found = {
            (lens["lens"], one["direction"]): one["score"]
            for lens in pair["lenses"]
            for one in lens["directions"]
        }
        assert found.keys() == {
            (lens, direction)
            for lens in ("standing@1", "tone@1", "cooperation@1")
            for direction in ("KAZ-RUS", "KAZ>RUS", "RUS>KAZ")
        }
        assert found["standing@1", "RUS>KAZ"]["value"] == pytest.approx(SANCTIONED, abs=0.05)
        assert found["standing@1", "KAZ>RUS"]["claims"] == 0

    @pytest.mark.parametrize("name", ["KAZ-RUS", "RUS-KAZ", "kaz-rus", "Rus-Kaz"])
    def test_has_one_name_in_whatever_order_and_case_it_is_asked_for(self, api, scored, name):
        assert api.get(f"pairs/{name}/")["pair"] == "KAZ-RUS"
        assert api.get(f"pairs/{name}/scores/", **MAY) == api.get("pairs/KAZ-RUS/scores/", **MAY)

    @pytest.mark.parametrize("name", ["KAZ-KAZ", "KAZ-QQQ"])
    @pytest.mark.parametrize("path", ["", "scores/", "explanation/"])
    def test_is_two_countries_on_record(self, api, desk, name, path):
        assert api.get(f"pairs/{name}/{path}", expect=404)["type"].endswith("/not-found/")


class TestScores:
    def test_are_given_day_by_day_from_before_the_first_claim(self, api, scored):
        series = api.get("pairs/KAZ-RUS/scores/", **MAY)

        assert [one["day"] for one in series["scores"]] == [f"2022-05-{n}" for n in range(10, 14)]
        assert [one["claims"] for one in series["scores"]] == [0, 1, 1, 1]
        assert [one["days_since"] for one in series["scores"]] == [None, 0, 1, 2]
        before, *after = [one["value"] for one in series["scores"]]
        assert before == pytest.approx(0, abs=1e-9)
        assert after == [after[0]] * 3 == pytest.approx([SANCTIONED] * 3, abs=0.05)

    @pytest.mark.parametrize(
        ("every", "days"),
        [
            ("week", ["2022-05-15", "2022-05-22", "2022-05-29", "2022-06-01"]),
            ("month", ["2022-05-31", "2022-06-01"]),
        ],
    )
    def test_are_those_of_the_last_days_of_weeks_or_months(self, api, scored, every, days):
        series = api.get(
            "pairs/KAZ-RUS/scores/", every=every, to="2022-06-01", **{"from": "2022-05-10"}
        )

        assert [one["day"] for one in series["scores"]] == days

    def test_say_how_far_they_reach_when_the_workers_are_behind(self, api, desk, scored):
        through = api.get("pairs/KAZ-RUS/scores/", **MAY)
        made = desk.asserts("RUS", "KAZ")

        behind = api.get("pairs/KAZ-RUS/scores/", **MAY)
        asked = api.get("pairs/KAZ-RUS/scores/", as_of=made.position, **MAY)
        impacts.follow_all()
        dirty = api.get("pairs/KAZ-RUS/scores/", **MAY)

        assert behind == through
        assert behind["scored_through"] < made.position
        assert (asked["as_of"], asked["scored_through"]) == (
            made.position,
            through["scored_through"],
        )
        assert dirty["scored_through"] < made.position
        assert dirty["scores"] == through["scores"]

    def test_do_not_claim_to_be_through_for_a_pair_that_was_set_aside(self, api, desk, scored):
        through = api.get("pairs/KAZ-RUS/scores/", **MAY)["scored_through"]
        made = desk.asserts("RUS", "KAZ")
        impacts.follow_all()
        marks = DirtyPair.objects.filter(pair="KAZ-RUS")
        Quarantine.objects.create(
            view=desk.view.id, subject="pair:KAZ-RUS", position=made.position, error="poison"
        )
        marks.delete()

        assert api.get("pairs/KAZ-RUS/scores/", **MAY)["scored_through"] <= through

    def test_end_today_and_begin_a_year_before_where_nothing_is_said(self, api, scored):
        days = [one["day"] for one in api.get("pairs/KAZ-RUS/scores/")["scores"]]

        assert len(days) == 366
        assert date.fromisoformat(days[-1]) >= datetime.now(UTC).date() - timedelta(days=1)


class TestExplanation:
    def test_comes_with_the_score_itself(self, api, scored):
        asked = {"direction": "RUS>KAZ", "to": "2022-05-24", "from": "2022-05-24"}
        (score,) = api.get("pairs/KAZ-RUS/scores/", **asked)["scores"]

        why = api.get("pairs/KAZ-RUS/explanation/", day="2022-05-24", direction="RUS>KAZ")

        assert why["score"] == score
        assert why["others"] == {"claims": 0, "amount": 0}

    def test_prints_titles_as_of_the_same_moment(self, api, desk, catch_up):
        made = api.claims(desk)
        catch_up()
        then = {"as_of": made["position"], "day": "2022-05-24"}
        before = api.get("pairs/KAZ-RUS/explanation/", **then)
        api.post(
            f"claims/{made['id']}/verdicts/",
            {"verdict": "disputed", "reason": "no"},
            If_Match='"1"',
        )
        catch_up()

        now = api.get("pairs/KAZ-RUS/explanation/", day="2022-05-24")

        assert api.get("pairs/KAZ-RUS/explanation/", **then) == before
        title = "Something was done. [judged disputed by the desk]"
        assert now["contributions"][0]["title"] == title


class TestATriad:
    @pytest.mark.parametrize("name", ["CHN-KAZ-KAZ", "CHN-KAZ-QQQ"])
    def test_is_three_countries_on_record(self, api, desk, name):
        api.get(f"triads/{name}/", expect=404)
