"""What nobody means well with: refused with a clear problem, or answered with so much and no more,
each within a second of work, and all is well afterwards."""

import json
import time
from contextlib import contextmanager

import pytest

from tests.kit.api_client import V1, a_body
from tests.kit.builders import AT
from tracker import log
from tracker.projections import impacts, scores

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
SURROGATE = "\\ud800"


@contextmanager
def with_little_work():
    """Of this process's work: how long others have the processor is not ours to say."""
    began = time.process_time()
    yield
    assert time.process_time() - began < 60


@pytest.fixture(autouse=True)
def well_afterwards(request, api, desk):
    """Nothing came onto the record, and a claim that fits still does."""
    if "scored" in request.fixturenames:
        request.getfixturevalue("scored")
    before = log.head().position
    yield
    assert log.head().position == before
    assert api.claims(desk)["version"] == 1


def sent(api, raw, path="claims/", **headers):
    data = raw if isinstance(raw, bytes) else raw.encode()
    with with_little_work():
        return api.http.generic(
            "POST", V1 + path, data, "application/json", headers=headers or None
        )


def body_with(desk, **changed):
    return json.dumps(a_body(desk, **changed))


def refused(answer, status, pointer=None):
    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM), problem
    assert problem["detail"]
    if pointer is not None:
        assert pointer in {one["pointer"] for one in problem["errors"]}, problem["errors"]


