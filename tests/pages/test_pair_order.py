"""The order of a pair's page, and one figure for its movement in picture, list, table and files."""

import csv
import io
import json
import re
from html import unescape

import pytest

from tests.kit.builders import AT, BY, SANCTION, a_citation, a_document
from tests.kit.texts import text_of
from tracker.domain.claims import Occurred
from tracker.domain.records import Source
from tracker.operations import sources
from tracker.queries import moment
from tracker.queries.scores import movements, pairs
from tracker.wording import signed

pytestmark = pytest.mark.django_db

PAGE = "/pairs/KAZ-RUS/"
DAY = {"day": "2022-06-01"}
ON = AT.date().replace(2022, 6, 1)


@pytest.fixture
def levels(desk, scored):
    """KAZ–RUS at +6 at the end of 2020; in May 2022 a state-owned agency reports, in words, that
    Russia sanctioned Kazakhstan. CHN–KAZ has the same act, and no level."""
    desk.assesses("6", "2.5")
    agency = sources.describe_source(
        Source(kind="agency", name="The Agency", ownership="state"), at=AT, by=BY
    ).stream
    report = sources.describe_document(
        a_document(agency, title="A wire", date="2022-05-24"), at=AT, by=BY
    ).stream
    quote = "Nothing <b>passes</b> any more."
    cited = (a_citation(report, quote=quote),)
    desk.asserts(
        code=SANCTION,
        summary="Russia closed a road.",
        occurred=Occurred(edtf="2022-05-11"),
        citations=cited,
    )
    desk.asserts("CHN", "KAZ", code=SANCTION, occurred=Occurred(edtf="2022-05-12"))
    scored()
    return desk


def moved_on_record(pair="KAZ-RUS"):
    series = pairs.series(pair, direction=pair, lens="standing", as_of=moment.now())
    return movements.of_series(series, ON)


def svgs(text):
    return re.findall(r'<div class="size-(\w+)".*?(<svg.*?</svg>)', text, re.DOTALL)


class TestTheOrder:
    def test_is_finding_picture_level_causes_sources_and_then_other_views(self, client, levels):
        text = client.get(PAGE, DAY).text.partition("<main")[2]
        parts = (
            'class="headline"',
            "<figure",
            "Where it stands",
            "What moved it",
            "Who said so",
            "What is known of the level",
            "What would change this",
            "Look at it another way",
            'aria-label="Direction"',
            "Download",
            "Cite this page",
        )

        places = [text.index(part) for part in parts]

        assert places == sorted(places)

    def test_has_the_picture_in_three_sizes_of_which_each_is_whole(self, client, levels):
        found = svgs(client.get(PAGE, DAY).text)[:3]

        assert [size for size, _ in found] == ["wide", "middle", "narrow"]
        for _, svg in found:
            assert "line_marks" in svg
            assert "worse_marks" in svg
            assert 'xlink:href="/claims/' in svg

    def test_shows_the_words_of_the_source_and_leads_to_the_document(self, client, levels):
        part = client.get(PAGE, DAY).text.partition("What moved it")[2].partition("Who said")[0]

        assert "Nothing &lt;b&gt;passes&lt;/b&gt; any more." in part
        assert re.search(r'<a href="/documents/[^"]+">A wire</a>', part)

    def test_says_who_reported_it_and_whose_they_are(self, client, levels):
        said = text_of(client.get(PAGE, DAY)).partition("Who said so")[2]

        assert "1 source, which is state-owned." in said
        assert "The Agency state-owned" in said
        assert "1 event of the list" in said

    def test_shows_where_the_level_is_among_the_bands(self, client, levels):
        """The mean is 9 + m of 18 from the left."""
        text = client.get(PAGE, DAY).text
        series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens="standing", as_of=moment.now())
        mean = series.score_on(ON).value

        assert f'<circle class="mean" cx="{(9 + mean) / 18:.2%}"' in text
        assert "Where the level may be" in text

    def test_draws_the_level_of_a_pair_that_no_act_moved(self, client, desk, levels, scored):
        desk.assesses("-6", "2", pair="CHN-RUS")
        scored()

        text = client.get("/pairs/CHN-RUS/", DAY).text

        assert text.count("Where the level may be") == 1
        assert "tint_0_marks" in text
        assert "Level −6.0 ± 2.0" in unescape(text)


class TestOneFigure:
    def test_of_a_movement_stands_in_picture_list_and_table(self, client, levels):
        """−6 is a step of −.6: with p .9435 it moves 0 by −.5661, and by −.6 if it is true."""
        moved = moved_on_record("CHN-KAZ")
        page = client.get("/pairs/CHN-KAZ/", DAY)
        said = text_of(page)

        assert moved.value == pytest.approx(-0.5661)
        reading = "moved −0.6 since 11 May 2022, 90 % interval −0.6 to 0.0"
        assert f"In all: {reading}" in said
        assert "Together −0.6" in said.partition("What moved it")[2]
        table = text_of(client.get("/pairs/CHN-KAZ/", {**DAY, "show": "table"}))
        assert "1 Jun 2022 −0.57 −0.60 0.00" in table

    def test_of_a_level_that_was_known_has_what_the_act_took_from_it(self, client, levels):
        """The act is the only one, so that its step is the whole movement: −.54, as it is true with
        p .9, and what that takes of the level before."""
        moved = moved_on_record()
        part = text_of(client.get(PAGE, DAY)).partition("What moved it")[2]
        part = part.partition("Who said so")[0]

        assert moved.value < -0.54 - 0.2
        assert f"1 {signed(moved.value)} Russia closed a road." in part
        assert f"Together {signed(moved.value)}" in part
        assert "weighs less" not in part

    def test_stands_in_the_files(self, client, levels):
        moved = moved_on_record()
        *_, last = csv.DictReader(io.StringIO(client.get(f"{PAGE}scores.csv", DAY).text))
        body = json.loads(client.get(f"{PAGE}scores.json", DAY).text)

        assert float(last["moved"]) == moved.value
        assert (last["moved_since"], float(last["moved_high"])) == ("2022-05-10", moved.high)
        assert body["scores"][-1]["movement"]["low"] == moved.low
        assert body["scores"][0]["movement"] is None

    def test_stands_in_a_file_of_the_picture_with_its_sources_and_its_day(self, client, levels):
        said = unescape(re.sub(r"<[^>]+>", " ", client.get(f"{PAGE}chart.svg", DAY).text))

        assert "How far events moved the relation since 10 May 2022" in said
        assert "Sources: The Agency." in said
        assert signed(moved_on_record().value) in said

    def test_ends_with_the_day_of_the_page(self, client, levels):
        """Later acts are not in the picture of an earlier day."""
        levels.asserts(code=SANCTION, occurred=Occurred(edtf="2022-07-11"))
        text = client.get(PAGE, DAY).text

        assert 'data-to="2022-06-01"' in text
        assert "In all: moved" in text


class TestTheCourseOfALevel:
    def test_begins_with_its_first_assessment(self, client, levels, scored):
        """Of a pair with acts before it: nobody knew the level then."""
        levels.asserts("CHN", "RUS", code=SANCTION, occurred=Occurred(edtf="2019-05-12"))
        levels.assesses("2", "2", "2021-06-30", pair="CHN-RUS")
        scored()

        text = client.get("/pairs/CHN-RUS/", DAY).text

        part = text.partition("What is known of the level")[2]
        assert 'data-from="2021-06-30"' in part
        assert 'data-from="2021-06-30"' not in text.partition("What is known")[0]
