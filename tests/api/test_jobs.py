"""Jobs over the API: how far they are, what they refused, and their end before its time."""

import csv
import io

import pytest

from tests.kit.api_client import V1
from tests.kit.api_uploads import SAMPLES, a_file, bring
from tests.kit.archive_rows import on
from tests.kit.imports import archive, days
from tests.kit.jobs import Meddler, job, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spool")]

FILE = archive(*days(6))
EVIL = {"Actor2CountryCode": "=1+1", "Actor2Code": "=1+1"}
BAD = archive({}, on("20160732"), EVIL)


def cancelled(api, made, expect=202):
    return api.post(made["links"]["cancellation"], {}, expect=expect)


class TestAJob:
    def test_tells_of_each_outcome_while_it_goes_on(self, api, chunks_of_two):
        made, seen = bring(api, FILE), []
        work(
            now=Meddler(
                lambda: job(made["id"]).done == 4,
                lambda: seen.append(api.get(made["links"]["self"])),
            )
        )

        [going] = seen
        assert (going["state"], going["done"], going["total"]) == ("running", 4, 6)
        assert going["counts"]["new"] >= 4
        assert going["rate"] > 0
        assert going["seconds_left"] == pytest.approx(2 / going["rate"])
        assert {"cancellation", "import"} <= going["links"].keys()
        assert "withdrawal" not in going["links"]

    def test_is_listed_the_last_first(self, api):
        made = [bring(api, archive(*days(1, since=day)))["id"] for day in (1, 2, 3)]

        first = api.get("jobs/", limit=2, count="exact")
        rest = api.get(first["next"])

        assert first["count"] == 3
        found = [one["id"] for page in (first, rest) for one in page["results"]]
        assert found == sorted(made, reverse=True)


class TestCancellation:
    def test_of_a_job_that_waits_ends_it(self, api):
        made = bring(api, FILE)

        found = cancelled(api, made)

        assert (found["state"], set(found["links"])) == ("cancelled", {"self"})
        assert not work()

    def test_of_a_job_that_has_ended_is_a_409(self, api):
        made = bring(api, FILE)
        work()

        problem = cancelled(api, made, expect=409)

        assert problem["detail"] == "the job has ended: it is done"

    def test_says_nothing_but_itself(self, api):
        made = bring(api, FILE)

        problem = api.post(made["links"]["cancellation"], {"now": True}, expect=400)

        assert [one["pointer"] for one in problem["errors"]] == ["/now"]


class TestTheRejectedRows:
    def test_are_downloaded_with_their_reasons_and_without_formulas(self, api):
        made = bring(api, BAD)
        api.get(f"jobs/{made['id']}/rejected.csv", expect=404)
        work()
        found = api.get(made["links"]["self"])
        assert (found["rejected"], found["counts"]["refused"]) == (2, 2)

        answer = api.http.get(found["links"]["rejected"])

        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert f'filename="{made["id"]}.rejected.csv"' in answer.headers["Content-Disposition"]
        text = b"".join(answer.streaming_content).decode()
        late, formula = csv.DictReader(io.StringIO(text))
        assert (late["line"], late["column"], late["value"]) == ("2", "SQLDATE", "20160732")
        assert (formula["line"], formula["value"]) == ("3", "'=1+1")
        assert {one["says"]: one["rows"] for one in found["reasons"]}.keys() == {
            f"{row['column']}: {row['reason']}" for row in (late, formula)
        }

    def test_of_a_table_are_downloaded_to_be_mended(self, api):
        """None of its countries is on record."""
        mapping = a_file((SAMPLES / "steppe.toml").read_bytes())
        made = bring(api, (SAMPLES / "steppe.csv").read_bytes(), mapping=mapping)
        work()
        found = api.get(made["links"]["self"])
        assert found["counts"]["refused"] > 0

        answer = api.http.get(found["links"]["to_mend"])

        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == found["counts"]["refused"]
        assert all("no actor on record is called" in row["refused because"] for row in rows)
        assert f"{made['id']}.mend.csv" in answer.headers["Content-Disposition"]

    def test_are_a_404_where_there_are_none(self, api):
        made = bring(api, FILE)
        work()

        problem = api.get(f"jobs/{made['id']}/rejected.csv", expect=404)

        assert "none exist" in problem["detail"]
        assert api.http.get(V1 + "jobs/").status_code == 200
