"""Measures of a pair over the API."""

import pytest

from tests.kit.api_client import a_body

pytestmark = pytest.mark.django_db
FELL = {"value": "-40", "unit": "%", "change": True, "baseline": "2022-02"}


def measures(api, desk, day="2022-03", **given):
    body = a_body(desk, kind="measure", magnitude=FELL, occurred={"edtf": day}, **given)
    return api.post("claims/", {**body, "code": None})


class TestMeasures:
    def test_are_told_with_their_sources(self, api, desk):
        made = measures(api, desk, summary="Shipments of laptops fell by 40 %.")

        answer = api.get("pairs/RUS-KAZ/measures/")

        [found] = answer["results"]
        assert (answer["pair"], answer["lens"], answer["count"]) == ("KAZ-RUS", "standing@1", 1)
        assert answer["as_of"] == made["position"]
        assert found["claim"] == made["id"]
        assert found["url"].endswith(f"/claims/{made['id']}/")
        assert found["title"] == "Shipments of laptops fell by 40 %."
        assert found["magnitude"] == FELL
        assert found["baseline"] == {"earliest": "2022-02-01", "latest": "2022-02-28"}
        assert found["occurred"]["latest"] == "2022-03-31"
        assert found["p"] == 0.65
        [source] = found["sources"]
        assert (source["title"], source["provenance"][0]["name"]) == ("A report", "The Gazette")
