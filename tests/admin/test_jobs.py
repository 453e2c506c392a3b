"""Files at the desk: brought, followed as jobs, counted in words, and withdrawn."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.kit.api_uploads import SAMPLES, a_file
from tests.kit.builders import an_actor, an_id, on_record
from tests.kit.desk_uploads import ADD, EMPTY, FILE, LIST, about, brought, last
from tests.kit.imports import BY_COLUMNS, archive, days
from tests.kit.jobs import Meddler, job, work
from tracker import log
from tracker.admin import import_pages
from tracker.domain.records import Name
from tracker.imports import queries, spool
from tracker.imports.flags import COMPARED, NO_ACT, THIRD_STATE
from tracker.imports.jobs import leases
from tracker.management import import_report
from tracker.queries.scores.uncounted import MOST_CLAIMS, Uncounted, UncountedClaims

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool")]


def statuses(client: Client, paths: list[str]) -> set[int]:
    answers = [client.get(path) for path in paths]
    for answer in answers:
        if answer.streaming:
            b"".join(answer.streaming_content)
    return {answer.status_code for answer in answers}


@pytest.mark.usefixtures("chunks_of_two")
class TestAJobUnderWay:
    def test_is_as_far_as_its_import_says(self, ann, monkeypatch):
        # The job itself tells of a chunk when its heart beats next.
        monkeypatch.setattr(leases, "BEAT", timedelta(hours=1))
        brought(ann, file=a_file(FILE))
        work()
        ann.post(about("load"))
        earnest, seen = last(), []

        def look():
            seen.append(ann.get(about("state", earnest)).text)

        work(now=Meddler(lambda: job(earnest.id).counts.get("new", 0), look))

        assert '<progress aria-label="Rows done" value="2" max="4">' in seen[0]

    def test_is_cancelled(self, ann):
        page = brought(ann, file=a_file(FILE))
        work()
        page = ann.post(about("load"))["Location"]
        earnest = last()

        def cancel():
            ann.post(about("cancel", earnest))
            assert "It stops after the current rows." in ann.get(page).text

        work(now=Meddler(lambda: job(earnest.id).done, cancel))

        assert job(earnest.id).state == "cancelled"
        says = "It was cancelled after 2 of 4 rows: 2 claims added. This is kept;"
        assert says in ann.get(page).text
        again = ann.post(about("cancel", earnest), follow=True)
        assert "the job has ended: it is cancelled." in again.text
        assert "hx-trigger" not in ann.get(about("state", earnest)).text


class TestRefusedRows:
    def test_are_downloaded(self, ann):
        brought(ann, file=a_file(FILE))
        assert ann.get(about("rejected")).status_code == 404
        work()

        answer = ann.get(about("rejected"))

        assert "attachment" in answer["Content-Disposition"]
        assert b"20160732" in b"".join(answer.streaming_content)

    def test_of_a_table_are_downloaded_to_be_mended(self, ann):
        """None of its countries is on record."""
        mapping = a_file((SAMPLES / "steppe.toml").read_bytes())
        page = brought(ann, file=a_file((SAMPLES / "steppe.csv").read_bytes()), mapping=mapping)
        work()
        assert about("mend") in ann.get(page).text

        answer = ann.get(about("mend"))

        assert b"refused because" in b"".join(answer.streaming_content)


class TestWithdrawing:
    @pytest.fixture
    def run(self, ann):
        brought(ann, file=a_file(FILE))
        work()
        assert (last().by, last().dry, log.head().position) == ("ann", True, 0)
        ann.post(about("load"))
        work()
        assert log.at(1).recorded_by == "ann"
        return queries.runs(limit=1)[0].id

    def test_takes_back_what_the_import_added_with_a_reason(self, ann, run):
        path = reverse("admin:desk_job_withdraw", args=[run])
        assert path in ann.get("/admin/desk/job/imports/").text
        assert "3 claims" in ann.get(path).text
        assert "This field is required" in ann.post(path, {"reason": ""}).text

        page = ann.post(path, {"reason": "a wrong file"})["Location"]
        work()

        text = ann.get(page).text
        assert "Done: 3 claims retracted." in text
        assert "Retracted" in text
        assert "a wrong file" in text
        assert queries.run(run).state == "withdrawn"
        assert path not in ann.get("/admin/desk/job/imports/").text

    def test_of_no_import_is_a_404(self, ann):
        nobody = "331823dd-0988-470a-9d45-e95f3ddfd0cc"

        assert ann.get(reverse("admin:desk_job_withdraw", args=[nobody])).status_code == 404


class TestTheLists:
    def test_ask_the_same_number_of_questions_however_long_they_are(
        self, ann, django_assert_max_num_queries
    ):
        for day in range(1, 9):
            brought(ann, file=a_file(archive(*days(1, since=day))))

        with django_assert_max_num_queries(12):
            ann.get(LIST)


class TestWhoMay:
    def paths(self, ann):
        brought(ann, file=a_file(FILE))
        work()
        found = last()
        ann.post(about("load"))
        work()
        run = reverse("admin:desk_job_withdraw", args=[last().run])
        page = reverse("admin:desk_job_change", args=[found.id])
        reading = [LIST, page, about("state", found), about("rejected", found), LIST + "imports/"]
        return reading, [ADD, about("load", found), about("cancel", found), run]

    def test_bring_files_may_all_of_it(self, ann, someone):
        reading, writing = self.paths(ann)
        importer = someone("add_job")

        assert statuses(importer, reading) == {200}
        for path in writing:
            assert importer.post(path, {"reason": "no"}).status_code in (200, 302)
        assert "Import a file" in importer.get("/admin/").text

    def test_only_look_at_them_may_do_nothing(self, ann, someone):
        reading, writing = self.paths(ann)
        viewer = someone("view_job")
        before = len(queries.listing(limit=99))

        assert statuses(viewer, reading) == {200}
        assert {viewer.post(path, {"reason": "no"}).status_code for path in writing} == {403}
        assert viewer.get(ADD).status_code == 403
        assert "Load it" not in viewer.get(reading[1]).text
        assert len(queries.listing(limit=99)) == before

    @pytest.mark.parametrize("names", [(), ("add_claim", "change_claim", "judge_claim")])
    def test_do_other_things_may_not_even_look(self, ann, someone, names):
        reading, writing = self.paths(ann)
        analyst = someone(*names)

        assert statuses(analyst, reading) == {403}
        assert {analyst.post(path, {"reason": "no"}).status_code for path in writing} == {403}
        assert "Import a file" not in analyst.get("/admin/").text

    def test_only_send_what_changes_something(self, ann):
        self.paths(ann)
        for view in ("load", "cancel"):
            assert ann.get(about(view)).status_code == 405


class TestRowsToDecideOn:
    TABLE = (
        b"no,what,day,who,whom,title,says\n"
        b"1,Nobody knows when it was.,,RUS,KAZ,A report,\n"
        b"2,Something was done.,2022-05-11,RUS,KAZ,A report,\n"
    )

    def test_are_listed_and_left_out_on_demand(self, ann, desk):
        mapping = a_file(BY_COLUMNS.encode(), "m.toml")
        page = brought(ann, file=a_file(self.TABLE, "t.csv"), mapping=mapping)
        work()

        text = ann.get(page).text
        assert "Skip 1 row without a date" in text
        assert "has no date: when it happened stays unknown" in text
        listed = b"".join(ann.get(about("review")).streaming_content).decode()
        assert listed.splitlines()[1] == "2,day,,has no date: when it happened stays unknown"

        ann.post(about("load"), {"skip_undated": "on"})
        work()

        assert last().counts["new"] == 1
        assert last().counts["refused"] == 1


def test_rows_whose_text_does_not_fit_have_no_choice():
    marked = {THIRD_STATE: 1, NO_ACT: 2, COMPARED: 9}

    assert list(import_pages.flags(marked)) == [
        ("", "1 row whose text names a third state"),
        ("", "2 rows whose text names no act"),
    ]
    assert list(import_report.flags(marked)) == [
        ("whose text names a third state", 1),
        ("whose text names no act", 2),
    ]


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (1, "1 claim of the collection x is on record, but no lens counts it."),
        (2, "2 claims of the collection x are on record, but no lens counts them."),
        (
            MOST_CLAIMS + 1,
            "More than 1,000 claims of the collection x are on record, but no lens counts them.",
        ),
    ],
)
def test_claims_that_no_lens_counts_are_counted(claims, words):
    collection = Uncounted(id=an_id(1), name="x")

    assert UncountedClaims(collection=collection, claims=claims).says == words


@pytest.fixture
def states(db):
    for code, name in (("CHN", "China"), ("KAZ", "Kazakhstan"), ("RUS", "Russia")):
        on_record(an_actor(code, names=(Name(text=name),), aliases=("PRC",) * (code == "CHN")))


class TestBringing:
    def test_takes_a_table_of_office_holders(self, ann, states):
        table = b"name,country,sector,from,to\nJo Doe,KAZ,government,2010-05-01,\nx,y,z,1,\n"
        check = brought(ann, file=a_file(table, "offices.csv"))
        work()
        assert "1 term would be added; 1 row is refused" in ann.get(check).text

        page = ann.post(about("load"))["Location"]
        work()

        text = ann.get(page).text
        assert "Done: 1 term added, 1 row refused." in text
        assert "Withdraw this import" not in text

    def test_takes_a_pasted_table_with_a_mapping_and_offers_the_mapping_again(self, ann, states):
        table = (SAMPLES / "steppe.csv").read_text()
        mapping = a_file((SAMPLES / "steppe.toml").read_bytes(), "steppe.toml")

        brought(ann, table=table, mapping=mapping)
        work()
        # One of the nine is dated after the day of entry.
        assert (last().state, last().file_name, last().counts["new"]) == ("done", "pasted table", 8)
        before = str(last().id)
        assert "steppe-sample: pasted table" in ann.get(ADD).text
        brought(ann, file=a_file(table.encode(), "steppe.csv"), as_before=before)
        work()

        assert (last().file_name, last().counts["new"]) == ("steppe.csv", 8)

    def test_keeps_the_ends_of_pasted_lines(self, ann):
        """Cells at the end of the last row may be empty."""
        brought(ann, table="a\tb\n1\t\n")

        assert spool.upload_of(last().id).read_text() == "a\tb\n1\t\n"


class TestTheForm:
    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({}, "choose a file, or paste a table"),
            ({"file": a_file(FILE), "table": "a"}, "choose a file, or paste a table; not both"),
            ({"file": a_file(b"")}, "empty"),
            ({"table": "a", "mapping": a_file(b"kind = 1")}, "collection.name: is missing"),
            ({"table": "a", "mapping": a_file(b"\xff")}, "is not UTF-8"),
            (
                {
                    "table": "a",
                    "format": "icews",
                    "mapping": a_file((SAMPLES / "steppe.toml").read_bytes()),
                },
                "leave this empty: mapping is given",
            ),
            ({"table": "a", "format": "acled"}, "acled"),
        ],
    )
    def test_says_what_does_not_fit_and_keeps_nothing(self, ann, settings, fields, says):
        for one in fields.values():
            if isinstance(one, SimpleUploadedFile):
                one.seek(0)

        answer = ann.post(ADD, EMPTY | fields)

        assert answer.status_code == 200
        assert says in answer.text
        assert queries.listing(limit=1) == []
        folder = Path(settings.SPOOL_FOLDER)
        assert not folder.exists() or list(folder.iterdir()) == []

    def test_says_that_a_file_is_too_large(self, ann, settings):
        settings.SPOOL_MOST_BYTES = 10

        answer = ann.post(ADD, EMPTY | {"file": a_file(FILE)})

        assert answer.status_code == 413
        assert "at most 10 bytes are accepted" in answer.text
        assert list(Path(settings.SPOOL_FOLDER).iterdir()) == []

    def test_says_that_a_pasted_table_is_too_large(self, ann, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

        answer = ann.post(ADD, EMPTY | {"table": "x" * 2_000})

        assert answer.status_code == 413

    def test_is_not_forged_from_elsewhere(self, ann, settings):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = ann.cookies

        answer = strict.post(ADD, EMPTY | {"file": a_file(FILE)})

        assert answer.status_code == 403
        assert queries.listing(limit=1) == []
        assert not Path(settings.SPOOL_FOLDER).exists()
