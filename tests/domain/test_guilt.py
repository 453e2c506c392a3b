"""Whom a claim blames, and what it takes to print that in public."""

import pytest

from tests.builders import ONE, OTHER, a_citation, a_claim, an_id
from tracker.domain import disclosure
from tracker.domain.claims import Occurred, Strength
from tracker.domain.disclosure import Backing
from tracker.domain.records import Party

DOCUMENT, SECOND = an_id(71), an_id(72)
GAZETTE, WIRE = an_id(81), an_id(82)


def blamed(kind="person", **given):
    claim = a_claim(**{"code": "plover-2.0/COERCE/cyber"} | given)
    return disclosure.blamed(claim, {ONE: kind, OTHER: "state"})


class TestBlamed:
    @pytest.mark.parametrize("kind", ["person", "company"])
    @pytest.mark.parametrize(
        "code", ["plover-2.0/COERCE/cyber", "plover-2.0/ASSAULT/targeted", "cameo-1.1b3/182"]
    )
    def test_is_a_person_or_firm_that_does_something_grave(self, kind, code):
        assert blamed(kind, code=code) == [ONE]

    @pytest.mark.parametrize("kind", ["state", "group", "organisation"])
    def test_is_no_state_and_nobody_who_stands_for_one(self, kind):
        assert blamed(kind) == []

    def test_is_nobody_for_what_is_no_crime(self):
        assert blamed(code="plover-2.0/SUPPORT") == []
        assert blamed(code=None) == []

    def test_is_whoever_a_context_makes_a_suspect(self):
        assert blamed(code="plover-2.0/COOPERATE", contexts=("corruption",)) == [ONE]

    def test_of_a_denied_act_is_nobody(self):
        assert blamed(polarity="denied") == []

    def test_of_an_accusation_is_whom_it_is_directed_at(self):
        accusation = {
            "code": "plover-2.0/ACCUSE/allege",
            "contexts": ("crime",),
            "parties": (
                Party(actor=OTHER, role="initiator"),
                Party(actor=ONE, role="recipient"),
            ),
        }
        claim = a_claim(**accusation)

        assert disclosure.blamed(claim, {ONE: "company", OTHER: "state"}) == [ONE]
        assert disclosure.blamed(claim, {ONE: "state", OTHER: "person"}) == []


class TestMasked:
    def test_says_of_nobody_anything_in_anybodys_words(self):
        claim = a_claim(
            code="plover-2.0/COERCE/cyber",
            contexts=("cyber",),
            summary="Acme spied.",
            key="acme-7",
            condition="Acme",
            hedge="Acme says",
            criterion="Acme is convicted",
            note="Acme",
            tags=("acme",),
            strength=Strength(grade="weak", reason="Acme"),
            occurred=Occurred(edtf="2022-05", phrase="when Acme did it"),
        )

        said = disclosure.masked(claim)

        assert "acme" not in str(said).lower()
        assert (said.summary, said.parties, said.citations) == (disclosure.MASK, (), ())
        assert (said.code, said.contexts) == (None, ())
        assert (said.collection, said.kind) == (claim.collection, claim.kind)
        assert said.occurred == Occurred(edtf="2022-05")

    def test_of_an_undated_claim_is_undated(self):
        assert disclosure.masked(a_claim(occurred=None)).occurred is None


class TestRoots:
    def test_are_the_ends_of_chains_or_the_publishers(self):
        cited = (
            a_citation(DOCUMENT),
            a_citation(SECOND, chain=(WIRE,)),
            a_citation(SECOND, chain=(WIRE, GAZETTE)),
        )

        assert disclosure.roots(cited, {DOCUMENT: GAZETTE, SECOND: OTHER}) == {GAZETTE, WIRE}

    def test_that_deny_it_support_nothing(self):
        cited = (a_citation(DOCUMENT), a_citation(SECOND, stance="denies"))

        assert disclosure.roots(cited, {DOCUMENT: GAZETTE, SECOND: WIRE}) == {GAZETTE}


class TestMissing:
    @pytest.mark.parametrize(
        ("roots", "found", "vouched", "lacks"),
        [
            ((GAZETTE,), False, (), 2),
            ((GAZETTE, WIRE), False, (), 1),
            ((GAZETTE,), True, (), 1),
            ((GAZETTE,), False, ("bob",), 1),
            ((GAZETTE, WIRE), False, ("ann",), 1),
            ((GAZETTE, WIRE), False, ("bob",), 0),
            ((GAZETTE,), True, ("bob",), 0),
        ],
    )
    def test_is_a_root_or_finding_and_somebody_who_did_not_write_it(
        self, roots, found, vouched, lacks
    ):
        backing = Backing(roots=roots, found=found, authors=("ann",), vouched=vouched)

        assert len(disclosure.missing(backing)) == lacks
