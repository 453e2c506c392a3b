"""Files brought over the API, and imports taken back."""

from pathlib import Path

import pytest
from rest_framework.test import APIClient

from tests.kit.api_client import V1, Api
from tests.kit.api_uploads import SAMPLES, a_file, bring, send
from tests.kit.imports import archive, claims, days
from tests.kit.jobs import Clock, work
from tracker import log
from tracker.imports import spool
from tracker.imports.formats.recognise import FORMATS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool")]

FILE = archive(*days(3))
NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"


def pointers(problem) -> dict[str, str]:
    return {one["pointer"]: one["code"] for one in problem["errors"]}


def spooled(settings) -> list[Path]:
    folder = Path(settings.SPOOL_FOLDER)
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


class TestAnUpload:
    def test_becomes_a_job_that_says_where_to_follow_it(self, api):
        answer = send(api, FILE)

        assert answer.status_code == 202
        job = answer.json()
        assert answer.headers["Location"] == job["links"]["self"]
        assert (job["kind"], job["state"], job["asked_by"]) == ("import", "waiting", "ann")
        assert (job["file"]["name"], job["file"]["size"]) == ("x.CSV", len(FILE))
        assert api.get(job["links"]["self"]) == job
        assert set(job["links"]) == {"self", "cancellation"}

    def test_is_taken_in_by_a_worker_in_the_name_of_the_tokens_owner(self, api):
        job = bring(api, FILE)
        assert work(now=Clock(step=1))

        found = api.get(job["links"]["self"])

        assert (found["state"], found["format"]) == ("done", "gdelt-1")
        assert (found["done"], found["total"], found["counts"]["new"]) == (3, 3, 3)
        assert found["rate"] > 0
        assert found["lens"] == "machine-gdelt-1"
        assert log.at(1).recorded_by == "ann"
        run = api.get(found["links"]["import"])
        assert (run["state"], run["recorded_by"], run["name"]) == ("done", "ann", "x.CSV")
        assert api.get("imports/", count="exact") == {"results": [run], "next": None, "count": 1}

    def test_sent_twice_under_one_key_is_one_job_though_it_has_ended(self, api):
        one = bring(api, FILE, key="once")
        work()

        again = send(api, FILE, key="once")

        assert again.json()["id"] == one["id"]
        assert again.headers["Idempotency-Replayed"] == "true"
        assert bring(api, archive(*days(2)), key="once", expect=422)["status"] == 422


