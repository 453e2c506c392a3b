"""The lane of events: nothing lies on anything else, and a verdict is never cut off."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tracker.charts import event_lane
from tracker.charts.event_lane import Lane, Place, Spot, arrange

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
