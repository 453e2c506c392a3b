"""What lies in the spool: files on their way in, and the rows that were refused of them."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.kit.archive_rows import on
from tests.kit.builders import AT, BY, an_actor
from tests.kit.imports import archive, days
from tests.kit.jobs import bring, done, job
from tracker.domain.records import Name
from tracker.imports import spool
from tracker.imports.jobs import batches
from tracker.imports.spool import rejected_of, to_fix_of
from tracker.operations import actors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool")]

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"
FILE = archive(*days(5))
BAD = archive(*days(2), on("20160732"))


class TestTheRejectedRows:
    def test_hold_no_formula_that_a_spreadsheet_would_run(self):
        evil = archive({}, {"Actor2CountryCode": "=1+1", "Actor2Code": "=1+1"})

        found = done(bring(evil))

        text = rejected_of(found.id).read_text()
        assert ",'=1+1," in text
        assert ",=1+1," not in text

    def test_end_at_a_bound(self, monkeypatch):
        monkeypatch.setattr(batches, "MOST_ROWS", 3)

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
