"""What nobody means well with: refused with a clear problem, or answered with so much and no more,
each within a second of work, and all is well afterwards."""

import time
from contextlib import contextmanager

import pytest

from tests.kit.api_client import V1
from tests.kit.builders import AT
from tracker import log
from tracker.projections import impacts, scores

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


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
    with with_little_work():
        return api.sends_raw(raw, path, **headers)


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
            ("claims/?as_of=0000-01-01T00:00:00Z", "/as_of"),
            ("claims/?as_of=9999-12-31T23:59:59Z", "/as_of"),
            ("claims/?code=%ed%a0%80%00", "/code"),
            ("claims/?fields=%00", "/fields"),
            ("claims/?cursor=" + "A" * 5_000, "/cursor"),
            ("claims/?fields=" + "id," * 2_000, "/fields"),
            ("actors/?q=" + "%25" * 1_000, "/q"),
            ("pairs/KAZ-RUS/explanation/?day=10000-01-01", "/day"),
            ("pairs/KAZ-RUS/scores/?lens=" + "a" * 5_000, "/lens"),
            ("pairs/KAZ-RUS/scores/?" + "without=claim:x&" * 900, "/without"),
            ("triads/?countries=" + ",".join(["KAZ"] * 2_000), "/countries"),
            ("claims/?" + "&".join(f"a{n}=1" for n in range(900)), "/a0"),
        ],
    )
    def test_that_asks_for_too_much(self, api, desk, path, pointer):
        with with_little_work():
            answer = api.http.get(V1 + path)

        refused(answer, 400, pointer)

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
    def test_that_leads_nowhere(self, api, desk, path, status):
        with with_little_work():
            answer = api.http.get(V1 + path)

        assert answer.status_code == status


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
