"""What is asked for waits until a worker does it, once, and says what came of it.
Until then the spool holds the file, and then the rows that were refused of it."""

import gzip
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.kit.archive_rows import on
from tests.kit.builders import AT, BY, an_actor
from tests.kit.imports import archive, claims, days, events
from tests.kit.jobs import Meddler, bring, done, job, work
from tracker import log
from tracker.domain import events as e
from tracker.domain.records import Name
from tracker.domain.validity import Invalid
from tracker.imports import queries, spool
from tracker.imports import queries as on_record
from tracker.imports.jobs import requests, runner
from tracker.imports.jobs.requests import FileDeleted, NoSuchJob, NotPossibleNow
from tracker.imports.spool import rejected_of, to_fix_of
from tracker.imports.withdrawal import NoSuchImport
from tracker.operations import actors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool")]

FILE = archive(*days(5), {"SOURCEURL": "https://other.example/1", "SQLDATE": "20160702"})
BAD = archive(*days(2), on("20160732"))


class TestAnImport:
    def test_waits_and_is_done_by_a_worker_in_the_name_of_who_asked(self):
        made = job(bring(FILE, name="x.CSV", by="bea"))
        assert (made.state, made.by, made.file_name, made.done) == ("waiting", "bea", "x.CSV", 0)
        assert made.file_size == len(FILE)

        found = done(made.id)

        assert (found.state, found.format, found.error) == ("done", "gdelt-1", "")
        assert (found.done, found.total) == (6, 6)
        wanted = {"new": 5, "known": 0, "changed": 0, "repeated": 1, "refused": 0}
        assert found.counts == wanted
        assert found.told["lens"] == "machine-gdelt-1"
        [run] = queries.runs(limit=9)
        assert (run.id, run.by, run.file_sha256) == (found.run, "bea", found.file_sha256)
        assert log.at(1).recorded_by == "bea"
        assert not work()

    def test_that_only_looks_writes_nothing_and_may_then_be_done_in_earnest(self):
        looked = done(bring(BAD, dry_run=True))
        assert (looked.state, looked.counts["new"], looked.counts["refused"]) == ("done", 2, 1)
        assert (log.head().position, looked.run) == (0, None)
        first, second = looked.told["rows"]
        assert (first["line"], second["line"]) == (1, 2)
        assert first == {
            "line": 1,
            "outcome": "new",
            "occurred": "2016-07-01",
            "parties": "KAZ · RUS",
            "code": "cameo-1.1b3/042",
            "summary": first["summary"],
        }

        earnest = done(requests.request_load(looked.id, at=AT, by="bea"))

        assert (earnest.by, earnest.counts) == ("bea", looked.counts)
        assert len(claims()) == 2
        assert earnest.told["rows"] == []
        assert earnest.options == looked.options | {"dry_run": False}

    def test_whose_file_is_gone_cannot_be_done_in_earnest(self):
        looked = bring(FILE, dry_run=True)
        spool.delete_files(looked)

        with pytest.raises(FileDeleted, match="upload it again"):
            requests.request_load(looked, at=AT, by=BY)
        with pytest.raises(NoSuchJob):
            requests.request_load(uuid4(), at=AT, by=BY)
        assert list(spool.jobs_with_files()) == []

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"a,b\n1,2\n", "the format of the file is unknown"),
            (gzip.compress(FILE)[:-9], "the file cannot be unpacked completely"),
        ],
    )
    def test_of_a_wrong_file_fails_with_the_reason_and_writes_nothing(self, data, says):
        found = done(bring(data, name="wrong.csv"))

        assert (found.state, log.head().position) == ("failed", 0)
        assert says in found.error
        assert found.attempts == 1

    @pytest.mark.parametrize("options", [{}, {"dry_run": True}])
    def test_of_which_all_rows_are_refused_fails_and_tells_why(self, options):
        found = done(bring(archive(on("20160732")), **options))

        assert (found.state, found.error) == ("failed", "all 1 rows were refused")
        assert (found.counts["refused"], found.told["rejected"]) == (1, 1)
        assert len(found.told["reasons"]) == 1


