"""pgBackRest and barman back up and restore the log, as `deploy` and docs/operations.md say."""

import os
import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from config.embedded.postgres import Postgres
from tests.kit import backups
from tests.kit.backups import Tool
from tests.kit.builders import BY, Desk, a_citation, a_claim, a_desk
from tests.kit.databases import working_at
from tests.kit.debian import program
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, kill_postgres
from tests.kit.standbys import copy_into
from tests.kit.systemd import said_by_systemd
from tracker.operations import claims
from workers.metrics import upkeep

UNITS = backups.DEPLOY / "backup"
# As it is in the docs.
POINT = "2026-11-29 08:00:00+00"
STANZA = "sudo -u postgres pgbackrest --stanza=entente"
ARCHIVE = """\
ALTER SYSTEM SET archive_mode = on;
ALTER SYSTEM SET archive_command = 'pgbackrest --stanza=entente archive-push %p';
ALTER SYSTEM SET archive_timeout = '60s';
"""
ROLES = """\
CREATE ROLE barman LOGIN;
CREATE ROLE streaming_barman LOGIN REPLICATION;
GRANT pg_read_all_settings, pg_read_all_stats, pg_checkpoint TO barman;
GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean),
    pg_switch_wal(), pg_create_restore_point(text) TO barman;
ALTER SYSTEM SET archive_timeout = '5min';
"""
SYNCHRONOUS = "ALTER SYSTEM SET synchronous_standby_names = 'barman_receive_wal';\n"
ARCHIVED = "SELECT coalesce(last_archived_wal, '') >= %s FROM pg_stat_archiver"
END = "SELECT pg_walfile_name(pg_current_wal_lsn())"
RECEIVES = (
    "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'barman_receive_wal'"
)
TOOLS = ("pgbackrest", "barman")
MAIN, COPY = "/var/lib/postgresql/18/main", "/var/lib/postgresql/18/copy"
PLACE = f"sudo -u postgres install -d -m 0700 {MAIN}"
IN_PLACE = (PLACE, f"{STANZA} restore")
IN_PLACE_TO_POINT = (
    PLACE,
    f"{STANZA} --type=time '--target={POINT}' --target-action=promote restore",
)
TO_POINT = (
    f"sudo -u postgres install -d -m 0700 {COPY}",
    (
        f"{STANZA} --pg1-path={COPY} --archive-mode=off --type=time '--target={POINT}'"
        " --target-action=promote restore"
    ),
)
BARMAN_ALL = "sudo -u barman barman restore --get-wal entente latest /var/lib/barman/new"
# Debian's PostgreSQL has its settings elsewhere, so a backup by barman does not have them.
WITHOUT_SETTINGS = "rm {0}/postgresql.conf {0}/pg_hba.conf {0}/pg_ident.conf"
BARMAN_TO_POINT = (
    f"sudo -u barman barman restore --get-wal --target-time '{POINT}' --target-action promote"
    " entente latest /var/lib/barman/copy"
)


@pytest.mark.parametrize("tool", TOOLS)
class TestTheUnits:
    def test_are_understood_by_systemd(self, tool: str, tmp_path: Path) -> None:
        for path in UNITS.glob(f"entente-{tool}.*"):
            text = re.sub(rf"/usr/bin/{tool}\b", "/bin/sh", path.read_text())
            (tmp_path / path.name).write_text(text)

        assert len(list(tmp_path.iterdir())) == 2
        assert said_by_systemd(tmp_path) == ""

    def test_touch_the_stamp_only_after_a_success(self, tool: str) -> None:
        """systemd goes on after a command that failed only if it has a minus sign."""
        text = (UNITS / f"entente-{tool}.service").read_text()

        assert "Type=oneshot\n" in text
        assert len(re.findall(r"^ExecStart=/", text, re.MULTILINE)) == 1
        assert "\nExecStartPost=/usr/bin/touch /var/lib/entente-backup/stamp\n" in text
        assert "BACKUP_STAMP=/var/lib/entente-backup/stamp\n" in (
            backups.DEPLOY / "environment.example"
        ).read_text().replace("# ", "")


def test_the_unit_of_pgbackrest_may_write_where_its_configuration_says() -> None:
    """The rest of the file system is read-only for it."""
    unit = (UNITS / "entente-pgbackrest.service").read_text()
    configuration = (backups.DEPLOY / "pgbackrest.conf").read_text()

    assert "\nProtectSystem=strict\n" in unit
    writable = re.findall(r"^ReadWritePaths=(.+)$", unit, re.MULTILINE)[0].split()
    written = re.findall(r"^(?:repo1|lock)-path=(.+)$", configuration, re.MULTILINE)
    assert len(written) == 2
    assert all(any(Path(path).is_relative_to(one) for one in writable) for path in written)


