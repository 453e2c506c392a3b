"""Requests that are refused: their type, method, address and parameters."""

from typing import Any

import pytest

from tests.kit.api_client import V1, a_body, pointers
from tracker import log
from tracker.api.pagination import encode_cursor

pytestmark = pytest.mark.django_db


PROBLEM = "application/problem+json"
NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"


# By address, where it has rules of its own: parameters, and where the one error is.
REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "pairs/KAZ-RUS/divergence/": [
        ({}, "/lenses"),
        ({"lenses": "standing"}, "/lenses"),
        ({"lenses": "standing,"}, "/lenses"),
        ({"lenses": "a,b,c"}, "/lenses"),
        ({"lenses": "standing,nothing"}, "/lens"),
        ({"lenses": "standing,tone", "day": "2022-01-01", "to": "2022-01-02"}, "/day"),
        ({"lenses": "standing,tone", "direction": "RUS>CHN"}, "/direction"),
        ({"lenses": "standing,tone", "from": "2022-01-02", "to": "2022-01-01"}, "/from"),
    ],
    "pairs/KAZ-RUS/measures/": [
        ({"cursor": "x"}, "/cursor"),
        ({"lens": "no"}, "/lens"),
    ],
    "pairs/KAZ-RUS/robustness/": [
        ({"lens": "nothing"}, "/lens"),
        ({"since": "2022-05-02", "day": "2022-05-01"}, "/since"),
        ({"direction": "RUS>CHN"}, "/direction"),
    ],
    "shifts/": [
        ({"limit": 101}, "/limit"),
        ({"pair": "RUS"}, "/pair"),
        ({"pair": "KAZ-KAZ"}, "/pair"),
        ({"pair": "KAZ-XYZ"}, "/pair"),
        ({"lens": "nothing"}, "/lens"),
        ({"cursor": "x"}, "/cursor"),
    ],
    "calibration/": [({"lens": "nothing"}, "/lens")],
    "triads/": [
        ({}, "/countries"),
        ({"countries": "CHN,KAZ"}, "/countries"),
        ({"countries": "CHN,KAZ,"}, "/countries"),
        ({"countries": "CHN,KAZ,QQQ"}, "/countries"),
        ({"countries": "CHN,KAZ,RUS", "lens": "tone"}, "/lens"),
        ({"countries": "CHN,KAZ,RUS", "limit": "0"}, "/limit"),
    ],
    "triads/CHN-KAZ-RUS/history/": [({"from": "1990-01-01", "to": "2022-01-01"}, "/from")],
    "pairs/KAZ-RUS/": [({"day": "2022-06-01", "since": "2022-06-02"}, "/since")],
    "pairs/KAZ-RUS/scores/": [({"to": "2022-06-01", "since": "2022-06-02"}, "/since")],
    "pairs/KAZ-RUS/explanation/": [
        ({"day": "2022-06-01", "since": "2022-06-02"}, "/since"),
        *(({"limit": limit}, "/limit") for limit in (0, 1_001, "x")),
    ],
    "editions/": [({"lens": "no"}, "/lens"), ({"day": "yesterday"}, "/day")],
    "search/": [({}, "/q"), ({"q": ""}, "/q"), ({"q": "…"}, "/q"), ({"q": "a" * 201}, "/q")],
    "claims/": [
        ({"q": "…"}, "/q"),
        ({"q": "a" * 201}, "/q"),
        ({"happened_after": "soon"}, "/happened_after"),
        ({"happened_before": "2022-13-01"}, "/happened_before"),
        (
            {"happened_after": "2022-05-02", "happened_before": "2022-05-01"},
            "/happened_before",
        ),
    ],
}


