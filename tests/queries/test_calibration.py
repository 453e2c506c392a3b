"""Judged claims as they were known before their verdicts."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.accusations import a_firm, blames
from tests.kit.builders import AT, BY, a_citation, rate
from tests.kit.verdicts import drawn, judge, judge_drawn
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.operations import claims, links
from tracker.projections import disclosure
from tracker.queries import moment
from tracker.queries.evidence import calibration
from tracker.queries.scores.lenses import NoSuchLens

pytestmark = pytest.mark.django_db


def report(as_of=None, reader=Reader.DESK):
    return calibration.report(lens="standing", as_of=moment.at(as_of), reader=reader)


def counts(record) -> tuple[int, int, int]:
    overall = record.overall
    return overall.confirmed, overall.decided, overall.unverifiable


@pytest.fixture
def claim(desk):
    return desk.asserts().stream


class TestAJudgedClaim:
    def test_has_the_p_and_grade_before_its_verdict(self, desk, claim):
        judge(claim)

        [check] = report().judged.checks

        assert (check.grade, check.p, check.confirmed, check.decided) == (
            "reliability C", 0.65, 1, 1,
        )  # fmt: skip

    def test_keeps_the_p_of_then_whatever_is_recorded_later(self, desk, claim):
        judge(claim, "false")
        rate(desk.source, "A")
        claims.cite(claim, a_citation(desk.hears(grade="B")), at=AT, by=BY)

        assert report().judged.overall.mean_p == 0.65

    def test_is_counted_by_its_first_deciding_verdict(self, claim):
        judge(claim, "disputed")
        judge(claim, "unverifiable")
        judge(claim, "false")
        judge(claim, "confirmed")

        assert counts(report().judged) == (0, 1, 0)

    def test_is_unverifiable_without_a_deciding_verdict(self, claim):
        judge(claim, "unverifiable")

        assert counts(report().judged) == (0, 0, 1)

    def test_is_not_counted_by_a_verdict_of_its_own_root(self, desk, claim):
        judge(claim, source=desk.source)
        assert counts(report().judged) == (0, 0, 0)

        judge(claim, "false")
        assert counts(report().judged) == (0, 1, 0)
        assert report().judged.overall.mean_p == 0.65

    def test_counts_although_it_was_retracted_since(self, claim):
        judge(claim, "false")
        claims.retract_claim(claim, reason="It never was.", at=AT, by=BY)

        assert counts(report().judged) == (0, 1, 0)

    @pytest.mark.parametrize("verdicts", [("confirmed", "false"), ("unverifiable", "confirmed")])
    def test_counts_once_with_those_that_are_the_same(self, desk, claim, verdicts):
        other = desk.asserts().stream
        links.link("same_as", claim, other, at=AT, by=BY)
        for one, verdict in zip((claim, other), verdicts, strict=True):
            judge(one, verdict)

        assert counts(report().judged) == (1, 1, 0)

    def test_is_none_of_the_kinds_that_are_judgements_themselves(self, desk):
        assessed = desk.asserts(kind="assessment", code=None, occurred=None).stream
        judge(assessed)

        assert counts(report().judged) == (0, 0, 0)


class TestAReport:
    def test_ends_at_its_position(self, desk, claim):
        before = log.head().position
        judge(claim)
        last = log.head().position
        judge(desk.asserts().stream, "false")

        assert counts(report(as_of=before).judged) == (0, 0, 0)
        assert counts(report(as_of=last).judged) == (1, 1, 0)
        assert report(as_of=last).as_of == last
        assert counts(report().judged) == (1, 2, 0)

    def test_leaves_out_withheld_claims_for_the_public(self, desk):
        judge(blames(desk, a_firm(desk)), "false")
        disclosure.follow_all()

        assert counts(report(reader=Reader.PUBLIC).judged) == (0, 0, 0)
        assert counts(report().judged) == (0, 1, 0)

    def test_reads_the_log_as_often_for_many_claims(self, desk):
        def statements():
            now = moment.now()
            with CaptureQueriesContext(connection) as captured:
                calibration.report(lens="standing", as_of=now, reader=Reader.DESK)
            return len(captured)

        def add():
            judge(desk.asserts(citations=(a_citation(desk.hears(grade="B")),)).stream)

        add()
        of_one = statements()
        for _ in range(4):
            add()
        assert statements() == of_one

    def test_needs_a_lens(self, desk):
        with pytest.raises(NoSuchLens):
            calibration.report(lens="none", as_of=moment.now(), reader=Reader.DESK)


class TestDrawnClaims:
    def test_count_as_drawn_only_if_judged_without_sight_of_p(self, claim):
        drawn(claim)
        judge(claim)

        assert counts(report().drawn) == (0, 0, 0)
        assert counts(report().judged) == (1, 1, 0)
        assert report().unjudged == 1

    def test_of_several_weeks_weigh_the_same_in_a_stratum(self, desk):
        """One of four, then one of the three left: each stands for two, the other stratum's for 1:
        a share of 4/5, and 25/9 effective claims."""
        for probability, verdict, day in ((1 / 4, "confirmed", 1), (1 / 3, "confirmed", 8),
                                          (1.0, "false", 8)):  # fmt: skip
            claim = desk.asserts().stream
            drawn(claim, probability=probability, stratum=verdict, week=date(2024, 4, day))
            judge_drawn(claim, verdict)

        outcome = report().drawn.overall.outcome

        assert outcome.share == pytest.approx(0.8)
        assert outcome.effective == pytest.approx(25 / 9)

    def test_that_are_judged_later_are_open_as_of_a_position(self, claim):
        drawn(claim)
        before = log.head().position
        judge_drawn(claim)

        assert counts(report(as_of=before).drawn) == (0, 0, 0)
        assert (report(as_of=before).draws, report(as_of=before).unjudged) == (1, 1)
        assert report().unjudged == 0
