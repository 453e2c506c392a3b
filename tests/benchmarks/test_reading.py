"""What the benchmark of the reading page enters, and how its driver chooses."""

import pytest

from benchmarks import wanted_claims
from benchmarks.reading import of_words
from benchmarks.reading_screen import Wanted, assigned, steps

NAMES = {"GUY": "Guyana", "VEN": "Venezuela"}
LIST = """
- sentence: "Maduro signed"
  kind: act
  event: THREATEN
  mode: territory
  initiators: [VEN]
  recipients: [GUY]
  about: []
  occurred: "2024-04-03"
  said_by: ""
  note: "On paper."
- sentence: "Guyana denied"
  kind: denial
  event: MOBILIZE
  mode: ""
  initiators: [VEN]
  recipients: [Acme]
  about: []
  occurred: ""
  said_by: GUY
  note: ""
- sentence: "Maduro mobilized"
  kind: act
  event: MOBILIZE
  mode: ""
  initiators: [VEN]
  recipients: [Acme]
  about: []
  occurred: ""
  said_by: ""
  note: ""
- sentence: "Guyana denied more"
  kind: denial
  event: ASSAULT
  mode: ""
  initiators: [VEN]
  recipients: [Acme]
  about: []
  occurred: ""
  said_by: GUY
  note: ""
- {sentence: "It rose", kind: measure}
- sentence: "A firm saw it"
  kind: situation
  event: ""
  mode: ""
  initiators: []
  recipients: []
  about: [VEN]
  occurred: ""
  said_by: Some Firm
  note: ""
"""


def wanted(**given):
    parties = frozenset({("Russia", "initiator")})
    return Wanted(**{"place": "", "kind": "act", "parties": parties, "summary": ""} | given)


def a_card(key, *, code="", when="unknown", who=()):
    choices = [{"key": "a", "label": name, "says": role} for name, role in who]
    facts = {"when": when}
    return {"id": key, "code": code, "codes": [], "dates": [], "who": choices, "facts": facts}


class TestAList:
    @pytest.fixture
    def found(self, tmp_path):
        path = tmp_path / "claims.yaml"
        path.write_text(LIST)
        return wanted_claims.of_list(path, NAMES)

    def test_gives_claims_by_names_without_measures_and_denials_of_others(self, found):
        act, denial, _, seen = found

        assert act == Wanted(
            place="Maduro signed",
            kind="act",
            code="THREATEN/territory",
            parties=frozenset({("Venezuela", "initiator"), ("Guyana", "recipient")}),
            edtf="2024-04-03",
            summary="On paper.",
        )
        assert denial.is_denial
        assert denial.said_by == "Guyana"
        assert ("Acme", "recipient") in denial.parties
        assert (seen.said_by, seen.chain) == ("", ("Some Firm",))
        assert seen.summary == "A firm saw it"


class TestTheTextInPlaceOfTheArticle:
    def test_has_a_sentence_for_each_claim_and_its_head(self):
        rows = wanted_claims.seed_rows()
        document = {"date": "2022-05-24", "title": "Three", "authors": ["Jane Doe"]}
        lines = wanted_claims.made_article(document, rows.values()).split("\n\n")

        assert lines[:3] == ["2022-05-24", "Three", "Jane Doe"]
        assert len(lines) == 3 + 52
        assert lines[4] == "Russia invaded Ukraine."
        assert wanted_claims.place(2, rows[2], is_made=True) == lines[4]

    def test_and_the_article_have_a_place_for_each_claim(self):
        assert [*wanted_claims.PLACES] == [*wanted_claims.seed_rows()]


class TestTheDriver:
    def test_makes_of_each_card_the_claim_for_which_least_is_to_change(self):
        trade = wanted(code="COOPERATE")
        strike = wanted(code="ASSAULT", edtf="2022-02-24")
        cards = [
            a_card(
                "one", code="ASSAULT", when="on 24 February 2022", who=[("Russia", "initiator")]
            ),
            a_card("two", code="COOPERATE", who=[("Russia", "recipient")]),
            a_card("three", code="REJECT", who=[("China", "initiator")]),
        ]

        assert assigned([trade, strike], cards) == {"one": strike, "two": trade}

    def test_goes_round_the_roles(self):
        assert steps("no party", "recipient") == 2
        assert steps("recipient", "initiator") == 4
        assert steps("about, not on record", "") == 1


def test_a_text_of_so_many_words_begins_again_where_it_ends():
    assert of_words("One two\n\nthree", 5) == "One two\n\nthree\n\nOne two"