class TestAnUploadThatDoesNotFit:
    @pytest.mark.parametrize(
        ("data", "more", "expected"),
        [
            (None, {}, {"/file": "required"}),
            (FILE, {"format": "acled"}, {"/format": "invalid_choice"}),
            (FILE, {"colour": "red"}, {"/colour": "unknown"}),
            (FILE, {"dry_run": "perhaps"}, {"/dry_run": "invalid"}),
            (FILE, {"dry_run": ["true", "false"]}, {"/dry_run": "repeated"}),
            (FILE, {"mapping": a_file(b"kind = 1")}, {"/mapping": "invalid"}),
            (FILE, {"mapping": "a text"}, {"/mapping": "invalid"}),
        ],
    )
    def test_is_a_400_that_names_the_field_and_leaves_nothing(
        self, api, settings, data, more, expected
    ):
        problem = bring(api, data, expect=400, **more)

        assert expected.items() <= pointers(problem).items()
        assert spooled(settings) == []

    def test_because_a_mapping_means_a_table_says_so(self, api):
        mapping = a_file((SAMPLES / "steppe.toml").read_bytes())

        problem = bring(api, FILE, expect=400, mapping=mapping, format=next(iter(FORMATS)))

        assert "/format" in pointers(problem)

    def test_because_a_file_comes_twice_leaves_nothing(self, api, settings):
        two = {"file": [a_file(FILE), a_file(FILE)]}

        assert pointers(bring(api, None, expect=400, **two)) == {"/file": "repeated"}
        assert spooled(settings) == []

    def test_because_it_is_too_large_is_a_413_that_names_the_limit(self, api, settings):
        settings.SPOOL_MOST_BYTES = len(FILE) - 1

        problem = bring(api, FILE, expect=413)

        assert problem["detail"] == f"file: at most {len(FILE) - 1} bytes are accepted"
        assert problem["type"].endswith("/problems/too-large/")
        assert spooled(settings) == []

    def test_because_its_mapping_is_too_large_is_a_413(self, api, monkeypatch):
        monkeypatch.setattr(spool, "MOST_FIELD_BYTES", 10)

        problem = bring(api, FILE, expect=413, mapping=a_file(b"#" * 11))

        assert problem["detail"] == "mapping: at most 10 bytes are accepted"

    def test_because_it_says_so_itself_is_refused_before_any_of_it_is_read(self, api, settings):
        """What follows the header is no part of a form: nobody has looked at it."""
        settings.SPOOL_MOST_BYTES = 1_000

        answer = api.http.generic(
            "POST",
            V1 + "imports/",
            b"x" * 2_000_000,
            "multipart/form-data; boundary=b",
        )

        assert answer.status_code == 413
        assert "at most 1000 bytes" in answer.json()["detail"]

    @pytest.mark.parametrize("kind", ["application/json", "text/csv"])
    def test_because_it_is_no_form_is_a_415(self, api, kind):
        answer = api.http.generic("POST", V1 + "imports/", b"{}", kind)

        assert answer.status_code == 415

    def test_because_the_form_is_broken_is_a_400(self, api):
        answer = api.http.generic("POST", V1 + "imports/", b"xx", "multipart/form-data")

        assert (answer.status_code, answer.json()["type"].split("/")[-2]) == (400, "unreadable")

    @pytest.mark.parametrize("scope", ["read", "write:claims", "curate", "admin"])
    def test_because_the_token_lacks_the_scope_is_not_read(self, token, scope, settings):
        bearer = APIClient(headers={"Authorization": f"Bearer {token(scope)}"})

        assert bring(Api(bearer), FILE, expect=403)["status"] == 403
        assert spooled(settings) == []


class TestImports:
    def test_are_listed_the_last_first_page_by_page(self, api):
        for day in (1, 2, 3):
            bring(api, archive(*days(1, since=day)), name=f"{day}.CSV")
            work(now=Clock(step=day))

        first = api.get("imports/", limit=2)
        rest = api.get(first["next"])

        names = [one["name"] for page in (first, rest) for one in page["results"]]
        assert sorted(names) == ["1.CSV", "2.CSV", "3.CSV"]
        times = [one["started_at"] for page in (first, rest) for one in page["results"]]
        assert times == sorted(times, reverse=True)
        assert rest["next"] is None


class TestAWithdrawal:
    @pytest.fixture
    def run(self, api):
        job = bring(api, FILE)
        work()
        return api.get(job["links"]["self"])["links"]["withdrawal"]

    def test_is_a_job_that_retracts_what_the_import_added(self, api, run):
        job = api.post(run, {"reason": "a wrong file"}, expect=202)
        assert (job["kind"], job["file"], job["options"]) == (
            "withdrawal",
            None,
            {"reason": "a wrong file"},
        )
        work()

        found = api.get(job["links"]["self"])
        assert (found["state"], found["counts"]) == ("done", {"retracted": 3, "already": 0})
        assert api.get(found["links"]["import"])["state"] == "withdrawn"
        assert log.at(log.head().position).recorded_by == "ann"
        assert len(claims()) == 3

    def test_needs_a_reason(self, api, run):
        assert pointers(api.post(run, {}, expect=400)) == {"/reason": "required"}
        assert pointers(api.post(run, {"reason": " "}, expect=400)).keys() == {"/reason"}
        sent = {"reason": "no", "why": "so"}
        assert pointers(api.post(run, sent, expect=400)) == {"/why": "unknown"}
