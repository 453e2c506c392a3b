"""A dry run over the API counts and lists the rows that a person should decide on."""

import csv
import io

import pytest

from tests.kit.api_uploads import a_file, bring
from tests.kit.imports import BY_COLUMNS
from tests.kit.jobs import work

pytestmark = pytest.mark.django_db
MAPPING = BY_COLUMNS.encode()
TABLE = b"""no,what,day,who,whom,title,says
1,Nobody knows when it was.,,RUS,KAZ,A report,
2,Russia stops Kazakh oil.,2022-05-11,RUS,KAZ,A report,
3,Russia stops Japanese oil.,2022-05-11,RUS,KAZ,A report,
4,Pipelines of the Caspian.,2022-05-11,RUS,KAZ,A report,
"""


def done(api, **options):
    made = bring(api, TABLE, name="t.csv", mapping=a_file(MAPPING, "m.toml"), **options)
    work()
    return api.get(f"jobs/{made['id']}/")


class TestADryRun:
    def test_counts_rows_without_a_date_and_lists_them(self, api, desk):
        job = done(api, dry_run="true")

        assert (job["undated"], job["repeats"], job["review"]) == (1, 0, 3)
        assert (job["compared"], job["third_state"], job["no_act"]) == (4, 1, 1)
        text = b"".join(api.http.get(job["links"]["review"]).streaming_content).decode()
        row, third, no_act = csv.DictReader(io.StringIO(text))
        assert (row["line"], row["column"], row["value"]) == ("2", "day", "")
        assert row["reason"] == "has no date: when it happened stays unknown"
        assert third["reason"].startswith("its text names Japanese")
        assert no_act["reason"].startswith("its text names no act")


class TestARun:
    def test_leaves_out_what_it_is_asked_to(self, api, desk):
        job = done(api, skip_undated="true")

        assert job["options"]["skip_undated"] is True
        assert job["counts"]["refused"] == 1
        assert "review" not in job["links"]
        (reason,) = job["reasons"]
        assert reason["says"].startswith("day: skipped as requested: has no date")

    def test_takes_in_rows_without_a_date_otherwise(self, api, desk):
        assert done(api)["counts"]["refused"] == 0
