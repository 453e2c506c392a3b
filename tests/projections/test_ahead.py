"""A log that was restored without its derived tables: it ends before what they were made of."""

from uuid import uuid4

import pytest
from django.test import Client

from tests.kit.background_work import digests, followed, work_off
from tests.kit.builders import AT, BY, Desk, a_desk
from tests.kit.log_entries import ask, run
from tests.kit.seals import without_guards
from tracker import log
from tracker.models.webhooks import Webhook
from tracker.projections.audit import audit
from tracker.projections.rebuild import rebuild
from tracker.queries import progress
from workers import doctor

pytestmark = pytest.mark.django_db
LOST = 3
TODAY = AT.date()


@pytest.fixture
def desk() -> Desk:
    """All is followed, and then the last events are gone."""
    desk = a_desk()
    for _ in range(LOST + 1):
        desk.asserts()
    work_off()
    without_guards()
    end = log.head().position - LOST
    run("UPDATE log_head SET position = %s", end)
    run("DELETE FROM event_text WHERE position > %s", end)
    run("DELETE FROM event WHERE position > %s", end)
    return desk


def quietly(_stage: str, _done: int, _whole: int) -> None:
    pass


def ask_webhooks(position: int) -> None:
    """Let a webhook have messages for the events up to a position."""
    Webhook.objects.create(
        id=uuid4(), kinds=[], secrets=[], position=position, made_at=AT, recorded_by=BY
    )


class TestWhatIsAheadOfTheLog:
    def test_is_named_before_any_worker_sees_it(self, desk: Desk, client: Client) -> None:
        [follower] = progress.followers()
        found = doctor.followers()

        assert follower.stopped_by == (
            f"ahead of the log: it ends at position {log.head().position}, and"
            f" {log.head().position + LOST} was processed"
        )
        assert not found.ok
        assert f"{desk.view.id} stopped ahead of the log" in found.detail
        assert "disclosure stopped ahead of the log" in found.detail
        assert found.fix == "the log was restored without its derived tables: manage.py rebuild"
        assert (
            "stopped: the log ends before what was processed"
            in client.get("/status/").content.decode()
        )

    def test_stays_stopped_when_the_log_has_grown_past_it(self, desk: Desk) -> None:
        work_off()
        for _ in range(2 * LOST):
            desk.asserts()
        before = followed()
        work_off()

        assert followed() == before
        assert [bool(one.stopped_by) for one in progress.followers()] == [True]
        assert "disclosure stopped ahead of the log" in doctor.followers().detail

    def test_is_right_again_after_a_rebuild(self, desk: Desk) -> None:
        end = log.head().position
        ask_webhooks(end + LOST)
        work_off()
        desk.asserts()

        position = rebuild(today=TODAY, report=quietly)

        assert position == followed() == log.head().position
        assert doctor.followers().ok
        assert ask("SELECT position FROM webhook") == [(position,)]
        assert audit(at=AT, sample=None) == []
        desk.asserts()
        work_off()
        live = digests()
        rebuild(today=TODAY, report=quietly)
        assert digests() == live
