"""Triangles over the API."""

from itertools import combinations
from math import prod

import pytest

from tests.kit.builders import a_desk
from tracker.queries.scores import movements

pytestmark = pytest.mark.django_db
LEVELS = {"CHN-KAZ": "3", "CHN-RUS": "4", "KAZ-RUS": "-2"}


@pytest.fixture
def desk(db):
    """Four countries."""
    return a_desk("CHN", "KAZ", "RUS", "TUR", grade="A")


@pytest.fixture
def levels(desk, catch_up):
    """Three of the countries make an unbalanced triangle."""
    for pair, level in LEVELS.items():
        desk.assesses(level, "0.1", "2022-01-01", pair=pair)
    catch_up()


class TestATriangle:
    @pytest.fixture
    def acted(self, desk, catch_up):
        """A sanction and two visits, under the model of levels."""
        desk.asserts("RUS", "KAZ")
        for other in ("KAZ", "RUS"):
            desk.asserts("CHN", other, code="plover-2.0/CONSULT/visit")
        catch_up()

    def test_of_many_impacts_has_no_movement_that_would_read_them(self, api, acted, monkeypatch):
        asked = {"day": "2022-06-01", "lens": "standing"}
        monkeypatch.setattr(movements, "MOST_READ", 0)
        monkeypatch.setattr(movements.what_if, "pulls_of", None)

        found = api.get("triads/CHN-KAZ-RUS/", **asked)
        refused = api.get("triads/CHN-KAZ-RUS/", expect=400, **asked, since="2022-01-01")

        assert len(found["sides"]) == 3
        assert refused["errors"][0]["code"] == "too_much"


class TestTheMostStrained:
    def test_are_listed_with_what_is_left_out(self, api, levels):
        found = api.get("triads/", countries="rus,KAZ,CHN,TUR", day="2022-01-01")

        [row] = found["results"]
        assert (row["triad"], row["balance"]) == ("CHN-KAZ-RUS", "unbalanced")
        assert row["strain"] == row["strength"] == pytest.approx((prod([3, 4, 2]) / 729) ** (1 / 3))
        assert row["nearest_flip"] == "KAZ-RUS"
        # At p .95 the sd of .1 widens to .9: √(.95 · .1² + .05 · 4²).
        assert row["balanced"] < 0.1
        assert [edge["positive"] > 0.5 for edge in row["edges"]] == [True, True, False]
        assert [edge["sign"] for edge in row["edges"]] == ["positive", "positive", "negative"]
        assert found["countries"] == ["CHN", "KAZ", "RUS", "TUR"]
        assert (found["strained"], found["calm"], found["unknown"]) == (1, 0, 3)
        assert found["lens"] == "standing@1"

    def test_come_page_by_page_and_counted(self, api, desk, catch_up):
        pairs = combinations(("CHN", "KAZ", "RUS", "TUR"), 2)
        for pair, level in zip(pairs, ("-5", "-4", "-3", "-3", "-2", "-1"), strict=True):
            desk.assesses(level, "0.1", "2022-01-01", pair="-".join(pair))
        catch_up()
        asked = {"countries": "CHN,KAZ,RUS,TUR", "day": "2022-01-01"}

        # Three enemies are unbalanced; the products of their levels are 60, 30, 12 and 6.
        page = api.get("triads/", limit=3, count="exact", **asked)
        last = api.get(page["next"])

        names = [[one["triad"] for one in each["results"]] for each in (page, last)]
        assert names == [["CHN-KAZ-RUS", "CHN-KAZ-TUR", "CHN-RUS-TUR"], ["KAZ-RUS-TUR"]]
        assert (page["count"], page["strained"], last["next"]) == (4, 4, None)
