"""The change feed: whoever remembers a position never misses an event."""

from uuid import UUID

import pytest

from tracker import log

pytestmark = pytest.mark.django_db


class TestTheFeed:
    def test_gives_every_event_in_order_without_holes_page_by_page(self, api, desk):
        api.claims(desk)
        page, seen = api.get("log/events/", limit=4), []
        while page["results"]:
            seen += page["results"]
            page = api.get(page["next"])

        assert [one["position"] for one in seen] == list(range(1, log.head().position + 1))
        assert seen[-1]["kind"] == "ClaimAsserted"

    def test_goes_on_from_its_end_when_something_new_comes(self, api, desk):
        end = api.get("log/events/", after=log.head().position)
        made = api.claims(desk)

        assert end["results"] == []
        assert end["head"] == made["position"] - 1
        assert [one["position"] for one in api.get(end["next"])["results"]] == [made["position"]]

    def test_ends_at_the_end_of_the_log(self, api, desk):
        problem = api.get("log/events/", after=log.head().position + 1, expect=400)

        [error] = problem["errors"]
        assert (error["pointer"], error["code"]) == ("/after", "not_yet")
        assert f"ends at position {log.head().position}" in error["detail"]

    def test_is_refused_to_who_read_another_log_under_its_positions(self, api, desk):
        page = api.get("log/events/", limit=4)
        before = log.incarnation()
        assert f"incarnation={before}" in page["next"]
        log.renew(UUID(int=7))

        assert api.get(page["next"], expect=410)["type"].endswith("/reopened/")
        again = api.get("log/events/", limit=4)
        assert again["incarnation"] == str(UUID(int=7))
        assert api.get(again["next"])["results"]

    def test_gives_out_no_position_that_is_not_on_disk(self, api, desk, monkeypatch):
        flushed = []
        monkeypatch.setattr(log, "flush", lambda: flushed.append(log.head().position))

        page = api.get("log/events/")
        api.get(page["next"])

        assert flushed == [page["head"]]

    def test_of_the_past_ends_where_it_was_asked_about(self, api, desk):
        then = log.head().position
        desk.asserts()

        page = api.get("log/events/", as_of=then, after=then - 2, count="exact")

        assert [one["position"] for one in page["results"]] == [then - 1, then]
        assert (page["head"], page["count"]) == (then, 2)
        beyond = api.get("log/events/", as_of=then, after=then + 1, count="exact")
        assert (beyond["results"], beyond["count"]) == ([], 0)
