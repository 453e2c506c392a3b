"""The picture as such: clean, and the same for the same numbers."""

import re
from datetime import date, timedelta

import pytest

from tracker.charts import drawing, pair_chart, scales
from tracker.charts.page_svg import page_svg
from tracker.charts.pair_chart import ChartPoint, Mark, Notes, Scale

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
            "way": "better",
            "label": "1",
            "title": 'She said "a < b & c"',
            "url": "/claims/1/",
            **given,
        }
    )


class TestThePicture:
    def test_has_no_styles_and_no_addresses_elsewhere(self):
        svg = page_svg(pair_chart.pair_chart(points(), [a_mark()], scale=SCALE))

        assert "style" not in svg
        assert "<script" not in svg
        assert 'href="/claims/1/"' in svg
        assert svg.count("http") == svg.count("http://www.w3.org/")

    def test_says_what_a_mark_is_when_it_is_pointed_at(self):
        svg = page_svg(pair_chart.pair_chart(points(), [a_mark()], scale=SCALE))

        assert "<title>She said &quot;a &lt; b &amp; c&quot;</title>" in svg

    def test_stops_the_keyboard_once_at_each_mark(self):
        """Its words lead there too, for pointers; the rim around them leads nowhere."""
        marks = [a_mark(), a_mark(way="worse", url="/claims/2/")]

        svg = page_svg(pair_chart.pair_chart(points(), marks, scale=SCALE))

        for url in ("/claims/1/", "/claims/2/"):
            links = re.findall(rf'<a ([^>]*)xlink:href="{url}"', svg)
            assert sorted(links) == ["", 'tabindex="-1" ']

    def test_leaves_the_numbers_in_words_as_they_are(self):
        svg = page_svg(pair_chart.pair_chart(points(), [a_mark(title="3.14159 %")], scale=SCALE))

        assert "<title>3.14159 %</title>" in svg
        assert not re.search(r' d="[^"]*\.\d{3}', svg)

    def test_tells_up_from_down_by_shape_and_not_by_colour_alone(self):
        spec = pair_chart.pair_chart(points(), [a_mark(), a_mark(way="worse")], scale=SCALE)
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
        assert "line_marks" in page_svg(pair_chart.pair_chart(points(count), [], scale=SCALE))


class TestLongNames:
    def test_are_written_in_two_lines_and_cut_beyond_them(self):
        assert drawing.name_lines("Chad", 20) == ["Chad"]
        assert drawing.name_lines("Bosnia and Herzegovina", 20) == ["Bosnia and", "Herzegovina"]
        assert drawing.name_lines("United Kingdom of Great Britain and Northern Ireland", 20) == [
            "United Kingdom of",
            "Great Britain and …",
        ]


class TestTheLane:
    def test_is_below_the_plot_and_joined_to_the_line(self):
        """The scale ends at −9: marks stand below it, and their lines begin on the line."""
        spec = pair_chart.pair_chart(points(), [a_mark(at=0.09)], scale=SCALE)
        layers = {one["name"]: one for one in spec["layer"]}
        [stem], [mark] = (layers[name]["data"]["values"] for name in ("stem_0", "better"))

        assert stem["on_line"] == 0.09
        assert stem["at"] == mark["at"] < -9
        assert spec["low"] < mark["at"]
        assert spec["height"] > pair_chart.WIDE.height

    def test_needs_no_room_without_marks(self):
        spec = pair_chart.pair_chart(points(), [], scale=SCALE)

        assert (spec["low"], spec["top"]) == (-9, 9)
        assert spec["height"] == pair_chart.WIDE.height

    def test_gives_no_direction_to_what_pulls_neither_way(self):
        spec = pair_chart.pair_chart(points(), [a_mark(way="neither")], scale=SCALE)

        [mark] = [one for one in spec["layer"] if one["name"] == "neither"]
        assert mark["mark"]["shape"] == "circle"
        assert mark["mark"]["color"] == drawing.QUIET

    def test_counts_marks_that_are_too_near_and_leads_to_their_list(self):
        marks = [a_mark(label=str(n)) for n in range(1, 6)]
        spec = pair_chart.pair_chart(
            points(), marks, scale=SCALE, size=pair_chart.NARROW, notes=Notes(several="/list/")
        )

        [layer] = [one for one in spec["layer"] if one["name"] == "better"]
        assert len(layer["data"]["values"]) == 3
        [several] = [row for row in layer["data"]["values"] if row["url"] == "/list/"]
        assert several["text"] == "1, 4, 5"
        assert several["title"].startswith("3 claims: She said")


