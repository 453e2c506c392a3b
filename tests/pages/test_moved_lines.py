"""Movements on one axis: how lines step, where labels stand, and how far the axis reaches."""

import re
from datetime import date

from tracker.charts import moved_lines
from tracker.charts.axes import ChartPoint
from tracker.charts.known_ways import way_in_words, way_of
from tracker.charts.moved_lines import ClaimMark, MovedLine
from tracker.domain.movements import WindowMovement

FIRST, LAST = date(2022, 3, 1), date(2022, 3, 20)
NBSP = "\N{NO-BREAK SPACE}"


def a_point(day, value, low=None, high=None):
    return ChartPoint(
        day=date(2022, 3, day),
        value=value,
        low=value if low is None else low,
        high=value if high is None else high,
    )


def a_line(letter, *points, **given):
    return MovedLine(letter=letter, name=f"Pair {letter}", points=points, **given)


def drawn(*lines, **given):
    return moved_lines.moved_lines(lines, label="In words.", end=LAST, **given)


def polylines(svg):
    """The points of each line, and then those of its thin part."""
    return [
        [tuple(map(float, one.split(","))) for one in points.split()]
        for points in re.findall(r'<polyline[^>]* points="([^"]*)"', svg)
    ]


class TestALine:
    def test_keeps_its_value_until_the_day_before_the_next_act(self):
        stepped = moved_lines.stepped([a_point(1, 0.0), a_point(5, -0.5)], date(2022, 3, 8))

        assert [(one.day.day, one.value) for one in stepped] == [
            (1, 0.0),
            (4, 0.0),
            (5, -0.5),
            (8, -0.5),
        ]

    def test_begins_at_zero_and_is_thin_after_its_last_source(self):
        """From 15 February to 20 March are 33 days; 10 March is the 23rd of them. An axis of one
        point each way has 0 in the middle of its 280 points."""
        line = a_line("A", a_point(1, 0.0), a_point(5, -0.5), reported=date(2022, 3, 10))

        known, late = polylines(drawn(line))

        turn = round(470 * 23 / 33, 1)
        assert known[0] == (0, 140)
        assert known[-1] == (turn, 210)
        assert late == [(turn, 210), (470, 210)]

    def test_has_a_shape_and_a_look_of_its_own(self):
        svg = drawn(*(a_line(letter, a_point(1, 0.0)) for letter in "ABCD"))

        assert len({*re.findall(r'<path d="([^"]*)" transform', svg)}) == 4
        assert re.findall(r'<g class="(look\d)"', svg) == ["look1", "look2", "look3", "look4"]

    def test_has_its_interval_where_it_ends(self):
        """Of an axis from −1.5 to 1 a point is 112 of the 280 points of the picture, and it ends 14
        points beside the plot."""
        svg = drawn(a_line("A", a_point(1, 0.0), a_point(5, -0.8, low=-1.27, high=0.06)))

        assert 'class="whisker" x1="484" x2="484" y1="254.2" y2="105.3"' in svg
        assert 'transform="translate(484 201.6)"' in svg
        assert "A −0.8 Pair A</text>" in svg

    def test_of_a_claim_is_marked_where_the_line_is(self):
        mark = ClaimMark(day=date(2022, 3, 5), at=-0.5, good=False, title="It was done.")

        svg = drawn(a_line("A", a_point(1, 0.0)), marks=[mark])

        found = re.search(r'class="mark worse".*? (\S+)\)"><title>(.*?)</title>', svg)
        assert found.groups() == ("210", "It was done.")


class TestLabels:
    def test_of_near_ends_stand_apart(self):
        first, second = moved_lines.label_tops([100, 102], 280)

        assert second - first == moved_lines.LABEL_APART

    def test_stay_within_the_plot(self):
        assert moved_lines.label_tops([280] * 4, 280) == [226, 244, 262, 280]


def moved(low, high, *, fell=0.0, rose=0.0):
    return WindowMovement(FIRST, LAST, (low + high) / 2, low, high, fell, rose)


class TestWays:
    def test_are_known_where_the_interval_leaves_out_zero(self):
        assert way_of(moved(0.1, 0.5, rose=0.97)) == "better"
        assert way_of(moved(-0.5, -0.1, fell=0.97)) == "worse"
        assert way_of(moved(-0.5, 0.0, fell=0.94)) == "unsure"
        assert way_of(moved(0.0, 0.0)) == "silent"
        assert way_of(None) == "silent"

    def test_that_are_unsure_say_what_is_probable(self):
        probable = moved(-0.5, 0.0, fell=0.94)
        open_ = moved(-0.5, 0.4, fell=0.6, rose=0.4)

        assert way_in_words("unsure", probable) == f"? probably worse, 94{NBSP}%"
        assert way_in_words("unsure", open_) == "? no sure change"
        assert way_in_words("silent", None) == "? no reported act"
        assert way_in_words("unsure", None) == "? not known"
