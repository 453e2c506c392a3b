"""Whom a claim blames, and what it takes to print that in public."""

from dataclasses import replace

import pytest

from tests.kit.builders import (
    ONE,
    OTHER,
    a_citation,
    a_claim,
    a_document,
    a_source,
    an_actor,
    an_id,
)
from tests.kit.tables import each
from tracker.domain import disclosure
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Occurred, Strength
from tracker.domain.disclosure import ALWAYS, NEVER, AuthoredEvent, Backing, PublicSpan
from tracker.domain.proposed import of
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


CYBER, SUPPORT = "plover-2.0/COERCE/cyber", "plover-2.0/SUPPORT"


@each(
    ("claim", "proposed", "kind", "blames"),
    [
        ({"code": SUPPORT}, {}, "person", {ONE}),
        # Whom the claim does not blame, though it blames another.
        ({"code": CYBER, "parties": (Party(actor=OTHER, role="initiator"),)}, {}, "person", {ONE}),
        ({"code": "plover-2.0/ASSAULT/targeted"}, {}, "person", set()),
        ({"code": SUPPORT}, {}, "state", set()),
        ({"code": SUPPORT}, {"code": SUPPORT}, "person", set()),
        ({"code": SUPPORT}, {"polarity": "denied"}, "person", set()),
    ],
)
def test_a_proposal_that_nobody_accepted_may_blame_somebody(claim, proposed, kind, blames):
    proposal = replace(of("reading-1", a_claim()), **{"code": CYBER, **proposed})
    kinds = {ONE: kind, OTHER: "state"}

    assert disclosure.blamed_by_proposal(proposal, a_claim(**claim), kinds) == blames


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
    @each(
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


GRAVE = a_claim(code="plover-2.0/COERCE/cyber", citations=(a_citation(DOCUMENT),))
HARMLESS = a_claim(code="plover-2.0/AGREE", citations=(a_citation(DOCUMENT),))
COURT, JUDGE = an_id(83), an_id(84)
ACCEPTED = e.ClaimReviewed(outcome="accepted")
REJECTED = e.ClaimReviewed(outcome="rejected")
ASSERTED = ("ann", e.ClaimAsserted(claim=GRAVE))
CITED = ("ann", e.CitationAdded(citation=a_citation(SECOND)))
CORRECTED = ("ann", e.ClaimCorrected(claim=GRAVE, reason="so"))
RETRACTED = ("ann", e.ClaimRetracted(reason="no"))


def actor(kind, at=1, key=ONE):
    code = "KAZ" if kind == "state" else None
    return at, f.ActorState(id=key, actor=an_actor(code, kind=kind))


def assessed(*history, records=(), kind="company"):
    """What becomes of a claim with these events from position 10 on."""
    steps = [
        AuthoredEvent(by, f.Entry(an_id(1), position, event))
        for position, (by, event) in enumerate(history, start=10)
    ]
    documents = [
        (3, f.DocumentState(id=DOCUMENT, document=a_document(GAZETTE))),
        (4, f.DocumentState(id=SECOND, document=a_document(WIRE))),
    ]
    court = a_source(kind="organisation", name="The Court", ownership="state")
    sources = [(5, f.SourceState(id=COURT, source=court))]
    around = [actor(kind), actor("state", 2, OTHER), *documents, *sources, *records]
    return disclosure.assess(steps, sorted(around, key=lambda one: one[0]))


class TestAssess:
    @pytest.mark.parametrize("kind", ["state", "group"])
    def test_shows_a_claim_that_blames_nobody_from_the_beginning(self, kind):
        found = assessed(ASSERTED, CITED, kind=kind)

        assert (found.spans, found.lacks, found.blames) == (ALWAYS, (), False)

    def test_withholds_one_that_lacks_anything(self):
        found = assessed(ASSERTED, CITED)

        assert (found.spans, len(found.lacks), found.blames) == ((), 1, True)

    @each(
        ("history", "spans"),
        [
            # It is shown from where it is cleared.
            ((ASSERTED, CITED, ("bob", ACCEPTED), RETRACTED), (PublicSpan(12),)),
            # Once it is rejected it is withheld as of every position.
            ((ASSERTED, CITED, ("bob", ACCEPTED), ("cleo", REJECTED)), ()),
            (
                (ASSERTED, CITED, ("bob", ACCEPTED), ("cleo", REJECTED), ("dan", ACCEPTED)),
                (PublicSpan(12, 13), PublicSpan(14)),
            ),
            # An approval of earlier words does not count, nor one by somebody who cited.
            ((ASSERTED, CITED, ("bob", ACCEPTED), CORRECTED, CITED), ()),
            ((ASSERTED, ("bob", ACCEPTED), ("bob", CITED[1])), ()),
            # What a claim said before it was grave is withheld too.
            ((("ann", e.ClaimAsserted(claim=HARMLESS)), CORRECTED), ()),
        ],
    )
    def test_shows_it_while_it_is_cleared(self, history, spans):
        assert assessed(*history).spans == spans

    def test_shows_one_that_blames_no_more_only_as_it_stands(self):
        corrected = ("ann", e.ClaimCorrected(claim=HARMLESS, reason="so"))

        found = assessed(ASSERTED, corrected)

        assert (found.spans, found.lacks) == ((PublicSpan(NEVER),), ())

    def test_asks_what_a_party_is_known_to_be_now(self):
        assert assessed(ASSERTED, kind="group", records=[actor("company", 20)]).spans == ()
        assert assessed(ASSERTED, records=[actor("group", 20)]).spans == (PublicSpan(20),)

    @pytest.mark.parametrize(
        ("source", "judge", "shown"),
        [
            ("organisation", None, True),
            ("outlet", None, False),
            ("person", "organisation", True),
            ("person", "person", False),
        ],
    )
    def test_takes_an_official_finding_for_a_second_root(self, source, judge, shown):
        ownership = "state" if source == "organisation" else None
        given = {"ownership": ownership} if ownership else {}
        court = a_source(kind=source, actor=JUDGE if judge else None, **given)
        records = [(6, f.SourceState(id=COURT, source=court))]
        records += [actor(judge, 7, JUDGE)] if judge else []
        finding = ("bob", e.VerdictGiven(verdict="confirmed", reason="judged", source=COURT))

        found = assessed(ASSERTED, finding, records=records)

        assert found.spans == ((PublicSpan(11),) if shown else ())

    def test_takes_no_finding_of_a_root_of_a_party_or_of_an_unknown_source(self):
        party = a_source(kind="agency", actor=OTHER)
        records = [(6, f.SourceState(id=COURT, source=party))]
        for source, more in ((COURT, records), (GAZETTE, ()), (an_id(99), ()), (None, ())):
            said = e.VerdictGiven(verdict="confirmed", reason="judged", source=source)

            assert assessed(ASSERTED, ("bob", said), records=more).spans == ()

    def test_of_no_claim_lacks_nothing(self):
        assert disclosure.assess([], [actor("state")]).lacks == ()


def test_an_event_has_the_codes_of_every_codebook():
    disclosure._events.cache_clear()

    codes = disclosure.codes({"ASSAULT"})

    assert "plover-2.0/ASSAULT/beat" in codes
    assert "cameo-1.1b3/182" in codes
    assert "plover-2.0/COERCE" not in codes
