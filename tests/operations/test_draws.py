"""The weekly draw, and verdicts on drawn claims."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from tests.kit.accusations import a_firm, blames
from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_lens
from tests.kit.databases import address
from tests.kit.verdicts import drawn, judge, judge_drawn
from tracker import log
from tracker.domain.claims import Level
from tracker.domain.events import VerdictGiven
from tracker.domain.problems import Invalid
from tracker.domain.records import Party
from tracker.models.derived import Cursor
from tracker.models.operational import DrawnClaim
from tracker.operations import claims, draws, lenses
from tracker.queries.evidence import impacts
from tracker.queries.sql import select

pytestmark = pytest.mark.django_db
MONDAY = date(2024, 4, 29)


def kept() -> list[tuple[object, ...]]:
    return list(DrawnClaim.objects.order_by("claim").values_list())


class TestTheDraw:
    @pytest.fixture
    def many(self, desk):
        """Twelve claims, followed."""
        made = {desk.asserts().stream for _ in range(12)}
        work_off()
        return made

    def test_keeps_ten_claims_of_the_week_with_their_probability(self, many):
        assert draws.draw_due(at=AT) == 10

        rows = list(DrawnClaim.objects.all())
        assert {row.claim for row in rows} < many
        assert {(row.week, row.position, row.probability, row.verdict) for row in rows} == {
            (MONDAY, log.head().position, 10 / 12, None)
        }

    def test_tells_apart_what_can_be_checked(self, desk):
        for code in ("plover-2.0/CONSULT/visit", "plover-2.0/COERCE/cyber"):
            desk.asserts(code=code)
        work_off()

        draws.draw_due(at=AT)

        assert {row.stratum for row in DrawnClaim.objects.all()} == {
            "checkable, p from 0.5", "not checkable, p from 0.5",
        }  # fmt: skip

    def test_that_runs_twice_in_a_week_gives_the_same_ten(self, desk, many):
        draws.draw_due(at=AT)
        before = kept()
        desk.asserts()
        work_off()

        assert draws.draw_due(at=datetime(2024, 5, 5, 23, 59, tzinfo=UTC)) == 0
        assert kept() == before

    def test_of_the_next_week_takes_only_claims_that_were_not_drawn(self, many):
        draws.draw_due(at=AT)

        assert draws.draw_due(at=AT + timedelta(days=7)) == 2
        assert {row.claim for row in DrawnClaim.objects.all()} == many

    def test_leaves_out_what_is_retracted_judged_or_moves_no_score(self, desk):
        left = desk.asserts().stream
        retracted, judged = desk.asserts().stream, desk.asserts().stream
        claims.retract_claim(retracted, reason="no", at=AT, by=BY)
        judge(judged, "unverifiable")
        desk.asserts(occurred=None)
        work_off()

        assert draws.draw_due(at=AT) == 1
        assert DrawnClaim.objects.get().claim == left

    def test_leaves_out_withheld_claims(self, desk):
        """A confirmation could publish them, and its page must say so."""
        blames(desk, a_firm(desk))
        left = desk.asserts().stream
        work_off()

        assert draws.draw_due(at=AT) == 1
        assert DrawnClaim.objects.get().claim == left

    def test_leaves_out_assessed_levels(self, desk):
        """A level moves a score of method 2, but is a judgement itself."""
        two = replace(desk.view, method="2")
        lenses.define_next(a_lens(view=two), lens_id=desk.lenses["standing"], at=AT, by=BY)
        countries = desk.countries
        about = tuple(Party(actor=countries[code], role="about") for code in ("KAZ", "RUS"))
        level = Level(value=Decimal(3), sd=Decimal(1))
        given = {"kind": "level", "code": None, "parties": about, "level": level}
        desk.asserts(**given)
        work_off()

        assert impacts.count(two.id, ["KAZ-RUS"]) == {"KAZ-RUS": 2}
        assert draws.draw_due(at=AT) == 0

    def test_waits_for_another_process_that_draws(self, many):
        with psycopg.connect(address(connection.settings_dict["NAME"])) as other:
            other.execute("SELECT pg_advisory_xact_lock(hashtextextended('draw of 2024-04-29', 0))")
            select("SELECT set_config('lock_timeout', '100ms', true)")
            with pytest.raises(OperationalError), transaction.atomic():
                draws.draw_due(at=AT)

        assert draws.draw_due(at=AT) == 10

    def test_waits_for_a_view_that_is_catching_up(self, many):
        Cursor.objects.update(begun=10**6)

        assert draws.draw_due(at=AT) == 0

    def test_waits_for_a_lens_and_for_claims(self, db):
        assert draws.draw_due(at=AT) == 0
        assert kept() == []


class TestAVerdict:
    @pytest.fixture
    def claim(self, desk):
        made = desk.asserts().stream
        drawn(made)
        return made

    def test_is_recorded_and_closes_the_draw(self, claim):
        recorded = judge_drawn(claim, "false")

        assert recorded.decoded().verdict == "false"
        assert DrawnClaim.objects.get().verdict == recorded.position
        assert draws.open_draws_for("bob") == []

    def test_is_not_by_one_who_entered_or_cited_the_claim(self, desk, claim):
        claims.cite(claim, a_citation(desk.hears()), at=AT, by="carl")

        for author in (BY, "carl"):
            with pytest.raises(Invalid, match="another user must judge it"):
                judge_drawn(claim, by=author, version=2)
        assert DrawnClaim.objects.get().verdict is None
        assert log.history([claim])[-1].kind == "CitationAdded"

    def test_needs_a_reason_and_leaves_the_draw_open_without(self, claim):
        with pytest.raises(Invalid):
            draws.judge_drawn(claim, VerdictGiven(verdict="false"), expected=1, at=AT, by="bob")
        assert DrawnClaim.objects.get().verdict is None

    def test_is_on_the_version_that_was_seen(self, claim, desk):
        claims.cite(claim, a_citation(desk.hears()), at=AT, by=BY)

        with pytest.raises(log.VersionConflict):
            judge_drawn(claim, version=1)

    def test_is_given_once(self, claim, desk):
        judge_drawn(claim)

        for one in (claim, desk.asserts().stream):
            with pytest.raises(draws.NotDrawn):
                judge_drawn(one, version=2)

    def test_is_none_on_a_claim_that_is_withheld_or_was_judged_meanwhile(self, desk):
        accusation, judged = blames(desk, a_firm(desk)), desk.asserts().stream
        for one in (accusation, judged):
            drawn(one)
        judge(judged)

        for one, version in ((accusation, 1), (judged, 2)):
            with pytest.raises(draws.NotDrawn):
                judge_drawn(one, version=version)


class TestOpenDraws:
    def test_are_those_that_others_entered_the_oldest_first(self, desk):
        old, new = desk.asserts().stream, desk.asserts().stream
        drawn(new, week=date(2024, 5, 6))
        drawn(old)

        assert [one.claim for one in draws.open_draws_for("bob")] == [old, new]
        assert draws.open_draws_for(BY) == []

    def test_end_while_the_claim_is_withheld(self, desk):
        drawn(blames(desk, a_firm(desk)))

        assert draws.open_draws_for("bob") == []

    def test_end_with_a_verdict_or_a_retraction(self, desk):
        judged, retracted = desk.asserts().stream, desk.asserts().stream
        drawn(judged)
        drawn(retracted)
        judge(judged)
        claims.retract_claim(retracted, reason="no", at=AT, by=BY)

        assert draws.open_draws_for("bob") == []
