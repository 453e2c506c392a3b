from datetime import date

from tests.kit.tables import each
from tracker.domain.scoring.standing import band_of, unanchored


class TestBand:
    @each(
        ("value", "name"),
        [
            (-9.0, "confrontation"),
            (-6.01, "confrontation"),
            (-6.0, "tension"),
            (-3.01, "tension"),
            (-3.0, "discord"),
            (-1e-17, "discord"),
            (0.0, "normal"),
            (2.99, "normal"),
            (3.0, "good"),
            (6.0, "friendly"),
            (9.0, "friendly"),
        ],
    )
    def test_holds_its_lower_edge(self, value, name):
        assert band_of(value, low=value - 1, high=value + 1, top=9) == name

    def test_is_named_up_to_a_half_width_of_three(self):
        assert band_of(1.0, low=-2.0, high=4.0, top=9) == "normal"
        assert band_of(1.0, low=-2.01, high=4.0, top=9) is None


class TestUnanchored:
    @each(
        ("moved", "words"),
        [
            (-0.494, "level never assessed; moved −0.5 since March 2022"),
            (0.351, "level never assessed; moved +0.4 since March 2022"),
            (-1.25, "level never assessed; moved −1.2 since March 2022"),
            (10.04, "level never assessed; moved +10.0 since March 2022"),
            (-0.04, "level never assessed; hardly moved since March 2022"),
            (0.0, "level never assessed; hardly moved since March 2022"),
        ],
    )
    def test_says_how_far_and_since_when(self, moved, words):
        assert unanchored(moved, since=date(2022, 3, 31)) == words

    def test_says_when_nothing_is_recorded(self):
        assert unanchored(0.0, since=None) == "level never assessed; nothing recorded"
