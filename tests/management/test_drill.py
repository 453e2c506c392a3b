"""`manage.py drill` recovers a copy of a database, all of it or up to a point."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.embedded import places
from config.embedded.children import Sleep
from config.embedded.postgres import NoPostgres, Postgres
from config.embedded.recovery import Copy
from config.embedded.servers import private_servers
from config.management.commands import drill
from tests.kit.builders import BY, a_desk, an_actor
from tests.kit.databases import working_at
from tracker.operations import actors

LINE = re.compile(
    r"^drill backup_s=[\d.]+ restore_s=[\d.]+ audit_s=[\d.]+ rpo_events=(\d+) rpo_s=([\d.]+)$",
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def postgres(django_db_setup, django_db_blocker) -> Iterator[Postgres]:
    """A server of this file's own, with a log."""
    with django_db_blocker.unblock(), private_servers(base={}, fast=True) as servers:
        assert servers.postgres
        with working_at(servers.postgres.owner_url):
            call_command("migrate", verbosity=0)
            a_desk()
        with psycopg.connect(servers.postgres.owner_url) as connection:
            connection.execute(
                "INSERT INTO auth_user (username, password, is_superuser, is_staff, is_active,"
                " first_name, last_name, email, date_joined)"
                " VALUES ('ann', '', true, true, true, '', '', '', now())"
            )
        yield servers.postgres


@pytest.fixture
def addresses(postgres: Postgres, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", postgres.owner_url)
    monkeypatch.setenv("DATABASE_REPLICATION_URL", postgres.replication_url)


def head(url: str) -> tuple[int, str]:
    with psycopg.connect(url) as connection:
        query = "SELECT position, incarnation::text FROM log_head"
        row = connection.execute(query).fetchone()
    assert row
    return row[0], row[1]


@pytest.mark.faults
@pytest.mark.usefixtures("addresses")
class TestADrill:
    def test_recovers_a_copy_and_leaves_the_database_alone(
        self, postgres: Postgres, capsys
    ) -> None:
        before = head(postgres.owner_url)

        call_command("drill", watch=0.2)

        said = capsys.readouterr().out
        assert LINE.search(said).groups() == ("0", "0.00")
        assert f"its log ends at position {before[0]}" in said
        assert "everything agrees with the log" in said
        assert "the copy was reopened as another incarnation" in said
        assert head(postgres.owner_url) == before
        assert not list(places.base_folder().glob("temporary-*/copy.log"))

    @pytest.mark.long
    def test_recovers_an_old_backup_to_a_position_and_names_what_would_be_lost(
        self, postgres: Postgres, tmp_path: Path, capsys
    ) -> None:
        archive, backup = tmp_path / "archive", tmp_path / "backup"
        with places.temporary_place() as place:
            copy = Copy(place=place, programs=place.programs.postgres, pace=Sleep())
            with copy.receiving(postgres.replication_url):
                copy.back_up(postgres.replication_url)
                with working_at(postgres.owner_url):
                    for _ in range(20):
                        actors.describe_actor(
                            an_actor(None, kind="company"), at=timezone.now(), by=BY
                        )
                # Whoever receives is a moment behind.
                time.sleep(3)
            shutil.copytree(copy.wal, archive)
            shutil.copytree(copy.data, backup)
        last = head(postgres.owner_url)[0]
        options = {"backup": backup, "archive": archive}

        call_command("drill", **options, to=str(last - 7))
        to_position = capsys.readouterr().out
        with pytest.raises(CommandError, match="not in the write-ahead log after the backup"):
            call_command("drill", **options, to="1")
        call_command("drill", **options)
        to_end = capsys.readouterr().out
        shutil.rmtree(archive)
        archive.mkdir()
        with pytest.raises(CommandError, match="does not recover"):
            call_command("drill", **options)

        assert LINE.search(to_position)[1] == "7"
        assert LINE.search(to_end)[1] == "0"

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ({"to": "yesterday"}, "no position, LSN or time"),
            ({"to": "2026-11-29T08:00"}, "no position, LSN or time"),
            ({"to": "99999"}, "the log has no position 99999"),
            ({"backup": Path("/nowhere")}, "needs its --archive"),
            ({"programs": Path("/nowhere")}, "Nothing is received"),
        ],
    )
    def test_says_what_it_cannot_do(self, options, reason: str) -> None:
        with pytest.raises(CommandError, match=reason):
            call_command("drill", **options)

    def test_refuses_a_database_with_tablespaces(self, postgres: Postgres) -> None:
        folder = postgres.place.home / "postgres" / "elsewhere"
        folder.mkdir()
        if account := postgres.place.account:
            os.chown(folder, account.uid, account.gid)
        with psycopg.connect(postgres.url, autocommit=True) as server:
            server.execute(f"CREATE TABLESPACE elsewhere LOCATION '{folder}'".encode())
            try:
                with pytest.raises(CommandError, match="tablespaces cannot be copied: elsewhere"):
                    call_command("drill")
            finally:
                server.execute("DROP TABLESPACE elsewhere")

    def test_needs_a_role_that_may_replicate(self, monkeypatch) -> None:
        monkeypatch.delenv("DATABASE_REPLICATION_URL")
        monkeypatch.setattr(drill.embedded, "replication_url", lambda _: "")

        with pytest.raises(CommandError, match="no role may replicate"):
            call_command("drill")


