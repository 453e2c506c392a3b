"""Many claims at once: each row is answered, and what is refused leaves nothing behind."""

import time

import pytest

from tests.kit.api_client import a_body
from tracker import log

pytestmark = pytest.mark.django_db

NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"


def sends(api, *rows, mode="partial", expect=200, **given):
    headers = {name: given.pop(name) for name in ("idempotency_key",) if name in given}
    return api.post("claims/batch/", {"mode": mode, "claims": [*rows], **given}, expect, **headers)


def a_row(desk, n=0, **given):
    """No two of them alike."""
    return a_body(desk, summary=f"{'abcdefghij'[n]}{n} happened{n}.", **given)


def wrong(desk):
    """Three things that a single claim would be refused for: two by its shape or its references."""
    row = a_row(desk, occurred={"edtf": "someday"})
    row["citations"] = [{"document": NOBODY}]
    return row


def statuses(answer):
    return [row["status"] for row in answer["rows"]]


class TestAPartialBatch:
    def test_records_what_is_right_and_says_what_is_wrong(self, api, desk):
        before = log.head().position

        answer = sends(api, a_row(desk, 1), wrong(desk), a_row(desk, 2))

        assert statuses(answer) == ["recorded", "refused", "recorded"]
        assert (answer["recorded"], answer["refused"]) == (2, 1)
        assert [row["position"] for row in answer["rows"]] == [before + 1, None, before + 2]
        problem = answer["rows"][1]["problem"]
        assert problem["status"] == 400
        assert problem["type"].endswith("/problems/invalid/")
        assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
            ("/occurred/edtf", "bad_date"),
            ("/citations/0/document", "unknown_reference"),
        ]


class TestAnAtomicBatch:
    def test_with_one_wrong_row_writes_nothing_and_points_into_the_body(self, api, desk):
        before = log.head()

        problem = sends(api, a_row(desk), wrong(desk), mode="atomic", expect=400)

        assert [one["pointer"] for one in problem["errors"]] == [
            "/claims/1/occurred/edtf",
            "/claims/1/citations/0/document",
        ]
        assert log.head() == before
        assert api.get("claims/")["results"] == []

    def test_that_is_right_is_one_transaction(self, api, desk):
        answer = sends(api, *(a_row(desk, n) for n in range(3)), mode="atomic")

        assert statuses(answer) == ["recorded"] * 3
        assert len(api.get("claims/")["results"]) == 3


class TestADryRun:
    @pytest.mark.parametrize(("mode", "right"), [("partial", "valid"), ("atomic", "held")])
    def test_says_the_same_and_writes_nothing(self, api, desk, mode, right):
        before = log.head()

        answer = sends(api, a_row(desk), wrong(desk), mode=mode, dry_run=True)

        assert statuses(answer) == [right, "refused"]
        assert answer["recorded"] == 0
        assert log.head() == before

    def test_spends_no_key(self, api, desk):
        sends(api, a_row(desk), dry_run=True, idempotency_key="k")

        assert sends(api, a_row(desk), idempotency_key="k")["recorded"] == 1


class TestTheEffect:
    def test_of_all_rows_together_is_what_they_come_to(self, api, desk, catch_up):
        lens = desk.measures_still_levels()
        catch_up()
        rows = [a_row(desk, 1), a_row(desk, 2, occurred={"edtf": "2022-04-20"})]

        answer = sends(api, *rows)

        (move,) = [
            one
            for one in answer["moves"]
            if (one["lens"], one["direction"]) == (f"{lens}@1", "KAZ-RUS")
        ]
        # One source, within a year: both acts are true, in 166 of 256 worlds, or nearly both are
        # not. The second leaves 1 − .6/9 of −.6.
        after = 166 / 256 * (-0.6 * (1 - 0.6 / 9) - 0.6)
        assert move["on"][-1]["before"]["value"] == pytest.approx(0, abs=1e-9)
        assert move["on"][-1]["after"]["value"] == pytest.approx(after, abs=0.01)
        catch_up()
        series = api.get("pairs/KAZ-RUS/scores/", lens=lens, **{"from": "2022-05-20"})
        assert series["scores"][0]["value"] == pytest.approx(after, abs=0.01)


class TestDuplicates:
    def test_on_record_and_in_earlier_rows_are_named_with_the_reason(self, api, desk):
        made = api.claims(desk)

        answer = sends(api, a_body(desk), a_body(desk), dry_run=True)

        first, second = (row["duplicates"] for row in answer["rows"])
        assert [(one["claim"], one["row"]) for one in first] == [(made["id"], None)]
        assert {(one["claim"], one["row"]) for one in second} == {(made["id"], None), (None, 0)}
        assert {one["reason"] for one in second} == {
            "KAZ–RUS, the same code, at the same time, 3 of 3 words the same"
        }
        assert first[0]["url"].endswith(f"/claims/{made['id']}/")


class TestABatchSentTwice:
    def test_under_one_key_is_recorded_once(self, api, desk):
        first = sends(api, a_row(desk), idempotency_key="k")
        before = log.head()

        again = api.send(
            "claims/batch/", {"mode": "partial", "claims": [a_row(desk)]}, idempotency_key="k"
        )

        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == first
        assert log.head() == before
        other = sends(api, a_row(desk, 2), idempotency_key="k", expect=422)
        assert other["type"].endswith("/problems/key-reused/")


class TestTheBounds:
    @pytest.mark.parametrize("row", ["0", "{}", "[]"])
    def test_refuse_a_million_rows_without_reading_them(self, api, row):
        raw = f'{{"mode": "partial", "claims": [{",".join([row] * 1_000_000)}]}}'
        began = time.process_time()

        answer = api.sends_raw(raw, "claims/batch/")

        assert time.process_time() - began < 60
        assert answer.status_code == 413

    def test_refuse_no_rows_and_too_many(self, api, desk):
        assert sends(api, expect=400)["errors"][0]["pointer"] == "/claims"
        many = sends(api, *([{}] * 5_001), expect=400)
        assert (many["errors"][0]["pointer"], many["errors"][0]["code"]) == (
            "/claims",
            "max_length",
        )
