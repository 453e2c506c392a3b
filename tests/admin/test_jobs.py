"""Bringing a file at the desk: it is looked at, loaded, followed, cancelled and withdrawn."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.builders import AT, BY, an_actor
from tests.importers.archives import on
from tests.operations.importing import archive, claims, days
from tests.operations.jobbing import Meddler, job, work
from tracker import log
from tracker.domain.parties import Name
from tracker.operations import actors
from tracker.operations.imports import pace
from tracker.operations.jobs import spool
from tracker.queries import importruns, jobs

pytestmark = pytest.mark.django_db

ADD = "/admin/desk/job/add/"
LIST = "/admin/desk/job/"
SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"
FILE = archive(*days(3), on("20160732"))
EMPTY = {"table": "", "as_before": "", "format": ""}


@pytest.fixture(autouse=True)
def _spool(settings, tmp_path):
    settings.SPOOL_FOLDER = tmp_path / "spool"


@pytest.fixture
def states(db):
    for code, name in (("CHN", "China"), ("KAZ", "Kazakhstan"), ("RUS", "Russia")):
        actor = an_actor(code, names=(Name(text=name),), aliases=("PRC",) * (code == "CHN"))
        actors.describe_actor(actor, at=AT, by=BY)


def a_file(data: bytes, name: str = "x.CSV") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def brought(client: Client, **fields: object) -> str:
    """Send the form, and give the address of the job's page."""
    answer = client.post(ADD, EMPTY | fields)
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def last() -> jobs.Job:
    return jobs.listing(limit=1)[0]


def about(view: str, found: jobs.Job | None = None) -> str:
    return reverse(f"admin:desk_job_{view}", args=[(found or last()).id])


def statuses(client: Client, paths: list[str]) -> set[int]:
    answers = [client.get(path) for path in paths]
    for answer in answers:
        if answer.streaming:
            b"".join(answer.streaming_content)
    return {answer.status_code for answer in answers}


class TestBringing:
    def test_looks_at_the_file_first(self, ann):
        page = brought(ann, file=a_file(FILE))
        assert "It waits for a worker." in ann.get(page).text
        work()

        text = ann.get(page).text

        says = "Nothing is written yet. 3 claims would be added; 1 row is refused"
        assert says in text
        assert "gdelt-1" in text
        assert "20160732" in text
        assert "Load it" in text
        assert log.head().position == 0
        assert (last().by, last().dry) == ("ann", True)

    def test_loads_it_in_the_name_of_who_did_and_shows_what_came_of_it(self, ann):
        brought(ann, file=a_file(FILE))
        work()

        page = ann.post(about("load"))["Location"]
        work()

        assert len(claims()) == 3
        assert log.at(1).recorded_by == "ann"
        text = ann.get(page).text
        assert "It is done." in text
        assert "standing-gdelt-1" in text
        assert "Withdraw this import" in text
        assert "Load it" not in text

    def test_takes_a_pasted_table_with_a_mapping_and_offers_the_mapping_again(self, ann, states):
        table = (SAMPLES / "steppe.csv").read_text()
        mapping = a_file((SAMPLES / "steppe.toml").read_bytes(), "steppe.toml")

        brought(ann, table=table, mapping=mapping)
        work()
        assert (last().state, last().file_name, last().counts["new"]) == ("done", "pasted table", 9)
        before = str(last().id)
        assert "steppe-sample: pasted table" in ann.get(ADD).text
        brought(ann, file=a_file(table.encode(), "steppe.csv"), as_before=before)
        work()

        assert (last().file_name, last().counts["new"]) == ("steppe.csv", 9)

    def test_keeps_the_ends_of_pasted_lines(self, ann, states):
        """Cells at the end of the last row may be empty."""
        rows = (SAMPLES / "steppe.csv").read_text().strip().splitlines()
        table = "\n".join(row.replace(",", "\t") for row in ["a,b", "1,"])

        brought(ann, table=table + "\n")

        assert spool.upload_of(last().id).read_text() == "a\tb\n1\t\n"
        assert rows

    def test_says_that_a_wrong_file_is_wrong(self, ann):
        page = brought(ann, file=a_file(b"a,b\n1,2\n"))
        work()

        text = ann.get(page).text

        assert "Nothing more is done: the file is of no known format" in text
        assert "Load it" not in text

    def test_of_the_same_file_again_would_add_nothing(self, ann):
        brought(ann, file=a_file(archive(*days(3))))
        work()
        ann.post(about("load"))
        work()

        page = brought(ann, file=a_file(archive(*days(3))))
        work()

        assert "Nothing is written yet. Nothing would be added." in ann.get(page).text
        assert "Load it" not in ann.get(page).text


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
                "mapping says it already",
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
        assert jobs.listing(limit=1) == []
        folder = Path(settings.SPOOL_FOLDER)
        assert not folder.exists() or list(folder.iterdir()) == []

    def test_says_that_a_file_is_too_large(self, ann, settings):
        settings.SPOOL_MOST_BYTES = 10

        answer = ann.post(ADD, EMPTY | {"file": a_file(FILE)})

        assert answer.status_code == 413
        assert "at most 10 bytes are taken" in answer.text
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
        assert jobs.listing(limit=1) == []
        assert not Path(settings.SPOOL_FOLDER).exists()

    def test_is_taken_with_its_token(self, ann):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = ann.cookies
        strict.get(ADD)
        token = strict.cookies["csrftoken"].value

        answer = strict.post(ADD, EMPTY | {"file": a_file(FILE), "csrfmiddlewaretoken": token})

        assert answer.status_code == 302