class TestTheScale:
    """Worked by hand: the next tick beyond the interval, and at least a point each way."""

    @pytest.mark.parametrize(
        ("low", "high", "least", "top"),
        [
            (-0.05, 0.02, -1.0, 1.0),
            (-1.27, 0.06, -1.5, 1.0),
            (-7.2, -7.1, -8.0, 2.0),
            (-0.2, 4.4, -1.0, 5.0),
            (-18.0, 0.0, -18.0, 3.0),
        ],
    )
    def test_of_a_movement_is_as_wide_as_it_needs_to_be(self, low, high, least, top):
        last = ChartPoint(day=DAYS[1], value=(low + high) / 2, low=low, high=high)
        start = ChartPoint(day=DAYS[0], value=0, low=0, high=0)

        found = scales.of_movement([start, last], top=9)

        assert (found.least, found.top) == (least, top)
        assert 0 in found.ticks
        assert 4 <= len(found.ticks) <= 8

    def test_of_levels_is_that_of_the_interval_with_the_bands(self):
        last = ChartPoint(day=DAYS[0], value=3.7, low=-0.5, high=7.9)

        found = scales.of_levels([last], [5.0], top=9)

        assert (found.least, found.top, found.banded) == (-1, 8, True)

    def test_of_levels_is_never_narrower_than_a_band(self):
        last = ChartPoint(day=DAYS[0], value=-8.95, low=-9.0, high=-8.9)

        found = scales.of_levels([last], [], top=9)

        assert (found.least, found.top) == (-9, -6)

    def test_of_a_tables_sparks_is_the_largest_of_all(self):
        assert scales.of_sparks([[0.1, -0.3], [2.5, -7.0], []]) == 7.0
        assert scales.of_sparks([]) == scales.of_sparks([[0.1, -0.3]]) == 1.0


class TestBands:
    def test_are_behind_a_level_with_their_names(self):
        spec = pair_chart.pair_chart(
            [ChartPoint(day=DAYS[0], value=3.7, low=-0.5, high=7.9)],
            [],
            scale=Scale(low=-1, top=8, ticks=[0, 2, 4], banded=True),
        )

        layers = {one["name"]: one["data"]["values"] for one in spec["layer"] if "data" in one}
        # −3..0 is discord, and so on to friendly, 6..9; each as far as the picture goes.
        assert [row["text"] for row in layers["caption_bands"]] == [
            "discord",
            "normal",
            "good",
            "friendly",
        ]
        assert [(row["from"], row["to"]) for row in layers["caption_bands"]] == [
            (-1, 0),
            (0, 3),
            (3, 6),
            (6, 8),
        ]


class TestTheDaysAfterTheLastSource:
    def test_are_shaded_and_dashed_and_said(self):
        spec = pair_chart.pair_chart(points(), [], scale=SCALE, notes=Notes(reported=DAYS[40]))
        layers = {one["name"]: one["data"]["values"] for one in spec["layer"] if "data" in one}

        [shade] = layers["unsourced"]
        assert (shade["day"], shade["until"]) == (DAYS[40].isoformat(), DAYS[-1].isoformat())
        assert layers["caption_unsourced"][0]["text"] == "no later source"
        assert layers["line"][-1]["day"] == layers["line_unreported"][0]["day"]
