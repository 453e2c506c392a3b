"""A second person codes a tenth of the claims and judges those of a weekly draw, blind."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from tests.kit.accusations import a_firm, blames
from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, CODE, a_citation, a_collection
from tests.kit.databases import address
from tests.kit.second_codings import a_sampled_claim, a_sampled_id
from tests.kit.verdicts import drawn, judge, judge_drawn
from tracker import log
from tracker.domain.blind_review import NO_ACT, Coding
from tracker.domain.claims import Level
from tracker.domain.events import VerdictGiven
from tracker.domain.problems import Invalid
from tracker.domain.records import Party
from tracker.log import VersionConflict
from tracker.models.derived import Cursor
from tracker.models.operational import DrawnClaim, ImportSpan, SecondCoding
from tracker.operations import blind_review, claims, sources
from tracker.operations.blind_review import NotWaiting, draw_due, open_draws_for
from tracker.queries.claims.blind_review import coded_twice, to_code
from tracker.queries.evidence import impacts
from tracker.queries.sql import select

pytestmark = pytest.mark.django_db
MONDAY = date(2024, 4, 29)
THE_SAME, OTHER = Coding(CODE, "act", "full"), Coding("plover-2.0/ACCUSE", "act", "full")


def code(claim, coding=THE_SAME, *, expected=1, by="bea"):
    blind_review.code_again(claim, coding, expected=expected, at=AT, by=by)
    return SecondCoding.objects.get(claim=claim)


class TestWaiting:
    def test_are_sampled_claims_without_a_second_coding(self, desk):
        one, other = sorted(a_sampled_claim(desk) for _ in range(2))
        desk.asserts(claim_id=a_sampled_id(sampled=False))
        assert to_code(limit=10) == [one, other]

        code(one)

        assert to_code(limit=10) == [other]

    def test_are_acts_and_situations_in_force_that_people_coded(self, desk):
        machine = sources.describe_collection(
            replace(a_collection(), name="gdelt", coding="machine"), at=AT, by="carl"
        ).stream
        a_sampled_claim(desk, collection=machine)
        a_sampled_claim(desk, kind="assessment")
        gone = a_sampled_claim(desk)
        claims.retract_claim(gone, reason="wrong", at=AT, by="carl")
        situation = a_sampled_claim(desk, kind="situation")

        assert to_code(limit=10) == [situation]

    def test_are_none_that_a_file_brought(self, desk):
        entered, brought = a_sampled_claim(desk), a_sampled_claim(desk)
        [first] = log.firsts([brought])
        ImportSpan.objects.create(first=first.position, last=first.position, run=uuid4())
        later = a_sampled_claim(desk)

        assert to_code(limit=10) == sorted([entered, later])
        with pytest.raises(NotWaiting):
            code(brought)

    def test_are_for_those_who_did_not_enter_them(self, desk, monkeypatch):
        monkeypatch.setattr(blind_review, "_BATCH", 2)
        by_carl = sorted(a_sampled_claim(desk) for _ in range(3))
        by_bea = a_sampled_claim(desk, by="bea")

        assert blind_review.to_code_for("bea", limit=10) == by_carl
        assert blind_review.to_code_for("bea", limit=1) == by_carl[:1]
        assert blind_review.to_code_for("carl", limit=10) == [by_bea]


class TestCodeAgain:
    def test_keeps_both_codings(self, desk):
        claim = a_sampled_claim(desk)

        kept = code(claim, OTHER)

        assert Coding(**kept.first) == THE_SAME
        assert Coding(**kept.second) == OTHER
        assert (kept.coder, kept.version, kept.collection) == ("bea", 1, desk.collection)

    def test_is_of_sampled_claims_and_once(self, desk):
        claim, other = a_sampled_claim(desk), desk.asserts(claim_id=a_sampled_id(sampled=False))
        code(claim)

        for one in (claim, other.stream):
            with pytest.raises(NotWaiting):
                code(one, by="dora")

    def test_is_not_by_the_one_who_entered_it(self, desk):
        with pytest.raises(Invalid, match="another user must review it"):
            code(a_sampled_claim(desk, by="bea"))

    def test_is_of_the_version_that_was_read(self, desk):
        claim = a_sampled_claim(desk)
        corrected = desk.claim(summary="Other words.")
        claims.correct_claim(claim, corrected, reason="typo", expected=1, at=AT, by="carl")

        with pytest.raises(VersionConflict):
            code(claim)
        assert code(claim, expected=2).version == 2


class TestCodedTwice:
    def test_is_the_agreement_by_collection(self, desk):
        """CODE and ACCUSE agree, CODE and none differ: 1 − 5 · 2/(36 − 9 − 4 − 1) = .545."""
        for second in (THE_SAME, OTHER, Coding(NO_ACT)):
            first = OTHER.code if second == OTHER else CODE
            code(a_sampled_claim(desk, code=first), second)

        [found] = coded_twice()

        assert (found.name, found.claims) == ("curated", 3)
        assert found.fields["code"].alpha == pytest.approx(1 - 10 / 22)
        assert found.low == ["code"]


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
        assert draw_due(at=AT) == 10

        rows = list(DrawnClaim.objects.all())
        assert {row.claim for row in rows} < many
        assert {(row.week, row.position, row.probability, row.verdict) for row in rows} == {
            (MONDAY, log.head().position, 10 / 12, None)
        }

    def test_tells_apart_what_can_be_checked(self, desk):
        for code in ("plover-2.0/CONSULT/visit", "plover-2.0/COERCE/cyber"):
            desk.asserts(code=code)
        work_off()

        draw_due(at=AT)

        assert {row.stratum for row in DrawnClaim.objects.all()} == {
            "checkable, p from 0.8", "not checkable, p from 0.5",
        }  # fmt: skip

    def test_that_runs_twice_in_a_week_gives_the_same_ten(self, desk, many):
        draw_due(at=AT)
        before = kept()
        desk.asserts()
        work_off()

        assert draw_due(at=datetime(2024, 5, 5, 23, 59, tzinfo=UTC)) == 0
        assert kept() == before

    def test_leaves_out_what_is_withheld_retracted_judged_or_moves_no_score(self, desk):
        """A confirmation could publish a withheld claim, and its page must say so."""
        blames(desk, a_firm(desk))
        left = desk.asserts().stream
        retracted, judged = desk.asserts().stream, desk.asserts().stream
        claims.retract_claim(retracted, reason="no", at=AT, by=BY)
        judge(judged, "unverifiable")
        desk.asserts(occurred=None)
        work_off()

        assert draw_due(at=AT) == 1
        assert DrawnClaim.objects.get().claim == left

    def test_leaves_out_assessed_levels(self, desk):
        """A level moves a score, but is a judgement itself."""
        countries = desk.countries
        about = tuple(Party(actor=countries[code], role="about") for code in ("KAZ", "RUS"))
        level = Level(value=Decimal(3), sd=Decimal(1))
        given = {"kind": "level", "code": None, "parties": about, "level": level}
        desk.asserts(**given)
        work_off()

        assert impacts.count(desk.view.id, ["KAZ-RUS"]) == {"KAZ-RUS": 2}
        assert draw_due(at=AT) == 0

    def test_waits_for_another_process_that_draws(self, many):
        with psycopg.connect(address(connection.settings_dict["NAME"])) as other:
            other.execute("SELECT pg_advisory_xact_lock(hashtextextended('draw of 2024-04-29', 0))")
            select("SELECT set_config('lock_timeout', '100ms', true)")
            with pytest.raises(OperationalError), transaction.atomic():
                draw_due(at=AT)

        assert draw_due(at=AT) == 10

    def test_waits_for_a_view_that_is_catching_up(self, many):
        Cursor.objects.update(begun=10**6)

        assert draw_due(at=AT) == 0

    def test_waits_for_a_lens_and_for_claims(self, db):
        assert draw_due(at=AT) == 0
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
        assert open_draws_for("bob") == []

    def test_is_not_by_one_who_entered_or_cited_the_claim(self, desk, claim):
        claims.cite(claim, a_citation(desk.hears()), at=AT, by="carl")

        for author in (BY, "carl"):
            with pytest.raises(Invalid, match="another user must review it"):
                judge_drawn(claim, by=author, version=2)
        assert DrawnClaim.objects.get().verdict is None
        assert log.history([claim])[-1].kind == "CitationAdded"

    def test_needs_a_reason_and_leaves_the_draw_open_without(self, claim):
        with pytest.raises(Invalid):
            blind_review.judge_drawn(
                claim, VerdictGiven(verdict="false"), expected=1, at=AT, by="bob"
            )
        assert DrawnClaim.objects.get().verdict is None

    def test_is_on_the_version_that_was_seen(self, claim, desk):
        claims.cite(claim, a_citation(desk.hears()), at=AT, by=BY)

        with pytest.raises(VersionConflict):
            judge_drawn(claim, version=1)

    def test_is_given_once(self, claim, desk):
        judge_drawn(claim)

        for one in (claim, desk.asserts().stream):
            with pytest.raises(NotWaiting):
                judge_drawn(one, version=2)

    def test_is_none_on_a_claim_that_is_withheld_or_was_judged_meanwhile(self, desk):
        accusation, judged = blames(desk, a_firm(desk)), desk.asserts().stream
        for one in (accusation, judged):
            drawn(one)
        judge(judged)

        for one, version in ((accusation, 1), (judged, 2)):
            with pytest.raises(NotWaiting):
                judge_drawn(one, version=version)


class TestOpenDraws:
    def test_are_those_that_others_entered_the_oldest_first(self, desk):
        old, new = desk.asserts().stream, desk.asserts().stream
        drawn(new, week=date(2024, 5, 6))
        drawn(old)

        assert [one.claim for one in open_draws_for("bob")] == [old, new]
        assert open_draws_for(BY) == []

    def test_end_with_a_verdict_a_retraction_or_while_the_claim_is_withheld(self, desk):
        judged, retracted = desk.asserts().stream, desk.asserts().stream
        for one in (judged, retracted, blames(desk, a_firm(desk))):
            drawn(one)
        judge(judged)
        claims.retract_claim(retracted, reason="no", at=AT, by=BY)

        assert open_draws_for("bob") == []