class TestAJobUnderWay:
    @pytest.fixture(autouse=True)
    def _chunks(self, monkeypatch):
        for name in ("FIRST_CHUNK", "LEAST_CHUNK", "MOST_CHUNK"):
            monkeypatch.setattr(pace, name, 2)

    def test_is_followed_by_the_browser_until_it_has_ended(self, ann):
        brought(ann, file=a_file(FILE))
        work()
        page, seen = ann.post(about("load"))["Location"], []
        assert f'hx-get="{about("state")}" hx-trigger="every 2s"' in ann.get(page).text

        work(now=Meddler(lambda: last().done, lambda: seen.append(ann.get(about("state")).text)))

        assert '<progress aria-label="Rows done" value="2" max="4">' in seen[0]
        assert "hx-trigger" in seen[0]
        assert "<html" not in seen[0]
        assert "hx-trigger" not in ann.get(about("state")).text

    def test_is_cancelled(self, ann):
        page = brought(ann, file=a_file(FILE))
        work()
        page = ann.post(about("load"))["Location"]
        earnest = last()

        def cancel():
            ann.post(about("cancel", earnest))
            assert "It ends after the rows that it is at." in ann.get(page).text

        work(now=Meddler(lambda: job(earnest.id).done, cancel))

        assert job(earnest.id).state == "cancelled"
        assert "what was written until then stays" in ann.get(page).text
        again = ann.post(about("cancel", earnest), follow=True)
        assert "the job has ended: it is cancelled." in again.text


class TestRefusedRows:
    def test_are_downloaded(self, ann):
        brought(ann, file=a_file(FILE))
        assert ann.get(about("rejected")).status_code == 404
        work()

        answer = ann.get(about("rejected"))

        assert "attachment" in answer["Content-Disposition"]
        assert b"20160732" in b"".join(answer.streaming_content)


class TestWithdrawing:
    @pytest.fixture
    def run(self, ann):
        brought(ann, file=a_file(FILE))
        work()
        ann.post(about("load"))
        work()
        return importruns.listing(limit=1)[0].id

    def test_takes_back_what_the_import_added_with_a_reason(self, ann, run):
        path = reverse("admin:desk_job_withdraw", args=[run])
        assert path in ann.get("/admin/desk/job/imports/").text
        assert "3 claims" in ann.get(path).text
        assert "This field is required" in ann.post(path, {"reason": ""}).text

        page = ann.post(path, {"reason": "a wrong file"})["Location"]
        work()

        text = ann.get(page).text
        assert "It is done." in text
        assert "Retracted" in text
        assert "a wrong file" in text
        assert importruns.run(run).state == "withdrawn"
        assert path not in ann.get("/admin/desk/job/imports/").text

    def test_of_no_import_is_a_404(self, ann):
        nobody = "331823dd-0988-470a-9d45-e95f3ddfd0cc"

        assert ann.get(reverse("admin:desk_job_withdraw", args=[nobody])).status_code == 404


class TestTheLists:
    def test_show_what_was_asked_for_and_what_came_of_it(self, ann):
        brought(ann, file=a_file(FILE))
        work()
        ann.post(about("load"))

        text = ann.get(LIST).text

        assert "Look at x.CSV" in text
        assert "Take in x.CSV" in text
        assert "4 of 4" in text

    def test_ask_the_same_number_of_questions_however_long_they_are(
        self, ann, django_assert_max_num_queries
    ):
        for day in range(1, 9):
            brought(ann, file=a_file(archive(*days(1, since=day))))

        with django_assert_max_num_queries(12):
            ann.get(LIST)


class TestWhoMay:
    @pytest.fixture
    def someone(self):
        def log_in(*names):
            user = get_user_model().objects.create_user("bea", is_staff=True)
            user.user_permissions.set(Permission.objects.filter(codename__in=names))
            client = Client()
            client.force_login(user)
            return client

        return log_in

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
        assert "Bring a file" in importer.get("/admin/").text

    def test_only_look_at_them_may_do_nothing(self, ann, someone):
        reading, writing = self.paths(ann)
        viewer = someone("view_job")
        before = len(jobs.listing(limit=99))

        assert statuses(viewer, reading) == {200}
        assert {viewer.post(path, {"reason": "no"}).status_code for path in writing} == {403}
        assert viewer.get(ADD).status_code == 403
        assert "Load it" not in viewer.get(reading[1]).text
        assert len(jobs.listing(limit=99)) == before

    @pytest.mark.parametrize("names", [(), ("add_claim", "change_claim", "judge_claim")])
    def test_do_other_things_may_not_even_look(self, ann, someone, names):
        reading, writing = self.paths(ann)
        analyst = someone(*names)

        assert statuses(analyst, reading) == {403}
        assert {analyst.post(path, {"reason": "no"}).status_code for path in writing} == {403}
        assert "Bring a file" not in analyst.get("/admin/").text

    def test_only_send_what_changes_something(self, ann):
        self.paths(ann)
        for view in ("load", "cancel"):
            assert ann.get(about(view)).status_code == 405
