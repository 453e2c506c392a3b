"""The picture as such: valid, clean, quick, and the same for the same numbers."""

import re
import time
from datetime import date, timedelta

import altair as alt
import pytest
from django.core.cache import cache

from tracker.charts import drawing, pair_chart
from tracker.charts.pair_chart import ChartPoint, Mark, Scale

SCALE = Scale(top=9, ends=("confrontation", "friendship"))
DAYS = [date(2022, 3, 1) + timedelta(days=n) for n in range(120)]


def points(count=120):
    return [
        ChartPoint(day=day, value=n / 100, low=-3, high=4) for n, day in enumerate(DAYS[:count])
    ]


def a_mark(**given):
    return Mark(
        **{
            "day": DAYS[9],
            "at": 0.1,
            "good": True,
            "label": "1",
            "title": 'She said "a < b & c"',
            "url": "/claims/1/",
            **given,
        }
    )


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


class TestThePicture:
    def test_is_a_spec_that_the_schema_of_vega_lite_knows(self):
        spec = pair_chart.pair_chart(points(), [a_mark(), a_mark(good=False)], scale=SCALE)

        alt.LayerChart.from_dict(spec)

    def test_has_no_styles_and_no_addresses_elsewhere(self):
        svg = drawing.svg(pair_chart.pair_chart(points(), [a_mark()], scale=SCALE))

        assert "style" not in svg
        assert "<script" not in svg
        assert 'href="/claims/1/"' in svg
        assert svg.count("http") == svg.count("http://www.w3.org/")

    def test_says_what_a_mark_is_when_it_is_pointed_at(self):
        svg = drawing.svg(pair_chart.pair_chart(points(), [a_mark()], scale=SCALE))

        assert "<title>She said &quot;a &lt; b &amp; c&quot;</title>" in svg

    def test_stops_the_keyboard_once_at_each_mark(self):
        """Its words lead there too, for pointers; the rim around them leads nowhere."""
        marks = [a_mark(), a_mark(good=False, url="/claims/2/")]

        svg = drawing.svg(pair_chart.pair_chart(points(), marks, scale=SCALE))

        for url in ("/claims/1/", "/claims/2/"):
            links = re.findall(rf'<a ([^>]*)xlink:href="{url}"', svg)
            assert sorted(links) == ["", 'tabindex="-1" ']

    def test_leaves_the_numbers_in_words_as_they_are(self):
        svg = drawing.svg(pair_chart.pair_chart(points(), [a_mark(title="3.14159 %")], scale=SCALE))

        assert "<title>3.14159 %</title>" in svg
        assert not re.search(r' d="[^"]*\.\d{3}', svg)

    def test_tells_up_from_down_by_shape_and_not_by_colour_alone(self):
        spec = pair_chart.pair_chart(points(), [a_mark(), a_mark(good=False)], scale=SCALE)
        shapes = {one["name"]: one["mark"].get("shape") for one in spec["layer"]}

        assert shapes["better"] == "triangle-up"
        assert shapes["worse"] == "triangle-down"

    def test_writes_the_value_where_the_line_ends_and_no_limit_over_it(self):
        last = ChartPoint(day=DAYS[0], value=-8.9, low=-9.0, high=-5.0)
        spec = pair_chart.pair_chart([last], [], scale=SCALE)
        written = {
            one["name"]: [row["text"] for row in one["data"]["values"]]
            for one in spec["layer"]
            if one["name"] in ("value", "limits")
        }

        assert written == {"value": ["−8.9"], "limits": ["−5.0"]}

    @pytest.mark.parametrize("count", [1, 2])
    def test_can_be_drawn_of_hardly_any_day(self, count):
        assert "line_marks" in drawing.svg(pair_chart.pair_chart(points(count), [], scale=SCALE))

    def test_is_drawn_once_for_the_same_numbers(self):
        spec = pair_chart.pair_chart(points(), [a_mark()], scale=SCALE)
        first = drawing.svg(spec)
        began = time.perf_counter()

        assert drawing.svg(pair_chart.pair_chart(points(), [a_mark()], scale=SCALE)) == first
        assert time.perf_counter() - began < 0.05
        assert drawing.svg(pair_chart.pair_chart(points(), [], scale=SCALE)) != first


class TestLongNames:
    def test_are_written_in_two_lines_and_cut_beyond_them(self):
        assert drawing.name_lines("Chad", 20) == ["Chad"]
        assert drawing.name_lines("Bosnia and Herzegovina", 20) == ["Bosnia and", "Herzegovina"]
        assert drawing.name_lines("United Kingdom of Great Britain and Northern Ireland", 20) == [
            "United Kingdom of",
            "Great Britain and …",
        ]


class TestSpread:
    def test_stacks_the_good_ones_of_a_day_upwards_and_the_bad_ones_downwards(self):
        marks = [a_mark(at=0), a_mark(at=0), a_mark(at=0, good=False), a_mark(at=0, day=DAYS[5])]

        first, second, bad, other = (one.at for one in pair_chart.spread(marks, top=9))

        assert 0 < first < second
        assert bad == -first
        assert other == first

    def test_keeps_them_on_the_scale(self):
        marks = pair_chart.spread([a_mark(at=-8.9, good=False)] * 30, top=9)

        assert min(one.at for one in marks) == -9
