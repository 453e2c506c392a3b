"""Where a pair is and which way it moved, in every answer about its score."""

import json

import pytest

from tests.kit.api_client import V1
from tests.kit.builders import AT
from tracker.domain.claims import Occurred
from tracker.projections import shifts

pytestmark = pytest.mark.django_db

PAIR = "pairs/KAZ-RUS/"
DAY = {"day": "2022-06-01"}
LEVEL = 6.0
# Odds of 9 to 1 before a report of even .65 to .35.
P = round(9 * 0.65 / (9 * 0.65 + 0.35), 4)
# An act has a step of −.6, and takes a ninth of that from the level, where it is true.
STEP = 0.6
MOVED = -P * STEP * (1 + LEVEL / 9)
# How far the means of 256 worlds may be from that.
NEAR = 0.15


@pytest.fixture
def levels(desk, catch_up):
    """A level of +6 at the end of 2020, and an act of conflict on 11 May 2022."""
    desk.assesses("6", "2.5")
    desk.asserts(code="plover-2.0/SANCTION/discontinue", occurred=Occurred(edtf="2022-05-11"))
    catch_up()
    return desk


class TestAScore:
    def test_has_two_bands_and_says_that_it_was_assessed(self, api, levels):
        score = api.get(f"{PAIR}explanation/", **DAY)["score"]

        # Near the end of the scale what happens unreported lowers the mean.
        assert score["value"] == pytest.approx(LEVEL + MOVED, abs=0.3)
        assert sorted(score["likely"]["bands"]) == ["friendly", "good"]
        assert 0.5 < score["likely"]["chance"] < 1
        assert score["assessed"] == {"state": "fresh", "day": "2020-12-31"}
        assert score["silent"] is None
        assert -9 <= score["low"] < score["value"] < score["high"] <= 9

    def test_of_a_silent_tone_keeps_its_number(self, api, levels):
        score = api.get(f"{PAIR}explanation/", day="2023-06-01", lens="tone")["score"]

        assert score["silent"] == "2022-05-11"
        assert score["words"] == "no news since May 2022"
        assert score["value"] < 0
        assert (score["sd"], score["low"], score["high"]) == (None, None, None)


class TestAMovement:
    def test_is_that_since_the_day_before_the_first_act(self, api, levels):
        """One act: it moves the level with P, and hardly anything happens unreported in a month."""
        moved = api.get(f"{PAIR}explanation/", **DAY)["movement"]

        assert (moved["since"], moved["until"]) == ("2022-05-10", "2022-06-01")
        assert moved["value"] == pytest.approx(MOVED, abs=NEAR)
        assert moved["low"] < moved["value"] < moved["high"]
        assert (moved["fell"], moved["rose"]) == pytest.approx((P, 0), abs=0.1)

    def test_is_the_same_wherever_it_is_read(self, api, levels):
        shifts.find(today=AT.date())
        explained = api.get(f"{PAIR}explanation/", day=str(AT.date()))["movement"]
        scores = api.get(f"{PAIR}scores/", to=str(AT.date()), every="month")
        [standing] = [
            lens
            for lens in api.get(PAIR, day=str(AT.date()))["lenses"]
            if "standing" in lens["lens"]
        ]
        [row] = api.get("pairs/")["results"]

        assert scores["movement"] == explained
        assert standing["directions"][0]["movement"] == explained
        assert row["movement"] == explained

    def test_begins_where_the_reader_says(self, api, levels):
        since = {"since": "2022-05-11"}
        [row] = api.get("pairs/", **since)["results"]
        found = [
            api.get(f"{PAIR}explanation/", **DAY, **since)["movement"],
            api.get(f"{PAIR}scores/", to="2022-06-01", every="month", **since)["movement"],
            api.get(PAIR, **DAY, **since)["lenses"][1]["directions"][0]["movement"],
            row["movement"],
        ]

        for moved in found:
            assert moved["since"] == "2022-05-11"
            # What happens unreported alone.
            assert moved["value"] == pytest.approx(0, abs=NEAR)


class TestAnExplanation:
    def test_has_the_level_as_a_part_and_sums(self, api, levels):
        answer = api.get(f"{PAIR}explanation/", **DAY)
        by_level = {part["level"] is not None: part for part in answer["contributions"]}

        assert by_level[True]["level"] == {"value": 6.0, "sd": 2.5, "day": "2020-12-31"}
        # What the act takes of it, with P.
        assert by_level[True]["amount"] == pytest.approx(LEVEL * (1 - P * STEP / 9), abs=NEAR)
        assert by_level[False]["amount"] == pytest.approx(-STEP * P, abs=NEAR)
        parts = sum(part["amount"] for part in answer["contributions"])
        assert answer["start"] + answer["drift"] + parts == pytest.approx(answer["value"], abs=1e-9)

    def test_says_what_an_act_would_have_moved_alone(self, api, levels, catch_up):
        """The mobilisation is of the class of the sanction, and true in fewer worlds (p .65), in
        all of which the sanction is true too. A first assessment is no step."""
        levels.asserts(code="plover-2.0/MOBILIZE/militia", occurred=Occurred(edtf="2022-05-12"))
        catch_up()
        parts = api.get(f"{PAIR}explanation/", **DAY)["contributions"]
        level, larger, smaller = sorted(parts, key=lambda part: part["alone"] is None, reverse=True)

        assert (level["step"], level["alone"]) == (0, None)
        assert larger["alone"] == pytest.approx(MOVED, abs=NEAR)
        assert larger["step"] == pytest.approx(larger["alone"], abs=1e-9)
        assert smaller["alone"] == pytest.approx(-0.65 * STEP * (1 + LEVEL / 9), abs=NEAR)
        assert smaller["step"] == 0


class TestATriangle:
    def test_has_the_level_and_the_movement_of_each_side(self, api, levels):
        answer = api.get("triads/CHN-KAZ-RUS/", **DAY)

        assert [side["direction"] for side in answer["sides"]] == [
            edge["pair"] for edge in answer["edges"]
        ]
        for side, edge in zip(answer["sides"], answer["edges"], strict=True):
            assert side["score"]["value"] == edge["value"]
        moved = {side["direction"]: side["movement"] for side in answer["sides"]}
        assert moved["KAZ-RUS"] == api.get(f"{PAIR}explanation/", **DAY)["movement"]
        assert (moved["CHN-KAZ"], moved["CHN-RUS"]) == (None, None)


class TestADownload:
    def test_of_the_table_has_the_level_and_the_movement(self, api, levels):
        answer = api.http.get(f"{V1}pairs.ndjson")

        [row] = map(json.loads, b"".join(answer.streaming_content).splitlines())

        assert row["assessed"] == "fresh"
        assert row["assessed_day"] == "2020-12-31"
        assert row["movement"] == pytest.approx(MOVED, abs=NEAR)
        assert row["movement_since"] == "2022-05-10"

    def test_of_a_series_says_its_movement_in_the_metadata(self, api, levels):
        about = api.get(f"{PAIR}scores.csv.metadata.json", to="2022-06-01")

        assert any(
            note.startswith("from the end of 2022-05-10 to the end of 2022-06-01 the level moved")
            for note in about["notes"]
        )
