"""A pair of an archive: hundreds of machine-coded rows, and no page grows with them."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.domain.claims import Occurred
from tracker.pages import pair_list

pytestmark = pytest.mark.django_db
FIRST = date(2018, 9, 1)
CODES = ("CONSULT/visit", "ACCUSE/disapprove", "AGREE", "ASSAULT/heavy-weapons", "SUPPORT")
PAGES = (
    "/",
    "/pairs/KAZ-RUS/",
    "/pairs/KAZ-RUS/?show=table",
    "/pairs/KAZ-RUS/?show=sources",
    "/pairs/KAZ-RUS/?show=download",
    "/triads/CHN-KAZ-RUS/",
    "/actors/RUS/",
    "/actors/RUS/timeline/",
    "/compare/?pairs=KAZ-RUS,CHN-RUS",
    "/shifts/",
    "/embed/pairs/KAZ-RUS/",
)


def rows(desk, wire, *, count, begin=0):
    for number in range(begin, begin + count):
        day = FIRST + timedelta(days=number % 120)
        ends = (("RUS", "KAZ"), ("KAZ", "RUS"), ("CHN", "RUS"))[number % 3]
        code = CODES[number % len(CODES)]
        desk.asserts(
            *ends,
            collection=wire,
            summary=f"{ends[0]} to {ends[1]}: row {number}",
            code=f"plover-2.0/{code}",
            occurred=Occurred(edtf=day.isoformat()),
        )


def shown(client, path):
    caches["answers"].clear()
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lens=machine-wire")
    assert answer.status_code == 200, answer.text
    return answer


def asked(client, path):
    with CaptureQueriesContext(connection) as queries:
        shown(client, path)
    return len(queries)


class TestTheFirstPageOfVeryMany:
    """The table is not read as a whole, and says the same."""

    @pytest.mark.parametrize("order", ["strongest", "claims", "latest", "name"])
    def test_has_the_same_lines(self, client, desk, wire, scored, monkeypatch, order):
        rows(desk, wire, count=30)
        scored()
        path = f"/?order={order}&country=KAZ"
        whole = shown(client, path).text
        monkeypatch.setattr(pair_list, "MOST_WHOLE", 0)

        part = shown(client, path).text

        assert _table(part) == _table(whole)
        assert _headline(part) == _headline(whole)
        assert "2 pairs of countries with a score." in part


def _table(text):
    return re.search(r'<table class="pairs.*?</table>', text, re.DOTALL)[0]


def _headline(text):
    return re.search(r'class="headline">(.*?)<', text)[1]


class TestPages:
    def test_ask_as_much_of_many_rows_as_of_few(self, client, desk, wire, scored):
        rows(desk, wire, count=6)
        scored()
        few = {path: asked(client, path) for path in PAGES}
        rows(desk, wire, count=114, begin=6)
        scored()
        many = {path: asked(client, path) for path in PAGES}

        assert [path for path in PAGES if many[path] > few[path]] == []
        assert max(many.values()) <= 60

    @pytest.mark.parametrize("path", PAGES)
    @pytest.mark.long
    def test_stay_light(self, client, desk, wire, scored, path):
        rows(desk, wire, count=120)
        scored()

        assert len(shown(client, path).content) < 80_000

    @pytest.mark.long
    def test_call_rows_what_they_are(self, client, desk, wire, scored):
        rows(desk, wire, count=60)
        scored()

        text = shown(client, "/pairs/KAZ-RUS/").text

        assert text.partition("What moved it")[2].count("machine-coded row") == 25
        assert "15 further claims: " in text
        assert "incident" not in text.lower()
        assert "Only twelve events are marked" in text

    @pytest.mark.long
    def test_say_that_events_have_no_mark_only_if_so(self, client, desk, wire, scored):
        """Two of three rows are of Kazakhstan and Russia."""
        rows(desk, wire, count=18)
        scored()
        twelve = shown(client, "/pairs/KAZ-RUS/").text
        rows(desk, wire, count=1, begin=18)
        scored()
        thirteen = shown(client, "/pairs/KAZ-RUS/").text

        assert "Events are marked below" in twelve
        assert "Only twelve events are marked" not in twelve
        assert "Only twelve events are marked" in thirteen
