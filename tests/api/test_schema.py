"""The OpenAPI description: complete, valid, and without a warning."""

import re
from urllib.parse import unquote

import pytest
from django.core.management import call_command

from tests.kit.api_client import V1
from tracker.api import urls
from tracker.api.schema import NO_BLANK

pytestmark = pytest.mark.django_db
JSON = "application/json"
# What the answers are where they are no JSON.
CSV = "text/csv"
FILES = {CSV, "application/x-ndjson", "application/vnd.apache.parquet"}
OTHERS = {
    "/problems/{code}/": {JSON, "text/html"},
    "/values/": {CSV},
    "/spreads/": {CSV},
    "/rejected.csv": {CSV},
    "/mend.csv": {CSV},
    "/review.csv": {CSV},
    ".tlog-proof": {"text/plain"},
    ".{form}": FILES,
}


class TestTheDescription:
    def test_is_written_without_a_warning_and_valid(self, tmp_path):
        file = tmp_path / "openapi.json"

        call_command(
            "spectacular", "--fail-on-warn", "--validate", "--format", "openapi-json", file=file
        )

        assert '"openapi": "3.1.0"' in file.read_text()

    def test_is_served_to_whoever_asks_and_has_every_address(self, client):
        described = client.get(V1 + "openapi.json").json()

        assert len(described["paths"]) == len(urls.v1) - 2  # all but its own, and its page

    def test_says_that_errors_are_problems(self, client):
        described = client.get(V1 + "openapi.json").json()

        for path, methods in described["paths"].items():
            for method, operation in methods.items():
                for status, answer in operation["responses"].items():
                    if status in ("204", "304"):
                        assert "content" not in answer
                        continue
                    kinds = {*answer["content"]}
                    if status == "414":  # the web server's own
                        assert {*answer["content"]} == {"text/plain"}
                        continue
                    fine = next((OTHERS[end] for end in OTHERS if path.endswith(end)), {JSON})
                    wanted = {"application/problem+json"} if status >= "400" else fine
                    assert kinds == wanted, (path, method, status)

    def test_names_no_type_twice(self, client):
        described = client.get(V1 + "openapi.json").content.decode()

        for types in re.findall(r'"type":\s*\[([^]]*)\]', described):
            named = [one.strip() for one in types.split(",")]
            assert len(named) == len({*named}), types

    def test_says_which_scope_a_write_needs(self, client):
        described = client.get(V1 + "openapi.json").json()

        for path, methods in described["paths"].items():
            if "post" in methods:
                assert "Requires a token with the scope `" in methods["post"]["description"], path
                names = {one["name"] for one in methods["post"]["parameters"]}
                assert "Idempotency-Key" in names

    @pytest.mark.parametrize("open_to_all", [True, False])
    def test_says_whether_readers_need_a_token(self, client, settings, open_to_all):
        settings.ANONYMOUS_READERS = open_to_all

        described = client.get(V1 + "openapi.json").json()

        free = {
            (method, path)
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
            if {} in operation["security"]
        }
        assert {("get", V1), ("get", f"{V1}problems/"), ("get", f"{V1}problems/{{code}}/")} <= free
        for path in ("claims/", "claims.{form}", "pairs/{one}-{other}/scores/", "log/events/"):
            assert (("get", V1 + path) in free) is open_to_all
        assert ("get", f"{V1}jobs/") not in free
        assert {method for method, _ in free} == {"get"}

    def test_is_another_once_readers_need_a_token(self, client, settings):
        settings.ANONYMOUS_READERS = True
        tag = client.get(V1 + "openapi.json").headers["ETag"]
        settings.ANONYMOUS_READERS = False

        answer = client.get(V1 + "openapi.json", headers={"If-None-Match": tag})

        assert answer.status_code == 200

    def test_says_that_no_text_of_a_query_is_blank(self, client):
        described = client.get(V1 + "openapi.json").json()["paths"]

        for path in ("pairs/{one}-{other}/scores/", "shifts/", "editions/", "lenses/"):
            for one in described[V1 + path]["get"]["parameters"]:
                if one["in"] == "query" and one["name"] in ("lens", "q"):
                    assert one["schema"]["pattern"] == r"[^\s\x1c-\x1f\x85]", (path, one["name"])

    @pytest.mark.parametrize("blank", ["%20", "%0B", "%1F", "%C2%85", "%E2%80%A8"])
    def test_says_so_of_what_is_refused_as_blank_and_of_nothing_else(self, api, desk, blank):
        assert re.search(NO_BLANK, unquote(blank)) is None
        (error,) = api.get(f"actors/?q={blank}", expect=400)["errors"]
        assert error["code"] == "blank"

    def test_lets_through_whatever_else_there_is(self, api, desk):
        assert re.search(NO_BLANK, "\x01")
        assert api.get("actors/?q=%01")["results"] == []
