"""What is said of a triangle, on cases made by hand."""

import pytest

from tracker.domain.triads import Edge, triad
from tracker.pages.trianglewords import headline
from tracker.pages.words import Names

NAMED = Names(by_code={"AAA": "Avalon", "BBB": "Bern", "CCC": "Cadiz"})


def a_triad(**values):
    """Values by pair ("AB"); each known to a point, or to three where it is within one of 0."""
    edges = []
    for name, value in values.items():
        half = 1 if abs(value) > 1 else 3
        pair = "-".join(letter * 3 for letter in name)
        edges.append(Edge(pair=pair, value=value, low=value - half, high=value + half))
    return triad(edges)


class TestTheHeadline:
    @pytest.mark.parametrize(
        ("values", "says"),
        [
            (
                {"AB": 5, "AC": 4, "BC": 3},
                (
                    "Avalon, Bern and Cadiz are in balance: all three relations are positive."
                    " Nearest to a flip: Bern–Cadiz (+3.0)."
                ),
            ),
            (
                {"AB": 5, "AC": -4, "BC": -3},
                (
                    "Avalon, Bern and Cadiz are in balance: Avalon–Bern positive, both at"
                    " odds with Cadiz. Nearest to a flip: Bern–Cadiz (−3.0)."
                ),
            ),
            (
                {"AB": 5, "AC": 4, "BC": -3},
                (
                    "Avalon, Bern and Cadiz are under strain: Bern–Cadiz at odds, though"
                    " both get on with the third. Nearest to a flip: Bern–Cadiz (−3.0)."
                ),
            ),
            (
                {"AB": -5, "AC": -4, "BC": -3},
                (
                    "Avalon, Bern and Cadiz are under strain: all three relations are negative."
                    " Nearest to a flip: Bern–Cadiz (−3.0)."
                ),
            ),
            (
                {"AB": 5, "AC": 0.4, "BC": -3},
                (
                    "Whether Avalon, Bern and Cadiz are in balance is open: the sign of"
                    " Avalon–Cadiz is not known. Nearest to a flip: Avalon–Cadiz (+.4)."
                ),
            ),
            (
                {"AB": 5, "AC": 0.4, "BC": -0.3},
                (
                    "Whether Avalon, Bern and Cadiz are in balance is open: the signs of"
                    " Avalon–Cadiz and Bern–Cadiz are not known. Nearest to a flip:"
                    " Bern–Cadiz (−.3)."
                ),
            ),
        ],
    )
    def test_says_whether_they_are_in_balance_and_why(self, values, says):
        assert headline(a_triad(**values), NAMED) == says

    def test_says_of_which_pairs_nothing_is_on_record(self):
        said = headline(a_triad(AB=0, AC=0.4, BC=-0.3), NAMED, silent=["AAA-BBB"])

        assert said == (
            "Whether Avalon, Bern and Cadiz are in balance is open: the signs of all three"
            " pairs are not known. Nothing on record moves Avalon–Bern."
        )
