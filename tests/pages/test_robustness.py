"""How far a level depends on settings of the model, on the page of a pair."""

from datetime import date

import pytest

from tests.kit.builders import AT
from tests.kit.texts import text_of
from tracker.domain.claims import Occurred
from tracker.operations import editions
from tracker.queries import moment

pytestmark = pytest.mark.django_db
LINK = "How much depends on the settings?"


@pytest.fixture
def lens(desk, scored) -> str:
    desk.asserts()
    name = desk.measures_levels()
    scored()
    return name


class TestThePageOfAPair:
    def test_leads_to_the_spread_beside_the_interval(self, client, lens):
        page = client.get("/pairs/KAZ-RUS/", {"lens": lens, "day": "2022-06-01"})

        assert LINK in text_of(page)
        assert "?lens=levels&amp;day=2022-06-01&amp;show=robustness" in page.text

    def test_says_how_far_level_and_movement_depend_on_settings(self, client, lens):
        """A step of −.6 with p .65: −.8 · .7538 = −.603 and −.45 · .5297 = −.238."""
        said = text_of(
            client.get("/pairs/KAZ-RUS/", {"lens": lens, "day": "2022-06-01", "show": "robustness"})
        )

        assert (
            "Under 54 settings that can all be defended the level is −0.60 to −0.24; the sign is"
            " the same in 100 % of them." in said
        )
        assert "Its movement since" in said
        assert "steps of cooperation × 3/2, as they are, × 1/2" in said
        assert LINK not in said

    def test_says_that_nought_has_no_sign(self, client, lens):
        said = text_of(
            client.get("/pairs/CHN-KAZ/", {"lens": lens, "day": "2022-06-01", "show": "robustness"})
        )

        assert "0.00 to 0.00; under the lens's own it is 0 and has no sign." in said
        assert "Its movement" not in said

    def test_has_no_link_for_other_models_and_without_claims(self, client, lens):
        assert LINK not in text_of(client.get("/pairs/KAZ-RUS/", {"lens": "tone"}))
        assert LINK not in text_of(client.get("/pairs/CHN-KAZ/", {"lens": lens}))

    def test_says_why_it_is_not_worked_out(self, client, lens):
        page = client.get("/pairs/KAZ-RUS/", {"lens": "tone", "show": "robustness"})

        assert "choose a lens of the overall relationship" in text_of(page)

    def test_refuses_what_is_too_much_work_with_the_way_out(self, client, desk, lens, scored):
        """Situations of 25 years each."""
        for _ in range(4):
            desk.asserts(kind="situation", occurred=Occurred(edtf="2000-01-01/2024-12-31"))
        scored()

        page = client.get(
            "/pairs/KAZ-RUS/", {"lens": lens, "day": "2025-01-01", "show": "robustness"}
        )

        assert page.status_code == 400
        assert "Choose an earlier day, or a lens that counts fewer claims." in page.text
        assert 'class="headline"' not in page.text


class TestThePageOfAnEdition:
    def test_leads_to_its_spreads(self, client, lens):
        for name in (lens, "tone"):
            editions.publish(name, date(2022, 5, 24), at=AT, as_of=moment.now())

        with_spreads = client.get(f"/editions/{lens}@1/2022-05-24/").text
        without = client.get("/editions/tone@1/2022-05-24/").text

        assert f"/api/v1/editions/{lens}@1/2022-05-24/spreads/" in with_spreads
        assert "spreads/" not in without
