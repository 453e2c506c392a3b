"""Movements on one axis: how lines step, where labels stand, and how far the axis reaches."""

from datetime import date

from tracker.charts import moved_lines
from tracker.charts.known_ways import way_in_words, way_of
from tracker.charts.moved_lines import ClaimMark, MovedLine, MovedPoint
from tracker.domain.movements import WindowMovement

FIRST, LAST = date(2022, 3, 1), date(2022, 3, 20)
NBSP = "\N{NO-BREAK SPACE}"


def a_point(day, value, low=None, high=None):
    return MovedPoint(
        day=date(2022, 3, day),
        value=value,
        low=value if low is None else low,
        high=value if high is None else high,
    )


def a_line(letter, *points, **given):
    return MovedLine(letter=letter, name=f"Pair {letter}", points=points, **given)


def rows(spec, name):
    [layer] = [one for one in spec["layer"] if one["name"] == name]
    return layer["data"]["values"]


class TestALine:
    def test_keeps_its_value_until_the_day_before_the_next_act(self):
        stepped = moved_lines.stepped([a_point(1, 0.0), a_point(5, -0.5)], date(2022, 3, 8))

        assert [(one.day.day, one.value) for one in stepped] == [
            (1, 0.0),
            (4, 0.0),
            (5, -0.5),
            (8, -0.5),
        ]

    def test_begins_at_zero_before_its_first_act(self):
        spec = moved_lines.moved_lines([a_line("A", a_point(1, 0.0), a_point(5, 0.4))], end=LAST)

        first = rows(spec, "trace1")[0]
        assert (first["day"], first["at"]) == ("2022-02-15", 0.0)

    def test_is_thin_after_its_last_source(self):
        line = a_line("A", a_point(1, 0.0), a_point(5, -0.5), reported=date(2022, 3, 10))

        spec = moved_lines.moved_lines([line], end=LAST)

        assert rows(spec, "trace1")[-1]["day"] == "2022-03-10"
        assert [row["day"] for row in rows(spec, "trace1late")] == ["2022-03-10", "2022-03-20"]

    def test_has_looks_of_its_own(self):
        spec = moved_lines.moved_lines(
            [a_line(letter, a_point(1, 0.0)) for letter in "ABCD"], end=LAST
        )

        marks = [
            layer["mark"] for layer in spec["layer"] if layer["name"].startswith(("trace", "spot"))
        ]
        looks = {(mark.get("shape"), str(mark.get("strokeDash")), mark["color"]) for mark in marks}
        assert len(looks) == 2 * 4

    def test_of_a_claim_is_marked_where_the_line_is(self):
        mark = ClaimMark(day=date(2022, 3, 5), at=-0.5, good=False, title="It was done.")

        spec = moved_lines.moved_lines([a_line("A", a_point(1, 0.0))], end=LAST, marks=[mark])

        [row] = rows(spec, "worse")
        assert (row["day"], row["at"]) == ("2022-03-05", -0.5)


class TestTheAxis:
    def test_shows_a_point_each_way(self):
        assert moved_lines.reach([a_line("A", a_point(1, 0.0), a_point(5, 0.2))]) == (-1.0, 1.0)

    def test_holds_the_widest_interval(self):
        line = a_line("A", a_point(1, 0.0), a_point(5, -0.8, low=-1.27, high=0.06))

        assert moved_lines.reach([line]) == (-1.5, 1.0)


class TestLabels:
    def test_of_near_ends_stand_apart(self):
        line_a = a_line("A", a_point(1, 0.0), a_point(5, -0.50))
        line_b = a_line("B", a_point(1, 0.0), a_point(5, -0.52))
        spec = moved_lines.moved_lines([line_a, line_b], end=LAST)

        tops = [
            layer["encoding"]["y"]["value"]
            for layer in spec["layer"]
            if layer["name"].startswith("called")
        ]
        assert tops[1] - tops[0] == moved_lines.LABEL_APART

    def test_stay_within_the_plot(self):
        lines = [a_line(letter, a_point(1, 0.0), a_point(5, -1.0)) for letter in "ABCD"]
        spec = moved_lines.moved_lines(lines, end=LAST)

        tops = [
            layer["encoding"]["y"]["value"]
            for layer in spec["layer"]
            if layer["name"].startswith("called")
        ]
        assert max(tops) == moved_lines.WIDE.height
        assert sorted(tops) == [320 - 3 * 18, 320 - 2 * 18, 320 - 18, 320]


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
        assert way_in_words("unsure", probable, short=True) == "?"
        assert way_in_words("silent", None) == "? no reported act"
        assert way_in_words("unsure", None) == "? not known"
