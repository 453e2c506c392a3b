"""Triangles over the API."""

import pytest

from tests.kit.builders import AT, BY, a_desk, a_lens
from tracker.operations import lenses
from tracker.queries.scores import movements

pytestmark = pytest.mark.django_db
LEVELS = {"CHN-KAZ": "3", "CHN-RUS": "4", "KAZ-RUS": "-2"}


@pytest.fixture
def desk(db):
    """Four countries; three of them make an unbalanced triangle under a lens with anchors."""
    desk = a_desk("CHN", "KAZ", "RUS", "TUR")
    anchors = [
        {"series": pair, "day": "2022-01-01", "level": level, "citation": "A yearbook."}
        for pair, level in LEVELS.items()
    ]
    lens = a_lens(name="anchored", view=desk.view)
    parameters = {**lens.parameters, "anchors": anchors}
    lens = a_lens(name="anchored", view=desk.view, parameters=parameters)
    lenses.define_lens(lens, at=AT, by=BY)
    return desk


class TestATriangle:
    @pytest.fixture
    def acted(self, desk, catch_up):
        """A sanction and two visits, under the model of levels."""
        desk.sees_levels()
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
    def test_are_listed_with_what_is_left_out(self, api, desk):
        found = api.get("triads/", countries="rus,KAZ,CHN,TUR", day="2022-01-01", lens="anchored")

        [row] = found["results"]
        assert (row["triad"], row["balance"]) == ("CHN-KAZ-RUS", "unbalanced")
        assert row["strain"] == row["strength"] == pytest.approx((24 / 729) ** (1 / 3))
        assert row["nearest_flip"] == "KAZ-RUS"
        # 3, 4 and −2 with an sd of .3 have their signs for sure.
        assert row["balanced"] == pytest.approx(0, abs=1e-6)
        assert [edge["positive"] for edge in row["edges"]] == pytest.approx([1, 1, 0], abs=1e-6)
        assert [edge["sign"] for edge in row["edges"]] == ["positive", "positive", "negative"]
        assert found["countries"] == ["CHN", "KAZ", "RUS", "TUR"]
        assert (found["strained"], found["calm"], found["unknown"]) == (1, 0, 3)
        assert found["lens"] == "anchored@1"

    def test_come_page_by_page_and_counted(self, api, desk):
        anchors = [
            {"series": pair, "day": "2022-01-01", "level": "-3", "citation": "A yearbook."}
            for pair in ("CHN-KAZ", "CHN-RUS", "CHN-TUR", "KAZ-RUS", "KAZ-TUR", "RUS-TUR")
        ]
        model = a_lens(name="hostile", view=desk.view)
        parameters = {**model.parameters, "anchors": anchors}
        lens = a_lens(name="hostile", view=desk.view, parameters=parameters)
        lenses.define_lens(lens, at=AT, by=BY)
        asked = {"countries": "CHN,KAZ,RUS,TUR", "day": "2022-01-01", "lens": "hostile"}

        # Three enemies are unbalanced; the four triangles are alike, so that their names decide.
        page = api.get("triads/", limit=3, count="exact", **asked)
        last = api.get(page["next"])

        names = [[one["triad"] for one in each["results"]] for each in (page, last)]
        assert names == [["CHN-KAZ-RUS", "CHN-KAZ-TUR", "CHN-RUS-TUR"], ["KAZ-RUS-TUR"]]
        assert (page["count"], page["strained"], last["next"]) == (4, 4, None)