@pytest.mark.parametrize("link", ["pg_tblspc/16400", "pg_wal", "postgresql.conf"])
def test_a_backup_with_links_is_refused(tmp_path: Path, link: str) -> None:
    """What is recovered would write there."""
    backup, elsewhere = tmp_path / "backup", tmp_path / "elsewhere"
    (backup / "pg_tblspc").mkdir(parents=True)
    elsewhere.mkdir()
    (backup / link).symlink_to(elsewhere)
    copy = Copy(
        place=places.Place(home=tmp_path, programs=None, account=None),
        programs=tmp_path,
        pace=Sleep(),
    )

    with pytest.raises(NoPostgres, match=f"is not used: .*{link}"):
        copy.take_backup(backup)

    assert not copy.data.exists()


def test_a_backup_of_another_log_is_refused() -> None:
    ours, theirs = (
        drill.Head(
            log=log, position=1, recorded_at=datetime(2026, 11, 29, tzinfo=UTC), incarnation=""
        )
        for log in ("ours", "theirs")
    )
    ours.refuse_another(ours)
    with pytest.raises(CommandError, match=r"another log .theirs. than the database .ours."):
        theirs.refuse_another(ours)


@pytest.mark.parametrize(
    ("position", "second", "lacks"),
    # It may be as far, behind, and ahead if events arrive while it is made.
    [(100, 30, (0, 0)), (93, 20, (7, 10)), (104, 31, (0, 0)), (99, 31, (1, 0))],
)
def test_what_a_copy_lacks_is_never_less_than_nothing(position, second, lacks) -> None:
    def head(position: int, second: int) -> drill.Head:
        at = datetime(2026, 11, 29, 8, 0, second, tzinfo=UTC)
        return drill.Head(log="", position=position, recorded_at=at, incarnation="")

    events, late = head(position, second).lacks(head(100, 30))

    assert (events, late.total_seconds()) == lacks


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("0/3000148", {"recovery_target_lsn": "'0/3000148'"}),
        ("2026-11-29T08:00:00+01:00", {"recovery_target_time": "'2026-11-29T08:00:00+01:00'"}),
        (None, {}),
    ],
)
def test_a_point_is_a_setting_of_postgres(text, setting: dict[str, str], tmp_path: Path) -> None:
    place = places.Place(home=tmp_path, programs=None, account=None)
    copy = Copy(place=place, programs=tmp_path, pace=Sleep())

    assert drill._Point.of(text, owner="").setting(copy) == setting
