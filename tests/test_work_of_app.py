"""What web and workers do, done with the rights of their role."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from tests.kit.api_client import a_body
from tests.kit.background_work import rows
from tests.kit.builders import BY, Desk, a_desk, withhold_text
from tests.kit.databases import ROLES, a_clone, address, give_to_owner, of_app, of_owner, working_at
from tests.kit.imports import archive, days, take_in
from tests.kit.jobs import bring
from tests.kit.webhook_clock import hooked
from tests.kit.webhook_receiver import a_receiver
from tracker import log
from tracker.imports import queries as jobs_on_record
from tracker.operations import accounts, claims, editions, links
from tracker.projections import audit, rebuild
from tracker.queries import moment
from workers import sweeper, tasks

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

TABLES = "pg_tables WHERE schemaname = 'public'"


@pytest.fixture(scope="module")
def opened(template: str, django_db_blocker) -> Iterator[tuple[str, Desk]]:
    """A database of its own that web and workers have opened."""
    with a_clone(template) as name, django_db_blocker.unblock():
        give_to_owner(address(name))
        with working_at(of_app(address(name))):
            get_user_model().objects.create_superuser("ann", password="right and long")
            desk = a_desk()
        yield name, desk


@pytest.fixture
def desk(opened: tuple[str, Desk], db: None) -> Iterator[Desk]:
    """Let this process work as web and workers do."""
    name, desk = opened
    with working_at(of_app(address(name))):
        yield desk


def whoever_works_here() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.usefixtures("desk")
class TestTheWorkOfWebAndWorkers:
    def test_is_done_as_their_role(self) -> None:
        assert whoever_works_here() == ROLES.app

    def test_is_to_enter_correct_link_and_retract(self, desk: Desk) -> None:
        now = timezone.now()
        one, other = desk.asserts(), desk.asserts()
        corrected = desk.claim(summary="Something else was done.")
        claims.correct_claim(one.stream, corrected, reason="a slip", expected=1, at=now, by=BY)
        links.link("same_as", one.stream, other.stream, at=now, by=BY)
        claims.retract_claim(other.stream, reason="no", at=now, by=BY)

        assert log.damage(after=0, limit=10_000)[1] == []

    def test_is_to_follow_score_age_and_audit(self) -> None:
        now = timezone.now()
        sweeper.sweep(at=now)
        sweeper.finish(at=now)

        assert audit.audit(at=now, sample=None) == []

    def test_is_to_take_in_a_file_at_once(self) -> None:
        before = log.head().position
        taken = take_in(archive(*days(20)), name="one.export.CSV")

        assert taken.report.counts["new"] == 20
        assert log.head().position > before
        assert log.damage(after=before, limit=10_000)[1] == []

    def test_is_to_take_in_a_file_as_a_job(self, tmp_path, settings, monkeypatch) -> None:
        settings.SPOOL_FOLDER = tmp_path
        # The file is read in a process of its own.
        monkeypatch.setenv("SPOOL_FOLDER", str(tmp_path))
        monkeypatch.setenv("DATABASE_URL", of_app(address(connection.settings_dict["NAME"])))
        asked = bring(archive(*days(3, since=25)), name="two.export.CSV", at=timezone.now())
        sweeper.ingest_all(shutting_down=lambda: False)

        found = jobs_on_record.job(asked)
        assert found is not None
        assert (found.state, found.error) == ("done", "")

    def test_is_to_withhold_words(self, desk: Desk) -> None:
        said = desk.asserts()
        now = timezone.now()
        withhold_text(said.position, reason="r", authority="a", at=now, by=BY)

        found = log.at(said.position)
        assert found is not None
        assert found.withheld

    def test_is_to_keep_editions(self) -> None:
        day = timezone.now().date() - timedelta(days=1)
        sweeper.sweep(at=timezone.now())

        assert editions.publish("standing", day, at=timezone.now(), as_of=moment.now()).day == day

    def test_is_to_tell_webhooks(self, desk: Desk, settings) -> None:
        settings.WEBHOOK_NETWORKS = ["127.0.0.1"]
        with a_receiver() as receiver:
            hooked(receiver, at=timezone.now())
            said = desk.asserts()
            tasks.WORK["deliver"](timezone.now())

            assert said.position in [body["data"]["position"] for body in receiver.bodies()]

    def test_is_to_let_people_log_in_and_lock_them_out(self) -> None:
        client = Client()
        where, given = "/admin/login/?next=/admin/", {"username": "ann"}

        assert client.post(where, given | {"password": "wrong"}).status_code == 200
        assert client.post(where, given | {"password": "right and long"}).status_code == 302
        assert client.get("/admin/").status_code == 200

    def test_is_to_answer_a_write_twice_with_one_key(self, desk: Desk) -> None:
        body, now = a_body(desk), timezone.now()
        token = accounts.issue(
            "ann",
            by=accounts.COMMAND_LINE,
            name="one",
            scopes=accounts.SCOPES,
            lasting=timedelta(days=1),
            at=now,
        )
        client = APIClient(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"})
        first, second = (client.post("/api/v1/claims/", body, format="json") for _ in range(2))

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()

    def test_is_not_to_rebuild(self, opened: tuple[str, Desk], desk: Desk) -> None:
        with pytest.raises(DatabaseError, match="permission denied"):
            rebuild.rebuild(today=timezone.now().date(), report=lambda *_: None)
        sweeper.sweep(at=timezone.now())
        for url in (address(opened[0]), of_owner(address(opened[0]))):
            with working_at(url):
                rebuild.rebuild(today=timezone.now().date(), report=lambda *_: None)
                assert {owner for (owner,) in rows(TABLES, "tableowner")} == {ROLES.owner}

        assert sweeper.sweep(at=timezone.now()) == 0
        desk.asserts()
        assert sweeper.sweep(at=timezone.now()) > 0
