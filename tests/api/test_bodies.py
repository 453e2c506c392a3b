"""What a body may not hold, how fast it is refused, and how the answer says so."""

import json
from itertools import product

import pytest

from tests.kit.api_client import a_body, pointers

pytestmark = pytest.mark.django_db


PROBLEM = "application/problem+json"


def with_summary(desk, raw):
    """A body in which the summary is as raw JSON has it."""
    return json.dumps(a_body(desk, summary="HERE")).replace('"HERE"', raw)


class TestABody:
    @pytest.mark.parametrize(
        "field", ["position", "recorded_at", "recorded_by", "id", "version", "status", "leaf_hash"]
    )
    def test_may_not_name_what_the_log_says(self, api, desk, field):
        problem = api.post("claims/", a_body(desk) | {field: 1}, expect=400)

        assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [(f"/{field}", "unknown")]

    def test_names_an_unknown_field_also_where_it_is_nested(self, api, desk):
        body = a_body(desk)
        body["citations"][0]["a/b~"] = 1

        assert pointers(api.post("claims/", body, expect=400)) == ["/citations/0/a~1b~0"]

    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            ("NaN", "NaN is not a JSON number"),
            ("Infinity", "Infinity is not a JSON number"),
            ("-Infinity", "-Infinity is not a JSON number"),
            ("1e400", "too large"),
            ("1" * 5_000, "The body is not valid JSON"),
            ("[" * 30 + "]" * 30, "nested more than 20 levels deep"),
            ("[" * 100_000 + "]" * 100_000, "nested more than 20 levels deep"),
            ('{"a":' * 10_000 + "1" + "}" * 10_000, "nested more than 20 levels deep"),
            ('"a", "summary": "b"', "Duplicate key 'summary'"),
            ('"open', "The body is not valid JSON"),
        ],
    )
    def test_is_refused_where_it_is_no_json_that_a_record_can_hold(self, api, desk, raw, says):
        answer = api.sends_raw(with_summary(desk, raw))

        assert answer.status_code == 400
        assert answer.json()["type"].endswith("/problems/unreadable/")
        assert says in answer.json()["detail"]

    @pytest.mark.parametrize(
        ("field", "raw"),
        [
            *product(["summary"], [r'"a\u0000b"', r'"\ud800"', r'"\udc00\ud800"', "[]", "{}"]),
            *product(["kind"], [r'"\ud800"', r'"\u0000"', r'"x\ud800"']),
        ],
    )
    def test_is_refused_with_a_pointer_where_words_cannot_be_kept(self, api, desk, field, raw):
        """The answer's own words are such that UTF-8 can carry them."""
        body = json.dumps(a_body(desk, **{field: "HERE"})).replace('"HERE"', raw)

        answer = api.sends_raw(body)

        assert answer.status_code == 400
        assert pointers(answer.json()) == [f"/{field}"]

    def test_is_refused_where_a_name_cannot_be_kept(self, api, desk):
        answer = api.sends_raw(with_summary(desk, r'"a", "\ud800\u0000": 1'))

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "unknown"

    def test_is_refused_where_it_is_no_utf8(self, api):
        assert api.sends_raw(b'{"summary": "\xff"}').json()["detail"] == "The body is not UTF-8"

    def test_is_refused_where_it_is_longer_than_the_site_takes(self, api, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

        answer = api.sends_raw(json.dumps({"summary": "x" * 2_000}))

        assert answer.status_code == 413
        assert answer.headers["Content-Type"] == PROBLEM

    @pytest.mark.parametrize(
        "given",
        [
            {"parties": [{}] * 400_000},
            {"citations": [1] * 400_000},
            {"tags": ["a"] * 400_000},
            {"contexts": [{}] * 400_000},
            {f"field{n}": 1 for n in range(50_000)},
        ],
        ids=["parties", "citations", "tags", "contexts", "names"],
    )
    def test_is_refused_in_no_time_where_it_is_full(self, api, desk, given):
        answer = api.sends_raw(json.dumps(a_body(desk, **given), separators=(",", ":")))

        assert answer.status_code == 400
        assert len(answer.json()["errors"]) <= 100

    @pytest.mark.parametrize(
        "edtf",
        [
            *("0000-01-01", "0000", "-0001", "10000", "y170000002", "2022-02-30"),
            *("", "\0", "9" * 500, "x" * 300, "2022-05-11T12:00:00Z"),
        ],
    )
    def test_is_refused_where_its_date_is_none(self, api, desk, edtf):
        problem = api.post("claims/", a_body(desk, occurred={"edtf": edtf}), expect=400)

        assert pointers(problem) == ["/occurred/edtf"]

    @pytest.mark.parametrize("value", ["1e999999", "NaN", "Infinity", 4.5, "4,5", "9" * 61, True])
    def test_is_refused_where_its_amount_is_no_decimal_text(self, api, desk, value):
        body = a_body(desk, magnitude={"value": value, "unit": "%"})

        assert pointers(api.post("claims/", body, expect=400)) == ["/magnitude/value"]

    @pytest.mark.parametrize(
        ("given", "pointer"),
        [
            ({"note": 0}, "/note"),
            ({"collection": 5}, "/collection"),
            ({"tags": ["a", 1]}, "/tags/1"),
            ({"tags": [None]}, "/tags/0"),
            ({"contexts": [None]}, "/contexts/0"),
            ({"magnitude": {"value": "1", "unit": "%", "change": "yes"}}, "/magnitude/change"),
            ({"citations": [{"document": None, "credibility": "2"}]}, "/citations/0/credibility"),
            ({"citations": [{"document": None, "credibility": True}]}, "/citations/0/credibility"),
        ],
    )
    def test_is_refused_where_something_is_of_another_type(self, api, desk, given, pointer):
        for one in given.get("citations", ()):
            one["document"] = str(desk.document)

        assert pointers(api.post("claims/", a_body(desk, **given), expect=400)) == [pointer]

    def test_is_answered_with_the_reading_where_a_date_is_a_phrase(self, api, desk):
        body = a_body(desk, occurred={"phrase": "late March 2022"})

        problem = api.post("claims/", body, expect=400)

        assert problem["errors"] == [
            {
                "in": "body",
                "pointer": "/occurred/edtf",
                "code": "edtf_wanted",
                "detail": "'late March 2022' means '[2022-03-21..2022-03-31]', "
                "one day in 21–31 March 2022: send this as edtf",
                "reading": {
                    "edtf": "[2022-03-21..2022-03-31]",
                    "earliest": "2022-03-21",
                    "latest": "2022-03-31",
                    "says": "one day in 21–31 March 2022",
                },
            }
        ]