class TestTwoUploads:
    def test_of_one_file_by_one_person_are_one_job(self):
        one, other = bring(FILE), bring(FILE)

        assert one == other
        assert len(on_record.listing(limit=9)) == 1
        assert list(spool.jobs_with_files()) == [one]
        assert done(one).counts["new"] == 5

    def test_of_one_file_with_other_options_or_by_others_are_jobs_of_their_own(self):
        later = AT + timedelta(seconds=1)
        made = [bring(FILE), bring(FILE, at=later, dry_run=True), bring(FILE, at=later, by="bea")]

        assert len(set(made)) == 3
        for _ in made:
            work()
        assert [job(one).counts["new"] for one in made] == [5, 0, 0]
        assert len(events(e.ImportRecorded)) == 1


class TestCancelling:
    def test_ends_a_job_that_waits_at_once(self):
        made = bring(FILE)

        requests.cancel(made, at=AT)

        assert (job(made).state, job(made).ended_at) == ("cancelled", AT)
        assert not work()

    def test_ends_one_under_way_after_the_chunk_and_says_what_was_done(self, chunks_of_two):
        made = bring(FILE)
        now = Meddler(lambda: job(made).done == 2, lambda: requests.cancel(made, at=AT))

        assert work(now=now)

        found = job(made)
        assert (found.state, found.done, found.counts["new"]) == ("cancelled", 2, 2)
        assert len(claims()) == 2
        assert queries.run(found.run).state == "stopped"
        assert done(bring(FILE)).counts["new"] == 5

    def test_ends_one_that_is_still_read_through(self):
        made = bring(FILE)
        now = Meddler(lambda: job(made).state == "running", lambda: requests.cancel(made, at=AT))

        assert work(now=now)

        assert (job(made).state, log.head().position) == ("cancelled", 0)

    def test_is_too_late_for_one_that_has_ended(self):
        made = bring(FILE)
        done(made)

        with pytest.raises(NotPossibleNow, match="it is done"):
            requests.cancel(made, at=AT)
        with pytest.raises(NoSuchJob):
            requests.cancel(uuid4(), at=AT)


class TestAWithdrawal:
    def test_takes_back_what_the_import_added(self):
        made = done(bring(FILE))
        asked = requests.request_withdrawal(made.run, reason="a wrong file", at=AT, by="bea")

        found = done(asked)

        assert (found.state, found.counts) == ("done", {"retracted": 5, "already": 0})
        last = log.at(log.head().position)
        assert (last.recorded_by, last.content_words["reason"]) == ("bea", "a wrong file")
        assert queries.run(made.run).state == "withdrawn"

    def test_asked_for_twice_is_one_job(self):
        made = done(bring(FILE))

        one, other = (
            requests.request_withdrawal(made.run, reason=reason, at=AT, by=BY)
            for reason in ("a", "b")
        )

        assert one == other

    def test_needs_an_import_and_a_reason(self):
        run = done(bring(FILE)).run

        with pytest.raises(NoSuchImport):
            requests.request_withdrawal(uuid4(), reason="a wrong file", at=AT, by=BY)
        with pytest.raises(Invalid):
            requests.request_withdrawal(run, reason=" ", at=AT, by=BY)

    def test_waits_for_nobody_who_brings_more_of_it(self, chunks_of_two):
        made = bring(FILE)

        def ask():
            with pytest.raises(NotPossibleNow, match="cancel its job first"):
                requests.request_withdrawal(job(made).run, reason="a wrong file", at=AT, by=BY)

        assert work(now=Meddler(lambda: job(made).run, ask))
        assert job(made).state == "done"

    def test_may_be_cancelled_and_asked_for_again(self, chunks_of_two):
        run = done(bring(FILE)).run
        asked = requests.request_withdrawal(run, reason="a wrong file", at=AT, by=BY)
        cancel = Meddler(lambda: job(asked).done > 8, lambda: requests.cancel(asked, at=AT))
        assert work(now=cancel)
        first = job(asked)
        assert first.state == "cancelled"
        assert 0 < first.counts["retracted"] < 5

        again = done(requests.request_withdrawal(run, reason="a wrong file", at=AT, by=BY))

        assert first.counts["retracted"] + again.counts["retracted"] == 5


SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"


