"""A run goes on where it was cut short, says how far it is, and knows what it wrote."""

import io
from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from tests.kit.builders import AT, BY, an_actor
from tests.kit.databases import another_connection
from tests.kit.histories import undone
from tests.kit.imports import (
    SIGNED,
    Taken,
    a_stranger,
    archive,
    claims,
    counts,
    days,
    events,
    said,
    take_in,
)
from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.imports import files, queries, runs, writer
from tracker.imports.files import FileChanged, ImportOptions
from tracker.imports.runs import Author, ImportInUse, Observer
from tracker.operations import actors

pytestmark = pytest.mark.django_db


class Cut(Exception):
    """The run was cut short."""


def cut_after(rows: int):
    def progress(done: int, _total: int) -> None:
        if done >= rows:
            raise Cut("cut")

    return progress


def told() -> list[tuple[object, ...]]:
    return [(one.state, one.done, one.rows, one.error) for one in queries.runs(limit=10)]


NOBODY = an_actor(None, kind="company")
KNOWN = runs.File(name="x.CSV", format="gdelt-1", sha256="0" * 64, rows=6, collection=None)
FILE = archive(*days(5), {"SOURCEURL": "https://other.example/1", "SQLDATE": "20160702"})


class TestARun:
    def test_is_recorded_in_the_end_with_its_counts_and_positions(self):
        taken = take_in(FILE, name="x.CSV")

        [record] = events(e.ImportRecorded)
        # The lens of the collection comes after.
        last = log.head().position - 1
        assert log.at(last).stream == taken.report.run
        assert record.positions == (e.Positions(first=1, last=last - 1),)
        assert record.counts == {
            "rows": 6,
            "new": 5,
            "known": 0,
            "changed": 0,
            "repeated": 1,
            "refused": 0,
        }
        assert (record.name, record.format) == ("x.CSV", "gdelt-1")
        assert record.collection == claims()[0].claim.collection

    def test_writes_the_same_log_however_it_is_cut_into_transactions(self, chunks):
        found = []
        for rows in (1, 2, 5, 100):
            chunks(rows)
            with undone():
                take_in(FILE)
                found.append(said())

        assert found[0] == found[1] == found[2] == found[3]

    def test_keeps_apart_what_others_wrote_meanwhile(self, chunks):
        chunks(2)

        def meddle(done: int, _total: int) -> None:
            if done == 4:
                actors.describe_actor(an_actor("CHN"), at=AT, by=BY)

        taken = take_in(FILE, progress=meddle)

        [record] = events(e.ImportRecorded)
        # The lens of the collection comes after.
        last = log.head().position - 1
        [other] = [one.position for one in log.read(after=0, limit=100) if is_china(one)]
        ends = [(1, other - 1), (other + 1, last - 1)]
        assert [(one.first, one.last) for one in record.positions] == ends
        assert runs.spans(taken.report.run) == ends

    def test_does_not_say_where_it_wrote_if_that_is_in_too_many_places(self, monkeypatch, chunks):
        chunks(2)
        monkeypatch.setattr(validity, "MOST_POSITIONS", 1)

        take_in(FILE, progress=lambda *_: actors.describe_actor(NOBODY, at=AT, by=BY))

        [record] = events(e.ImportRecorded)
        assert record.positions == ()

    def test_gives_each_event_the_time_at_which_it_is_written(self, chunks):
        chunks(2)
        clock = count()
        signed = Author(now=lambda: AT + timedelta(minutes=next(clock)), by=BY)

        take_in(FILE, signed=signed)

        times = [one.recorded_at for one in log.read(after=0, limit=100)]
        assert times == sorted(times)
        assert times[-1] - times[0] > timedelta(minutes=3)


