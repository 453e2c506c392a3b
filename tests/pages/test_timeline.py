"""The timeline of a country: its claims by month, open situations, and shifts."""

import re

import pytest
from lxml import etree  # type: ignore[import-untyped]

from tests.kit.accusations import a_firm, blames
from tests.kit.background_work import work_off
from tests.kit.texts import text_of
from tracker.domain.claims import Occurred
from tracker.pages import timeline_page

pytestmark = pytest.mark.django_db
PAGE = "/actors/KAZ/timeline/"


def months(answer):
    """The claims below each month."""
    parts = re.split(r'<h2 id="(\d{4}-\d{2})">', answer.text)[1:]
    return {
        month: re.findall(r'<a href="/claims/\S+?">(.*?)</a>', part)
        for month, part in zip(parts[::2], parts[1::2], strict=True)
    }


@pytest.fixture
def record(desk):
    given = {"occurred": Occurred(edtf="2022-03")}
    desk.asserts("RUS", "KAZ", summary="In March.", **given)
    desk.asserts("CHN", "KAZ", summary="In May.", occurred=Occurred(edtf="2022-05-03"))
    desk.asserts("RUS", "KAZ", summary="Later in May.", occurred=Occurred(edtf="2022-05-20"))
    desk.asserts("RUS", "KAZ", summary="In 2021.", occurred=Occurred(edtf="2021-05-20"))
    desk.asserts("RUS", "CHN", summary="Not of Kazakhstan.", occurred=Occurred(edtf="2022-05-20"))
    work_off()
    return desk


def stripped(found):
    return {month: [title.strip() for title in titles] for month, titles in found.items()}


class TestClaims:
    def test_stand_below_their_months_the_latest_first(self, client, record):
        assert stripped(months(client.get(PAGE))) == {
            "2022-05": ["Later in May.", "In May."],
            "2022-03": ["In March."],
            "2021-05": ["In 2021."],
        }

    def test_are_filtered_by_year_and_partner(self, client, record):
        found = months(client.get(PAGE, {"year": "2022", "partner": "RUS"}))

        assert stripped(found) == {"2022-05": ["Later in May."], "2022-03": ["In March."]}

    def test_come_page_by_page(self, client, record, monkeypatch):
        monkeypatch.setattr(timeline_page, "CLAIMS", 2)

        first, second = client.get(PAGE), client.get(PAGE, {"page": "2"})

        assert stripped(months(first)) == {"2022-05": ["Later in May.", "In May."]}
        assert stripped(months(second)) == {"2022-03": ["In March."], "2021-05": ["In 2021."]}
        assert f'href="{PAGE}?page=2" rel="next"' in first.text
        assert f'href="{PAGE}" rel="prev"' in second.text
        assert 'rel="next"' not in second.text

    def test_that_are_withheld_leave_no_trace(self, client, desk):
        firm = a_firm(desk)
        blames(desk, firm, occurred=Occurred(edtf="2022-05-03"))
        work_off()

        after = client.get(PAGE)

        assert "Acme" not in after.text
        assert months(after) == {}
        assert "Nothing is on record about KAZ" in text_of(after)


class TestWhatGoesOn:
    def test_is_a_bar_that_is_broken_after_its_last_report(self, client, record):
        record.asserts(
            "RUS",
            "KAZ",
            kind="situation",
            summary="A blockade goes on.",
            occurred=Occurred(edtf="2022-04-01/.."),
        )

        answer = client.get(PAGE)

        assert "since 1 April 2022, no end reported · last reported 24 May 2022" in text_of(answer)
        wide = answer.text.partition('class="wide-only"')[2].partition('class="narrow-only"')[0]
        assert wide.count('class="going"') == 1
        assert wide.count('class="going open"') == 1


class TestThePicture:
    def test_counts_the_claims_of_each_month(self, client, record):
        answer = client.get(PAGE, {"year": "2022"})

        wide = answer.text.partition('class="wide-only"')[2].partition('class="narrow-only"')[0]
        assert re.findall(r"<title>(\d+ reports? in .*?)</title>", wide) == [
            "2 reports in May 2022",
            "1 report in March 2022",
        ]

    def test_keeps_titles_and_days_inside_its_edges(self, client, record):
        """A bar that begins in the middle has no room to its right for a title of 40 letters."""
        for day in ("2021-11-20", "2022-04-20"):
            record.asserts(
                "RUS",
                "KAZ",
                kind="situation",
                summary="Russia closes the pipeline to Kazakhstan",
                occurred=Occurred(edtf=f"{day}/.."),
            )
        work_off()

        narrow = client.get(PAGE).text.partition('class="narrow-only"')[2].partition("</svg>")[0]

        width = int(re.search(r'viewBox="0 0 (\d+)', narrow)[1])
        texts = re.findall(
            r'<text x="([\d.]+)" [^>]*class="small"(?: text-anchor="(\w+)")?>([^<]+)<', narrow
        )
        assert len(texts) > 3
        for x, anchor, words in texts:
            reach = 7 * len(words)
            left, right = (-reach, 0) if anchor == "end" else (0, reach)
            assert float(x) + left >= 0
            assert float(x) + right <= width


class TestTheFeed:
    def test_has_the_claims_of_the_country(self, client, record):
        answer = client.get("/actors/KAZ/feed.atom")

        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        titles = [one.text for one in etree.fromstring(answer.content).iter("{*}title")]
        assert titles == [
            "Entente: KAZ",
            "Later in May.",
            "In May.",
            "In March.",
            "In 2021.",
        ]


class TestBadInput:
    @pytest.mark.parametrize(
        ("parameters", "says"),
        [
            ({"year": "22"}, "Write four digits, such as 2022."),
            ({"partner": "Russia"}, "Write the code of a country, such as RUS."),
            ({"partner": "XXX"}, "No country on record has the code XXX."),
            ({"page": "51"}, "at most 50 pages"),
            ({"page": "0"}, "cannot be read"),
            ({"lens": "nope"}, "no lens"),
            ({"order": "name"}, "This page has no parameter order."),
        ],
    )
    def test_is_answered_in_words(self, client, record, parameters, says):
        assert says in text_of(client.get(PAGE, parameters), status=400)

    def test_of_no_country_is_not_found(self, client, record):
        for name in ("timeline/", "feed.atom"):
            assert client.get(f"/actors/XXX/{name}").status_code == 404
