"""Lines of movements, the lane of events below a line, and what is left out of a line."""

import re
from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tracker.charts import event_lane, moved_lines
from tracker.charts.axes import ChartPoint
from tracker.charts.event_lane import Lane, Place, Spot, arrange
from tracker.charts.known_ways import way_in_words, way_of
from tracker.charts.moved_lines import ClaimMark, MovedLine
from tracker.charts.thinning import kept_places
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
    def test_are_known_of_half_a_point_in_four_of_five_worlds(self):
        assert way_of(moved(0.0, 1.0, rose=0.8)) == "better"
        assert way_of(moved(-1.2, 0.0, fell=0.8)) == "worse"
        assert way_of(moved(-1.2, 0.0, fell=0.79)) == "unsure"
        assert way_of(moved(-0.5, -0.1, fell=0.97)) == "unsure"
        assert way_of(moved(-0.1, 0.1, fell=0.5, rose=0.5)) == "unsure"
        assert way_of(moved(-0.1, 0.1, fell=0.5, rose=0.5)._replace(acted=False)) == "silent"
        assert way_of(None) == "silent"

    def test_that_are_unsure_say_what_is_probable(self):
        probable = moved(-0.5, 0.0, fell=0.94)
        open_ = moved(-0.5, 0.4, fell=0.6, rose=0.4)

        assert way_in_words("unsure", probable) == f"? probably worse, about 95{NBSP}%"
        assert way_in_words("unsure", open_) == "? no sure change"
        assert way_in_words("silent", None) == "? no reported act"
        assert way_in_words("unsure", None) == "? not known"


WIDTH = 860
LANE = Lane(width=WIDTH, rows=8)
# A mark reaches 9 points each way, and a letter is 6.7 wide.
MARK, LETTER, GAP = 9, 6.7, 6

spots = st.lists(
    st.builds(
        Spot,
        x=st.floats(0, WIDTH),
        number=st.integers(0, 12).map(lambda n: str(n) if n else ""),
        title=st.text(alphabet="abc ", max_size=90),
    ),
    max_size=12,
)
lanes = st.builds(
    Lane,
    width=st.just(WIDTH),
    rows=st.integers(1, 8),
    text=st.sampled_from([12, 13]),
    titled=st.booleans(),
)


def a_spot(**given):
    return Spot(**{"x": 10.0, "number": "1", "title": "It closed a road.", **given})


def box(place, some, lane):
    """The left and right ends of a place's mark with its text. Marks that share a place are drawn
    at the latest one."""
    x = max(some[n].x for n in place.spots)
    long = MARK + LETTER * lane.text / 12 * len(place.text) + GAP
    return (x - long, x + MARK) if place.left else (x - MARK, x + long)


class TestTitles:
    def test_stand_on_the_right_of_the_mark(self):
        assert arrange([a_spot()], LANE) == [
            Place(row=0, text="1  It closed a road", spots=(0,), left=False)
        ]

    def test_stand_on_the_left_at_the_right_edge(self):
        assert arrange([a_spot(x=850)], LANE) == [
            Place(row=0, text="1  It closed a road", spots=(0,), left=True)
        ]

    def test_of_a_day_stand_one_above_the_other(self):
        found = arrange([a_spot(), a_spot(number="2"), a_spot(number="3")], LANE)

        assert [place.row for place in found] == [0, 1, 2]
        assert all(place.text.endswith("It closed a road") for place in found)

    def test_are_shorter_where_there_is_less_room(self):
        """70 letters of 6.7 points are too many for 300 points, and 28 are not."""
        [place] = arrange([a_spot(title="road " * 14)], Lane(width=300, rows=1))

        assert place.text == "1  road road road road road …"

    def test_of_a_mark_without_a_number_have_none(self):
        [place] = arrange([a_spot(number="")], LANE)

        assert place.text == "It closed a road"

    def test_with_a_verdict_are_not_cut_but_left_out(self):
        [place] = arrange([a_spot(title="It closed a road. [judged false by the desk]")], LANE)

        assert place.text == "1"

    def test_are_left_out_where_marks_are_many(self):
        some = [a_spot(x=80.0 * n, number=str(n + 1)) for n in range(10)]

        assert {place.text for place in arrange(some, LANE)} == {*map(str, range(1, 11))}