class TestABody:
    @pytest.mark.long
    def test_of_100_megabytes(self, api, desk):
        refused(sent(api, b'{"summary": "' + b"a" * 100_000_000 + b'"}'), 413)

    @pytest.mark.parametrize("number", [100_000, 600_000])
    def test_of_very_many_items(self, api, desk, number):
        answer = sent(api, body_with(desk, parties=[0] * number))

        refused(answer, 400, "/parties")

    def test_of_very_many_names(self, api, desk):
        many = {f"n{n}": 0 for n in range(100_000)}

        answer = sent(api, json.dumps(many))

        refused(answer, 400)
        assert len(answer.content) < 50_000

    @pytest.mark.parametrize(
        "raw", ["[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000, "[" * 900_000]
    )
    def test_that_is_nested_ten_thousand_deep(self, api, desk, raw):
        refused(sent(api, raw), 400)

    @pytest.mark.parametrize(
        "raw",
        [
            "NaN",
            '{"a": NaN}',
            '{"a": -Infinity}',
            '{"a": 1e400}',
            '{"a": -1e999999}',
            "",
            "{",
            "\x00",
        ],
    )
    def test_that_is_no_json_of_ours(self, api, desk, raw):
        refused(sent(api, raw), 400)

    @pytest.mark.parametrize("raw", ["1", "null", '"a"', "[]", "[[]]", "true", "1" * 4_000])
    def test_that_is_no_object(self, api, desk, raw):
        refused(sent(api, raw), 400)

    @pytest.mark.parametrize("name", ["summary", "note", "code", "key", "hedge", "condition"])
    @pytest.mark.parametrize("text", ["a\\u0000b", SURROGATE, f"{SURROGATE}\\udfff\\udfff"])
    def test_with_characters_that_no_text_has(self, api, desk, name, text):
        raw = body_with(desk, **{name: "@"}).replace('"@"', f'"{text}"')

        refused(sent(api, raw), 400, f"/{name}")

    @pytest.mark.parametrize(
        "text",
        ["\\u0000", SURROGATE, "0000", "0000-01-01", "-0001", "10000", "y170000002", "9" * 500],
    )
    def test_with_days_that_nobody_lived(self, api, desk, text):
        raw = body_with(desk, occurred={"edtf": "@"}).replace('"@"', f'"{text}"')

        refused(sent(api, raw), 400, "/occurred/edtf")

    def test_with_a_claim_of_the_year_9999_is_no_act(self, api, desk):
        refused(sent(api, body_with(desk, occurred={"edtf": "9999"})), 400, "/occurred/edtf")

    @pytest.mark.parametrize(
        "name", ["position", "recorded_at", "recorded_by", "version", "id", "status", "leaf_hash"]
    )
    def test_that_says_what_only_the_log_can(self, api, desk, name):
        refused(sent(api, body_with(desk, **{name: 1})), 400, f"/{name}")

    def test_with_numbers_of_very_many_digits(self, api, desk):
        long = "9" * 100_000
        raw = body_with(desk, magnitude={"value": "@", "unit": "%"})

        refused(sent(api, raw.replace('"@"', f'"{long}"')), 400, "/magnitude/value")
        refused(sent(api, raw.replace('"@"', long)), 400)

    @pytest.mark.parametrize("key", ["Idempotency-Key", "If-Match", "If-None-Match"])
    @pytest.mark.parametrize("value", ["x" * 8_000, '"', ",,,,", "\xff", '"1", "2"', "*"])
    def test_with_headers_that_are_none(self, api, desk, key, value):
        with with_little_work():
            answer = sent(api, "{}", "claims/preview/", **{key: value})

        assert answer.status_code == 400


class TestAnAddress:
    @pytest.mark.parametrize(
        ("path", "pointer"),
        [
            ("claims/?limit=1000000000", "/limit"),
            ("pairs/?limit=1e9", "/limit"),
            ("actors/?limit=-1", "/limit"),
            ("log/events/?after=9999999999999999999999", "/after"),
            ("claims/?as_of=99999999999999999999", "/as_of"),
            ("claims/?as_of=0000-01-01T00:00:00Z", "/as_of"),
            ("claims/?as_of=9999-12-31T23:59:59Z", "/as_of"),
            ("claims/?code=%00", "/code"),
            ("claims/?code=%ed%a0%80%00", "/code"),
            ("claims/?fields=%00", "/fields"),
            ("claims/?cursor=" + "A" * 5_000, "/cursor"),
            ("claims/?fields=" + "id," * 2_000, "/fields"),
            ("actors/?q=" + "%25" * 1_000, "/q"),
            ("pairs/KAZ-RUS/scores/?from=0000-01-01", "/from"),
            ("pairs/KAZ-RUS/scores/?to=9999-12-31", "/to"),
            ("pairs/KAZ-RUS/scores/?from=1000-01-01&to=2999-12-31", "/from"),
            ("pairs/KAZ-RUS/explanation/?day=10000-01-01", "/day"),
            ("pairs/KAZ-RUS/scores/?lens=" + "a" * 5_000, "/lens"),
            ("pairs/KAZ-RUS/scores/?lens=standing@999999999999999999999", "/lens"),
            ("pairs/KAZ-RUS/scores/?" + "without=claim:x&" * 900, "/without"),
            ("triads/?countries=" + ",".join(["KAZ"] * 2_000), "/countries"),
            ("claims/?" + "&".join(f"a{n}=1" for n in range(900)), "/a0"),
        ],
    )
    def test_that_asks_for_too_much(self, api, desk, path, pointer):
        with with_little_work():
            answer = api.http.get(V1 + path)

        refused(answer, 400, pointer)

    def test_with_thousands_of_parameters(self, api, desk):
        with with_little_work():
            answer = api.http.get(V1 + "claims/?" + "&".join(f"a{n}=1" for n in range(5_000)))

        refused(answer, 400)

    @pytest.mark.parametrize(
        "path",
        [
            "claims/%00/",
            "lenses/%00/",
            "pairs/%00%00%00-RUS/",
            "problems/%ff/",
            "log/events/" + "9" * 30,
        ],
    )
    def test_that_leads_nowhere(self, api, desk, path):
        with with_little_work():
            answer = api.http.get(V1 + path)

        assert answer.status_code in (308, 404)


class TestAVeryLargeQuestion:
    @pytest.fixture
    def scored(self, desk):
        for number in range(20):
            desk.asserts("RUS", "KAZ" if number % 2 else "CHN")
        impacts.follow_all()
        scores.recompute_all(at=AT)

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
        with with_little_work():
            answer = api.http.get(V1 + path.format(head=log.head().position))
            sent = b"".join(answer.streaming_content) if answer.streaming else answer.content

        assert answer.status_code == 200
        assert len(sent) < 5_000_000
