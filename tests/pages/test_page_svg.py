"""Where pictures of pairs have their lines, marks and ticks."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from tests.pages.test_charts import a_mark
from tracker.charts import drawing, framing, pair_chart
from tracker.charts.page_svg import page_svg
from tracker.charts.pair_chart import MIDDLE, NARROW, WIDE, ChartPoint, LevelMark, Notes, Scale
from tracker.charts.time_ticks import time_ticks

SCALE = Scale(top=1, low=-2, ticks=[-2, -1.5, 0, 1], ends=("further apart", "closer"))
DAYS = [date(2022, 3, 1) + timedelta(days=n) for n in range(121)]


def points():
    return [
        ChartPoint(day=day, value=-n / 100, low=-1.5 * n / 100, high=-n / 200)
        for n, day in enumerate(DAYS)
    ]


def a_spec(size=WIDE):
    marks = [a_mark(), a_mark(day=DAYS[40], way="worse", label="2"), a_mark(way="neither")]
    level = LevelMark(
        day=DAYS[3], assessed=DAYS[3], value=-0.5, sd=0.4, title="A level.", url="/claims/9/"
    )
    notes = Notes(reported=DAYS[80], levels=[level])
    return pair_chart.pair_chart(points(), marks, scale=SCALE, size=size, notes=notes)


def places(svg, layer):
    """The numbers of the path, or of the place of the mark, of a layer."""
    group = re.search(rf'<g class="{layer}_marks".*?</g>', svg, re.DOTALL)[0]
    found = re.search(r' (?:transform|d)="([^"]*)"', group)[1]
    return [float(one) for one in re.findall(r"-?\d+\.?\d*", found)]


class TestThePicture:
    """Worked by hand: 120 days on so many points across, and the values from 1 at the top to -2 on
    so many points down."""

    @pytest.mark.parametrize(
        ("size", "until_80", "end"),
        [
            # 860·80/120; 300·(1 + 0.8)/3.
            (WIDE, [573.3, 180], [860, 220]),
            # 560·80/120; 260·1.8/3.
            (MIDDLE, [373.3, 156], [560, 190.7]),
            # 270·80/120; 220·1.8/3.
            (NARROW, [180, 132], [270, 161.3]),
        ],
    )
    def test_has_its_line_where_the_numbers_are(self, size, until_80, end):
        svg = page_svg(a_spec(size))

        assert places(svg, "line")[-2:] == until_80
        assert places(svg, "line_unreported")[:2] == until_80
        assert places(svg, "line_unreported")[-2:] == end

    def test_has_its_marks_on_their_days(self):
        """Day 9, 40 and 3 of 120 on 860 points; the level −0.5 is in the middle."""
        svg = page_svg(a_spec())

        assert places(svg, "better")[0] == 64.5
        assert places(svg, "worse")[0] == 286.7
        assert places(svg, "levels") == [21.5, 150]

    def test_escapes_titles_and_links_each_mark_once_for_the_keyboard(self):
        svg = page_svg(a_spec())

        assert "<title>She said &quot;a &lt; b &amp; c&quot;</title>" in svg
        assert "style" not in svg
        links = re.findall(r'<a ([^>]*)xlink:href="/claims/9/"', svg)
        assert links == [""]

    def test_can_be_drawn_of_one_day_and_of_certainty(self):
        last = ChartPoint(day=DAYS[0], value=0.5, low=0.5, high=0.5)

        assert "line_marks" in page_svg(pair_chart.pair_chart([last], [], scale=SCALE))


class TestAFile:
    def test_needs_no_stylesheet(self):
        """Every text, line and shape has its colour from itself or from what it is in."""
        svg = framing.as_file(page_svg(a_spec()), ['"a < b"'], ["The source."])

        root = ET.fromstring(svg)  # noqa: S314 -- our own
        assert "style" not in svg
        assert (root[0].text, root[1].get("fill")) == ('"a < b"', "white")
        assert "The source." in [text.text for text in root.iter(f"{{{SVG}}}text")]
        uncoloured = [*plain_of(root)]
        assert not uncoloured

    def test_is_as_wide_as_its_title(self):
        """22 points, of which a letter is 0.56 wide, and 12 at each side."""
        svg = framing.as_file(page_svg(a_spec(NARROW)), ["w" * 50])

        assert re.search(r' width="(\S+)"', svg)[1] == "640"

    def test_leads_to_the_site(self):
        svg = framing.linked(page_svg(a_spec()), origin="https://site.example")

        assert 'xlink:href="https://site.example/claims/9/"' in svg
        assert 'href="/' not in svg

    def test_as_a_card_gives_its_picture_the_room_below_the_title(self):
        """315 − 36 at the edges, and 2·25 + 8 + 16 + 14 for the heading."""
        title, small = ["One", "Two"], ["Entente"]

        assert framing.card_room(title, small) == (552, 191)
        card = framing.as_card(page_svg(a_spec()), title, small)
        assert ' x="24" y="112" width="552" height="191"' in card


SVG = "http://www.w3.org/2000/svg"


def plain_of(element, *, coloured=False):
    """The shapes of an SVG that have no colour."""
    coloured = coloured or bool({"fill", "stroke"} & {*element.attrib})
    kind = element.tag.removeprefix(f"{{{SVG}}}")
    if kind in ("text", "line", "path", "rect") and not coloured:
        yield kind
    for child in element:
        yield from plain_of(child, coloured=coloured)


class TestTicks:
    def test_of_a_short_time_are_days(self):
        found = time_ticks(date(2022, 3, 1), date(2022, 3, 15), width=860)

        assert [label for _, label in found] == [
            "1 Mar 2022",
            "3 Mar 2022",
            "5 Mar 2022",
            "7 Mar 2022",
            "9 Mar 2022",
            "11 Mar 2022",
            "13 Mar 2022",
            "15 Mar 2022",
        ]

    def test_of_months_begin_with_the_year(self):
        """860 points have room for eleven labels, and 600 days are 20 months: every second."""
        found = time_ticks(date(2021, 12, 15), date(2023, 8, 7), width=860)

        assert [label for _, label in found[:3]] == ["Jan 2022", "Mar 2022", "May 2022"]
        assert len(found) == 10

    def test_of_decades_are_years(self):
        found = time_ticks(date(2003, 6, 1), date(2026, 2, 1), width=270)

        assert [label for _, label in found] == ["2010", "2020"]


def test_chinese_letters_are_twice_as_wide() -> None:
    # Six digits and two Chinese letters: 6 + 2·2.
    assert drawing.letters("202203年月") == 10
    assert drawing.letters("May 2022") == 8
    # A line of eight Latin letters has room for four Chinese ones.
    assert drawing.lines("哈萨克斯坦俄罗", 8) == ["哈萨克斯", "坦俄罗"]
    assert drawing.lines("Kazakhstan and Russia", 14) == ["Kazakhstan and", "Russia"]
