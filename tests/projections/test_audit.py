"""Damages what is stored and sees that the auditor finds it, and nothing where nothing is wrong."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from tests.kit.background_work import spoiled_knots, work_off
from tests.kit.builders import AT, BY, Desk, a_desk, withhold_text
from tests.kit.odd_events import a_poison_claim
from tests.kit.seals import spoil
from tracker.domain.scoring import MODELS
from tracker.models.operational import Audit
from tracker.operations import claims
from tracker.projections import audit as auditing
from tracker.projections import impacts
from tracker.projections.audit import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """Two pairs, one of them with a history, all scored."""
    desk = a_desk()
    asserted = desk.asserts(note="a word")
    claims.retract_claim(asserted.stream, reason="no", at=AT, by=BY)
    claims.reinstate_claim(asserted.stream, reason="yes", at=AT, by=BY)
    desk.asserts("CHN", "KAZ")
    work_off()
    return desk


class TestAnInspection:
    def test_comes_to_each_part_whatever_the_clock(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(auditing, "INSPECTED_EVENTS", 5)
        monkeypatch.setattr(auditing, "INSPECTED_PAIRS", 1)
        spoil("UPDATE event SET recorded_by = 'mallory' WHERE position IN (2, 8)")
        spoil(
            "UPDATE current_score SET value = value + 1 WHERE direction IN ('CHN-KAZ', 'KAZ-RUS')"
        )

        found = {one for _ in range(60) for one in auditing.inspect(at=AT)}

        for wrong in ("event 2 ", "event 8 ", "CHN-KAZ", "KAZ-RUS"):
            assert any(wrong in one for one in found), wrong


class TestAudit:
    def test_finds_nothing_where_nothing_is_wrong_and_keeps_the_result(self, desk: Desk) -> None:
        assert audit(at=AT, sample=None) == []
        assert audit(at=AT + timedelta(minutes=1), sample=20) == []
        assert [(one.checked, one.differing) for one in Audit.objects.order_by("started_at")] == [
            (2, []),
            (2, []),
        ]

    def test_finds_nothing_wrong_with_words_withheld_by_the_rules(self, desk: Desk) -> None:
        asserted = desk.asserts(note="a name")
        withhold_text(asserted.position, reason="a name", authority="a court", at=AT, by=BY)
        claims.retract_claim(asserted.stream, reason="no", at=AT, by=BY)
        work_off()

        assert audit(at=AT, sample=None) == []

    def test_leaves_alone_what_is_not_scored_yet(self, desk: Desk) -> None:
        desk.asserts()
        impacts.follow_all()
        desk.asserts("CHN", "RUS")

        assert audit(at=AT, sample=None) == []

    def test_finds_nothing_wrong_with_a_claim_that_is_set_aside(self, desk: Desk) -> None:
        a_poison_claim(desk)
        work_off()

        assert audit(at=AT, sample=None) == []

    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("UPDATE event SET recorded_by = 'mallory' WHERE position = 9", "event 9 is not what"),
            ("DELETE FROM event WHERE kind = 'ClaimRetracted'", "has 2 events up to version 3"),
            (
                (
                    "UPDATE event SET kind = 'BodyErased', body = '{\"position\":\"x\"}'"
                    " WHERE position = 9"
                ),
                "event 9 is not what",
            ),
            (
                (
                    "WITH gone AS (DELETE FROM event_text WHERE text ~ 'a word') UPDATE event"
                    " SET kind = 'TextWithheld', body = '[' WHERE position = 9"
                ),
                "were not withheld",
            ),
            ("UPDATE standing_claim SET status = 'retracted'", "differs from its events"),
            (
                "UPDATE standing_record SET name = 'XXX' WHERE name = 'KAZ'",
                "differs from its events",
            ),
            (
                (
                    "INSERT INTO standing_link VALUES (gen_random_uuid(), 1, 'same_as',"
                    " gen_random_uuid(), gen_random_uuid(), true)"
                ),
                "has no event",
            ),
            ("UPDATE past_claim SET status = 'standing'", "past_claim"),
            ("DELETE FROM past_claim WHERE version = 1", "past_claim"),
            (
                (
                    "INSERT INTO past_record SELECT (json_populate_record(NULL::past_record,"
                    " to_json(s))).* FROM standing_record s WHERE name = 'KAZ'"
                ),
                "is not past",
            ),
            (
                (
                    "INSERT INTO past_link (id, version, type, from_claim, to_claim, linked)"
                    " VALUES (gen_random_uuid(), 1, 'same_as',"
                    " gen_random_uuid(), gen_random_uuid(), true)"
                ),
                "is not past",
            ),
            (spoiled_knots("moments", "KAZ-RUS"), "KAZ-RUS under standing@1"),
            ("DELETE FROM knot_block WHERE direction = 'CHN>KAZ'", "CHN>KAZ under tone@1"),
            *(
                (
                    f"UPDATE knot_block SET {change} WHERE direction = 'KAZ-RUS'",  # noqa: S608
                    "the blocks of KAZ-RUS under tone@1 are damaged",
                )
                for change in (
                    "n = n + 1",
                    "n = 0",
                    "day = day - 1",
                    "last = last + 1",
                    "roots = ''",
                    "moments = substr(moments, 2)",
                )
            ),
            ("DELETE FROM scored WHERE pair = 'CHN-KAZ'", "CHN-KAZ under tone@1 is not scored"),
            ("UPDATE impact SET p = 0.66", "the impacts on KAZ-RUS"),
            ("DELETE FROM impact WHERE pair = 'CHN-KAZ'", "the impacts on CHN-KAZ"),
        ],
    )
    def test_finds(self, desk: Desk, sql: str, words: str) -> None:
        spoil(sql)

        found = audit(at=AT, sample=None)

        assert any(words in one for one in found), found

    def test_keeps_the_damage_that_it_found_before_the_database_fails(self, desk: Desk) -> None:
        spoil("UPDATE event SET recorded_by = 'mallory' WHERE position = 9")
        spoil("ALTER TABLE scored RENAME TO elsewhere")

        with pytest.raises(DatabaseError):
            audit(at=AT, sample=None)

        [kept] = Audit.objects.all()
        assert kept.error.startswith("ProgrammingError")
        assert kept.damaged
        assert "event 9 is not what was recorded" in kept.differing

    def test_finds_in_a_sample_what_is_in_it(self, desk: Desk) -> None:
        spoil(spoiled_knots("claims", "KAZ-RUS"))

        found = {tuple(audit(at=AT + timedelta(hours=hour), sample=1)) for hour in range(6)}

        # One pair of the two at a time, the same for the same hour.
        wrong = tuple(f"KAZ-RUS under {lens}@1 at position 14" for lens in sorted(MODELS))
        assert found == {(), wrong}

    def test_leaves_pairs_with_too_much_work_to_the_next_whole_run(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(auditing, "CLAIMS", 0)
        spoil(spoiled_knots("claims", "KAZ-RUS"))

        assert audit(at=AT, sample=2) == []
        assert audit(at=AT, sample=None) != []


class TestTheCommand:
    def test_fails_and_names_what_differs(
        self, desk: Desk, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("audit", "--all")
        spoil(spoiled_knots("claims", "KAZ-RUS"))

        with pytest.raises(CommandError, match=f"{len(MODELS)} differences: run manage.py rebuild"):
            call_command("audit", "--all")

        assert "KAZ-RUS under standing@1" in capsys.readouterr().out