class Site:
    """A server with a log, into which claims are written."""

    def __init__(self, server: Postgres, desk: Desk) -> None:
        self.server, self.desk = server, desk

    def write(self, number: int) -> int:
        """Record claims, and give the position of the last."""
        kaz, rus = self.desk.countries["KAZ"], self.desk.countries["RUS"]
        cited = {"collection": self.desk.collection, "citations": (a_citation(self.desk.document),)}
        with working_at(self.server.url):
            for _ in range(number):
                claim = a_claim(initiator=kaz, recipient=rus, **cited)
                last = claims.assert_claim(claim, at=timezone.now(), by=BY)
        return last.position

    def ask(self, statement: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def set(self, name: str, value: str) -> None:
        self.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.ask("SELECT pg_reload_conf()")

    def put_away(self, name: str) -> None:
        """Move the folder of the server away, as the docs say."""
        self.server.data.rename(self.server.data.with_name(name))


@pytest.fixture
def site(template, django_db_blocker) -> Iterator[Site]:
    given = {"REDIS_URL": os.environ["REDIS_URL"]}
    with django_db_blocker.unblock(), private_servers(base=given) as servers:
        assert servers.postgres
        copy_into(servers.postgres, template)
        with working_at(servers.postgres.url):
            desk = a_desk()
        yield Site(servers.postgres, desk)


@pytest.fixture
def pgbackrest(site: Site) -> Tool:
    home = backups.home_of(site.server)
    script, repository = str(home / "bin" / "pgbackrest"), str(home / "repository")
    tool = backups.a_tool(
        site.server,
        program("pgbackrest"),
        copy=backups.beside(site.server),
        paths={
            "'pgbackrest ": f"'{script} ",
            "/var/lib/pgbackrest": repository,
            "/run/postgresql/pgbackrest": str(home / "locks"),
            "#repo1-cipher-pass=": f"repo1-cipher-pass={secrets.token_urlsafe()}",
            COPY: str(home / "copy"),
        },
        environ={
            "PGBACKREST_CONFIG": str(home / "pgbackrest.conf"),
            "PGBACKREST_CMD": script,
            "PGBACKREST_PG1_SOCKET_PATH": str(site.server.place.sockets),
            "PGBACKREST_PG1_USER": "entente",
            "PGPASSWORD": site.server.passwords["entente"],
        },
    )
    tool.configure("pgbackrest.conf")
    # As Debian's PostgreSQL has it.
    with (site.server.data / "postgresql.conf").open("a") as settings:
        settings.write(f"external_pid_file = '{pid_file(tool)}'\n")
    tool.set_up(ARCHIVE)
    site.server.stop()
    site.server.start()
    return tool


def pid_file(tool: Tool) -> Path:
    """A file outside the data folder, in which the running server keeps its number."""
    return tool.home / "done" / "server.pid"


@pytest.fixture
def barman(site: Site) -> Iterator[Tool]:
    home = backups.home_of(site.server)
    data = home / "received"
    tool = backups.a_tool(
        site.server,
        program("barman"),
        copy=backups.on_own_host(site.server),
        paths={
            "host=db.example": f"host={site.server.place.sockets}",
            "barman_user = barman": f"barman_user = {backups.account_name(site.server)}",
            "/var/lib/barman": str(data),
            "/var/log/barman": str(home),
        },
        environ={},
    )
    data.mkdir()
    tool.give(data)
    tool.configure("barman.conf", to=".barman.conf")
    tool.set_up(ROLES)
    (home / ".pgpass").write_text("")
    for role in ("barman", "streaming_barman"):
        password = secrets.token_urlsafe()
        site.ask(f"ALTER ROLE {role} PASSWORD '{password}'")
        with (home / ".pgpass").open("a") as known:
            known.write(f"*:*:*:{role}:{password}\n")
    tool.give(home / ".pgpass")
    with (site.server.data / "pg_hba.conf").open("a") as access:
        access.write("local replication streaming_barman scram-sha-256\n")
    site.ask("SELECT pg_reload_conf()")
    yield tool
    tool.attempt("barman receive-wal --stop entente")


def in_docs(*commands: str, point: str = POINT) -> list[str]:
    """Commands, all of which are in the docs, with another moment."""
    assert [one for one in commands if one not in backups.DOCS] == []
    return [one.replace(POINT, point) for one in commands]


def the_time() -> str:
    """A moment between two claims."""
    time.sleep(0.05)
    moment = datetime.now(UTC)
    time.sleep(0.05)
    return moment.isoformat(sep=" ")


def figures() -> dict[str, float]:
    """What Prometheus is told about backups and the archive."""
    return {one.name: one.samples[0].value for one in upkeep._of_backup(timezone.now())}


def refuse_without_set_up(tool: Tool, unit: str) -> None:
    """A backup that fails leaves no stamp."""
    assert not tool.run_unit(unit)
    assert not tool.stamp.exists()


def back_up(site: Site, tool: Tool, unit: str) -> None:
    """Run a unit. Then its stamp is new."""
    assert tool.run_unit(unit)
    with working_at(site.server.url):
        assert figures()["entente_backup_age_seconds"] < 600


def restore(
    tool: Tool,
    commands: list[str],
    folder: str,
    *,
    position: int,
    archives: bool = False,
    seal: Path | None = None,
) -> None:
    """Restore a copy whose log ends at a position. With `seal`, an empty folder, it is audited,
    which takes seconds. `archives`: whether it archives what is written there."""
    for command in commands:
        tool.succeed(command)
    with tool.recovered(Path(tool.here(folder))) as url:
        assert backups.head(url) == position
        assert backups.ask(url, "SHOW archive_mode") == ("on" if archives else "off")
        if seal:
            assert "everything agrees with the log" in backups.audit(url, seal=seal)


@pytest.mark.long
def test_pgbackrest_refuses_to_work_until_there_is_a_passphrase(tmp_path):
    found = program("pgbackrest")
    given = [f"--config={backups.DEPLOY / 'pgbackrest.conf'}", f"--repo1-path={tmp_path}"]

    done = subprocess.run(
        [found.path, *given, "--stanza=entente", "backup"],
        check=False,
        capture_output=True,
        text=True,
        env=found.environ,
    )

    assert done.returncode != 0
    assert "requires option: repo1-cipher-pass" in done.stdout + done.stderr
    assert [*tmp_path.iterdir()] == []


@pytest.mark.faults
@pytest.mark.long
def test_pgbackrest_restores_all_that_is_archived(site, pgbackrest, settings, tmp_path):
    settings.BACKUP_STAMP = pgbackrest.stamp
    refuse_without_set_up(pgbackrest, "entente-pgbackrest")
    pgbackrest.run(f"{STANZA} stanza-create")
    pgbackrest.run(f"{STANZA} check")

    back_up(site, pgbackrest, "entente-pgbackrest")
    assert "full backup" in pgbackrest.run(f"{STANZA} info")
    # It looks for a backup that ended in a second before that of the moment.
    time.sleep(1)
    first = site.write(3)
    point = the_time()
    archived = site.write(4)
    wait_for_archive(site)
    last = site.write(5)
    number = pid_file(pgbackrest).read_text()
    kill_postgres(site.server)
    site.put_away("lost")

    commands = in_docs(*IN_PLACE)
    restore(pgbackrest, commands, MAIN, position=archived, archives=True)
    restore(pgbackrest, in_docs(*TO_POINT, point=point), COPY, position=first, seal=tmp_path)
    assert pid_file(pgbackrest).read_text() == number
    site.put_away("restored")
    restore(
        pgbackrest, in_docs(*IN_PLACE_TO_POINT, point=point), MAIN, position=first, archives=True
    )

    # Nothing else has what was not archived.
    assert last - archived == 5


def wait_for_archive(site: Site) -> None:
    """Wait until `archive_timeout` has archived all: here a second, then a minute again."""
    ((end,),) = site.ask(END)
    site.set("archive_timeout", "1s")
    eventually(lambda: site.ask(ARCHIVED, end) == [(True,)], what="it is archived")
    with working_at(site.server.url):
        assert figures()["entente_archive_failing"] == 0
    site.set("archive_timeout", "60s")
    # Until the server knows.
    time.sleep(1.5)


@pytest.mark.faults
@pytest.mark.long
def test_barman_restores_all_that_was_acknowledged(site, barman, settings, tmp_path):
    settings.BACKUP_STAMP = barman.stamp
    refuse_without_set_up(barman, "entente-barman")
    receive(site, barman, "async")
    barman.run("sudo -u barman barman switch-wal --force --archive entente")
    assert "FAILED" not in barman.run("sudo -u barman barman check entente")

    # A file of the write-ahead log is complete after a second here, and else after five minutes.
    site.set("archive_timeout", "1s")
    back_up(site, barman, "entente-barman")
    site.set("archive_timeout", "5min")
    assert "entente 2" in barman.run("sudo -u barman barman list-backups entente")
    barman.set_up(SYNCHRONOUS)
    site.ask("SELECT pg_reload_conf()")
    barman.run("sudo -u barman barman receive-wal --stop entente")
    receive(site, barman, "sync")
    first = site.write(3)
    point = the_time()
    last = site.write(4)
    kill_postgres(site.server)
    site.put_away("lost")

    # With what was in the file that was being written.
    new, copy = "/var/lib/barman/new", "/var/lib/barman/copy"
    commands = [*in_docs(BARMAN_ALL), WITHOUT_SETTINGS.format(new)]
    restore(barman, commands, new, position=last, seal=tmp_path)
    commands = [*in_docs(BARMAN_TO_POINT, point=point), WITHOUT_SETTINGS.format(copy)]
    restore(barman, commands, copy, position=first, seal=tmp_path)


def receive(site: Site, barman: Tool, how: str) -> None:
    """Let barman receive the write-ahead log, as its package does each minute."""
    barman.run("sudo -u barman barman cron")
    eventually(lambda: site.ask(RECEIVES) == [(how,)], what=f"barman receives {how}")
