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


def days(points, drawn):
    """The x of each point of a polyline."""
    return [float(one.partition(",")[0]) for one in points.split()]


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
        """An axis of one point each way has 0 in the middle of its 280 points."""
        drawn = moved_lines.moved_lines([a_line("A", a_point(1, 0.0), a_point(5, 0.4))], end=LAST)

        assert drawn.zero == drawn.top + 140
        assert drawn.lines[0].known.split()[0] == f"{drawn.left},{drawn.zero:g}"

    def test_is_thin_after_its_last_source(self):
        """From 15 February to 20 March are 33 days; 10 March is the 23rd of them."""
        line = a_line("A", a_point(1, 0.0), a_point(5, -0.5), reported=date(2022, 3, 10))

        drawn = moved_lines.moved_lines([line], end=LAST)

        turn = round(drawn.left + 470 * 23 / 33, 1)
        assert days(drawn.lines[0].known, drawn)[-1] == turn
        assert days(drawn.lines[0].late, drawn) == [turn, drawn.right]

    def test_has_a_shape_and_a_place_of_its_own(self):
        lines = [a_line(letter, a_point(1, 0.0)) for letter in "ABCD"]
        drawn = moved_lines.moved_lines(lines, end=LAST)

        assert len({one.shape for one in drawn.lines}) == 4
        assert [one.place for one in drawn.lines] == [1, 2, 3, 4]
        assert drawn.right < min(one.x for one in drawn.lines)
        assert max(one.x for one in drawn.lines) < drawn.label_x

    def test_has_its_interval_where_it_ends(self):
        """Of an axis from −1.5 to 1 a point is 112 of the 280 points of the picture."""
        line = a_line("A", a_point(1, 0.0), a_point(5, -0.8, low=-1.27, high=0.06))
        [drawn] = moved_lines.moved_lines([line], end=LAST).lines

        assert (drawn.high, drawn.y, drawn.low) == (14 + 105.3, 14 + 201.6, 14 + 254.2)

    def test_of_a_claim_is_marked_where_the_line_is(self):
        mark = ClaimMark(day=date(2022, 3, 5), at=-0.5, good=False, title="It was done.")

        drawn = moved_lines.moved_lines([a_line("A", a_point(1, 0.0))], end=LAST, marks=[mark])

        assert [(one.y, one.good, one.title) for one in drawn.marks] == [
            (14 + 210, False, "It was done.")
        ]


class TestTheAxis:
    def test_shows_a_point_each_way(self):
        assert moved_lines.reach([a_line("A", a_point(1, 0.0), a_point(5, 0.2))]) == (-1.0, 1.0)

    def test_holds_the_widest_interval(self):
        line = a_line("A", a_point(1, 0.0), a_point(5, -0.8, low=-1.27, high=0.06))

        assert moved_lines.reach([line]) == (-1.5, 1.0)

    def test_names_a_few_values(self):
        line = a_line("A", a_point(1, 0.0), a_point(5, -7.1))

        drawn = moved_lines.moved_lines([line], end=LAST)

        assert [one.text for one in drawn.values] == ["−6.0", "−4.0", "−2.0", "0.0"]


class TestDays:
    def test_of_a_long_time_are_named_by_year(self):
        ticks = moved_lines.day_ticks(date(1990, 5, 1), date(2022, 5, 1), most=6)

        assert [text for _, text in ticks] == ["1991", "1997", "2003", "2009", "2015", "2021"]

    def test_of_months_are_named_by_month(self):
        ticks = moved_lines.day_ticks(date(2021, 11, 17), date(2022, 5, 20), most=6)

        assert [text for _, text in ticks][:2] == ["Dec 2021", "Jan 2022"]
        assert ticks[0][0] == date(2021, 12, 1)

    def test_of_weeks_are_named_by_day(self):
        ticks = moved_lines.day_ticks(date(2022, 2, 10), date(2022, 2, 24), most=4)

        assert [text for _, text in ticks] == [
            "11 Feb 2022",
            "15 Feb 2022",
            "19 Feb 2022",
            "23 Feb 2022",
        ]

    def test_that_are_one_are_named_too(self):
        assert moved_lines.day_ticks(FIRST, FIRST, most=4) == [(FIRST, "1 Mar 2022")]


class TestLabels:
    def tops(self, *ends):
        lines = [
            a_line(letter, a_point(1, 0.0), a_point(5, end))
            for letter, end in zip("ABCD", ends, strict=False)
        ]
        return [one.label_y for one in moved_lines.moved_lines(lines, end=LAST).lines]

    def test_of_near_ends_stand_apart(self):
        first, second = self.tops(-0.50, -0.52)

        assert second - first == moved_lines.LABEL_APART

    def test_stay_within_the_plot(self):
        floor = 14 + 280

        assert self.tops(-1.0, -1.0, -1.0, -1.0) == [floor - 54, floor - 36, floor - 18, floor]


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
