"""A collection is named or given by its id, wherever one is asked for."""

import pytest

from tests.kit.api_client import a_body
from tests.kit.builders import AT, BY, a_collection
from tracker.operations import sources

pytestmark = pytest.mark.django_db
NAME = "notes"
UNKNOWN = "no collection on record is called 'note'; nearest: notes"


@pytest.fixture
def notes(desk) -> str:
    return str(sources.describe_collection(a_collection(name=NAME), at=AT, by=BY).stream)


def collection_of(api, receipt) -> str:
    return api.get(f"claims/{receipt['id']}/")["collection"]


class TestAName:
    def test_files_a_claim(self, api, desk, notes):
        made = api.post("claims/", a_body(desk, collection=NAME))

        assert collection_of(api, made) == notes

    def test_files_the_claims_of_a_batch(self, api, desk, notes):
        rows = [a_body(desk, collection=NAME), a_body(desk, summary="x y z", collection="note")]

        first, second = api.post("claims/batch/", {"mode": "partial", "claims": rows}, 200)["rows"]

        assert collection_of(api, first) == notes
        [fault] = second["problem"]["errors"]
        assert (fault["pointer"], fault["detail"]) == ("/collection", UNKNOWN)

    def test_narrows_a_list(self, api, desk, notes):
        api.claims(desk)
        made = api.post("claims/", a_body(desk, collection=notes))

        for given in (NAME, notes, notes.upper()):
            [found] = api.get("claims/", collection=given)["results"]
            assert found["id"] == made["id"]


class TestAnUnknownName:
    def test_is_refused_with_the_nearest_and_all_else_that_is_wrong(self, api, desk, notes):
        body = a_body(desk, collection="note", code="x")

        faults = api.post("claims/", body, expect=400)["errors"]

        told = [(one["pointer"], one["code"]) for one in faults]
        assert told == [("/collection", "unknown_reference"), ("/code", "unknown_code")]
        assert faults[0]["detail"] == UNKNOWN

    def test_is_refused_in_a_lens_by_its_place(self, api, desk, notes):
        body = {"name": "mine", "view": {"collections": [NAME, "note"]}, "model": "standing"}

        [fault] = api.post("lenses/", body, expect=400)["errors"]

        assert (fault["pointer"], fault["detail"]) == ("/view/collections/1", UNKNOWN)

    def test_that_several_collections_have_lists_them(self, api, desk, notes):
        sources.describe_collection(a_collection(name=NAME), at=AT, by=BY)

        [fault] = api.post("claims/", a_body(desk, collection=NAME), expect=400)["errors"]

        assert fault["detail"].startswith(f"'{NAME}' is the name of 2: write {NAME} (no. ")

    @pytest.mark.parametrize("value", [None, 5, " ", ["x"], {"id": "x"}])
    def test_is_a_text(self, api, desk, value):
        faults = api.post("claims/", a_body(desk, collection=value), expect=400)["errors"]

        assert any(one["pointer"].startswith("/collection") for one in faults)

    def test_is_looked_up_only_in_a_list_of_an_allowed_length(self, api, desk):
        body = {"name": "mine", "view": {"collections": ["x"] * 101}, "model": "standing"}

        [fault] = api.post("lenses/", body, expect=400)["errors"]

        assert fault["pointer"] == "/view/collections"
