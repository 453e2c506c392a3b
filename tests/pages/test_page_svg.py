"""The pictures of pages show what those of Vega-Lite show, from the same specs."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from tests.pages.test_charts import a_mark
from tracker.charts import drawing, pair_chart
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


def numbers(svg, layer):
    """The numbers of the paths, or of the places, of a layer."""
    group = re.search(rf'<g class="[^"]*{layer}_marks".*?</g>', svg, re.DOTALL)[0]
    found = re.findall(r' (?:d|transform)="([^"]*)"', group)
    return [float(one) for text in found for one in re.findall(r"-?\d+\.?\d*", text)]


class TestThePicture:
    @pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
    @pytest.mark.parametrize("layer", ["line", "line_unreported"])
    def test_has_the_same_lines(self, size, layer):
        spec = a_spec(size)

        own, other = numbers(page_svg(spec), layer), numbers(drawing.svg(spec), layer)

        assert own == pytest.approx(other, abs=0.11)

    @pytest.mark.parametrize("layer", ["better", "worse", "neither", "levels"])
    def test_has_the_same_marks_in_the_same_places(self, layer):
        spec = a_spec()
        place = re.compile(rf'class="[^"]*{layer}_marks".*?translate\((.*?)\)', re.DOTALL)

        own, other = (place.search(svg)[1] for svg in (page_svg(spec), drawing.svg(spec)))

        assert [float(one) for one in own.split(",")] == pytest.approx(
            [float(one) for one in other.split(",")], abs=0.11
        )

    def test_has_the_same_words(self):
        spec = a_spec()
        said = [
            {*map(unescape, re.findall(r"<text[^>]*>([^<]+)</text>", svg))}
            for svg in (page_svg(spec), drawing.svg(spec))
        ]

        # Each chooses its own ticks of time.
        assert {one for one in said[0] if "2022" not in one} == {
            one for one in said[1] if "2022" not in one
        }

    def test_escapes_titles_and_links_each_mark_once_for_the_keyboard(self):
        svg = page_svg(a_spec())

        assert "<title>She said &quot;a &lt; b &amp; c&quot;</title>" in svg
        assert "style" not in svg
        links = re.findall(r'<a ([^>]*)xlink:href="/claims/9/"', svg)
        assert links == [""]

    def test_can_be_drawn_of_one_day_and_of_certainty(self):
        last = ChartPoint(day=DAYS[0], value=0.5, low=0.5, high=0.5)

        assert "line_marks" in page_svg(pair_chart.pair_chart([last], [], scale=SCALE))


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
