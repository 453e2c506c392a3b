"""Drafts that a client hands in for people to review at the desk."""

from typing import Any

import pytest

from tests.kit.api_client import a_body, a_draft_body, api_with, pointers
from tests.kit.builders import AT, BY, SANCTION, an_account, an_id
from tracker import log
from tracker.domain.reading import drafts
from tracker.domain.reading.drafts import MOST_PER_TRAY
from tracker.operations import trays
from tracker.queries import trays as queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(desk):
    return f"documents/{desk.document}/drafts/"


@pytest.fixture
def hand_in(api, path):
    def hand_in(*sent, expect=200):
        answer = api.post(path, {"drafts": list(sent)}, expect=expect)
        return [one["state"] for one in answer["results"]] if expect == 200 else answer

    return hand_in


def waiting(api, path):
    return [one["draft"]["id"] for one in api.get(path)["results"]]


class TestHandingIn:
    def test_lets_a_draft_wait_for_a_person(self, api, path, desk, hand_in):
        before = log.head()

        assert hand_in(a_draft_body(desk)) == ["offered"]

        (one,) = api.get(path)["results"]
        assert one["handed_in_by"] == BY
        assert one["draft"]["claim"]["summary"] == "Something was done."
        assert log.head() == before
        (card,) = queries.offered(desk.document)
        assert card.id == an_id(1)

    def test_takes_what_a_reading_gives(self, api, path, desk, hand_in):
        text = "Russia sanctioned Kazakhstan in late March. It denied it.\n\nWagner left Mali."
        found = api.post("reading/", {"text": text, "document": str(desk.document)}, expect=200)

        assert {*hand_in(*found["drafts"])} == {"offered"}
        ours = sorted(found["drafts"], key=lambda one: one["id"])
        for one in ours:
            one["proposed"]["by"] = BY
        assert [one["draft"] for one in api.get(path)["results"]] == ours

    def test_takes_a_collection_by_its_name(self, api, path, desk, hand_in):
        hand_in(a_draft_body(desk, collection="curated"), a_draft_body(desk, 2))
        problem = hand_in(a_draft_body(desk, 3), a_draft_body(desk, 4, collection="x"), expect=400)

        rows = api.get(path)["results"]
        assert {one["draft"]["claim"]["collection"] for one in rows} == {str(desk.collection)}
        assert pointers(problem) == ["/drafts/1/claim/collection"]

    def test_takes_null_for_no_value(self, api, path, desk, hand_in):
        actor = {"actor": str(desk.countries["RUS"]), "text": None}
        offers = {
            "codes": [{"code": "plover-2.0/SANCTION", "why": None}],
            "actors": [actor],
            "dates": [{"edtf": "2022-05", "phrase": None}],
            "said_by": None,
            "proposed": None,
        }

        assert hand_in(a_draft_body(desk) | offers) == ["offered"]
        assert api.get(path)["results"][0]["draft"]["dates"] == [
            {"edtf": "2022-05", "basis": "stated"}
        ]

    @pytest.mark.parametrize(
        ("sent", "by"),
        [
            (None, BY),
            ({"by": "reading-1", "kind": "situation"}, BY),
            ({"by": "my-reader-1", "kind": "situation"}, "my-reader-1"),
        ],
    )
    def test_keeps_what_is_handed_in_as_the_proposal(self, api, path, desk, hand_in, sent, by):
        hand_in(a_draft_body(desk) | {"proposed": sent})

        proposed = api.get(path)["results"][0]["draft"]["proposed"]
        claim = a_body(desk)
        assert (proposed["by"], proposed["kind"]) == (by, "act")
        assert (proposed["code"], proposed["parties"]) == (claim["code"], claim["parties"])

    def test_is_not_stored_by_caches(self, api, path, desk):
        assert api.send(path, {"drafts": []}).headers["Cache-Control"] == "no-store"
        assert api.http.get(f"/api/v1/{path}").headers["Cache-Control"] == "no-store"

    def test_takes_a_draft_that_a_person_has_to_complete(self, desk, hand_in):
        russia = {"actor": str(desk.countries["RUS"])}
        incomplete: list[dict[str, Any]] = [
            {"code": None, "occurred": None},
            {"parties": []},
            {"parties": [russia | {"role": "initiator"}]},
            {"parties": [russia | {"role": "recipient"}]},
        ]

        for given in incomplete:
            assert hand_in(a_draft_body(desk, **given)) == ["offered"]

    def test_gives_a_summary_to_a_draft_without_one(self, api, path, desk, hand_in):
        draft = a_draft_body(desk, code=SANCTION)
        del draft["claim"]["summary"]

        hand_in(draft)

        (one,) = api.get(path)["results"]
        assert (
            one["draft"]["claim"]["summary"] == "RUS stopped or cut trade or cooperation with KAZ."
        )


