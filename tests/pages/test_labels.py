"""Words beside marks: none lies on another, and a verdict is never cut off."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from tracker.charts.mark_labels import MarkLabel, Spot, place_labels

from tracker.charts import mark_labels

spots = st.lists(
    st.builds(
        Spot,
        x=st.floats(0, 860),
        y=st.floats(0, 330),
        number=st.integers(1, 12).map(str),
        title=st.text(alphabet="abc ", max_size=90),
    ),
    max_size=10,
)


def a_spot(**given):
    return Spot(**{"x": 10.0, "y": 10.0, "number": "1", "title": "It closed a road.", **given})


class TestWritten:
    def test_writes_the_title_where_there_is_room(self):
        assert place_labels([a_spot()], width=860) == [MarkLabel(text="1  It closed a road")]

    def test_writes_it_on_the_left_at_the_right_edge(self):
        assert place_labels([a_spot(x=850)], width=860) == [
            MarkLabel(text="1  It closed a road", left=True)
        ]

    def test_leaves_it_to_the_number_where_another_is_in_the_way(self):
        one, other = place_labels([a_spot(), a_spot(x=40, number="2")], width=200)

        assert one == MarkLabel(text="1")
        assert other == MarkLabel(text="2  It closed a road")

    def test_writes_the_number_on_the_left_where_another_is_on_the_right(self):
        one, other = place_labels([a_spot(x=40), a_spot(x=52, number="2")], width=860, titled=False)

        assert one == MarkLabel(text="1", left=True)
        assert other == MarkLabel(text="2")

    def test_leaves_even_the_number_out_where_a_mark_would_hide_it(self):
        one, other = place_labels([a_spot(), a_spot(x=22, number="2")], width=860, titled=False)

        assert one == MarkLabel(text="")
        assert other == MarkLabel(text="2")

    def test_does_not_cut_a_verdict_off(self):
        judged = a_spot(title="It closed a road. [judged false by the desk]")

        assert place_labels([judged], width=860) == [MarkLabel(text="1")]

    @given(spots)
    def test_lays_no_word_on_another(self, some):
        words = place_labels(some, width=860)
        boxes = [
            mark_labels._label_box(spot, word)
            for spot, word in zip(some, words, strict=True)
            if word.text
        ]

        assert not any(mark_labels._overlap(*two) for two in combinations(boxes, 2))


class TestClipped:
    def test_ends_at_a_word(self):
        assert mark_labels.clip_title("x" * 60 + " " + "y" * 20) == "x" * 60 + " …"
        assert mark_labels.clip_title("All of it.") == "All of it"