class TestARequest:
    def test_of_another_content_type_is_a_415(self, api):
        answer = api.sends_raw("summary=a", kind="application/x-www-form-urlencoded")

        assert (answer.status_code, answer.headers["Content-Type"]) == (415, PROBLEM)

    def test_with_a_wrong_method_is_a_405_that_says_what_is_allowed(self, api):
        answer = api.http.delete(V1 + "claims/")

        assert (answer.status_code, answer.headers["Content-Type"]) == (405, PROBLEM)
        assert "POST" in answer.headers["Allow"]

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    @pytest.mark.parametrize(
        "path",
        [
            "/api/",
            "/api/v2/",
            V1 + "nothing/",
            V1 + "claims/17/",
            V1 + "pairs/KAZ/",
            V1 + "claims.xml",
        ],
    )
    def test_to_an_unknown_address_is_a_404_like_any_other_problem(self, api, method, path):
        answer = api.http.generic(method, path)

        assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)

    def test_without_its_last_slash_is_shown_the_way_with_its_method(self, api):
        answer = api.http.post(V1 + "claims?x=1", {}, format="json")

        assert (answer.status_code, answer.headers["Location"]) == (308, V1 + "claims/?x=1")

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
            ("actors/", {"cursor": encode_cursor(["\0", NOBODY])}, "/cursor"),
            ("actors/", {"cursor": encode_cursor(["\ud800", NOBODY])}, "/cursor"),
            ("actors/", {"cursor": encode_cursor(["KAZ"])}, "/cursor"),
            (
                "pairs/",
                {"cursor": encode_cursor(["value", "many", "KAZ-RUS"]), "sort": "value"},
                "/cursor",
            ),
            ("claims/", {"code": "a\0"}, "/code"),
            ("claims/", {"actor": "no id"}, "/actor"),
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
            ("pairs/KAZ-RUS/scores/", {"as_of": "2022-05-32"}, "/as_of"),
            ("pairs/KAZ-RUS/scores/", {"as_of": "2022-05-11T12:00:00"}, "/as_of"),
            ("pairs/KAZ-RUS/scores/", {"as_of": "2022-13-11T12:00:00Z"}, "/as_of"),
            ("triads/CHN-KAZ-RUS/", {"lens": "tone"}, "/lens"),
            ("log/events/", {"after": "-1"}, "/after"),
            ("log/events/", {"after": "9" * 40}, "/after"),
            *((path, *case) for path, cases in REFUSED.items() for case in cases),
            ("claims/?as_of=0000-01-01T00:00:00Z", {}, "/as_of"),
            ("claims/?as_of=9999-12-31T23:59:59Z", {}, "/as_of"),
            ("claims/?code=%ed%a0%80%00", {}, "/code"),
            ("claims/?cursor=" + "A" * 5_000, {}, "/cursor"),
            ("claims/?fields=" + "id," * 2_000, {}, "/fields"),
            ("actors/?q=" + "%25" * 1_000, {}, "/q"),
            ("pairs/KAZ-RUS/explanation/?day=10000-01-01", {}, "/day"),
            ("pairs/KAZ-RUS/scores/?lens=" + "a" * 5_000, {}, "/lens"),
            ("pairs/KAZ-RUS/scores/?" + "without=claim:x&" * 900, {}, "/without"),
            ("triads/?countries=" + ",".join(["KAZ"] * 2_000), {}, "/countries"),
        ],
    )
    def test_with_a_parameter_that_does_not_fit_is_a_400(self, api, desk, path, query, pointer):
        problem = api.get(path, expect=400, **query)

        assert pointers(problem) == [pointer]

    def test_that_names_a_parameter_twice_is_a_400(self, api):
        assert pointers(api.get("claims/?kind=act&kind=measure", expect=400)) == ["/kind"]

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("claims/%00/", 400),
            ("lenses/%00/", 400),
            ("pairs/%00%00%00-RUS/", 400),
            ("problems/%ff/", 404),
            ("log/events/" + "9" * 30, 308),
        ],
    )
    def test_that_leads_nowhere_is_no_crash(self, api, desk, path, status):
        assert api.http.get(V1 + path).status_code == status

    @pytest.mark.parametrize("key", ["Idempotency-Key", "If-Match", "If-None-Match"])
    @pytest.mark.parametrize("value", ["x" * 8_000, '"', ",,,,", "\xff", '"1", "2"', "*"])
    def test_with_headers_that_are_none_is_a_400(self, api, desk, key, value):
        assert api.sends_raw("{}", "claims/preview/", **{key: value}).status_code == 400

    def test_of_a_batch_that_is_only_tried_has_a_key_as_every_write(self, api, desk):
        tried = {"mode": "atomic", "dry_run": True, "claims": [a_body(desk)]}

        assert api.send("claims/batch/", tried, Idempotency_Key="k" * 256).status_code == 400


class TestAVeryLargeQuestion:
    @pytest.fixture
    def scored(self, desk, catch_up):
        for number in range(20):
            desk.asserts("RUS", "KAZ" if number % 2 else "CHN")
        catch_up()

    @pytest.mark.parametrize(
        "path",
        [
            "pairs/?limit=1000&count=exact",
            "pairs/?limit=1000&count=exact&as_of={head}",
            "pairs.csv?as_of={head}",
            "pairs/KAZ-RUS/scores/?from=2014-01-01&to=2024-01-01&every=day",
            "pairs/KAZ-RUS/scores/?from=2014-01-01&to=2024-01-01&every=day&as_of={head}",
            "pairs/KAZ-RUS/scores/?from=1000-01-01&to=1500-01-01&every=month",
            "triads/?countries=CHN,KAZ,RUS&limit=1000",
            "claims/?limit=1000&count=exact&pair=KAZ-RUS",
            "shifts/?from=1000-01-01&to=2999-12-31&limit=100",
            "log/events/?limit=1000&count=exact",
        ],
    )
    def test_has_an_answer_of_a_bounded_length(self, api, scored, path):
        answer = api.http.get(V1 + path.format(head=log.head().position))

        assert answer.status_code == 200
        assert len(answer.getvalue()) < 5_000_000
