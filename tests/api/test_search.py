"""The search by typed words, and the filters of claims by words and days."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.accusations import a_firm, blames
from tests.kit.api_client import api_with
from tracker.domain.claims import Occurred
from tracker.queries.claims import narrowing, words

pytestmark = pytest.mark.django_db


def summaries(answer):
    return [one["summary"] for one in answer["results"]]


class TestTheSearch:
    def test_gives_countries_pairs_and_claims(self, api, desk, catch_up):
        claim = desk.asserts(summary="Kazakh and Russia: a pipeline was closed.").stream
        catch_up()

        found = api.get("search/", q="kazakh russia")

        assert [one["code"] for one in found["countries"]] == ["KAZ", "RUS"]
        assert found["countries"][0] | {"name": ""} == {
            "code": "KAZ",
            "name": "",
            "pairs": 1,
            "latest_claim_day": "2022-05-11",
        }
        [pair] = found["pairs"]
        assert (pair["pair"], pair["score"]["claims"]) == ("KAZ-RUS", 1)
        assert found["claims"] == [
            {
                "id": str(claim),
                "title": "Kazakh and Russia: a pipeline was closed.",
                "kind": "act",
                "when": "2022-05-11",
            }
        ]
        assert found["lens"] == "standing@1"

    def test_without_a_token_finds_nothing_withheld(self, api, desk, open_site, catch_up):
        claim = blames(desk, a_firm(desk))
        catch_up()

        assert api_with().get("search/", q="Acme")["claims"] == []
        assert [one["id"] for one in api.get("search/", q="Acme")["claims"]] == [str(claim)]


class TestClaims:
    @pytest.fixture
    def dated(self, desk):
        """Five claims, by their summaries."""
        days = {"March": "2022-03-01", "spring": "2022-03/2022-05", "May": "2022-05-11"}
        for said, day in days.items():
            desk.asserts(summary=f"Oil in {said}.", occurred=Occurred(edtf=day))
        since = Occurred(edtf="2021-06-01/..")
        desk.asserts(summary="Oil since June.", kind="situation", occurred=since)
        desk.asserts(summary="Gas, undated.", occurred=None)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "oil"}, {"Oil in March.", "Oil in spring.", "Oil in May.", "Oil since June."}),
            ({"q": "mar oil"}, {"Oil in March."}),
            # The spring ends on 31 May, and the situation lasts.
            (
                {"happened_after": "2022-05-11"},
                {"Oil in spring.", "Oil in May.", "Oil since June."},
            ),
            ({"happened_after": "2022-06-01"}, {"Oil since June."}),
            ({"happened_before": "2022-03-01"}, {"Oil in March.", "Oil since June."}),
            (
                {"happened_after": "2022-03-01", "happened_before": "2022-05-11"},
                {"Oil in March.", "Oil in May.", "Oil since June."},
            ),
            ({"q": "may", "happened_before": "2022-05-10"}, set()),
        ],
    )
    def test_are_narrowed_by_words_and_days(self, api, dated, query, found):
        assert set(summaries(api.get("claims/", **query))) == found

    def test_are_counted_within_the_time_of_a_search(self, api, desk, dated):
        """The limit is set before each of the two, and lifted after it."""
        with CaptureQueriesContext(connection) as asked:
            assert api.get("claims/", q="oil", count="exact")["count"] == 4

        sql = [one["sql"] for one in asked]
        [counted] = [n for n, one in enumerate(sql) if "AS counted" in one]
        limits = [one for one in sql[:counted] if "statement_timeout" in one]
        assert len(limits) == 3
        assert limits[-1] == f"SET LOCAL statement_timeout = '{narrowing.TIMEOUT}'"

    def test_are_narrowed_as_of_the_past_and_counted(self, api, desk, dated):
        then = api.get("claims/")["as_of"]
        desk.asserts(summary="Oil, later.")

        asked = {"q": "oil", "count": "exact", "limit": 1}
        assert api.get("claims/", **asked)["count"] == 5
        assert api.get("claims/", **asked, as_of=then)["count"] == 4

    @pytest.mark.parametrize(("frequent", "few"), [(0, 8_000), (9, 8_000), (9, 2)])
    def test_go_on_page_by_page(self, api, dated, monkeypatch, frequent, few):
        """Both when the matching claims are found by their ids, and when they are too many for
        that."""
        monkeypatch.setattr(words, "FREQUENT", frequent)
        monkeypatch.setattr(words, "FEW", few)

        rows = api.pages("claims/", q="oil", limit=1)

        assert len({one["id"] for one in rows}) == 4

    @pytest.mark.parametrize(
        "query", [{"q": "Acme"}, {"q": "network"}, {"happened_after": "2000-01-01"}]
    )
    def test_that_are_withheld_are_not_found(self, api, desk, open_site, catch_up, query):
        blames(desk, a_firm(desk))
        catch_up()

        assert api_with().get("claims/", **query)["results"] == []
        assert len(api.get("claims/", **query)["results"]) == 1
