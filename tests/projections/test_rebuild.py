"""Rebuilds the derived tables from the log: the same bytes, and nobody notices.

By the command, and where the log was restored without its derived tables.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from tests.kit.background_work import digests, followed, rebuilt, value, work_off
from tests.kit.builders import AT, BY, Desk, a_desk, withhold_text
from tests.kit.databases import another_connection
from tests.kit.log_entries import ask, run
from tests.kit.odd_events import write_unknown_kind
from tests.kit.seals import spoil, without_guards
from tracker import log
from tracker.models.operational import Audit
from tracker.models.webhooks import Webhook
from tracker.operations import claims
from tracker.projections import shadow_tables
from tracker.projections.audit import audit
from tracker.projections.rebuild import rebuild
from tracker.queries import progress
from workers import doctor

pytestmark = pytest.mark.django_db


class TestRebuild:
    def test_leaves_every_index_with_the_name_that_the_migrations_know(self) -> None:
        before = names()

        rebuilt()

        assert names() == before
        assert "impact impact_ended" in before

    def test_reads_words_withheld_later_as_the_live_path_did(self, desk: Desk) -> None:
        asserted = desk.asserts()
        claims.correct_claim(
            asserted.stream, desk.claim(note="new"), reason="typo", expected=1, at=AT, by=BY
        )
        withhold_text(asserted.position, reason="a name", authority="a court", at=AT, by=BY)
        claims.retract_claim(asserted.stream, reason="no", at=AT, by=BY)
        work_off()
        before = digests()

        assert rebuilt() == before


def names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public'"
            " AND tablename = ANY(%s) UNION ALL SELECT conrelid::regclass || ' ' || conname"
            " FROM pg_constraint WHERE contype <> 'n' AND conrelid = ANY(%s::regclass[])"
            " ORDER BY 1",
            [list(shadow_tables.TABLES), list(shadow_tables.TABLES)],
        )
        return [row[0] for row in cursor.fetchall()]


class TestTheCommand:
    def test_says_how_far_it_came(self, desk: Desk, capsys) -> None:
        position = desk.asserts().position
        work_off()
        before = value()

        call_command("rebuild")

        assert f"position {position}" in capsys.readouterr().out
        assert value() == before

    def test_removes_what_a_killed_one_has_left(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE SCHEMA {shadow_tables.SCHEMA} CREATE TABLE knot_block (day date)"
            )

        call_command("rebuild")

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_namespace WHERE nspname = %s", [shadow_tables.SCHEMA]
            )
            assert cursor.fetchone() == (0,)

    def test_leaves_the_rights_on_the_tables_as_they_were(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("GRANT SELECT ON knot_block TO PUBLIC")

            call_command("rebuild")

            cursor.execute(
                "SELECT 'PUBLIC' FROM pg_class, aclexplode(relacl) WHERE relname = 'knot_block'"
                " AND relnamespace = 'public'::regnamespace AND grantee = 0"
            )
            assert cursor.fetchall() == [("PUBLIC",)]

    def test_leaves_the_old_tables_when_it_fails(self, desk: Desk) -> None:
        desk.asserts()
        work_off()
        before = value()
        write_unknown_kind()

        with pytest.raises(CommandError, match="ClaimDreamt"):
            call_command("rebuild")

        assert value() == before

    def test_of_a_damaged_log_is_refused_until_it_is_asked_for(self, desk: Desk, capsys) -> None:
        damage = "event 9 is not what was recorded"
        spoil("UPDATE event SET recorded_by = 'mallory' WHERE position = 9")
        audit(at=AT, sample=None)
        # What is found later hides no damage.
        scores = [f"pair {number} differs" for number in range(9)]
        Audit.objects.create(
            kind="inspection", started_at=AT + timedelta(minutes=1), checked=1, differing=scores
        )

        with pytest.raises(CommandError, match=f"^nothing was rebuilt: {damage}.* Do not rebuild"):
            call_command("rebuild")

        call_command("rebuild", "--despite-damage")
        written = capsys.readouterr()
        assert damage in written.err
        assert "rebuilt up to position" in written.out

    def test_is_refused_while_another_one_runs(self) -> None:
        with another_connection() as other:
            other.execute("SELECT pg_advisory_lock(hashtext('entente rebuild'))")

            with pytest.raises(CommandError, match="another rebuild"):
                call_command("rebuild")


LOST = 3


@pytest.fixture
def cut_off() -> Desk:
    """All is followed, and then the last events are gone."""
    cut_off = a_desk()
    for _ in range(LOST + 1):
        cut_off.asserts()
    work_off()
    without_guards()
    end = log.head().position - LOST
    run("UPDATE log_head SET position = %s", end)
    run("DELETE FROM event_text WHERE position > %s", end)
    run("DELETE FROM event WHERE position > %s", end)
    return cut_off


def ask_webhooks(position: int) -> None:
    """Let a webhook have messages for the events up to a position."""
    Webhook.objects.create(
        id=uuid4(), kinds=[], secrets=[], position=position, made_at=AT, recorded_by=BY
    )


class TestWhatIsAheadOfTheLog:
    def test_is_named_before_any_worker_sees_it(self, cut_off: Desk, client: Client) -> None:
        [follower] = progress.followers()
        found = doctor.followers()

        assert follower.stopped_by == (
            f"ahead of the log: it ends at position {log.head().position}, and"
            f" {log.head().position + LOST} was processed"
        )
        assert not found.ok
        assert f"{cut_off.view.id} stopped ahead of the log" in found.detail
        assert "disclosure stopped ahead of the log" in found.detail
        assert found.fix.startswith(
            "events are missing that were processed. Do as the checks seal and audit"
        )
        assert (
            "stopped: the log ends before what was processed"
            in client.get("/status/").content.decode()
        )

    def test_stays_stopped_when_the_log_has_grown_past_it(self, cut_off: Desk) -> None:
        work_off()
        for _ in range(2 * LOST):
            cut_off.asserts()
        before = followed()
        work_off()

        assert followed() == before
        assert [bool(one.stopped_by) for one in progress.followers()] == [True]
        assert "disclosure stopped ahead of the log" in doctor.followers().detail

    def test_is_right_again_after_a_rebuild(self, cut_off: Desk) -> None:
        end = log.head().position
        ask_webhooks(end + LOST)
        work_off()
        cut_off.asserts()

        position = rebuild(today=AT.date(), report=lambda *_: None)

        assert position == followed() == log.head().position
        assert doctor.followers().ok
        assert ask("SELECT position FROM webhook") == [(position,)]
        assert audit(at=AT, sample=None) == []
        cut_off.asserts()
        work_off()
        live = digests()
        assert rebuilt() == live
