"""The log of the benchmarks is made once, as the followers would write it, and no benchmark leaves
a database behind."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from benchmarks import __main__ as command
from benchmarks import copies, logs, records, templates
from benchmarks.logs import Log
from benchmarks.options import Options, Skipped
from tracker import log
from tracker.models.derived import Cursor, Dependency, Disclosed, ImpactVersion, StandingClaim
from tracker.projections import disclosure, impacts

CLAIMS = 60
LEFT = ["large_60", "small_30", "tables"]


@pytest.fixture(scope="module")
def session(django_db_blocker) -> Iterator[None]:
    """A run of benchmarks that finds a log. Django returns to the tests' database at the end."""
    tests = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DATABASE_URL", settings.SERVERS.database_url)
        # A server of one's own may have real ones.
        monkeypatch.setattr(templates, "PREFIX", "benchtest_")
        try:
            with templates.session(), logs.large(CLAIMS):
                pass
            with templates.session():
                yield
        finally:
            drop_all()
            connection.close()
            connection.settings_dict["NAME"] = tests


def drop_all() -> None:
    with psycopg.connect(settings.SERVERS.database_url, autocommit=True) as server:
        for name in templates.names():
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def kinds() -> list[str]:
    return [name.split("_", 2)[2] for name in templates.names()]


@pytest.mark.long
class TestTheLog:
    def test_is_made_once(self, session, monkeypatch):
        monkeypatch.setattr("benchmarks.copies.fill", pytest.fail)
        with logs.large(CLAIMS) as (_, made):
            assert StandingClaim.objects.count() == CLAIMS
            first = log.head()

        with logs.large(CLAIMS) as (_, again):
            assert log.head() == first

        assert again == made

    def test_is_not_changed_by_a_benchmark(self, session):
        with logs.large(CLAIMS) as (_, made):
            logs.enter(made, made.measured, times=1)
        with logs.large(CLAIMS):
            assert StandingClaim.objects.count() == CLAIMS


@pytest.mark.long
class TestTemplates:
    def test_are_all_that_is_left(self, session):
        with contextlib.suppress(RuntimeError), logs.large(CLAIMS):
            raise RuntimeError

        assert kinds() == LEFT

    def test_are_not_kept_if_their_maker_fails(self, session):
        with pytest.raises(ZeroDivisionError):
            templates.template("broken", lambda: 1 // 0)

        assert kinds() == LEFT

    def test_are_dropped_when_outdated(self, session, monkeypatch):
        monkeypatch.setattr(templates, "_fingerprint", lambda: "0123456789ab")
        templates.template("old", lambda: None)
        assert "old" in kinds()
        monkeypatch.undo()

        templates.drop_outdated()

        assert kinds() == LEFT

    def test_follow_from_the_migrations_and_the_generator(self, monkeypatch, tmp_path):
        usual = templates._fingerprint.__wrapped__()
        (tmp_path / "copies.py").write_text("")
        monkeypatch.setattr(templates, "GENERATOR", (str(tmp_path / "copies.py"),))

        assert templates._fingerprint.__wrapped__() != usual

    @pytest.mark.parametrize("name", ["0001_initial.py", "0001_log.sql"])
    def test_follow_from_each_file_of_the_migrations(self, monkeypatch, tmp_path, name):
        monkeypatch.setattr(templates, "GENERATOR", ())
        monkeypatch.setattr(templates, "ROOT", tmp_path)
        before = templates._fingerprint.__wrapped__()
        (tmp_path / "tracker" / "migrations").mkdir(parents=True)
        (tmp_path / "tracker" / "migrations" / name).write_text("SELECT 1")

        assert templates._fingerprint.__wrapped__() != before

    def test_belong_to_one_run_at_a_time(self, session):
        with pytest.raises(templates.Busy), templates.session():
            pass


@pytest.mark.long
class TestMain:
    @pytest.fixture
    def benchmarks(self, session, monkeypatch) -> list[Options]:
        """Two benchmarks that work, one that fails and one that is skipped."""
        calls: list[Options] = []

        def works(options: Options) -> None:
            with logs.empty():
                calls.append(options)

        def fails(options: Options) -> None:
            with logs.empty():
                raise RuntimeError

        def lacks(options: Options) -> None:
            raise Skipped("it needs a file")

        known = {"first": works, "broken": fails, "lacking": lacks, "last": works}
        monkeypatch.setattr(command, "BENCHMARKS", known)
        monkeypatch.setattr(templates, "session", contextlib.nullcontext)
        return calls

    def test_runs_all_although_one_fails(self, benchmarks, capsys):
        assert command.main(["--claims", "7"]) == 1

        assert [one.claims for one in benchmarks] == [7, 7]
        lines = capsys.readouterr()
        assert [line.split()[:3] for line in lines.out.splitlines()] == [
            ["bench", "name=first", "claims=7"],
            ["bench", "name=last", "claims=7"],
        ]
        assert "load_before=" in lines.out
        assert "load_after=" in lines.out
        assert "skipped: lacking: it needs a file" in lines.err
        assert "failed: broken\n" in lines.err
        assert kinds() == LEFT

    @pytest.mark.parametrize(("names", "status"), [(["first"], 0), (["lacking"], 1)])
    def test_runs_those_that_are_named(self, benchmarks, names, status):
        assert command.main(names) == status

    def test_names_those_that_exist(self, benchmarks, capsys):
        with pytest.raises(SystemExit):
            command.main(["fastest"])

        assert "expected one of first, broken, lacking, last" in capsys.readouterr().err


FOLLOWED = (ImpactVersion, Dependency, Disclosed, Cursor)


@pytest.fixture
def made(db: None) -> Log:
    """Seven claims that were entered, and twenty-nine copies of them."""
    made = logs.begin(["XAA", "XAB", "XAC"])
    big = records.record_states(["ZAA", "ZAB"])
    entered = logs.enter(made, made.measured, times=3) + logs.enter(made, made.few, times=4)
    copies.prepare(entered, made.view)
    before = log.head().position

    copies.fill(big, made.view, times=20)
    copies.fill(made.few, made.view, times=9)

    assert log.head().position == before + 29
    return replace(made, big=big)


@pytest.mark.long
class TestFill:
    def test_writes_what_the_followers_would_have_written(self, made: Log):
        copied = list(_followed())
        for table in FOLLOWED:
            table.objects.all().delete()

        disclosure.follow_all()
        impacts.follow_all()

        assert list(_followed()) == copied


def _followed() -> Iterator[list[dict[str, Any]]]:
    """Every row that a follower writes; `begun` is where its view's first lens was defined."""
    for table in FOLLOWED:
        yield sorted(table.objects.values(), key=repr)
