"""Many at once against a real server: one event a key, one correction a version, clean 503s."""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.kit.sites import Answer, Site, a_site

pytestmark = pytest.mark.faults
RIVALS = 50


@pytest.fixture(scope="module")
def site(desk_template):
    """One site for all tests of this file: the log refuses to be cleaned up."""
    with a_site(desk_template) as opened:
        yield opened


def at_once(ask: Callable[[int], Answer], number: int = RIVALS) -> list[Answer]:
    """Ask from as many threads as there are rivals, all let go at the same moment."""
    gate, answers = threading.Barrier(number), [Answer(status=0, json=None)] * number

    def run(index: int) -> None:
        gate.wait()
        answers[index] = ask(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def head(site: Site) -> int:
    found: int = site.get("log/events/?limit=1")["head"]
    return found


def persistently(site: Site, path: str, body: Any, key: str) -> Answer:
    """Ask again, as `Retry-After` says, while the same write is under way."""
    while True:
        answer = site.post(path, body, Idempotency_Key=key)
        if answer.status != 409:
            return answer
        assert answer.json["type"].endswith("/in-flight/")
        time.sleep(int(answer.headers["Retry-After"]))


class TestTheSameKeyFiftyTimesAtOnce:
    def test_is_one_event_and_one_answer(self, site):
        before = head(site)

        answers = at_once(lambda _: persistently(site, "claims/", site.body, "fifty"))

        assert head(site) == before + 1
        assert {answer.status for answer in answers} == {201}
        assert len({str(answer.json) for answer in answers}) == 1
        assert {answer.headers["Location"] for answer in answers} == {
            f"{site.url}/api/v1/claims/{answers[0].json['id']}/"
        }
        replayed = [answer for answer in answers if "Idempotency-Replayed" in answer.headers]
        assert len(replayed) == RIVALS - 1

    def test_is_free_again_where_the_write_was_refused(self, site):
        wrong = {**site.body, "code": "plover-2.0/SHOUT"}

        refused = at_once(lambda _: site.post("claims/", wrong, Idempotency_Key="refused"), 8)

        assert {answer.status for answer in refused} == {400}
        assert site.post("claims/", site.body, Idempotency_Key="refused").status == 201

    @pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "\xe9"])
    def test_is_refused_where_it_is_no_key(self, site, key):
        answer = site.post("claims/", site.body, Idempotency_Key=key)

        assert answer.status == 400
        assert answer.json["errors"][0]["pointer"] == "/Idempotency-Key"


class TestManyBatchesAtOnce:
    def test_are_each_whole(self, site):
        """Eight atomic batches of twenty: the claims of each stand side by side in the log."""
        before = head(site)

        def send(n):
            claims = [{**site.body, "summary": f"Rival {n}, claim {k}."} for k in range(20)]
            while (
                answer := site.post("claims/batch/", {"mode": "atomic", "claims": claims})
            ).status == 503:
                time.sleep(int(answer.headers["Retry-After"]))
            return answer

        answers = at_once(send, 8)

        assert head(site) == before + 160
        for answer in answers:
            positions = [row["position"] for row in answer.json["rows"]]
            assert positions == [*range(positions[0], positions[0] + 20)]


class TestTwoCorrectionsOfOneVersion:
    @pytest.mark.parametrize(
        ("headers", "extra", "lost"),
        [({"If_Match": '"1"'}, {}, 412), ({}, {"expected_version": 1}, 409)],
    )
    def test_are_one_correction_and_one_conflict(self, site, headers, extra, lost):
        claim = site.post("claims/", site.body).json["id"]
        before = head(site)

        answers = at_once(
            lambda n: site.post(
                f"claims/{claim}/corrections/",
                {"claim": {**site.body, "summary": f"No {n}."}, "reason": "typo", **extra},
                **headers,
            ),
            8,
        )

        assert sorted(answer.status for answer in answers) == sorted([201] + [lost] * 7)
        assert head(site) == before + 1


class TestARivalThatDoesNotEnd:
    def test_costs_the_others_two_seconds_and_a_409(self, site):
        with psycopg.connect(site.database) as rival:
            rival.execute(
                "INSERT INTO idempotency (user_id, method, path, key, body_sha256, created_at)"
                " SELECT id, 'POST', '/api/v1/claims/', 'stuck', '', now() FROM auth_user"
            )
            began = time.monotonic()
            answer = site.post("claims/", site.body, Idempotency_Key="stuck")
            waited = time.monotonic() - began
            rival.rollback()

        assert (answer.status, answer.headers["Retry-After"]) == (409, "1")
        assert answer.json["type"].endswith("/in-flight/")
        assert waited > 1.8
        assert site.post("claims/", site.body, Idempotency_Key="stuck").status == 201

    def test_that_holds_the_log_gives_the_others_a_503_and_then_way(self, site):
        with psycopg.connect(site.database) as rival:
            rival.execute("SELECT log_advance(1, now())")
            answer = site.post("claims/", site.body, Idempotency_Key="held")
            reading = site.get("claims/?limit=1")
            rival.rollback()

        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        assert answer.json["type"].endswith("/busy/")
        assert reading["results"]
        assert site.post("claims/", site.body, Idempotency_Key="held").status == 201
