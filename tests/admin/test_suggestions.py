"""What the desk answers while somebody types, and the page of the words for codes."""

import json
import re
from uuid import UUID

import pytest

from tests.admin.conftest import ADD
from tests.kit.builders import a_document, a_source, on_record
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.codebooks.cues import CueRow
from tracker.queries.records import document_names
from tracker.queries.records.desk_cues import listed, rows

pytestmark = pytest.mark.django_db
SUGGEST = "/admin/desk/claim/suggest/"
CITED = "/admin/desk/claim/cited/"
URL = "https://www.example.org/news/a-pipeline/"


@pytest.fixture
def offered(ann):
    def ask(noun, text):
        found = ann.get(SUGGEST, {"noun": noun, "q": text}).json()["found"]
        return [one["value"] for one in found]

    return ask


class TestSuggestions:
    @pytest.mark.parametrize(
        ("noun", "text", "first"),
        [
            ("actor", "kaz", "KAZ"),
            ("source", "gaz", "The Gazette"),
            ("document", "report", "A report"),
            ("collection", "cur", "curated"),
            ("code", "sanc disc", "plover-2.0/SANCTION/discontinue"),
            ("hedge", "appar", "apparently"),
            ("context", "right", "rights_freedoms"),
            ("context", "Human r", "human_rights"),
        ],
    )
    def test_give_the_likeliest_first(self, desk, offered, noun, text, first):
        assert offered(noun, text)[0] == first

    def test_of_a_claim_find_its_words_in_any_order(self, desk, claim_id, offered):
        desk.asserts(summary="Russia opened a road.")

        [first] = log.firsts([claim_id])
        assert offered("claim", "pipeline closed") == [
            f"Russia closed a pipeline. (no. {first.position})"
        ]

    def test_tell_documents_of_one_title_apart_by_their_addresses(self, desk, offered):
        """One without an address has a number."""
        for url in ("https://ex.org/1", "https://ex.org/2"):
            on_record(a_document(desk.source, title="Monthly report", url=url))
        bare_id = on_record(a_document(desk.source, title="Monthly report"))

        [first] = log.firsts([bare_id])
        numbered = f"Monthly report (no. {first.position})"
        assert set(offered("document", "monthly")) == {
            "https://ex.org/1", "https://ex.org/2", numbered,
        }  # fmt: skip
        assert document_names.DocumentDirectory().find(numbered).id == bare_id
        assert document_names.DocumentDirectory().label(bare_id) == numbered

    @pytest.mark.parametrize(
        ("noun", "text", "sure"),
        [
            ("actor", "kaz", True),  # its code
            ("actor", "k", True),  # the only one that begins so
            ("code", "SANCTION/disc", True),
            ("code", "embargo", False),
            ("context", "econ", True),
            ("context", "e", False),
            ("hedge", "apparently", True),
        ],
    )
    def test_mark_what_can_only_be_meant(self, ann, desk, noun, text, sure):
        found = ann.get(SUGGEST, {"noun": noun, "q": text}).json()["found"]

        assert [one["sure"] for one in found] == [sure] + [False] * (len(found) - 1)

    @pytest.mark.parametrize(
        ("noun", "text"),
        [("document", "https://nowhere.example/"), ("actor", str(UUID(int=1))), ("code", " ")],
    )
    def test_say_nothing_where_something_else_does(self, ann, desk, noun, text):
        assert not ann.get(SUGGEST, {"noun": noun, "q": text}).json().get("nothing")

    def test_there_are_none_of_nothing(self, ann, offered):
        assert offered("actor", "nobody at all") == []
        assert ann.get(SUGGEST, {"noun": "nonsense"}).status_code == 404

    def test_are_for_those_who_read_here(self, someone, claim_id):
        assert someone().get(SUGGEST, {"noun": "actor", "q": "k"}).status_code == 403


class TestACitation:
    @pytest.fixture
    def pipeline(self, desk):
        return on_record(a_document(desk.source, title="A pipeline was closed", url=URL))

    @pytest.mark.parametrize(
        "pasted",
        [
            URL,
            "http://example.org/news/a-pipeline?utm_source=feed&utm_medium=x#top",
            "a pipeline was closed",
            "Ann Bee, “A pipeline was closed”, The Gazette, 24 May 2022",
            "Ann Bee, The Gazette, https://example.org/news/a-pipeline.",
        ],
    )
    def test_is_found_by_address_title_or_reference(self, ann, pipeline, pasted):
        text = ann.get(CITED, {"citations-0-document": pasted}).text

        assert "A pipeline was closed" in text
        assert "The Gazette" in text
        assert str(pipeline) in text

    def test_that_is_not_on_record_can_be_added_with_what_is_known(self, ann, desk):
        on_record(a_source(name="A Wire", url="https://wire.example.net/"))

        text = ann.get(CITED, {"citations-0-document": "https://wire.example.net/x"}).text

        assert re.search(r"Not on record yet\.\s+Its publisher is: A Wire\.", text)
        assert "url=https%3A%2F%2Fwire.example.net%2Fx&amp;source=A+Wire" in text

    def test_of_two_documents_with_one_title_asks_which(self, ann, desk):
        for _ in range(2):
            on_record(a_document(desk.source, title="Twice"))

        assert "several documents fit" in ann.get(CITED, {"citations-0-document": "twice"}).text


class TestTheDateBox:
    """The six inputs that the desk was asked for."""

    def test_offers_the_dates_of_the_last_claims_and_the_month_of_publication(self, ann, desk):
        dated = Occurred(edtf="[2022-03-21..2022-03-31]", basis="inferred")
        desk.asserts(occurred=dated)
        desk.asserts(summary="Another.", occurred=dated)
        desk.asserts(summary="A third.")

        page = ann.get(ADD, {"document": desk.document})

        widget = page.context["entry"].form.fields["occurred"].widget
        assert json.loads(widget.attrs["data-offers"]) == [
            {"value": "2022-05-11", "label": "on 11 May 2022 · stated", "basis": "stated"},
            {
                "value": "[2022-03-21..2022-03-31]",
                "label": "one day in 21–31 March 2022 · inferred",
                "basis": "inferred",
            },
            {"value": "2022-05", "label": "in May 2022 · publication", "basis": "publication"},
        ]


PAGE = "/admin/desk/claim/codes/words/"
TYPED = {"cue": "zorb", "object": "treaty", "code": "aid", "example": "A zorbs B's treaty"}


def messages(page):
    return [str(one) for one in page.context["messages"]]


class TestACurator:
    def test_adds_a_word_and_removes_it(self, ann):
        page = ann.post(PAGE, TYPED, follow=True)

        assert messages(page) == ["Added: “zorb treaty” means plover-2.0/AID."]
        [row] = listed()
        assert row.read() == CueRow("zorb", "treaty", "plover-2.0/AID", "A zorbs B's treaty")
        assert row.added_by == "ann"
        assert f'value="{row.id}"' in page.text

        for says in ("Removed: “zorb treaty”.", "This row was removed meanwhile."):
            assert messages(ann.post(PAGE, {"remove": str(row.id)}, follow=True)) == [says]
        assert rows() == ()

    def test_sees_what_is_wrong_at_its_field_and_keeps_what_was_typed(self, ann):
        page = ann.post(PAGE, TYPED | {"code": "zzz", "example": "e" * 201})

        assert set(page.context["form"].errors) == {"code", "example"}
        assert 'value="treaty"' in page.text
        assert rows() == ()
