"""What was proposed for a claim stays beside it, however its rows are written."""

from dataclasses import replace

import pytest

from tests.kit.background_work import digests, rebuilt, work_off
from tests.kit.builders import AT, BY
from tests.kit.placed_quotes import a_placed_citation, a_selector
from tests.kit.proposals import enters_proposed
from tracker import log
from tracker.domain import proposed
from tracker.domain.attribution import Submission, statement_id
from tracker.domain.problems import Invalid
from tracker.operations import batches, claims
from tracker.operations.batches import Attached
from tracker.projections.audit import audit
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


def proposal_of(claim):
    state = states.claim(claim)
    return state.proposed if state else None


class TestAProposal:
    def test_stays_with_its_claim(self, desk):
        claim = enters_proposed(desk, was={"code": None})
        claims.correct_claim(
            claim, desk.claim(code="plover-2.0/AID"), reason="no", expected=1, at=AT, by=BY
        )
        claims.retract_claim(claim, reason="no", at=AT, by=BY)

        found = proposal_of(claim)
        assert (found.by, found.code, found.occurred) == ("reading-1", None, "2022-05-11")

    def test_of_a_single_claim_is_recorded_too(self, desk):
        claim = desk.claim()
        proposal = proposed.of("reading-1", claim)

        recorded = claims.assert_claim(claim, at=AT, by=BY, proposed=proposal)

        assert log.at(recorded.position).decoded().proposed == proposal
        assert proposal_of(recorded.stream) == proposal

    def test_is_of_the_claim_and_not_of_the_statement_that_makes_it(self, desk):
        claim = enters_proposed(desk, said_by=desk.countries["CHN"])

        assert proposal_of(claim).said_by == desk.countries["CHN"]
        assert proposal_of(statement_id(claim)) is None

    def test_that_is_not_valid_is_refused_with_its_batch(self, desk):
        proposal = replace(proposed.of("reading-1", desk.claim()), by="")
        before = log.head().position

        with pytest.raises(Invalid, match="/proposed/by: name the reader"):
            batches.assert_claims(
                {desk.document: Submission(claim=desk.claim())},
                at=AT,
                by=BY,
                attached=Attached(proposed={desk.document: proposal}),
            )

        assert log.head().position == before

    def test_is_the_same_after_a_rebuild_and_an_audit(self, desk):
        placed = a_placed_citation(desk.document)
        cited = desk.asserts(citations=(placed,)).stream
        claims.cite(cited, replace(placed, document=desk.hears(grade="A")), at=AT, by=BY)
        plain = enters_proposed(desk, desk.claim(summary=""), number=1, was={"code": None})
        enters_proposed(desk, number=2, said_by=desk.countries["CHN"])
        work_off()
        before, proposal = digests(), proposal_of(plain)

        assert rebuilt() == before
        assert proposal_of(plain) == proposal is not None
        assert [one.selector for one in states.claim(cited).claim.citations] == [a_selector()] * 2
        assert audit(at=AT, sample=None) == []
