"""Which pairs are at war, as pages name them."""

from datetime import date

import pytest

from tests.kit.accusations import a_firm, blames, reviewed, second_root
from tests.kit.builders import AT, BY, a_citation, rate
from tests.kit.wars import SINCE, WAR
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.operations import claims
from tracker.queries import moment
from tracker.queries.scores import front, lenses

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)


def at_war(day=TODAY, *, at=None):
    found = lenses.find("standing", position=moment.now().position)
    return front.at_war(found, day, at=at)


class TestWhoIsAtWar:
    @pytest.mark.parametrize(
        "given",
        [
            {"occurred": Occurred(edtf="2022-02-24/2022-04-01")},
            {"code": "plover-2.0/SANCTION/discontinue"},
            {"code": "plover-2.0/ASSAULT/beat"},
            {"kind": "act", "occurred": Occurred(edtf="2022-02-24")},
        ],
    )
    def test_ignores_wars_that_ended_and_other_acts(self, desk, scored, given):
        desk.asserts(**{**WAR, "occurred": SINCE, **given})
        scored()

        assert at_war() == []

    @pytest.mark.parametrize(
        ("edtf", "day", "wars"),
        [
            ("2022-02-24/..", date(2022, 2, 23), []),
            ("2022-02-24/..", date(2022, 2, 24), ["KAZ-RUS"]),
            ("2022-02-24/2022-04-01", date(2022, 3, 15), ["KAZ-RUS"]),
            ("2022-02-24/2022-04-01", date(2022, 4, 2), []),
        ],
    )
    def test_is_a_pair_with_a_war_on_that_day(self, desk, scored, edtf, day, wars):
        rate(desk.source, "A")
        desk.asserts(**WAR, occurred=Occurred(edtf=edtf))
        scored()

        assert at_war(day) == wars

    def test_counts_no_war_that_ended_towards_its_limit(self, desk, war, scored, monkeypatch):
        """CHN–KAZ comes before KAZ–RUS in the alphabet."""
        monkeypatch.setattr(front, "MOST_WARS", 1)
        desk.asserts("CHN", "KAZ", **WAR, occurred=Occurred(edtf="2022-02-24/2022-04-01"))
        scored()

        assert at_war() == ["KAZ-RUS"]

    def test_counts_the_pairs_and_not_their_claims_towards_its_limit(
        self, desk, war, scored, monkeypatch
    ):
        monkeypatch.setattr(front, "MOST_WARS", 2)
        for _ in range(2):
            desk.asserts("CHN", "KAZ", **WAR, occurred=SINCE)
        scored()

        assert at_war() == ["CHN-KAZ", "KAZ-RUS"]

    def test_is_looked_for_among_those_that_go_on_first(self, desk, scored, monkeypatch):
        monkeypatch.setattr(front, "MOST_FORCES", 1)
        rate(desk.source, "A")
        desk.asserts("CHN", "KAZ", **WAR, occurred=Occurred(edtf="2022-02-24/2022-04-01"))
        desk.asserts(**WAR, occurred=SINCE)
        scored()

        assert at_war() == ["KAZ-RUS"]

    def test_is_a_pair_of_which_a_war_was_known_then(self, desk, war, scored):
        """Before the claim nobody knew; after it was retracted those of then still did."""
        scored()
        known = moment.now().position
        claims.retract_claim(war, reason="a slip", at=AT, by=BY)
        scored()

        assert at_war() == []
        assert at_war(at=known) == ["KAZ-RUS"]
        assert at_war(at=known - 3) == []

    def test_is_a_pair_whose_force_is_called_a_war(self, desk, scored):
        rate(desk.source, "A")
        war = WAR | {"code": "plover-2.0/ASSAULT", "summary": "The war goes on."}
        desk.asserts(**war, occurred=SINCE)
        scored()

        assert at_war() == ["KAZ-RUS"]

    def test_ignores_a_disputed_claim(self, desk, war, scored):
        verdict = e.VerdictGiven(verdict="disputed", reason="They deny it.")
        claims.give_verdict(war, verdict, at=AT, by=BY)
        scored()

        assert at_war() == []

    def test_ignores_an_unreliable_source(self, desk, scored):
        rumour = desk.hears(grade="E", name="Rumour")
        desk.asserts(**WAR, occurred=SINCE, citations=(a_citation(rumour),))
        scored()

        assert at_war() == []

    def test_ignores_a_row_of_an_archive(self, desk, wire, scored):
        desk.asserts(**WAR, occurred=SINCE, collection=wire)
        scored()

        found = lenses.find("machine-wire", position=moment.now().position)
        assert front.at_war(found, TODAY) == []

    def test_ignores_a_withheld_claim(self, desk, scored):
        """A firm is accused of fighting, by one root and without a second reviewer."""
        rate(desk.source, "A")
        claim = blames(desk, a_firm(desk), **WAR, occurred=SINCE)
        scored()
        assert at_war() == []

        second_root(claim)
        reviewed(claim, by="bob")
        scored()

        assert at_war() == ["KAZ-RUS"]
