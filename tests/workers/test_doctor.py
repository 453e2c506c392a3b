"""Asks the doctor about a product that is well, and about each thing that can be wrong with it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.embedded import processes
from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_desk, a_lens
from tests.kit.databases import a_clone, working_in
from tests.kit.jobs import bring, work
from tests.kit.log_entries import put_head_ahead
from tests.kit.odd_events import a_poison_claim, write_unknown_kind
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, free_port, manage, running
from tracker import log
from tracker.domain.lenses import Bloc, View
from tracker.imports.jobs import leases
from tracker.operations import lenses, seal_keys, sealing
from tracker.projections import impacts
from workers import doctor

pytestmark = pytest.mark.django_db


class TestGuards:
    def test_are_missed(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER event_append_only ON event")

        found = doctor.log_guards()

        assert not found.ok
        assert "event_append_only" in found.detail
        assert "migrate" in found.fix


class TestTheSeal:
    @pytest.fixture(autouse=True)
    def _folder(self, settings, tmp_path: Path) -> None:
        settings.SEAL_FOLDER = tmp_path

    def test_is_well_when_all_is_signed(self, tmp_path: Path) -> None:
        seal_keys.make_key("news.example")
        a_desk()
        sealing.seal_next(at=AT, most=1_000)

        found = doctor.log_seal(at=timezone.now())

        assert found.ok
        assert found.detail == "10 events are sealed, 10 of them signed"
        # It is asked of this host, whatever the database says.
        (tmp_path / "checkpoint").write_text("no note")
        found = doctor.log_seal(at=timezone.now())
        assert (found.ok, found.warning) == (False, False)
        assert found.detail == "a last checkpoint is damaged"

    def test_is_missed_when_events_wait_for_a_minute(self) -> None:
        seal_keys.make_key("news.example")
        a_desk()
        sealing.seal_next(at=AT, most=9)

        [waiting, late] = [
            doctor.log_seal(at=log.head().recorded_at + timedelta(seconds=seconds))
            for seconds in (59, 61)
        ]

        assert waiting.ok
        assert not late.ok
        assert late.warning

    def test_that_is_no_longer_signed_stops_the_product(self, settings, tmp_path: Path) -> None:
        """The disk with the key is not mounted."""
        seal_keys.make_key("news.example")
        a_desk()
        sealing.seal_next(at=AT, most=9)
        settings.SEAL_FOLDER = tmp_path / "empty"
        sealing.seal_next(at=AT, most=9)

        found = doctor.log_seal(at=log.head().recorded_at + timedelta(minutes=11))

        assert (found.ok, found.warning) == (False, False)
        assert found.detail == "10 events are sealed, 9 of them signed"

    def test_without_a_key_is_a_warning(self) -> None:
        found = doctor.log_seal(at=timezone.now())

        assert (found.ok, found.warning) == (False, True)
        assert found.detail == "0 events are sealed, none of them signed"

    def test_with_an_alarm_stops_the_product(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE seal_head SET alarm = 'a backup was restored'")

        found = doctor.log_seal(at=timezone.now())

        assert (found.ok, found.warning) == (False, False)
        assert found.detail == "a backup was restored"


class TestTheClock:
    def test_agrees_with_the_database(self) -> None:
        found = doctor.clocks()

        assert found.ok
        assert found.detail == "0.0 s off the database clock"

    def test_is_named_with_the_last_time_of_a_log_that_is_ahead(self) -> None:
        put_head_ahead("70 years")

        found = doctor.clocks()

        assert not found.ok
        assert f"its last time is {log.head().recorded_at.isoformat()}" in found.detail
        assert "as_of takes positions" in found.fix

    def test_is_looked_at_when_its_turn_comes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "WORKER_SECONDS", 2.5)

        found = {one.check: one for one in doctor.run_checks(now=timezone.now)}

        # Nobody answers for longer than clocks may differ.
        assert not found["worker"].ok
        assert found["clock"].ok


class TestFollowers:
    def test_are_well_while_a_new_one_catches_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = a_desk()
        work_off()
        monkeypatch.setattr(doctor, "MOST_LAG", 2)
        bloc = Bloc(countries=(desk.countries["RUS"],))
        view = View(method="1", collections=(desk.collection,), bloc=bloc)
        lenses.define_lens(a_lens(name="russian", view=view), at=AT, by=BY)

        found = [doctor.followers()]
        impacts.step(view, limit=3)
        found.append(doctor.followers())
        for _ in range(3):
            desk.asserts()  # and nobody follows
        found.append(doctor.followers())

        assert [one.ok for one in found] == [True, True, False]
        assert found[1].detail == "1 views, at most 1 events behind, and 1 new catching up"

    def test_are_stopped_by_what_they_cannot_read(self) -> None:
        a_desk()
        write_unknown_kind()
        work_off()

        found = doctor.followers()

        assert not found.ok
        assert "ClaimDreamt" in found.detail


class TestPairs:
    def test_that_are_set_aside_are_named(self) -> None:
        desk = a_desk()
        poison = a_poison_claim(desk)
        work_off()

        found = doctor.pairs()

        assert not found.ok
        assert str(poison.stream) in found.detail


class TestReadiness:
    def test_is_degraded_when_a_follower_is_stopped(self, template: str, client: Client) -> None:
        """Readers still get what there is. Other states: tests/faults/test_readiness.py."""
        with a_clone(template) as name, working_in(name):
            a_desk()
            work_off()
            with connection.cursor() as cursor:
                cursor.execute("UPDATE cursor SET stopped_by = 'an event of a newer version'")
            answer = client.get("/readyz")

        assert answer.status_code == 200
        assert answer.json()["state"] == "degraded"
        assert answer.json()["followers"] == "stopped or late"
        assert answer.json()["audit"].startswith("no audit ended since")


class TestJobs:
    @pytest.fixture
    def brought(self, settings, tmp_path):
        settings.SPOOL_FOLDER = tmp_path / "spool"
        return bring(b"a,b")

    def test_that_nobody_takes_up_for_a_minute_are_missed(self, brought) -> None:
        soon = doctor.waiting_jobs(at=AT + timedelta(seconds=59))
        later = doctor.waiting_jobs(at=AT + timedelta(seconds=60))

        assert (soon.ok, soon.detail) == (True, "1 running or waiting")
        assert (later.ok, later.detail) == (False, "1 not started after 60 s")
        assert "-Q ingest" in later.fix
        work()
        assert doctor.waiting_jobs(at=AT + timedelta(days=1)).detail == "0 running or waiting"

    def test_that_wait_for_another_are_not(self, brought, settings) -> None:
        bring(b"c,d")
        leases.take(at=AT + timedelta(seconds=50))

        assert doctor.waiting_jobs(at=AT + timedelta(seconds=70)).ok
        dead = doctor.waiting_jobs(at=AT + timedelta(seconds=240))
        assert dead.detail == "2 not started after 60 s"


@pytest.mark.faults
class TestTheCommand:
    def test_is_content_with_a_product_that_runs(
        self, template: str, db: None, tmp_path: Path
    ) -> None:
        with (
            a_clone(template) as name,
            working_in(name) as url,
            private_servers(base={"DATABASE_URL": url}) as servers,
        ):
            environ = servers.environ({**os.environ, "DATABASE_URL": url})
            with running(processes.worker(environ), output=tmp_path / "worker"):
                # Loading the product may take the worker longer than the check waits.
                eventually(
                    lambda: "responded in" in manage("doctor", **environ).stdout,
                    what="the worker has started",
                )
                done = manage("doctor", **environ)

        assert done.returncode == 0, done.stdout + done.stderr
        assert "✗" not in done.stdout
        assert "responded in" in done.stdout
        # Fifteen checks; the one that misses a key says what to do.
        assert len(done.stdout.splitlines()) == 16

    def test_names_the_mend_for_each_thing_that_is_missing(self, template: str, db: None) -> None:
        broker = f"redis://127.0.0.1:{free_port()}/0"
        with a_clone(template) as name, working_in(name) as url:
            done = manage("doctor", DATABASE_URL=url, REDIS_URL=broker)
        nowhere = "postgres://nobody@127.0.0.1:1/nothing"
        nothing = manage("doctor", DATABASE_URL=nowhere, REDIS_URL=broker)

        assert (done.returncode, nothing.returncode) == (1, 1)
        assert "✗  broker" in done.stdout
        assert "manage.py sweep" in done.stdout
        assert "ok guards" in done.stdout
        assert "✗  database" in nothing.stdout
        assert "DATABASE_URL" in nothing.stdout
