"""A batch that is too large to be waited for is done by a worker, and answered row by row."""

import json

import pytest

from tests.kit.api_client import a_body
from tests.kit.jobs import Clock, work
from tracker import log
from tracker.imports.jobs import batches
from tracker.operations import entries

pytestmark = pytest.mark.django_db
NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Two rows are answered at once; a worker takes them two by two."""
    monkeypatch.setattr("tracker.api.resources.batches.MOST_AT_ONCE", 2)
    monkeypatch.setattr(batches, "CHUNK", 2)


def a_row(desk, n=0, **given):
    return a_body(desk, summary=f"{'abcdefghij'[n]}{n} happened{n}.", **given)


def asks(api, *rows, mode="partial", **given):
    answer = api.send("claims/batch/", {"mode": mode, "claims": [*rows], **given})
    assert answer.status_code == 202, answer.content
    assert answer.headers["Location"] == answer.json()["url"]
    return answer.json()


def wrong(desk):
    return a_row(desk, 9, citations=[{"document": NOBODY}])


class TestALargeBatch:
    def test_waits_and_is_done_by_a_worker_row_by_row(self, api, desk):
        rows = [a_row(desk, 0), wrong(desk), a_row(desk, 2), 17, a_row(desk, 4), a_row(desk, 4)]

        made = asks(api, *rows)
        before = log.head().position
        assert (made["state"], made["total"], made["done"]) == ("waiting", 6, 0)
        assert work()

        found = api.get(made["url"])
        assert (found["state"], found["done"]) == ("done", 6)
        assert found["counts"] == {"recorded": 4, "refused": 2}
        assert log.head().position == before + 4
        assert [row["status"] for row in found["results"]] == [
            "recorded",
            "refused",
            "recorded",
            "refused",
            "recorded",
            "recorded",
        ]
        problem = found["results"][1]["problem"]
        assert [one["pointer"] for one in problem["errors"]] == ["/citations/0/document"]
        assert problem["type"].endswith("/problems/invalid/")
        assert found["results"][0]["effects"][0]["impacts"][0]["recipient"] == "KAZ"
        assert [one["row"] for one in found["results"][5]["duplicates"]] == [4]
        assert api.get(found["results"][0]["url"])["summary"] == rows[0]["summary"]
        assert log.at(before + 1).recorded_by == "ann"

    def test_is_read_in_pages(self, api, desk):
        made = asks(api, *(a_row(desk, n) for n in range(5)))
        work()

        first = api.get(made["url"], limit=3)

        rest = api.get(first["next"])
        assert [row["row"] for row in first["results"] + rest["results"]] == [0, 1, 2, 3, 4]
        assert rest["next"] is None

    @pytest.mark.parametrize("mode", ["partial", "atomic"])
    def test_that_is_looked_at_only_writes_nothing(self, api, desk, mode):
        made = asks(api, *(a_row(desk, n) for n in range(3)), mode=mode, dry_run=True)
        before = log.head()

        work()

        found = api.get(made["url"])
        assert found["counts"] == {"valid": 3}
        assert found["results"][0]["effects"]
        assert log.head() == before


class TestAnAtomicOne:
    def test_with_a_wrong_row_is_held_as_a_whole(self, api, desk):
        made = asks(api, a_row(desk, 0), a_row(desk, 1), wrong(desk), mode="atomic")
        before = log.head()

        work()

        assert api.get(made["url"])["counts"] == {"held": 2, "refused": 1}
        assert log.head() == before

    def test_that_is_right_is_recorded_as_a_whole(self, api, desk):
        made = asks(api, *(a_row(desk, n) for n in range(5)), mode="atomic")

        work()

        found = api.get(made["url"])
        assert found["counts"] == {"recorded": 5}
        assert found["results"][4]["effects"]
        assert [row["position"] for row in found["results"]] == sorted(
            row["position"] for row in found["results"]
        )


class TestAWorkerThatDies:
    def test_leaves_what_is_done_and_the_next_adds_the_rest(self, api, desk, monkeypatch):
        made = asks(api, *(a_row(desk, n) for n in range(5)))
        before = log.head().position
        real, calls = entries.preview_claims, []

        def dies(claims, **given):
            calls.append(1)
            if len(calls) == 2:
                raise SystemExit
            return real(claims, **given)

        with monkeypatch.context() as patched:
            patched.setattr(entries, "preview_claims", dies)
            with pytest.raises(SystemExit):
                work()
        assert log.head().position == before + 2

        later = Clock(step=200)
        assert work(now=later)

        assert log.head().position == before + 5
        assert api.get(made["url"])["counts"] == {"recorded": 5}


class TestTheSameBatch:
    @pytest.mark.parametrize("raw", [r"a\u0000", r"a\ud800"])
    def test_is_refused_where_words_cannot_be_kept(self, api, desk, raw):
        body = {"mode": "partial", "claims": [a_body(desk, summary="HERE")] * 3}
        made = api.sends_raw(json.dumps(body).replace("HERE", raw), "claims/batch/").json()

        work()

        assert api.get(made["url"])["counts"] == {"refused": 3}
