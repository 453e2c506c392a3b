"""Words of the log that are withheld over the API."""

from uuid import UUID

import pytest

from tests.kit.api_client import pointers
from tests.kit.builders import AT, BY
from tracker import log
from tracker.operations import claims, links

pytestmark = pytest.mark.django_db


NAMED = "Mrs Example sold the pipeline."
BODY = {"reason": "names a private person", "authority": "the editor"}


@pytest.fixture
def position(api, desk):
    return api.claims(desk, note="a name")["position"]


def where(position):
    return f"log/events/{position}/withholding/"


class TestWithholding:
    def test_deletes_the_words_and_leaves_the_event(self, api, desk, position):
        before = api.get(f"log/events/{position}/")

        receipt = api.post(where(position), BODY | {"number": position})

        now = api.get(f"log/events/{position}/")
        assert receipt["kind"] == "TextWithheld"
        assert before["words"]["claim"]["note"] == "a name"
        assert now == {**before, "words": None, "withheld": True}
        assert "a name" not in str(api.get(f"claims/{before['stream']}/history/"))

    def test_is_done_once(self, api, position):
        address = where(position)
        first = api.post(address, BODY | {"number": position}, Idempotency_Key="k")

        assert api.post(address, BODY | {"number": position}, Idempotency_Key="k") == first
        problem = api.post(address, BODY | {"number": position}, expect=409)
        assert "already withheld" in problem["detail"]

    def test_of_an_event_without_words_is_refused(self, api, desk, position):
        graded = next(one for one in log.read(after=0, limit=99) if one.words is None)

        api.post(where(graded.position), BODY, expect=409)

    @pytest.mark.parametrize("there", ["0", "9999", "9" * 30])
    def test_of_an_event_that_there_is_not_is_a_404(self, api, desk, there):
        api.post(where(there), BODY, expect=404)
        api.get(f"log/events/{there}/", expect=404)

    def test_names_everything_that_is_wrong_at_once(self, api, position):
        before = log.head().position

        problem = api.post(where(position), {"why": "x", "number": 1}, expect=400)
        blank = {"reason": " ", "authority": " "}
        further = api.post(where(position), blank, expect=400)

        assert sorted(pointers(problem)) == ["/authority", "/number", "/reason", "/why"]
        assert sorted(pointers(further)) == ["/authority", "/number", "/reason"]
        assert log.head().position == before


class TestTheNumber:
    @pytest.mark.parametrize(
        ("sent", "code"),
        [
            ({}, "required"),
            ({"number": None}, "required"),
            ({"number": 1}, "wrong_number"),
            ({"number": 10**9}, "wrong_number"),
            ({"number": "1"}, "invalid"),
            ({"number": 0}, "min_value"),
        ],
    )
    @pytest.mark.parametrize("every", [True, False])
    def test_has_to_be_that_of_the_claim(self, api, position, sent, code, every):
        before = log.head().position

        problem = api.post(where(position), BODY | sent | {"all": every}, expect=400)

        assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [("/number", code)]
        assert str(position) not in problem["errors"][0]["detail"]
        assert log.head().position == before
        assert log.at(position).words


class TestAllWordsOfAClaim:
    @pytest.fixture
    def entries(self, api, desk):
        """The positions of a claim's words: what it says, why it was retracted, and a link."""
        one, other = api.claims(desk, summary=NAMED), api.claims(desk)
        retracted = claims.retract_claim(UUID(one["id"]), reason=NAMED, at=AT, by=BY)
        linked = links.link(
            "causes", UUID(one["id"]), UUID(other["id"]), note="Mrs Example", at=AT, by=BY
        )
        return [one["position"], retracted.position, linked.position]

    def test_go_at_once_where_they_are_asked_for(self, api, entries):
        body = BODY | {"number": entries[0], "all": True}

        receipt = api.post(where(entries[1]), body)

        assert receipt["deleted"] == entries
        assert receipt["left"] == []
        assert receipt["position"] == log.head().position == entries[-1] + 3
        assert all(log.at(one).withheld for one in entries)
        problem = api.post(where(entries[1]), body, expect=409)
        assert problem["detail"] == "all words of this claim are already withheld"

    def test_are_told_where_one_event_alone_is_asked_for(self, api, entries):
        receipt = api.post(where(entries[0]), BODY | {"number": entries[0]})

        assert receipt["deleted"] == entries[:1]
        assert receipt["left"] == entries[1:]
        assert log.at(entries[1]).words

    def test_are_listed_where_the_same_text_stays(self, api, desk, entries):
        again = desk.asserts(note=f"See also: {NAMED}")
        body = BODY | {"number": entries[0], "all": True}

        receipt = api.post(where(entries[0]), body, Idempotency_Key="k")

        places = receipt["same_text"]
        assert {
            "says": f"position {again.position}: the first entry of another claim",
            "noun": "claim",
            "id": str(again.stream),
        } in places
        assert "the title of a document" in str(places)
        assert receipt["beyond_recall"].startswith("Earlier exports and downloads")
        assert NAMED not in str(receipt)
        assert api.post(where(entries[0]), body, Idempotency_Key="k") == receipt