class TestTheRejectedRows:
    def test_hold_no_formula_that_a_spreadsheet_would_run(self):
        evil = archive({}, {"Actor2CountryCode": "=1+1", "Actor2Code": "=1+1"})

        found = done(bring(evil))

        text = rejected_of(found.id).read_text()
        assert ",'=1+1," in text
        assert ",=1+1," not in text

    def test_end_at_a_bound(self, monkeypatch):
        monkeypatch.setattr(runner, "MOST_REJECTED", 3)

        found = done(bring(archive({}, *[on("20160732")] * 5)))

        assert (found.counts["refused"], found.told["rejected"]) == (5, 3)
        assert len(rejected_of(found.id).read_text().splitlines()) == 4

    def test_that_cannot_be_written_stop_no_import(self, monkeypatch, tmp_path):
        made = bring(BAD)
        nowhere = tmp_path / "nowhere" / "x"
        monkeypatch.setattr(spool, "partial_rejected", lambda *_: nowhere)

        found = done(made)

        assert (found.state, found.counts["refused"], found.told["rejected"]) == ("done", 1, 0)
        assert found.told["rejected_says"].startswith("the refused rows could not be written")


class TestTheRowsThatAreShown:
    def test_are_the_first_of_a_file_that_is_looked_at(self, monkeypatch):
        monkeypatch.setattr(spool, "MOST_ROWS", 3)

        found = done(bring(archive(on("20160732"), *days(5)), dry_run=True))

        assert [row["line"] for row in found.told["rows"]] == [2, 3, 4]


def steppe() -> str:
    """The sample without its last row, which is dated after the day of entry."""
    rows = (SAMPLES / "steppe.csv").read_text().splitlines(keepends=True)
    return "".join(rows[:-1])


class TestTheRowsToMend:
    @pytest.fixture
    def mapping(self):
        for code, name in (("CHN", "China"), ("KAZ", "Kazakhstan"), ("RUS", "Russia")):
            actor = an_actor(code, names=(Name(text=name),), aliases=("PRC",) * (code == "CHN"))
            actors.describe_actor(actor, at=AT, by=BY)
        return (SAMPLES / "steppe.toml").read_text()

    def test_come_in_once_they_are_mended_and_the_whole_file_is_known_then(self, mapping):
        right = steppe()
        wrong = right.replace("1,2022-01-06,Russia", "1,2022-01-06,Rusia")
        found = done(bring(wrong.encode(), mapping=mapping))
        assert (found.counts["new"], found.counts["refused"], found.told["to_mend"]) == (7, 1, 1)

        given = to_fix_of(found.id).read_text("utf-8-sig")
        assert "Who: no actor on record is called 'Rusia'" in given
        mended = done(bring(given.replace("Rusia,", "Russia,", 1).encode(), mapping=mapping))

        assert mended.counts["new"] == 1
        assert done(bring(right.encode(), mapping=mapping)).counts["known"] == 8

    def test_that_cannot_be_written_undo_no_import(self, mapping, monkeypatch, tmp_path):
        wrong = steppe().replace("1,2022-01-06,Russia", "1,x,Russia")
        monkeypatch.setattr(spool, "to_fix_of", lambda _: tmp_path / "nowhere" / "x")

        found = done(bring(wrong.encode(), mapping=mapping))

        assert (found.state, found.counts["new"], found.told["to_mend"]) == ("done", 7, 0)
        assert found.told["rejected_says"].startswith("the rows to fix could not be written")

    def test_are_not_given_of_archives_nor_where_all_are_right(self, mapping):
        right = steppe().encode()

        for found in (done(bring(BAD)), done(bring(right, mapping=mapping))):
            assert "to_mend" not in found.told
            assert not to_fix_of(found.id).exists()


class TestTidying:
    def test_deletes_the_files_of_jobs_that_ended_long_ago_and_keeps_the_rest(self, settings):
        settings.SPOOL_DAYS = 14
        ended = bring(BAD)
        done(ended)
        waits = bring(FILE)

        spool.tidy(at=AT + timedelta(days=14))
        assert rejected_of(ended).exists()
        spool.tidy(at=AT + timedelta(days=14, seconds=1))

        assert list(spool.jobs_with_files()) == [waits]
        assert job(ended).state == "done"

    def test_deletes_what_never_became_a_job(self):
        received = spool.receive(b"x", name="x")
        stray = uuid4()
        spool.adopt(spool.receive(b"x", name="x"), stray)
        later = AT.now(AT.tzinfo)

        spool.tidy(at=later)
        assert (received.path.exists(), list(spool.jobs_with_files())) == (True, [stray])
        spool.tidy(at=later + timedelta(days=1, minutes=1))

        assert (received.path.exists(), list(spool.jobs_with_files())) == (False, [])
