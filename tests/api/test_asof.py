"""Whatever is read of pairs can be read as it was known at a position or at a time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.kit.builders import AT, BY, a_lens, rate
from tests.kit.log_entries import put_head_ahead
from tracker import log
from tracker.domain.claims import Occurred
from tracker.operations import lenses
from tracker.queries.scores import past_table

pytestmark = pytest.mark.django_db

DAY = "2022-05-24"
READS = {
    "pairs/": {},
    "pairs/KAZ-RUS/": {"day": DAY},
    "pairs/KAZ-RUS/scores/": {"from": "2022-05-01", "to": DAY},
    "pairs/KAZ-RUS/explanation/": {"day": DAY},
    "pairs/KAZ-RUS/changes/": {"from": "2022-05-01", "to": DAY},
    "triads/CHN-KAZ-RUS/": {"day": DAY},
}
# Other tests are about what they give (test_past_lists.py).
LISTS = (
    "claims/",
    "actors/",
    "sources/",
    "documents/",
    "collections/",
    "lenses/",
    "log/events/",
)


@pytest.fixture
def then(desk, catch_up):
    """A record of three claims on two pairs, and where the log ended."""
    desk.asserts("RUS", "KAZ")
    desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-05-20"))
    desk.asserts("CHN", "RUS", code="plover-2.0/AGREE")
    catch_up()
    return log.head()


@pytest.fixture
def later(desk, then, catch_up):
    """What was written after that: claims, a grade and a new version of the lens."""

    def write():
        desk.asserts("RUS", "KAZ", occurred=Occurred(edtf="2022-05-02"))
        desk.asserts("CHN", "KAZ")
        rate(desk.source, "B")
        made = a_lens(view=desk.view, description="anew")
        lenses.define_lens(made, at=AT, by=BY, lens_id=desk.lenses["standing"])
        catch_up()

    return write


def every(api, as_of):
    """Every read as of a position or a time."""
    return {path: api.get(path, as_of=as_of, **query) for path, query in READS.items()}


class TestEveryRead:
    def test_as_of_a_position_is_the_same_whatever_is_written_later(self, api, then, later):
        before = every(api, then.position)
        later()

        assert every(api, then.position) == before
        for path, query in READS.items():
            assert api.get(path, **query) != before[path], path

    def test_as_of_a_time_is_that_of_the_position_it_means(self, api, then, later):
        later()
        just_before = then.recorded_at - timedelta(microseconds=1)
        elsewhere = [
            then.recorded_at.astimezone(timezone(timedelta(hours=hours))) for hours in (0, 16, -23)
        ]

        assert every(api, just_before.isoformat()) == every(api, then.position - 1)
        for time in elsewhere:
            assert every(api, time.isoformat()) == every(api, then.position)

    @pytest.mark.parametrize("moment", ["0", "1", "2022-05-24T12:00:00Z"])
    def test_before_any_lens_was_defined_knows_nothing(self, api, then, moment):
        """The log begins with a collection; the lenses come after actors and sources."""
        every(api, moment)

    def test_as_of_what_has_not_been_yet_is_refused(self, api, then):
        for path, query in [*READS.items(), *((path, {}) for path in LISTS)]:
            (error,) = api.get(path, expect=400, as_of=then.position + 1, **query)["errors"]
            assert (error["pointer"], error["code"]) == ("/as_of", "not_yet"), path

    def test_a_time_is_refused_while_the_log_is_ahead_of_the_clock(self, api, then, client):
        put_head_ahead("1 hour")
        now = datetime.now(UTC).isoformat()

        for path, query in READS.items():
            problem = api.get(path, expect=503, as_of=now, **query)
            assert "ask for a position instead of a time" in problem["detail"], path
            api.get(path, as_of=then.position, **query)
        assert client.get("/", {"as_of": now}).status_code == 503


class TestAPair:
    def test_says_which_position_it_is_of_and_which_lenses_there_were(self, api, then, later):
        later()

        pair = api.get("pairs/KAZ-RUS/", as_of=then.position, day=DAY)

        assert (pair["as_of"], pair["day"]) == (then.position, DAY)
        assert "standing@1" in [one["lens"] for one in pair["lenses"]]
        assert {one["scored_through"] for one in pair["lenses"]} == {then.position}
        now = api.get("pairs/KAZ-RUS/", day=DAY)
        assert "standing@2" in [one["lens"] for one in now["lenses"]]


class TestALensThatWasDefinedLater:
    """What was known before is seen through its first version, as people began to look later."""

    def test_is_used_in_its_first_version(self, api, then, later):
        later()

        found = api.get("pairs/KAZ-RUS/scores/", **READS["pairs/KAZ-RUS/scores/"], as_of=1)

        assert (found["lens"], found["as_of"]) == ("standing@1", 1)
        assert {one["claims"] for one in found["scores"]} == {0}

    def test_was_not_on_record(self, api, then):
        problem = api.get("lenses/standing/", expect=404, as_of=1)

        assert problem["detail"] == "lens 'standing' was not defined yet at position 1"


class TestTheTable:
    def test_as_of_now_is_that_of_now(self, api, then):
        now = api.get("pairs/")
        today = datetime.now(UTC).date()

        as_of = api.get("pairs/", as_of=then.position)

        assert [row["pair"] for row in as_of["results"]] == ["CHN-RUS", "KAZ-RUS"]
        for one, other in zip(now["results"], as_of["results"], strict=True):
            assert other["day"] == str(today)
            # Value and words are those of today: something may have happened unreported since.
            told = ("pair", "claims", "roots", "last_claim_day", "state_share")
            assert [one[name] for name in told] == [other[name] for name in told]
        assert (as_of["as_of"], as_of["scored_through"]) == (then.position, then.position)

    @pytest.mark.parametrize("sort", ["pair", "value", "claims", "roots", "last_claim_day"])
    def test_is_paged_in_every_order_as_now(self, api, then, sort):
        for way in ("", "-"):
            asked = {"sort": f"{way}{sort}", "limit": 1, "count": "exact"}
            pages = [api.get("pairs/", **asked, **of) for of in ({}, {"as_of": then.position})]
            seconds = [api.get(page["next"]) for page in pages]

            names = [[page["results"][0]["pair"] for page in each] for each in (pages, seconds)]
            assert names[0][0] == names[0][1]
            assert names[1][0] == names[1][1] != names[0][0]
            assert [page["count"] for page in pages] == [2, 2]
            assert [page["next"] for page in seconds] == [None, None]

    def test_of_more_than_can_be_folded_is_refused(self, api, then, monkeypatch):
        monkeypatch.setattr(past_table, "MOST_PAST", 2)

        problem = api.get("pairs/", expect=400, as_of=then.position)

        assert problem["errors"][0]["code"] == "too_much"
        assert api.get("pairs/", as_of=then.position, country="KAZ")["results"] != []
