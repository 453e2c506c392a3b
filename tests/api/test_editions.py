"""Editions over the API: listed, read by an address that can be cited, downloaded, checked."""

import hashlib
from datetime import date, timedelta

import pytest

from tests.kit.api_client import V1
from tests.kit.builders import AT
from tracker import log
from tracker.operations import editions
from tracker.queries import moment

pytestmark = pytest.mark.django_db
DAY = "2022-05-24"


@pytest.fixture
def published(desk, catch_up):
    desk.asserts()
    catch_up()
    return [
        editions.publish(lens, date(2022, 5, day), at=AT, as_of=moment.now())
        for day in (23, 24)
        for lens in ("standing", "tone")
    ]


class TestTheList:
    def test_has_the_newest_day_first_page_by_page(self, api, published):
        first = api.get("editions/", limit=3, count="exact")
        rest = api.get(first["next"])

        found = [*first["results"], *rest["results"]]
        assert [one["day"] for one in found] == [DAY, DAY, "2022-05-23", "2022-05-23"]
        assert {one["lens"] for one in found} == {"standing@1", "tone@1"}
        assert (first["count"], rest["next"]) == (4, None)

    def test_is_narrowed_to_a_lens_and_a_day(self, api, published):
        (one,) = api.get("editions/", lens="tone@1", day=DAY)["results"]

        assert (one["lens"], one["day"], one["pairs"]) == ("tone@1", DAY, 1)
        assert len(api.get("editions/", lens="tone")["results"]) == 2

    def test_as_of_a_moment_has_those_of_what_was_on_record_then(
        self, api, desk, published, catch_up
    ):
        then = log.head()
        desk.asserts("CHN", "KAZ")
        catch_up()
        later = editions.publish("standing", date(2022, 5, 25), at=AT, as_of=moment.now())

        now = api.get("editions/", count="exact")
        before = api.get("editions/", as_of=then.position, count="exact")
        nothing = api.get("editions/", as_of=published[0].position - 1)

        assert (now["as_of"], now["count"]) == (later.position, 5)
        assert now["results"][0]["day"] == "2022-05-25"
        assert (before["as_of"], before["count"]) == (then.position, 4)
        assert before["results"] == now["results"][1:]
        assert nothing["results"] == []
        by_time = api.get("editions/", as_of=then.recorded_at.isoformat(), count="exact")
        assert by_time == before
        api.get("editions/", expect=400, as_of=later.position + 1)


class TestAnEdition:
    def test_says_what_to_cite_and_the_bytes_behind_it(self, api, published):
        kept = published[2]

        one = api.get(f"editions/standing/{DAY}/")

        address = f"http://testserver{V1}editions/standing@1/{DAY}/"
        assert one["url"] == f"{address}?as_of={kept.position}"
        assert one["values"] == f"{address}values/?as_of={kept.position}"
        assert api.get(one["url"]) == one
        answer = api.http.get(one["values"])
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert hashlib.sha256(answer.content).hexdigest() == one["digest"] == kept.digest
        assert answer.headers["ETag"].startswith(f'"{kept.digest}-')
        name = f"standing@1-{DAY}-{kept.position}.csv"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'

    @pytest.mark.parametrize("end", ["", "values/"])
    @pytest.mark.parametrize(
        "within", [f"no/{DAY}", f"tone@2/{DAY}", "tone/2022-05-22", "tone/2022-02-31"]
    )
    def test_that_is_not_there_is_a_404(self, api, published, within, end):
        answer = api.http.get(f"{V1}editions/{within}/{end}", headers={"Accept": "text/csv, */*"})

        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/not-found/")

    @pytest.mark.parametrize("end", ["", "values/"])
    def test_as_of_a_moment_before_it_is_a_404(self, api, published, end):
        address, position = f"editions/tone/{DAY}/{end}", published[0].position
        problem = api.get(address, expect=404, as_of=position - 1)

        assert f"on record at position {position - 1}" in problem["detail"]
        for then in (position, (AT + timedelta(days=1)).isoformat()):
            answer = api.http.get(V1 + address, {"as_of": then})
            assert (answer.status_code, answer.headers["Entente-Position"]) == (200, str(position))
        api.get(address, expect=400, as_of=9999)
