"""What is refused, how fast, and how the answer says so."""

import json
import time
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from tests.api.client import V1, a_body
from tracker import log
from tracker.api.errors import Handler
from tracker.api.problem_kinds import KINDS

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


def sent(api, raw, content_type="application/json", path="claims/"):
    began = time.monotonic()
    data = raw if isinstance(raw, bytes) else raw.encode()
    answer = api.http.generic("POST", V1 + path, data, content_type)
    assert time.monotonic() - began < 1
    return answer


def with_summary(desk, raw):
    """A body in which the summary is as raw JSON has it."""
    return json.dumps(a_body(desk, summary="HERE")).replace('"HERE"', raw)


def pointers(answer):
    return {error["pointer"] for error in answer["errors"]}


class TestAProblem:
    def test_has_all_that_rfc_9457_asks_for_and_a_request_id(self, api):
        answer = api.http.get(V1 + "claims/?kind=lie")
        problem = answer.json()

        assert answer.headers["Content-Type"] == PROBLEM
        assert problem["status"] == answer.status_code == 400
        assert problem["title"] == KINDS["invalid"].title
        assert len(problem["request_id"]) == 36
        assert problem["errors"] == [
            {
                "in": "query",
                "pointer": "/kind",
                "code": "invalid_choice",
                "detail": '"lie" is not a valid choice.',
            }
        ]

    def test_has_a_type_that_leads_to_a_page(self, api):
        problem = api.get("claims/", expect=400, kind="lie")

        page = api.get(problem["type"].removeprefix("http://testserver"))

        assert page == {
            "code": "invalid",
            "status": 400,
            "title": KINDS["invalid"].title,
            "mend": KINDS["invalid"].mend,
        }

    def test_lists_everything_at_once_with_pointers_into_the_body(self, api, desk):
        body = a_body(desk, kind="lie", parties=[{"role": "initiator"}], weight=3)
        body["citations"][0]["chain"] = ["x"]

        problem = api.post("claims/", body, expect=400)

        wanted = {"/kind", "/parties/0/actor", "/weight", "/citations/0/chain/0"}
        assert pointers(problem) == wanted
        assert problem["detail"] == "4 things do not fit"
        assert {error["in"] for error in problem["errors"]} == {"body"}

    def test_lists_at_once_what_the_domain_finds(self, api, desk):
        body = a_body(desk, code="plover-2.0/SHOUT", occurred={"edtf": "2022-13"}, summary=" ")

        problem = api.post("claims/", body, expect=400)

        assert pointers(problem) >= {"/code", "/occurred/edtf", "/summary"}