class TestARunThatWasCutShort:
    def test_never_goes_back_when_it_goes_on(self, chunks, monkeypatch):
        chunks(2)
        monkeypatch.setattr(writer, "PROGRESS_SECONDS", 0)
        with pytest.raises(Cut):
            take_in(FILE, progress=cut_after(4))
        seen = []

        def watch(_done: int, _total: int) -> None:
            [run] = queries.runs(limit=10)
            seen.append((run.done, sum(run.counts.values())))

        take_in(FILE, progress=watch)

        assert seen == [(4, 4), (4, 4), (6, 6)]

    def test_is_running_only_while_a_process_works_on_it(self):
        with runs.begin(KNOWN, by=BY, at=AT) as run:
            assert told() == [("running", 0, 6, "")]
        assert told() == [("stopped", 0, 6, queries.KILLED)]

        # Nor is it taken for running by a lock in another database.
        with another_connection() as same:
            place = same.info.get_parameters() | {"password": same.info.password}
        with psycopg.connect(**place | {"dbname": "postgres"}) as other:
            key = [runs.LOCK_SPACE, runs.lock_key(run)]
            other.execute("SELECT pg_advisory_lock_shared(%s, %s)", key)
            assert told() == [("stopped", 0, 6, queries.KILLED)]

    def test_is_done_if_it_ends_before_its_lock_is_looked_for(self):
        going = ExitStack()
        run = going.enter_context(runs.begin(KNOWN, by=BY, at=AT))

        def end_first(execute, sql, *others):
            if "pg_locks" in sql:
                runs.set_state(run, runs.DONE, at=AT)
                going.close()
            return execute(sql, *others)

        with connection.execute_wrapper(end_first):
            assert told() == [("done", 0, 6, "")]

    @pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
    def test_is_stopped_where_somebody_ends_it(self, chunks, end):
        chunks(2)

        def leave(_done: int, _total: int) -> None:
            raise end

        with pytest.raises(end):
            take_in(FILE, progress=leave)

        assert told() == [("stopped", 2, 6, "")]

    def test_goes_on_as_the_same_run_and_comes_to_the_same(self, chunks):
        chunks(2)
        with undone():
            whole, expected = take_in(FILE), said()

        with pytest.raises(Cut):
            take_in(FILE, progress=cut_after(4))
        assert told() == [("failed", 4, 6, "cut")]
        [run] = queries.runs(limit=10)
        taken = take_in(FILE)

        assert taken.report.run == run.id
        assert taken.report.counts == whole.report.counts
        assert said() == expected
        assert told() == [("done", 6, 6, "")]

    def test_may_be_finished_by_a_rival_first(self, monkeypatch, chunks):
        chunks(2)
        first: list[Taken] = []

        def overtake(done: int, _total: int) -> None:
            if not first:
                first.append(take_in(FILE))

        taken = take_in(FILE, progress=overtake)

        assert taken.report.counts == first[0].report.counts
        assert len(events(e.ImportRecorded)) == 1
        assert len(claims()) == 5

    def test_says_that_the_file_changed_meanwhile(self):
        file = io.BytesIO(FILE)

        def change(*_: int) -> None:
            file.seek(0, io.SEEK_END)
            file.write(b"\n")

        with pytest.raises(FileChanged):
            files.import_file(
                file,
                name="x",
                author=SIGNED,
                options=ImportOptions(),
                observer=Observer(progress=change),
            )
        assert [state for state, *_ in told()] == ["failed"]
        assert events(e.ImportRecorded) == []


class TestARival:
    def test_that_describes_an_actor_of_the_same_code_is_the_one(self, monkeypatch):
        """A person describes Russia while the rows that name it are on their way."""
        append, mine = log.append_bulk, list[UUID]()

        def late(drafts, **given):
            if not mine:
                mine.append(actors.describe_actor(an_actor("RUS"), at=AT, by=BY).stream)
            return append(drafts, **given)

        monkeypatch.setattr(log, "append_bulk", late)

        assert counts(take_in(archive({}))) == {"new": 1}
        [claim] = [one.claim for one in claims()]
        assert claim.parties[1].actor == mine[0]

    def test_that_holds_the_log_is_waited_for(self, monkeypatch):
        append, answers = log.append_bulk, [True, True, False]
        monkeypatch.setattr(writer, "PAUSE_SECONDS", 0)

        def busy(drafts, **given):
            if answers.pop(0):
                raise log.LogBusy("busy")
            return append(drafts, **given)

        monkeypatch.setattr(log, "append_bulk", busy)

        assert counts(take_in(archive({}))) == {"new": 1}

    def test_that_is_one_claim_ahead_in_every_attempt_leaves_the_last(self, monkeypatch):
        """It imports the first rows, one more each time."""
        append = log.append_bulk
        monkeypatch.setattr(writer, "PAUSE_SECONDS", 0)

        numbers = iter(range(1, 9))

        def overtaken(drafts, **given):
            if number := next(numbers, None):
                with monkeypatch.context() as other:
                    other.setattr(log, "append_bulk", append)
                    take_in(archive(*days(number)))
            return append(drafts, **given)

        monkeypatch.setattr(log, "append_bulk", overtaken)

        assert counts(take_in(archive(*days(9)))) == {"known": 8, "new": 1}
        assert len(claims()) == 9

    @pytest.mark.parametrize(
        "rival", [log.LogBusy("busy"), log.VersionConflict(UUID(int=1), expected=0, actual=1)]
    )
    def test_that_never_ends_is_told_after_a_while(self, monkeypatch, rival):
        def conflict(*_, **__):
            raise rival

        monkeypatch.setattr(log, "append_bulk", conflict)
        monkeypatch.setattr(writer, "PATIENCE_SECONDS", 0.1)

        with pytest.raises(type(rival)):
            take_in(archive({}))
        assert [state for state, *_ in told()] == ["failed"]

    def test_that_withdraws_the_run_is_waited_for(self):
        with runs.begin(KNOWN, by=BY, at=AT) as run:
            pass

        with (
            a_stranger("pg_advisory_lock", run),
            pytest.raises(ImportInUse, match=f"import {run}"),
            runs.begin(KNOWN, by=BY, at=AT),
        ):
            pytest.fail("it is somebody else's")


def is_china(one: log.Recorded) -> bool:
    return one.kind == "ActorDescribed" and one.decoded().actor.code == "CHN"
