"""A claim's history in words."""

from dataclasses import replace

import pytest

from tests.kit.builders import AT, CODE, a_citation, an_id, withhold_text
from tests.kit.placed_quotes import a_placed_citation
from tests.kit.proposals import enters_proposed
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.records import Party
from tracker.operations import claims, links
from tracker.queries import moment
from tracker.queries.claims import history

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim_id(desk):
    return desk.asserts(summary="One.").stream


def told(claim_id):
    return [
        (one.does, one.why)
        for one in history.described_events(claim_id, reader=Reader.DESK, as_of=moment.now())
    ]


class TestTold:
    def test_says_who_did_what_and_why_in_order(self, desk, claim_id):
        other = desk.asserts("CHN", "RUS", summary="Another.").stream
        claims.retract_claim(claim_id, reason="wrong", at=AT, by="bob")
        claims.reinstate_claim(claim_id, reason="right", at=AT, by="bob")
        verdict = e.VerdictGiven(verdict="disputed", source=desk.source, reason="they say")
        claims.give_verdict(claim_id, verdict, at=AT, by="bob")
        links.link("part_of", claim_id, other, at=AT, by="cleo", note="a piece")

        assert told(claim_id) == [
            ("entered it", ""),
            ("retracted it", "wrong"),
            ("reinstated it", "right"),
            ("judged it disputed, after The Gazette", "they say"),
            ("linked it (part of) to: Another.", "a piece"),
        ]
        assert told(other)[-1][0].startswith("linked it (part of) from: One.")

    def test_names_what_a_correction_changed(self, desk, claim_id):
        new = desk.claim(
            "CHN",
            "KAZ",
            summary="Two.",
            occurred=Occurred(edtf="2022-05-12"),
            contexts=("economic",),
        )
        claims.correct_claim(claim_id, new, reason="a slip", expected=1, at=AT, by="bob")

        last = history.described_events(claim_id, reader=Reader.DESK, as_of=moment.now())[-1]
        changes = {one.where: (one.before, one.after) for one in last.differences}
        assert (last.does, last.why) == ("corrected it", "a slip")
        assert changes == {
            "summary": ("One.", "Two."),
            "party 1, actor": ("RUS", "CHN"),
            "date, edtf": ("2022-05-11", "2022-05-12"),
            "contexts": ("", "economic"),
        }

    def test_names_what_was_proposed_and_what_was_entered_instead(self, desk):
        nobody = an_id(99)
        parties = (Party(actor=nobody, role="initiator"), *desk.claim().parties[1:])
        was = {"code": "plover-2.0/AID", "occurred": None, "parties": parties}
        claim = enters_proposed(desk, was=was)

        [entry] = history.described_events(claim, reader=Reader.DESK, as_of=moment.now())
        assert (entry.does, entry.why) == (
            "entered it, proposed by reading-1; changed: parties, code, date",
            "",
        )
        assert {one.where: (one.before, one.after) for one in entry.differences} == {
            "party 1, actor": ("not on record", "RUS"),
            "code": ("plover-2.0/AID", CODE),
            "date": ("", "2022-05-11"),
        }

    def test_says_that_a_proposal_was_entered_unchanged(self, desk):
        china = desk.countries["CHN"]
        claim = enters_proposed(desk, number=1, said_by=china)
        other = enters_proposed(desk, number=2, said_by=china, was={"said_by": None})

        assert told(claim)[0][0] == "entered it, proposed by reading-1; unchanged"
        assert told(other)[0][0] == "entered it, proposed by reading-1; changed: said by"
        entry = history.described_events(other, reader=Reader.DESK, as_of=moment.now())[0]
        assert [(one.where, one.before, one.after) for one in entry.differences] == [
            ("said by", "", "CHN")
        ]

    def test_shows_a_citation_by_the_names_in_it(self, desk, claim_id):
        claims.cite(claim_id, a_citation(desk.document, chain=(desk.source,)), at=AT, by="bob")

        (change,) = history.described_events(claim_id, reader=Reader.DESK, as_of=moment.now())[
            -1
        ].differences
        assert change.where == "citation 2"
        assert "document: A report" in change.after
        assert "chain: The Gazette" in change.after

    def test_shows_the_place_of_a_quote_by_its_characters(self, desk):
        placed = a_placed_citation(desk.document)
        claim = desk.asserts(citations=(placed,)).stream
        without = desk.claim(citations=(replace(placed, selector=None),))
        claims.correct_claim(claim, without, reason="a slip", expected=1, at=AT, by="bob")
        claims.cite(claim, placed, at=AT, by="bob")

        _, corrected, cited = history.described_events(
            claim, reader=Reader.DESK, as_of=moment.now()
        )
        [change] = corrected.differences
        assert (change.where, change.before, change.after) == (
            "citation 1, selector", "characters 33 to 57 of its text", "",
        )  # fmt: skip
        assert "selector: characters 33 to 57 of its text" in cited.differences[0].after

    def test_keeps_quiet_about_words_that_are_withheld(self, claim_id):
        position = history.described_events(claim_id, reader=Reader.DESK, as_of=moment.now())[
            0
        ].recorded.position
        withhold_text(position, reason="law", authority="court", at=AT, by="bob")

        first, last = history.described_events(claim_id, reader=Reader.DESK, as_of=moment.now())
        assert first.recorded.withheld
        assert last.does == f"withheld the words recorded at position {position}"
