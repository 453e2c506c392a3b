"""A tray is recorded as one batch, and previewed before."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.kit.builders import AT, BY, a_citation
from tests.kit.trays import a_denial, a_draft, a_tray, puts, records
from tracker import log
from tracker.domain import proposed
from tracker.domain.attribution import SaidBy
from tracker.domain.claims import Occurred
from tracker.domain.reading.drafts import DraftLink
from tracker.domain.records import Party
from tracker.operations import claims, trays
from tracker.queries import trays as queries
from tracker.queries.evidence import what_if
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(desk):
    return a_tray(desk)


def pointers(outcome):
    return {key: [problem.pointer for problem in some] for key, some in outcome.problems.items()}


class TestRecord:
    def test_records_all_cards_in_one_append_and_empties_the_tray(self, desk):
        own = a_tray(desk, sentences=12, text_sha256="a" * 64)
        some = [a_draft(desk.claim(summary=f"Number {n}."), sentence=n) for n in (1, 2, 3)]
        for draft in some:
            puts(own, draft)
        trays.move_to(own, 7, by=BY, at=AT)
        before = log.head().position

        outcome = records(own)

        assert outcome.cards == tuple(draft.id for draft in some)
        assert [one.position for one in outcome.recorded] == [before + n for n in (1, 2, 3)]
        assert {one.recorded_by for one in outcome.recorded} == {BY}
        assert [states.claim(draft.id).claim for draft in some] == [one.claim for one in some]
        assert (queries.cards(own), queries.tray(desk.document, BY).place) == ([], 7)

    def test_keeps_what_was_proposed_for_each_claim(self, desk, own):
        claim = desk.claim()
        made = proposed.of("reading-1", replace(claim, code=None))
        draft = a_draft(claim, proposed=made)
        puts(own, draft)
        puts(own, a_denial(desk, draft.id, proposed=made))

        entered = [one.decoded() for one in records(own).recorded if one.kind == "ClaimAsserted"]

        assert [one.proposed for one in entered] == [made]

    def test_refuses_all_cards_for_one_and_says_which_and_why(self, desk, own):
        good = puts(own, a_draft(desk.claim()))
        late = puts(own, a_draft(desk.claim(occurred=Occurred(edtf="2023-01-01"))))
        russia = desk.countries["RUS"]
        both = tuple(Party(actor=russia, role=role) for role in ("initiator", "recipient"))
        ends = puts(own, a_draft(desk.claim(parties=both)))
        head = log.head().position

        outcome = records(own)

        assert pointers(outcome) == {late.id: ["/occurred/edtf"], ends.id: ["/parties"]}
        [problem] = outcome.problems[ends.id]
        assert problem.detail.startswith("RUS is initiator and recipient")
        assert log.head().position == head
        assert {one.id for one in queries.cards(own)} == {good.id, late.id, ends.id}

    def test_names_no_id_of_what_is_not_on_record(self, desk, own):
        card = puts(own, a_draft(desk.claim(citations=(a_citation(uuid4()),))))

        [problem] = records(own).problems[card.id]

        assert problem.pointer == "/citations/0/document"
        assert problem.detail == "what was chosen is no document on record: choose another"

    def test_links_cards_with_one_another_and_with_claims_on_record(self, desk, own):
        old = desk.asserts().stream
        cause = a_draft(desk.claim(), links=(DraftLink(type="part_of", to=old),))
        effect = a_draft(desk.claim(), links=(DraftLink(type="causes", to=cause.id),))
        puts(own, effect)
        puts(own, cause)

        assert records(own).problems == {}

        found = {
            (link.type, link.from_, link.to)
            for links in states.links([cause.id], at=None).values()
            for link in links
        }
        assert found == {("part_of", cause.id, old), ("causes", effect.id, cause.id)}

    def test_refuses_links_that_lead_nowhere_back_or_twice(self, desk, own):
        first, second = a_draft(desk.claim()), a_draft(desk.claim())
        lost = a_draft(desk.claim(), links=(DraftLink(type="causes", to=uuid4()),))
        same = a_draft(desk.claim(), links=(DraftLink(type="causes", to=first.id),) * 2)
        alone = a_draft(desk.claim())
        alone = replace(alone, links=(DraftLink(type="causes", to=alone.id),))
        first = replace(first, links=(DraftLink(type="part_of", to=second.id),))
        second = replace(second, sentence=2, links=(DraftLink(type="part_of", to=first.id),))
        for draft in (first, second, lost, same, alone):
            puts(own, draft)

        assert pointers(records(own)) == {
            lost.id: ["/links/0/to"],
            same.id: ["/links/1/to"],
            alone.id: ["/links/0/to"],
            second.id: ["/links"],
        }


class TestADenialInATray:
    def test_of_a_card_is_a_denying_citation_and_no_claim(self, desk, own):
        denied = a_draft(desk.claim())
        denial = a_denial(desk, denied.id)
        puts(own, denial)
        puts(own, denied)

        outcome = records(own)

        kinds = [one.kind for one in outcome.recorded]
        assert kinds == ["SourceDescribed", "ClaimAsserted", "CitationAdded"]
        assert states.claim(denial.id) is None
        support, denies = states.claim(denied.id).claim.citations
        [[source]] = states.speakers([desk.countries["KAZ"]]).values()
        assert (support.stance, denies.stance) == ("supports", "denies")
        # Kazakhstan is a party to the claim.
        assert (denies.chain, denies.interest) == ((source,), "self-serving")

    def test_of_a_claim_on_record_is_added_to_it(self, desk, own):
        old = desk.asserts().stream
        puts(own, a_denial(desk, old, by="CHN"))

        outcome = records(own)

        assert [one.stream for one in outcome.recorded][-1] == old
        assert states.claim(old).claim.citations[-1].interest == "none"

    def test_by_one_who_also_speaks_needs_one_source(self, desk, own):
        said = a_draft(desk.claim(), said_by=SaidBy(actor=desk.countries["CHN"]))
        puts(own, said)
        puts(own, a_denial(desk, said.id, by="KAZ"))
        other = puts(own, a_draft(desk.claim(summary="Another.")))
        puts(own, a_denial(desk, other.id, by="CHN"))

        outcome = records(own)

        assert outcome.problems == {}
        kinds = [one.kind for one in outcome.recorded]
        assert kinds.count("SourceDescribed") == 2
        assert kinds.count("CitationAdded") == 2

    def test_is_refused_for_every_fault(self, desk, own):
        old, gone = desk.asserts().stream, desk.asserts().stream
        claims.retract_claim(gone, reason="wrong", at=AT, by=BY)
        retracted = puts(own, a_denial(desk, gone))
        nobody = puts(own, a_denial(desk, old, said_by=None))
        nothing = puts(own, a_denial(desk, uuid4()))
        bare = puts(own, a_denial(desk, old, claim=desk.claim(citations=())))
        lost = puts(own, a_denial(desk, old, claim=desk.claim(citations=(a_citation(uuid4()),))))
        linked = puts(own, a_denial(desk, old, links=(DraftLink(type="causes", to=old),)))
        of_denial = puts(own, a_denial(desk, linked.id))

        assert pointers(records(own)) == {
            nobody.id: ["/said_by"],
            nothing.id: ["/denies"],
            retracted.id: ["/denies"],
            bare.id: ["/citations"],
            lost.id: ["/citations/0/document"],
            linked.id: ["/links"],
            of_denial.id: ["/denies"],
        }

    def test_is_refused_if_it_is_there_already(self, desk, own):
        old = desk.asserts().stream
        puts(own, a_denial(desk, old))
        again = puts(own, a_denial(desk, old, sentence=2))
        assert records(own).problems.keys() == {again.id}
        trays.remove(again.id, by=BY)
        records(own)
        late = puts(own, a_denial(desk, old))

        [problem] = records(own).problems[late.id]

        assert problem.code == "repeated"


class TestPreview:
    def test_is_of_all_cards_together(self, desk, own):
        one, other = a_draft(desk.claim()), a_draft(desk.claim("CHN", "KAZ"))
        puts(own, one)
        puts(own, other)

        found = trays.preview(own, by=BY, at=AT)

        assert {move.pair for move in found.joint.moves} == {"KAZ-RUS", "CHN-KAZ"}
        assert found.joint.drafts.keys() == {one.id, other.id}
        assert (found.problems, found.waiting) == ({}, frozenset())
        assert log.head().position == records(own).recorded[0].position - 1

    def test_counts_denials_and_links(self, desk, own):
        old = desk.asserts().stream
        alone = a_draft(desk.claim("CHN", "KAZ"))
        same = a_draft(desk.claim("CHN", "KAZ"), links=(DraftLink(type="same_as", to=alone.id),))
        puts(own, alone)
        puts(own, same)
        puts(own, a_denial(desk, alone.id, by="RUS"))
        puts(own, a_denial(desk, old, by="CHN"))

        joint = trays.preview(own, by=BY, at=AT).joint

        found = {key: one.effects[0].evaluation for key, one in joint.drafts.items()}
        assert found.keys() == {alone.id, same.id, old}
        assert found[old].certainty.steps[-1].says == "1 independent root against"
        # Of two identical claims one counts, with the citations of both.
        [counts] = [one for one in (alone.id, same.id) if found[one].impacts]
        assert found[counts].certainty.steps[-1].says == "1 independent root against"

    def test_is_skipped_if_too_many_claims_must_be_evaluated(self, desk, own, monkeypatch):
        puts(own, a_draft(desk.claim()))
        monkeypatch.setattr(what_if, "MOST_EVALUATED", 0)

        assert trays.preview(own, by=BY, at=AT).joint is None

    def test_leaves_out_cards_with_problems(self, desk, own):
        bad = puts(own, a_draft(desk.claim(kind="measure", code=None)))

        found = trays.preview(own, by=BY, at=AT)

        assert (found.joint, pointers(found)) == (None, {bad.id: ["/magnitude"]})

        whole = (DraftLink(type="part_of", to=bad.id),)
        good = puts(own, a_draft(desk.claim(), links=whole))
        puts(own, a_denial(desk, bad.id))

        found = trays.preview(own, by=BY, at=AT)

        assert found.joint.drafts.keys() == {good.id}
        assert {move.pair for move in found.joint.moves} == {"KAZ-RUS"}
