"""Downloads: CSV in which nothing runs, NDJSON, Parquet that others read, and what they hold."""

import csv
import io
import sys

import polars as pl
import pytest

from tests.kit.api_client import V1
from tracker import log
from tracker.domain.claims import Occurred

pytestmark = pytest.mark.django_db
SPAN = {"from": "2022-05-10", "to": "2022-05-13"}
FILES = ["claims", "pairs", "pairs/KAZ-RUS/scores", "log/events"]
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}


@pytest.fixture
def on_record(desk, catch_up):
    made = [desk.asserts("RUS", "KAZ"), desk.asserts("CHN", "KAZ", summary="=1+1")]
    catch_up()
    return made


def file(api, path, **query):
    answer = api.http.get(V1 + path, query)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode())))


class TestEveryDownload:
    @pytest.mark.parametrize("path", FILES)
    @pytest.mark.parametrize("form", FORMS)
    def test_is_of_its_type_and_says_its_position_and_name(self, api, on_record, path, form):
        answer = api.http.get(f"{V1}{path}.{form}")

        assert answer.headers["Content-Type"] == FORMS[form]
        assert answer.headers["Entente-Position"] == str(log.head().position)
        name = f"{path.rpartition('/')[2]}-{log.head().position}.{form}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        again = api.http.get(
            f"{V1}{path}.{form}", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304

    @pytest.mark.parametrize("path", FILES)
    def test_has_beside_it_what_it_holds(self, api, on_record, path):
        told = api.get(f"{path}.csv.metadata.json")

        assert told["as_of"] == log.head().position
        assert told["log"] == str(log.head().log_id)
        header = file(api, f"{path}.csv").decode().splitlines()[0].split(",")
        assert [column["name"] for column in told["columns"]] == header
        assert told["url"] in told["citation"]
        assert f"as_of={told['as_of']}" in told["url"]
        assert told["url"].startswith(f"http://testserver{V1}{path}.csv?")
        assert any("apostrophe" in note for note in told["notes"])
        assert bool(told["lenses"]) == path.startswith("pairs")

    @pytest.mark.parametrize("path", FILES)
    @pytest.mark.parametrize("form", FORMS)
    def test_by_the_address_to_cite_is_the_same_after_more_is_written(
        self, api, desk, on_record, catch_up, path, form
    ):
        address = api.get(f"{path}.{form}.metadata.json")["url"]
        before = file(api, address.removeprefix(f"http://testserver{V1}"))
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-05-12"))
        catch_up()

        assert file(api, address.removeprefix(f"http://testserver{V1}")) == before


class TestCsv:
    def test_runs_no_formula_of_anybody(self, api, on_record):
        summaries = {one["summary"] for one in rows(file(api, "claims.csv"))}

        assert summaries == {"Something was done.", "'=1+1"}

    def test_of_scores_has_a_row_a_day_with_the_values_of_the_series(self, api, on_record):
        series = api.get("pairs/KAZ-RUS/scores/", **SPAN)

        found = rows(file(api, "pairs/KAZ-RUS/scores.csv", **SPAN))

        assert [one["day"] for one in found] == [f"2022-05-{day}" for day in (10, 11, 12, 13)]
        for row, score in zip(found, series["scores"], strict=True):
            assert (row["lens"], row["direction"]) == (series["lens"], "KAZ-RUS")
            likely, assessed = score.pop("likely"), score.pop("assessed")
            assert row["likely"] == " or ".join(likely["bands"] if likely else ())
            assert row["assessed"] == assessed["state"]
            for name, value in score.items():
                assert row[name] == ("" if value is None else str(value))

    def test_of_scores_says_what_was_left_out(self, api, on_record):
        absent = f"claim:{on_record[0].stream}"

        told = api.get("pairs/KAZ-RUS/scores.csv.metadata.json", without=absent)
        found = rows(file(api, "pairs/KAZ-RUS/scores.csv", without=absent, **SPAN))

        assert told["notes"][0] == f"as if these had never been recorded: {absent}"
        assert {one["claims"] for one in found} == {"0"}


class TestNdjson:
    def test_of_claims_says_in_one_text_what_a_line_is(self, api, on_record):
        told = api.get("claims.ndjson.metadata.json", collection="curated")

        assert "each line is a claim" in told["columns"]
        assert told["collection"] == "curated"
        assert api.refused("claims.ndjson", collection="nobody") == ["/collection"]

    def test_is_described_as_one_text_where_columns_would_not_do(self, client):
        described = client.get(V1 + "openapi.json").json()["components"]["schemas"]["AboutOut"]

        kinds = [one["type"] for one in described["properties"]["columns"]["oneOf"]]
        assert kinds == ["array", "string"]


# What polars makes of each kind of column.
KINDS = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "flag": pl.Boolean(),
    "day": pl.Date(),
    "moment": pl.Datetime("us", "UTC"),
    "texts": pl.List(pl.String()),
    "numbers": pl.List(pl.Float64()),
}


class TestParquetInPolars:
    @pytest.mark.parametrize("path", FILES)
    def test_has_the_columns_that_stand_beside_it_and_as_many_rows(self, api, on_record, path):
        told = api.get(f"{path}.parquet.metadata.json")["columns"]

        table = pl.read_parquet(file(api, f"{path}.parquet"))

        assert table.schema == {one["name"]: KINDS[one["type"]] for one in told}
        assert table.height == len(file(api, f"{path}.ndjson").splitlines()) > 0


class TestParquet:
    def test_without_its_library_is_refused_with_the_way_out(self, api, desk, monkeypatch):
        monkeypatch.delitem(sys.modules, "tracker.exports.parquet", raising=False)
        monkeypatch.setitem(sys.modules, "arro3.core", None)

        problem = api.get("claims.parquet", expect=406)

        assert "make parquet" in problem["detail"]
