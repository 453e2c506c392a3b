"""The API reports collections that no lens counts, and lets a curator have one count them."""

from uuid import UUID

import pytest

from tests.kit.accusations import blames
from tests.kit.api_client import api_with
from tests.kit.builders import AT, BY, Desk, a_collection
from tracker.operations import sources

pytestmark = pytest.mark.django_db
SAYS = "No lens counts the collection notes: its claims move no score."
LENSES = ["cooperation", "standing", "tone"]


@pytest.fixture
def notes(desk: Desk) -> UUID:
    return sources.describe_collection(a_collection(name="notes"), at=AT, by=BY).stream


class TestCollections:
    def test_say_which_lenses_count_them(self, api, desk, notes):
        listed = {one["name"]: one["counted_by"] for one in api.get("collections/")["results"]}

        assert listed == {"curated": LENSES, "notes": []}
        assert api.get(f"collections/{notes}/")["counted_by"] == []

    def test_are_counted_by_one_call(self, api, desk, notes):
        own = api.post(f"collections/{notes}/lens/", {})
        more = api.post(f"collections/{notes}/lens/", {"lens": "tone"})

        assert api.get("lenses/standing-notes/")["id"] == own["id"]
        assert (more["kind"], more["version"]) == ("LensDefined", 2)
        view = api.get("lenses/tone/")["view"]
        assert view["collections"] == [str(desk.collection), str(notes)]

    def test_say_what_cannot_be_done(self, api, desk, notes):
        address = f"collections/{notes}/lens/"

        for body, pointer in (
            ({"lens": "nope"}, "/lens"),
            ({"lenses": "tone"}, "/lenses"),
            ({"lens": 7}, "/lens"),
        ):
            problem = api.post(address, body, expect=400)
            assert [one["pointer"] for one in problem["errors"]] == [pointer]
        known = api.post(f"collections/{desk.collection}/lens/", {"lens": "tone"}, expect=400)
        assert known["errors"][0]["code"] == "counted"
        api.post(f"collections/{desk.source}/lens/", {}, expect=404)


class TestAClaim:
    def test_is_taken_with_a_warning(self, api, desk, notes):
        visit = "plover-2.0/CONSULT/visit"
        passed_over = api.claims(desk, collection=str(notes), code=visit)
        counted = api.claims(desk, code=visit)

        assert passed_over["warnings"] == [SAYS]
        assert counted["warnings"] == []


class TestAPair:
    @pytest.fixture
    def asked(self, api, desk, notes, catch_up):
        for _ in range(2):
            desk.asserts("RUS", "KAZ", collection=notes)
        desk.asserts("RUS", "KAZ")
        desk.asserts("CHN", "KAZ", collection=notes)
        catch_up()
        return lambda **query: api.get("pairs/KAZ-RUS/", **query)["uncounted"]

    def test_counts_the_claims_that_no_lens_counts(self, asked, notes):
        assert asked() == [{"collection": str(notes), "name": "notes", "claims": 2, "more": False}]

    def test_counts_for_a_lens_also_what_another_lens_counts(self, asked, api, notes, catch_up):
        api.post(f"collections/{notes}/lens/", {})
        catch_up()
        pair = api.get("pairs/KAZ-RUS/")
        of = {one["lens"].partition("@")[0]: one["uncounted"] for one in pair["lenses"]}

        of_notes = {"collection": str(notes), "name": "notes", "claims": 2, "more": False}
        assert of["tone"] == [{**of_notes, "counted_by": ["standing-notes"]}]
        assert [one["name"] for one in of["standing-notes"]] == ["curated"]
        assert pair["uncounted"] == []

    def test_has_the_names_that_pages_give_to_lenses(self, asked, api):
        titles = {one["title"] for one in api.get("pairs/KAZ-RUS/")["lenses"]}

        assert titles == {"Overall relationship", "Recent mood", "Balance of cooperation"}
        assert titles == {one["title"] for one in api.get("lenses/")["results"]}

    def test_tells_nothing_of_the_past(self, asked, api):
        assert asked(as_of=api.get("pairs/KAZ-RUS/")["as_of"]) is None

    def test_counts_no_withheld_claim_without_a_token(self, desk, firm, notes, open_site, asked):
        blames(desk, firm, collection=notes)
        stranger = api_with()

        assert stranger.get("pairs/KAZ-RUS/")["uncounted"][0]["claims"] == 2
        assert asked()[0]["claims"] == 3
