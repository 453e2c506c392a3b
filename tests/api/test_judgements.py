"""Reviews, resolutions and links that are undone, over the API."""

from uuid import UUID

import pytest

from tests.kit.api_client import pointers
from tests.kit.builders import AT, BY, a_lens
from tracker import log
from tracker.domain.lenses import View
from tracker.operations import lenses

pytestmark = pytest.mark.django_db

NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"
FORECAST = {
    "kind": "forecast",
    "code": None,
    "likelihood": "likely",
    "resolves_by": "2023",
    "criterion": "a treaty is signed",
}
HAPPENED = {"outcome": "happened", "resolved_on": "2023-04-04", "reason": "it was signed"}
ACCEPTED = {"outcome": "accepted", "note": "read it"}


@pytest.fixture
def claim(api, desk):
    return api.claims(desk)["id"]


@pytest.fixture
def forecast(api, desk):
    return api.claims(desk, **FORECAST)["id"]


@pytest.fixture
def feed(api):
    """A collection whose claims score once they are accepted."""
    body = {"name": "machine-feed", "coding": "machine", "review": True}
    return api.post("collections/", body)["id"]


def lens_on(*collections):
    """A lens that looks at these collections."""
    view = View(method="1", collections=tuple(collections))
    return lenses.define_lens(a_lens("tone", name="feed", view=view), at=AT, by=BY)


@pytest.mark.parametrize("path", ["reviews", "resolution"])
class TestBoth:
    """What a review and a resolution have in common."""

    @pytest.fixture
    def body(self, path):
        return dict(ACCEPTED if path == "reviews" else HAPPENED)

    def test_name_everything_that_is_wrong_at_once(self, api, forecast, path, body):
        wrong = {**body, "outcome": "maybe", "why": "so", "expected_version": 0}

        problem = api.post(f"claims/{forecast}/{path}/", wrong, expect=400)

        assert sorted(pointers(problem)) == ["/expected_version", "/outcome", "/why"]

    def test_of_a_retracted_claim_are_refused(self, api, forecast, path, body):
        api.post(f"claims/{forecast}/retraction/", {"reason": "no"}, If_Match='"1"')

        problem = api.post(f"claims/{forecast}/{path}/", body, expect=409, If_Match='"2"')

        assert "reinstate it first" in problem["detail"]


class TestReview:
    def test_lets_a_claim_score_that_waited_for_it(self, api, desk, feed):
        lens_on(UUID(feed))
        claim = api.claims(desk, collection=feed)["id"]
        waits = api.get(f"claims/{claim}/impacts/", lens="feed")

        receipt = api.post(f"claims/{claim}/reviews/", ACCEPTED, If_Match='"1"')

        assert receipt["kind"] == "ClaimReviewed"
        assert (waits["impacts"], "review" in waits["silent_because"]) == ([], True)
        assert api.get(f"claims/{claim}/impacts/", lens="feed")["impacts"]
        assert api.get(f"claims/{claim}/")["review"] == "accepted"


class TestResolution:
    def test_says_how_it_turned_out_and_by_which_document(self, api, desk, forecast):
        body = {**HAPPENED, "document": str(desk.document)}

        receipt = api.post(f"claims/{forecast}/resolution/", body, If_Match='"1"')

        assert receipt["kind"] == "ForecastResolved"
        # Likely is .675: (.675 − 1)² = .105625.
        resolution = api.get(f"claims/{forecast}/")["resolution"]
        assert resolution == {**body, "brier": pytest.approx(0.105625)}

    def test_is_of_a_forecast(self, api, claim):
        problem = api.post(f"claims/{claim}/resolution/", HAPPENED, expect=409, If_Match='"1"')

        assert problem["detail"] == "only a forecast can be resolved"

    def test_names_a_day_to_come_and_a_document_that_is_none_at_once(self, api, desk, forecast):
        body = {**HAPPENED, "resolved_on": "2099-01-01", "document": str(desk.source)}

        problem = api.post(f"claims/{forecast}/resolution/", body, expect=400, If_Match='"1"')

        assert pointers(problem) == ["/resolved_on", "/document"]


class TestAVerdict:
    def test_is_not_for_somebody_who_is_no_party(self, api, desk, claim):
        stranger = str(desk.countries["CHN"])
        body = {"verdict": "false", "reason": " ", "parties": [stranger], "expected_version": 1}

        problem = api.post(f"claims/{claim}/verdicts/", {**body, "reason": "no"}, expect=400)

        (error,) = problem["errors"]
        assert (error["pointer"], error["code"]) == ("/parties/0", "no_party")
        assert "is not a party to this claim: list parties of it" in error["detail"]


class TestLinkRemoval:
    @pytest.fixture
    def other(self, api, desk):
        return api.claims(desk)["id"]

    @pytest.fixture
    def link(self, api, claim, other):
        return api.post(f"claims/{claim}/links/", {"type": "causes", "to": other})["id"]

    @pytest.mark.parametrize("end", ["claim", "other"])
    def test_undoes_it_at_either_end_and_keeps_it_in_the_history(
        self, api, claim, other, link, end
    ):
        one = {"claim": claim, "other": other}[end]

        receipt = api.post(f"claims/{one}/links/{link}/removal/", {"reason": "mistaken"})

        assert (receipt["kind"], receipt["id"], receipt["version"]) == ("ClaimsUnlinked", link, 2)
        for each in (claim, other):
            assert api.get(f"claims/{each}/")["links"] == []
            last = api.get(f"claims/{each}/history/")["events"][-1]["event"]
            assert (last["kind"], last["words"]) == ("ClaimsUnlinked", {"reason": "mistaken"})

    def test_is_done_once_until_they_are_linked_again(self, api, claim, other, link):
        address = f"claims/{claim}/links/{link}/removal/"
        api.post(address, {"reason": "mistaken"})

        problem = api.post(address, {"reason": "mistaken"}, expect=409)

        assert problem["type"].endswith("/out-of-order/")
        api.post(f"claims/{claim}/links/", {"type": "causes", "to": other})
        assert api.post(address, {"reason": "again"})["version"] == 4

    def test_of_a_link_that_the_claim_does_not_have_is_a_404(self, api, desk, claim, link):
        third = api.claims(desk)["id"]
        before = log.head().position

        for one, which in ((claim, NOBODY), (third, link), (NOBODY, link), (claim, claim)):
            api.post(f"claims/{one}/links/{which}/removal/", {"reason": "no"}, expect=404)

        assert log.head().position == before

    def test_needs_a_reason_and_nothing_else(self, api, claim, link):
        problem = api.post(f"claims/{claim}/links/{link}/removal/", {"note": "x"}, expect=400)

        assert sorted(pointers(problem)) == ["/note", "/reason"]