class TestHandingInAgain:
    def test_replaces_a_draft_that_still_waits(self, api, path, desk, hand_in):
        hand_in(a_draft_body(desk))

        assert hand_in(a_draft_body(desk, summary="Another.")) == ["offered"]

        (one,) = api.get(path)["results"]
        assert one["draft"]["claim"]["summary"] == "Another."

    def test_changes_nothing_that_a_person_took(self, api, path, desk, hand_in):
        hand_in(a_draft_body(desk))
        an_account("bea")
        trays.take_offered(an_id(1), by="bea", at=AT)

        assert hand_in(a_draft_body(desk, summary="Another.")) == ["taken"]

        own = queries.tray(desk.document, "bea")
        (card,) = queries.cards(own.id)
        assert queries.draft_of(card).claim.summary == "Something was done."
        assert waiting(api, path) == []

    def test_changes_nothing_that_is_on_record(self, api, path, desk, hand_in):
        hand_in(a_draft_body(desk))
        row = trays.take_offered(an_id(1), by=BY, at=AT)
        trays.record(row.tray_id, by=BY, at=AT)
        before = log.head()

        assert hand_in(a_draft_body(desk, summary="Another.")) == ["recorded"]
        assert (waiting(api, path), log.head()) == ([], before)

    def test_a_denial_that_is_on_record_says_so(self, api, desk, hand_in):
        claim = api.claims(desk)["id"]
        denial = a_draft_body(desk) | {
            "denies": claim,
            "said_by": {"actor": str(desk.countries["KAZ"])},
        }
        hand_in(denial)
        row = trays.take_offered(an_id(1), by=BY, at=AT)
        trays.record(row.tray_id, by=BY, at=AT)

        assert hand_in(denial) == ["repeated"]

    def test_a_link_to_a_draft_that_was_taken_still_holds(self, desk, hand_in):
        first = a_draft_body(desk)
        second = a_draft_body(desk, 2, summary="Then this.") | {
            "links": [{"type": "part_of", "to": first["id"]}]
        }
        hand_in(first, second)
        an_account("bea")
        trays.take_offered(an_id(1), by="bea", at=AT)

        assert hand_in(first, second) == ["taken", "offered"]
        assert hand_in(second, expect=400)  # by itself it leads nowhere


class TestARefusal:
    def test_names_all_problems_of_all_drafts_and_keeps_none(self, api, path, desk, hand_in):
        nobody = str(an_id(99))
        parties = [{"actor": nobody, "role": "initiator"}]

        problem = hand_in(
            a_draft_body(desk),
            a_draft_body(desk, 2, parties=parties, code="plover-2.0/NONE"),
            a_draft_body(desk, 3, occurred={"edtf": "2022-06"}) | {"denies": None},
            a_draft_body(desk, 4) | {"denies": nobody},
            expect=400,
        )

        assert sorted(pointers(problem)) == [
            "/drafts/1/claim/code",
            "/drafts/1/claim/parties/0/actor",
            "/drafts/2/claim/occurred/edtf",
            "/drafts/3/denies",
            "/drafts/3/said_by",
        ]
        assert waiting(api, path) == []

    def test_of_a_draft_that_cites_another_document_or_none(self, api, desk, hand_in):
        other = api.post("documents/", {"source": str(desk.source), "title": "Another"})["id"]

        problem = hand_in(
            a_draft_body(desk, citations=[{"document": other}]),
            a_draft_body(desk, 2, citations=[]),
            expect=400,
        )

        assert pointers(problem) == [
            "/drafts/0/claim/citations/0/document",
            "/drafts/1/claim/citations",
        ]

    def test_of_two_drafts_with_one_id(self, desk, hand_in):
        problem = hand_in(a_draft_body(desk), a_draft_body(desk), expect=400)

        assert pointers(problem) == ["/drafts/1/id"]

    def test_of_an_id_that_another_clients_draft_has(self, path, desk, hand_in, token):
        an_account("bot")
        api_with(token(of="bot")).post(path, {"drafts": [a_draft_body(desk)]}, expect=200)

        assert pointers(hand_in(a_draft_body(desk), expect=400)) == ["/drafts/0/id"]

    def test_of_more_than_may_wait(self, desk, hand_in, monkeypatch):
        monkeypatch.setattr("tracker.operations.offered_drafts.MOST_PER_TRAY", 2)
        hand_in(a_draft_body(desk), a_draft_body(desk, 2))

        assert hand_in(a_draft_body(desk, 2)) == ["offered"]
        assert pointers(hand_in(a_draft_body(desk, 3), expect=400)) == ["/drafts"]

    def test_of_a_draft_over_the_limit_of_size(self, desk, hand_in, monkeypatch):
        monkeypatch.setattr(drafts, "LONGEST_DRAFT", 1_000)

        problem = hand_in(a_draft_body(desk, note="x" * 1_000), expect=400)

        assert pointers(problem) == ["/drafts/0"]

    def test_of_more_than_one_tray_holds_at_once(self, desk, hand_in):
        sent = [a_draft_body(desk, number) for number in range(MOST_PER_TRAY + 1)]

        assert pointers(hand_in(*sent, expect=400)) == ["/drafts"]


class TestTheList:
    def test_comes_in_pages_by_id(self, api, path, desk, hand_in):
        hand_in(*(a_draft_body(desk, number) for number in (3, 1, 2)))

        rows = api.pages(path, limit=2)

        assert [one["draft"]["id"] for one in rows] == [str(an_id(n)) for n in (1, 2, 3)]
        assert api.get(path, count="exact")["count"] == 3

    def test_does_not_have_those_of_other_documents(self, api, desk, hand_in):
        hand_in(a_draft_body(desk))
        other = api.post("documents/", {"source": str(desk.source), "title": "Another"})["id"]

        assert waiting(api, f"documents/{other}/drafts/") == []


def test_a_person_records_what_a_client_handed_in(api, desk, hand_in):
    hand_in(a_draft_body(desk) | {"proposed": {"by": "my-reader-1", "kind": "act"}})
    an_account("bea")

    row = trays.take_offered(an_id(1), by="bea", at=AT)
    outcome = trays.record(row.tray_id, by="bea", at=AT)

    assert outcome.cards == (an_id(1),)
    claim = api.get(f"claims/{an_id(1)}/")
    assert claim["asserted"]["recorded_by"] == "bea"
    (step,) = api.get(f"claims/{an_id(1)}/history/")["events"]
    assert step["event"]["body"]["proposed"]["by"] == "my-reader-1"
    assert claim["code"] == a_body(desk)["code"]