class TestNumbers:
    NARROW = Lane(width=270, rows=2, titled=False)

    def test_of_more_than_there_are_rows_for_stand_beside_one_mark(self):
        found = arrange([a_spot(number=str(n)) for n in range(1, 5)], self.NARROW)

        assert sorted(place.text for place in found) == ["1, 3, 4", "2"]
        assert sorted(n for place in found for n in place.spots) == [0, 1, 2, 3]

    def test_come_before_marks_without_one_which_have_no_text(self):
        """There is one row. The later mark joins the one that the list shows."""
        lane = Lane(width=270, rows=1, titled=False)
        near, far = a_spot(x=14, number=""), a_spot(x=200, number="")

        found = arrange([near, far, a_spot(number="2")], lane)

        assert sorted((place.text, place.spots) for place in found) == [("", (1,)), ("2", (2, 0))]


class TestAnyMarks:
    @given(spots, lanes)
    def test_have_a_place_each_and_lie_on_no_other(self, some, lane):
        found = arrange(some, lane)

        assert sorted(n for place in found for n in place.spots) == [*range(len(some))]
        assert all(0 <= place.row < lane.rows for place in found)
        for one, other in combinations(found, 2):
            first, second = box(one, some, lane), box(other, some, lane)
            if one.row == other.row:
                assert first[1] <= second[0] + 1e-6 or second[1] <= first[0] + 1e-6

    @given(spots)
    def test_have_titles_that_no_line_to_the_plot_crosses(self, some):
        found = arrange(some, LANE)
        if len(some) > event_lane.MOST_TITLED:
            return
        for one in found:
            start, end = box(one, some, LANE)
            text = (start, end - 2 * MARK) if one.left else (start + 2 * MARK, end)
            for other in found:
                if other.row > one.row:
                    x = some[other.spots[0]].x
                    assert not text[0] + 1e-6 < x < text[1] - 1e-6


class TestClipped:
    def test_ends_at_a_word(self):
        assert event_lane.clip_title("x" * 60 + " " + "y" * 20) == "x" * 60 + " …"
        assert event_lane.clip_title("All of it.") == "All of it"


REACH = 0.01


def kept(*lines):
    """The places that are kept of lines with a number on each day."""
    return kept_places(range(700_000, 700_000 + len(lines[0])), lines, reach=REACH)


class TestAThinnedLine:
    def test_keeps_its_ends_and_its_bends(self):
        assert kept([0, 1, 2, 3, 3, 3, 2, 1]) == [0, 3, 5, 7]

    def test_keeps_what_is_hardly_a_line(self):
        assert kept([]) == []
        assert kept([1, 2]) == [0, 1]

    def test_keeps_the_bend_of_another(self):
        assert kept([0, 1, 2, 3, 4], [0, 0, 0, 1, 2]) == [0, 2, 4]

    def test_is_measured_in_days(self):
        """It rises by 1 a day, although the third point is a week later."""
        assert kept_places([1, 2, 9], [[0, 1, 8]], reach=REACH) == [0, 2]

    @given(st.lists(st.floats(-9, 9), min_size=3, max_size=60))
    def test_passes_by_nothing_that_it_leaves_out(self, values):
        places = kept(values)

        for n, value in enumerate(values):
            before = max(place for place in places if place <= n)
            after = min(place for place in places if place >= n)
            share = (n - before) / (after - before or 1)
            on_the_line = values[before] + share * (values[after] - values[before])
            assert abs(on_the_line - value) <= REACH + 1e-9
