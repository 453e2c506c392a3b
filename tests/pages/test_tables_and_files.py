"""The tables beside pictures, and the files to take away, say what the API says."""

import csv
import io
import json
import re
from html import unescape
from uuid import UUID

import pytest
import time_machine

from tests.kit.api_client import Api
from tests.kit.builders import AT, SANCTION
from tracker import log
from tracker.operations import claims
from tracker.wording import signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_recorded")]
SPAN = {"from": "2022-04-01", "to": "2022-08-22", "every": "month"}
KAZ_RUS, TRIAD = "/pairs/KAZ-RUS/", "/triads/CHN-KAZ-RUS/"


@pytest.fixture
def _recorded(desk, scored, settings):
    """Sanctions on 11 May, an accusation on 24 May 2022, between three countries."""
    settings.ANONYMOUS_READERS = True
    with time_machine.travel("2024-05-01T12:00:00Z", tick=False):
        desk.asserts("RUS", "KAZ", summary="Russia closed a pipeline.", code=SANCTION)
        desk.asserts("CHN", "RUS", summary="China accused Russia.", code="plover-2.0/ACCUSE")
        desk.asserts("RUS", "KAZ", summary="Russia accused it.", code="plover-2.0/ACCUSE")
        scored()
        yield


@pytest.fixture
def api(client):
    return Api(client)


def cells(answer, row):
    """The texts of the cells of each row that has `row` in its heading."""
    found = []
    for line in re.findall(r"<tr>(.*?)</tr>", answer.text, re.DOTALL):
        texts = [
            unescape(re.sub(r"<[^>]+>", "", one)).strip()
            for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)
        ]
        if re.search(row, texts[0]):
            found.append(texts)
    return found


class TestThePair:
    def test_has_a_table_as_the_scores_of_the_api(self, client, api):
        shown = cells(client.get(KAZ_RUS, {"show": "table"}), r"20\d\d")
        told = api.get("pairs/KAZ-RUS/scores/", **{**SPAN, "to": "2022-08-09"})["scores"]

        # Before these stand the day and, once there is one, the movement.
        assert [row[-5:] for row in shown] == [
            [
                *(signed(one[name], 2) for name in ("value", "low", "high")),
                str(one["claims"]),
                str(one["roots"]),
            ]
            for one in told
        ]
        assert len(shown) == 5

    def test_gives_the_same_as_csv_and_as_json(self, client, api):
        told = api.get("pairs/KAZ-RUS/scores/", **{**SPAN, "to": "2022-08-09"})["scores"]
        sheet = list(csv.DictReader(io.StringIO(client.get(f"{KAZ_RUS}scores.csv").text)))
        body = json.loads(client.get(f"{KAZ_RUS}scores.json").text)

        assert [float(one["value"]) for one in sheet] == [one["value"] for one in told]
        assert [one["high"] for one in body["scores"]] == [one["high"] for one in told]
        assert body["lens"] == "standing@1"

    def test_is_cited_by_an_address_that_shows_the_same_later(self, client, desk, scored):
        cited = json.loads(client.get(f"{KAZ_RUS}scores.json").text)["citation"]
        there = cited.rpartition(" ")[2].removeprefix("http://testserver")
        before = client.get(there).text
        claims.retract_claim(_first(client), reason="no", at=AT, by="ann")
        scored()

        after = client.get(there).text

        assert f"as known at position {log.head().position - 1} of the record" in cited
        assert _body(after) == _body(before)
        assert _body(client.get(KAZ_RUS).text) != _body(before)

    def test_gives_a_picture_that_stands_alone(self, client):
        svg, png = client.get(f"{KAZ_RUS}chart.svg"), client.get(f"{KAZ_RUS}chart.png")
        card = client.get(f"{KAZ_RUS}card.png").content

        assert svg["Content-Type"].startswith("image/svg+xml")
        assert 'xlink:href="http://testserver/claims/' in svg.text
        assert "KAZ and RUS drew apart in May 2022" in re.sub(r"<[^>]+>", " ", svg.text)
        assert png.content[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(card[16:20]), int.from_bytes(card[20:24])) == (1200, 630)


class TestTheTriangle:
    def test_has_tables_as_the_api(self, client, api):
        answer = client.get(TRIAD)
        told = api.get("triads/CHN-KAZ-RUS/", day="2024-05-01")

        assert [row[1:4] for row in cells(answer, " and ")] == [
            [signed(one[name], 2) for name in ("value", "low", "high")] for one in told["edges"]
        ]
        history = json.loads(client.get(f"{TRIAD}history.json").text)["history"]
        last = api.get(
            "triads/CHN-KAZ-RUS/history/",
            **{"from": history[0]["day"], "to": history[-1]["day"], "every": "week"},
        )["history"]
        assert [one["edges"]["KAZ-RUS"] for one in history] == [
            next(edge["value"] for edge in one["edges"] if edge["pair"] == "KAZ-RUS")
            for one in last
        ]
        # The other table of days is of movements.
        of_levels = [row for row in cells(answer, r"20\d\d") if len(row) == 5]
        assert len(of_levels) == len(history)

    def test_gives_its_picture(self, client):
        assert "side_" in client.get(f"{TRIAD}chart.svg").text
        assert client.get(f"{TRIAD}card.png").content[:4] == b"\x89PNG"
        assert client.get(f"{TRIAD}history.csv").text.startswith("day,CHN-KAZ,CHN-RUS,KAZ-RUS,")


class TestTheCountry:
    def test_has_a_list_as_the_table_of_the_api(self, client, api):
        shown = cells(client.get("/actors/RUS/"), "KAZ|CHN")
        told = {one["pair"]: one for one in api.get("pairs/")["results"]}

        assert {row[0]: row[1:4] for row in shown} == {
            "KAZ": ["", *(signed(told["KAZ-RUS"][name], 2) for name in ("low", "high"))],
            "CHN": ["", *(signed(told["CHN-RUS"][name], 2) for name in ("low", "high"))],
        }


class TestTheFirstPage:
    def test_has_the_values_of_the_api_on_another_day_too(self, client, api):
        day = {"day": "2022-05-20"}
        told = api.get("pairs/KAZ-RUS/scores/", **{"from": day["day"], "to": day["day"]})["scores"]

        (row,) = cells(client.get("/", day), "KAZ and RUS")

        assert row[2] == told[0]["words"]


def _first(client):
    return UUID(re.search(r'href="/claims/([0-9a-f-]{36})/', client.get(KAZ_RUS).text)[1])


def _body(text):
    """What the page says, without the slider, which reaches to the end of the record."""
    main = re.search(r"<main.*</main>", text, re.DOTALL)[0]
    return re.sub(r"<form.*?</form>", "", main, flags=re.DOTALL)
