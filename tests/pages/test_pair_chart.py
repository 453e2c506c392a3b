"""The picture of a pair: where its line, marks and texts are, on pages and in files."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from tracker.charts import axes, drawing, framing
from tracker.charts.axes import ChartPoint, Scale, time_ticks
from tracker.charts.pair_chart import MEDIUM, NARROW, WIDE, Picture, draw

SCALE = Scale(top=1, low=-2, ticks=[-2, -1.5, 0, 1], ends=("further apart", "closer"))
DAYS = [date(2022, 3, 1) + timedelta(days=n) for n in range(121)]
TITLE = 'She said "a < b & c"'


def a_point(day=0, value=0.5, low=None, high=None):
    return ChartPoint(
        day=DAYS[day],
        value=value,
        low=value if low is None else low,
        high=value if high is None else high,
    )


def points(count=121):
    return [a_point(n, -n / 100, -1.5 * n / 100, -n / 200) for n in range(count)]


def a_claim(day=9, value=1.0, **given):
    """A claim that pulls a pair to a value; one with an sd assesses its level."""
    pull = SimpleNamespace(value=value, weight=1.0, sd=given.pop("sd", None))
    own = {"day": DAYS[day], "number": 1, "title": TITLE, "link": "/claims/1/", "pull": pull}
    return SimpleNamespace(**own | given)


def drawn(size=WIDE, **given):
    return draw(Picture(**{"points": points(), "scale": SCALE} | given), size)


CLAIMS = (a_claim(), a_claim(40, -1.0, number=2, link="/claims/2/"), a_claim(value=0.0, number=0))
LEVEL = a_claim(3, -0.5, sd=0.4, title="A level.", link="/claims/9/")


def full(size=WIDE):
    """A picture with everything."""
    return drawn(size, claims=CLAIMS, levels=[LEVEL], reported=DAYS[80])


def layer(svg, name):
    """A layer of a picture; empty without it."""
    found = re.search(rf'<g class="{name}_marks".*?</g>', svg, re.DOTALL)
    return found[0] if found else ""


def places(svg, name):
    """The numbers of the path, or of the place of the mark, of a layer."""
    found = re.search(r' (?:transform|d)="([^"]*)"', layer(svg, name))[1]
    return [float(one) for one in re.findall(r"-?\d+\.?\d*", found)]


def words(svg, name):
    return re.findall(r">([^<]+)</text>", layer(svg, name))


class TestTheLine:
    """Worked by hand: 120 days on so many points across, and the values from 1 at the top to −2 on
    so many points down."""

    @pytest.mark.parametrize(
        ("size", "until_80", "end"),
        [
            # 860·80/120; 300·(1 + 0.8)/3.
            (WIDE, [573.3, 180], [860, 220]),
            # 560·80/120; 260·1.8/3.
            (MEDIUM, [373.3, 156], [560, 190.7]),
            # 270·80/120; 220·1.8/3.
            (NARROW, [180, 132], [270, 161.3]),
        ],
    )
    def test_is_where_the_numbers_are_and_dashed_after_the_last_source(self, size, until_80, end):
        svg = full(size).svg

        assert places(svg, "line")[-2:] == until_80
        assert places(svg, "line_unreported")[:2] == until_80
        assert places(svg, "line_unreported")[-2:] == end
        assert "stroke-dasharray" in layer(svg, "line_unreported")

    def test_has_a_shade_after_the_last_source_that_says_so(self):
        svg = full().svg

        # From day 80 of 120 on 860 points.
        assert places(svg, "unsourced")[0] == 573.3
        assert words(svg, "caption_unsourced") == ["no later source"]

    @pytest.mark.parametrize("count", [1, 2])
    def test_can_be_drawn_of_hardly_any_day(self, count):
        assert layer(drawn(points=points(count)).svg, "line")

    def test_has_its_value_at_its_end_and_no_limit_over_it(self):
        """A point is 100 points high: the lower limit is 10 below the value."""
        svg = drawn(points=[a_point(value=-1.8, low=-1.9, high=-1)]).svg

        assert words(svg, "value") == ["−1.8"]
        assert words(svg, "limits") == ["−1.0"]
        assert not layer(drawn(valued=False).svg, "value")

    def test_of_a_flow_has_no_interval(self):
        svg = drawn(points=[a_point(n, -n / 100) for n in range(121)], interval=False).svg

        assert layer(svg, "line")
        assert words(svg, "value") == ["−1.2"]
        assert not any(layer(svg, name) for name in ("band", "limits", "caption"))


class TestMarks:
    def test_are_on_their_days(self):
        """Day 9, 40 and 3 of 120 on 860 points; the level −0.5 is in the middle."""
        svg = full().svg

        assert places(svg, "better")[0] == 64.5
        assert places(svg, "worse")[0] == 286.7
        assert places(svg, "levels") == [21.5, 150]

    def test_tell_up_from_down_by_shape_and_not_by_colour_alone(self):
        svg = full().svg

        up, down = drawing.symbol("triangle-up", 130), drawing.symbol("triangle-down", 130)
        assert up in layer(svg, "better")
        assert down in layer(svg, "worse")
        assert drawing.symbol("circle", 130) in layer(svg, "neither")
        assert drawing.QUIET in layer(svg, "neither")

    def test_are_links_with_titles_at_which_the_keyboard_stops_once(self):
        """Their words lead there too, for pointers."""
        svg = full().svg

        assert "<title>She said &quot;a &lt; b &amp; c&quot;</title>" in svg
        for url, more in (("/claims/2/", ['tabindex="-1" ']), ("/claims/9/", [])):
            links = re.findall(rf'<a ([^>]*)xlink:href="{url}"', svg)
            assert sorted(links) == ["", *more]

    def test_stand_in_a_lane_below_the_plot_joined_to_the_line(self):
        """On day 9 the line is at −0.09, 109 of 300 points down; the first row is 7 + 10.5 below
        the plot."""
        picture = drawn(claims=[a_claim()])

        assert 'y1="109" y2="317.5"' in layer(picture.svg, "stem")
        # A row is 21 points high, and a point is worth a hundredth.
        assert picture.low == pytest.approx(-2 - 0.28)
        assert drawn().low == -2

    def test_that_are_too_near_are_counted_and_lead_to_their_list(self):
        claims = [a_claim(number=n) for n in range(1, 6)]
        svg = drawn(NARROW, claims=claims, several="/list/").svg

        marks = layer(svg, "better")
        assert marks.count("<path") == 3
        assert marks.count('href="/list/"') == 1
        assert "<title>3 claims: She said" in marks
        assert sorted(words(svg, "better_numbers")) == ["1, 4, 5", "2", "3"]

    def test_of_a_level_of_an_earlier_day_are_at_the_edge_with_an_arrow(self):
        earlier = SimpleNamespace(**vars(a_claim(value=0.5, sd=0.2)) | {"day": date(2018, 12, 31)})
        levels = [LEVEL, earlier, earlier]
        svg = drawn(levels=levels, points=points()[1:]).svg

        assert words(svg, "level_caption_start") == [
            "Level −0.5 ± 0.4, 4 March 2022",
            "← Level +0.5 ± 0.2, 31 December 2018",
        ]


class TestTheFile:
    def test_needs_no_stylesheet(self):
        """Every text, line and shape has its colour from itself or from what it is in."""
        svg = framing.as_file(full().svg, ['"a < b"'], ["The source."])

        root = ET.fromstring(svg)  # noqa: S314 -- our own
        assert "style" not in svg
        assert "<script" not in svg
        assert svg.count("http") == svg.count("http://www.w3.org/")
        assert not re.search(r' d="[^"]*\.\d{2}', svg)
        assert (root[0].text, root[1].get("fill")) == ('"a < b"', "white")
        assert "The source." in [text.text for text in root.iter(f"{{{SVG}}}text")]
        uncoloured = [*plain_of(root)]
        assert not uncoloured

    def test_is_as_wide_as_its_title(self):
        """22 points, of which a letter is 0.56 wide, and 12 at each side."""
        svg = framing.as_file(full(NARROW).svg, ["w" * 50])

        assert re.search(r' width="(\S+)"', svg)[1] == "640"

    def test_leads_to_the_site(self):
        svg = framing.linked(full().svg, origin="https://site.example")

        assert 'xlink:href="https://site.example/claims/9/"' in svg
        assert 'href="/' not in svg

    def test_as_a_card_gives_its_picture_the_room_below_the_title(self):
        """315 − 36 at the edges, and 2·25 + 8 + 16 + 14 for the heading."""
        title, small = ["One", "Two"], ["Entente"]

        assert framing.card_room(title, small) == (552, 191)
        card = framing.as_card(full().svg, title, small)
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
        found = axes.of_movement([a_point(0, 0), a_point(1, low, low, high)], top=9)

        assert (found.low, found.top) == (least, top)
        assert 0 in found.ticks
        assert 4 <= len(found.ticks) <= 8

    def test_of_levels_is_that_of_the_interval_and_never_narrower_than_a_band(self):
        wide = axes.of_levels([a_point(0, 3.7, -0.5, 7.9)], [5.0], top=9)
        sure = axes.of_levels([a_point(0, -8.95, -9.0, -8.9)], [], top=9)

        assert (wide.low, wide.top, wide.banded) == (-1, 8, True)
        assert (sure.low, sure.top) == (-9, -6)

    def test_of_levels_has_bands_with_their_names(self):
        """−3..0 is discord, and so on to friendly, 6..9; each as far as the picture goes, of which
        a point is 300/9 high."""
        scale = Scale(low=-1, top=8, ticks=[0, 2, 4], banded=True)
        svg = drawn(points=[a_point(0, 3.7, -0.5, 7.9)], scale=scale).svg

        assert words(svg, "caption_bands") == ["discord", "normal", "good", "friendly"]
        assert places(svg, "tint_2") == [0, 266.7, 860, 300, 0]

    def test_of_a_tables_sparks_is_the_largest_of_all(self):
        assert axes.of_sparks([[0.1, -0.3], [2.5, -7.0], []]) == 7.0
        assert axes.of_sparks([]) == axes.of_sparks([[0.1, -0.3]]) == 1.0


class TestTicks:
    @pytest.mark.parametrize(
        ("start", "end", "width", "labels"),
        [
            (date(2022, 3, 1), date(2022, 3, 9), 470, ["1", "3", "5", "7", "9"]),
            (date(2022, 3, 1), date(2022, 3, 1), 190, ["1"]),
        ],
    )
    def test_of_a_short_time_are_days(self, start, end, width, labels):
        found = [label for _day, label in time_ticks(start, end, width=width)]

        assert found == [f"{label} Mar 2022" for label in labels]

    def test_of_months_begin_with_the_year(self):
        """860 points have room for eleven labels, and 600 days are 20 months: every second."""
        found = time_ticks(date(2021, 12, 15), date(2023, 8, 7), width=860)

        assert [label for _, label in found[:3]] == ["Jan 2022", "Mar 2022", "May 2022"]
        assert len(found) == 10

    def test_of_decades_are_years(self):
        found = time_ticks(date(2003, 6, 1), date(2026, 2, 1), width=270)

        assert [label for _, label in found] == ["2010", "2020"]


class TestLetters:
    def test_of_chinese_are_twice_as_wide(self):
        # Six digits and two Chinese letters: 6 + 2·2.
        assert drawing.letters("202203年月") == 10
        assert drawing.letters("May 2022") == 8
        # A line of eight Latin letters has room for four Chinese ones.
        assert drawing.lines("哈萨克斯坦俄罗", 8) == ["哈萨克斯", "坦俄罗"]
        assert drawing.lines("Kazakhstan and Russia", 14) == ["Kazakhstan and", "Russia"]

    def test_of_a_long_name_are_in_two_lines_and_cut_beyond_them(self):
        assert drawing.name_lines("Chad", 20) == ["Chad"]
        assert drawing.name_lines("United Kingdom of Great Britain and Northern Ireland", 20) == [
            "United Kingdom of",
            "Great Britain and …",
        ]