class TestABody:
    @pytest.mark.parametrize("field", ["position", "recorded_at", "recorded_by", "id", "version"])
    def test_may_not_name_what_the_log_says(self, api, desk, field):
        problem = api.post("claims/", a_body(desk) | {field: 1}, expect=400)

        assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [(f"/{field}", "unknown")]

    def test_names_an_unknown_field_also_where_it_is_nested(self, api, desk):
        body = a_body(desk)
        body["citations"][0]["a/b~"] = 1

        assert pointers(api.post("claims/", body, expect=400)) == {"/citations/0/a~1b~0"}

    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            ("NaN", "NaN is no number"),
            ("Infinity", "Infinity is no number"),
            ("-Infinity", "-Infinity is no number"),
            ("1e400", "too large"),
            ("1" * 5_000, "the body is no JSON"),
            ("[" * 30 + "]" * 30, "nested more than 20 deep"),
            ("[" * 100_000 + "]" * 100_000, "nested more than 20 deep"),
            ('"a", "summary": "b"', "'summary' stands twice"),
            ('"open', "the body is no JSON"),
        ],
    )
    def test_is_refused_where_it_is_no_json_that_a_record_can_hold(self, api, desk, raw, says):
        answer = sent(api, with_summary(desk, raw))

        assert answer.status_code == 400
        assert answer.json()["type"].endswith("/problems/unreadable/")
        assert says in answer.json()["detail"]

    @pytest.mark.parametrize("raw", [r'"a\u0000b"', r'"\ud800"', r'"\udc00\ud800"', "[]", "{}"])
    def test_is_refused_with_a_pointer_where_words_cannot_be_kept(self, api, desk, raw):
        answer = sent(api, with_summary(desk, raw))

        assert answer.status_code == 400
        assert pointers(answer.json()) == {"/summary"}

    @pytest.mark.parametrize("raw", [r'"\ud800"', r'"\u0000"', r'"x\ud800"'])
    def test_is_refused_in_words_that_utf8_can_carry(self, api, desk, raw):
        answer = sent(api, json.dumps(a_body(desk, kind="HERE")).replace('"HERE"', raw))

        assert answer.status_code == 400
        assert pointers(answer.json()) == {"/kind"}

    def test_is_refused_where_a_name_cannot_be_kept(self, api, desk):
        answer = sent(api, with_summary(desk, r'"a", "\ud800\u0000": 1'))

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "unknown"

    def test_is_refused_where_it_is_no_utf8(self, api):
        assert sent(api, b'{"summary": "\xff"}').json()["detail"] == "the body is not UTF-8"

    @pytest.mark.parametrize("raw", ["[]", "3", '"x"', "null", ""])
    def test_is_refused_where_it_is_no_object(self, api, raw):
        assert sent(api, raw).status_code == 400

    def test_is_refused_where_it_is_longer_than_the_site_takes(self, api, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

        answer = sent(api, json.dumps({"summary": "x" * 2_000}))

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
        answer = sent(api, json.dumps(a_body(desk, **given), separators=(",", ":")))

        assert answer.status_code == 400
        assert len(answer.json()["errors"]) <= 100

    @pytest.mark.parametrize(
        "edtf", ["0000-01-01", "0000", "2022-02-30", "", "x" * 300, "2022-05-11T12:00:00Z"]
    )
    def test_is_refused_where_its_date_is_none(self, api, desk, edtf):
        problem = api.post("claims/", a_body(desk, occurred={"edtf": edtf}), expect=400)

        assert pointers(problem) == {"/occurred/edtf"}

    @pytest.mark.parametrize("value", ["1e999999", "NaN", "Infinity", 4.5, "4,5", "9" * 61, True])
    def test_is_refused_where_its_amount_is_no_decimal_text(self, api, desk, value):
        body = a_body(desk, magnitude={"value": value, "unit": "%"})

        assert pointers(api.post("claims/", body, expect=400)) == {"/magnitude/value"}

    def test_is_answered_with_the_reading_where_a_date_is_a_phrase(self, api, desk):
        body = a_body(desk, occurred={"phrase": "late March 2022"})

        problem = api.post("claims/", body, expect=400)

        assert problem["errors"] == [
            {
                "in": "body",
                "pointer": "/occurred/edtf",
                "code": "edtf_wanted",
                "detail": "'late March 2022' reads as '[2022-03-21..2022-03-31]', "
                "one day in 21–31 March 2022: send it as edtf",
                "reading": {
                    "edtf": "[2022-03-21..2022-03-31]",
                    "earliest": "2022-03-21",
                    "latest": "2022-03-31",
                    "says": "one day in 21–31 March 2022",
                },
            }
        ]

    def test_is_answered_with_the_reason_where_a_phrase_means_two_things(self, api, desk):
        body = a_body(desk, occurred={"phrase": "05/03/2024"})

        (error,) = api.post("claims/", body, expect=400)["errors"]

        assert error["code"] == "bad_date"
        assert "is the day first or the month?" in error["detail"]


class TestARequest:
    def test_of_another_content_type_is_a_415(self, api):
        answer = sent(api, "summary=a", "application/x-www-form-urlencoded")

        assert (answer.status_code, answer.headers["Content-Type"]) == (415, PROBLEM)

    def test_with_a_wrong_method_is_a_405_that_says_what_is_allowed(self, api):
        answer = api.http.delete(V1 + "claims/")

        assert (answer.status_code, answer.headers["Content-Type"]) == (405, PROBLEM)
        assert "POST" in answer.headers["Allow"]

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    @pytest.mark.parametrize(
        "path", ["/api/", "/api/v2/", V1 + "nothing/", V1 + "claims/17/", V1 + "pairs/KAZ/"]
    )
    def test_to_an_unknown_address_is_a_404_like_any_other_problem(self, api, method, path):
        answer = api.http.generic(method, path)

        assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)

    def test_without_its_last_slash_is_shown_the_way_with_its_method(self, api):
        answer = api.http.post(V1 + "claims?x=1", {}, format="json")

        assert (answer.status_code, answer.headers["Location"]) == (308, V1 + "claims/?x=1")

    @pytest.mark.parametrize(
        "path",
        [
            "claims/",
            "actors/",
            "pairs/",
            "pairs/KAZ-RUS/",
            "pairs/KAZ-RUS/scores/",
            "pairs/KAZ-RUS/explanation/",
            "triads/CHN-KAZ-RUS/",
            "log/events/",
            "lenses/",
            "lenses/standing/",
            "codebooks/",
            "codebooks/plover-2.0/",
        ],
    )
    def test_with_an_unknown_parameter_is_a_400_that_names_it(self, api, desk, path):
        problem = api.get(path, expect=400, colour="red")

        assert [(e["in"], e["pointer"]) for e in problem["errors"]] == [("query", "/colour")]

    @pytest.mark.parametrize(
        ("path", "query", "pointer"),
        [
            ("claims/", {"limit": "0"}, "/limit"),
            ("claims/", {"limit": "1001"}, "/limit"),
            ("claims/", {"limit": "9" * 400}, "/limit"),
            ("claims/", {"cursor": "x"}, "/cursor"),
            ("claims/", {"cursor": "W10"}, "/cursor"),
            ("claims/", {"cursor": "WzFd"}, "/cursor"),
            ("claims/", {"cursor": "W1tdXQ"}, "/cursor"),
            ("claims/", {"cursor": "é"}, "/cursor"),
            ("actors/", {"cursor": "WyJcdTAwMDAiLCIiXQ"}, "/cursor"),
            ("claims/", {"code": "a\0"}, "/code"),
            ("claims/", {"actor": "KAZ"}, "/actor"),
            ("claims/", {"pair": "KAZ"}, "/pair"),
            ("pairs/", {"sort": "-colour"}, "/sort"),
            ("pairs/", {"lens": "nope"}, "/lens"),
            ("pairs/KAZ-RUS/scores/", {"from": "0000-01-01"}, "/from"),
            ("pairs/KAZ-RUS/scores/", {"from": "0001-01-01"}, "/from"),
            ("pairs/KAZ-RUS/scores/", {"to": "9999-12-31"}, "/to"),
            ("pairs/KAZ-RUS/scores/", {"from": "1000-01-01", "to": "2999-12-31"}, "/from"),
            ("pairs/KAZ-RUS/scores/", {"from": "2022-05-12", "to": "2022-05-11"}, "/from"),
            ("pairs/KAZ-RUS/scores/", {"every": "hour"}, "/every"),
            ("pairs/KAZ-RUS/scores/", {"direction": "RUS>CHN"}, "/direction"),
            ("pairs/KAZ-RUS/scores/", {"lens": "standing@9"}, "/lens"),
            ("pairs/KAZ-RUS/scores/", {"lens": "standing@x"}, "/lens"),
            ("pairs/KAZ-RUS/scores/", {"as_of": "999999"}, "/as_of"),
            ("pairs/KAZ-RUS/scores/", {"as_of": "-1"}, "/as_of"),
            ("pairs/KAZ-RUS/scores/", {"as_of": "9" * 30}, "/as_of"),
            ("pairs/KAZ-RUS/scores/", {"as_of": "2022-05-11"}, "/as_of"),
            ("pairs/KAZ-RUS/scores/", {"as_of": "2022-05-11T12:00:00"}, "/as_of"),
            ("pairs/KAZ-RUS/scores/", {"as_of": "2022-13-11T12:00:00Z"}, "/as_of"),
            ("triads/CHN-KAZ-RUS/", {"lens": "tone"}, "/lens"),
            ("log/events/", {"after": "-1"}, "/after"),
            ("log/events/", {"after": "9" * 40}, "/after"),
        ],
    )
    def test_with_a_parameter_that_does_not_fit_is_a_400(self, api, desk, path, query, pointer):
        began = time.monotonic()
        problem = api.get(path, expect=400, **query)

        assert time.monotonic() - began < 1
        assert pointers(problem) == {pointer}

    def test_that_names_a_parameter_twice_is_a_400(self, api):
        assert pointers(api.get("claims/?kind=act&kind=measure", expect=400)) == {"/kind"}


class TestTrouble:
    def answer(self, trouble):
        context: Any = {"request": Request(APIRequestFactory().post("/")), "view": None}
        return Handler(trouble, context).run()

    @pytest.mark.parametrize(
        "trouble",
        [
            log.LogBusy("another writer holds the log"),
            OperationalError("connection refused"),
            InterfaceError("the connection is closed"),
        ],
    )
    def test_that_passes_is_a_503_with_a_time_to_wait(self, trouble):
        answer = self.answer(trouble)

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")

    def test_of_our_own_is_a_500_that_gives_nothing_away(self):
        answer = self.answer(RuntimeError("the password is swordfish"))

        assert (answer.status_code, answer.content_type) == (500, PROBLEM)
        assert answer.data["type"].endswith("/problems/server-error/")
        assert "swordfish" not in str(answer.data)
