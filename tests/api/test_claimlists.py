"""Claims in lists: narrowed, page by page, with few questions."""

from uuid import UUID

import pytest

from tests.kit.api_client import V1, a_body
from tests.kit.builders import CODE

pytestmark = pytest.mark.django_db


class TestList:
    @pytest.fixture
    def three(self, api, desk):
        return [
            api.claims(desk, kind="act"),
            api.claims(desk, kind="situation", recipient="CHN"),
            api.claims(desk, kind="act", code="plover-2.0/SUPPORT", initiator="CHN"),
        ]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, {0, 1, 2}),
            ({"kind": "act"}, {0, 2}),
            ({"code": CODE}, {0, 1}),
            ({"pair": "RUS-KAZ"}, {0}),
            ({"pair": "CHN-RUS"}, {1}),
            ({"kind": "act", "pair": "CHN-KAZ"}, {2}),
        ],
    )
    def test_is_narrowed_to_what_was_asked_for(self, api, three, query, found):
        ids = {one["id"] for one in api.get("claims/", **query)["results"]}

        assert ids == {three[index]["id"] for index in found}

    @pytest.mark.parametrize(
        ("code", "near"),
        [("AGREE", "plover-2.0/AGREE"), ("plover-2.0/AGREEE", "AGREE"), ("cameo-1.1b3/9", "")],
    )
    def test_refuses_an_unknown_code_as_a_write_does(self, api, desk, code, near):
        [fault] = api.get("claims/", expect=400, code=code)["errors"]
        [written] = api.post("claims/", a_body(desk, code=code), expect=400)["errors"]

        assert (fault.pop("in"), written.pop("in")) == ("query", "body")
        assert fault == written
        assert (fault["pointer"], fault["code"]) == ("/code", "unknown_code")
        assert near in fault["detail"]

    @pytest.mark.parametrize("name", ["actor", "collection", "document"])
    def test_refuses_what_is_not_on_record_as_a_write_does(self, api, desk, name):
        [fault] = api.get("claims/", expect=400, **{name: UUID(int=5)})["errors"]
        [other] = api.get("claims/", expect=400, **{name: desk.source})["errors"]

        for one, found in ((fault, "nothing"), (other, "a source")):
            assert (one["in"], one["pointer"]) == ("query", f"/{name}")
            assert one["code"] == "unknown_reference"
            assert f"is {found} on record; expected a {name}" in one["detail"]

    @pytest.mark.parametrize("path", ["pairs/", "pairs.csv", "shifts/"])
    def test_of_others_refuses_an_unknown_country(self, api, desk, catch_up, path):
        catch_up()
        [fault] = api.get(path, expect=400, country="zzz")["errors"]

        assert (fault["in"], fault["pointer"], fault["code"]) == ("query", "/country", "unknown")
        assert fault["detail"] == "no country on record has the code ZZZ"

    def test_is_counted_where_asked_for(self, api, three):
        assert api.get("claims/", count="exact", limit=1)["count"] == 3
        assert "count" not in api.get("claims/", limit=1)

    def test_gives_every_claim_once_while_more_are_entered(self, api, desk):
        before = [api.claims(desk)["id"] for _ in range(5)]
        seen, page = [], api.get("claims/", limit=2)
        while True:
            seen += [one["id"] for one in page["results"]]
            if page["next"] is None:
                break
            if len(seen) < 10:
                desk.asserts("RUS", "KAZ")
            page = api.get(page["next"])

        assert len(seen) == len(set(seen))
        assert set(before) <= set(seen)

    def test_says_in_a_header_where_the_next_page_is(self, api, three):
        answer = api.http.get(V1 + "claims/?limit=2&kind=act")
        last = api.http.get(V1 + "claims/?limit=2")

        assert "Link" not in answer.headers
        assert last.headers["Link"] == f'<{last.json()["next"]}>; rel="next"'
        assert "limit=2" in last.json()["next"]
