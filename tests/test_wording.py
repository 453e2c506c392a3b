"""How numbers, countries and triangles are written, on cases made by hand."""

import pytest

from tracker.domain.triads import Edge, triad
from tracker.wording import Names, signed, triangle, with_article

NAMED = Names(by_code={"AAA": "Avalon", "BBB": "Bern", "CCC": "Cadiz"})


def a_triad(**values):
    """Values by pair ("AB"); each known to a point, or to three where it is within one of 0."""
    edges = []
    for name, value in values.items():
        half = 1 if abs(value) > 1 else 3
        pair = "-".join(letter * 3 for letter in name)
        edges.append(Edge(pair=pair, value=value, low=value - half, high=value + half))
    return triad(edges)


class TestTriangle:
    @pytest.mark.parametrize(
        ("values", "says"),
        [
            (
                {"AB": 5, "AC": 4, "BC": 3},
                (
                    "Avalon, Bern and Cadiz are in balance: all three relations are positive."
                    " Nearest to a change of sign: Bern–Cadiz (+3.0)."
                ),
            ),
            (
                {"AB": 5, "AC": -4, "BC": -3},
                (
                    "Avalon, Bern and Cadiz are in balance: Avalon–Bern positive, both at"
                    " odds with Cadiz. Nearest to a change of sign: Bern–Cadiz (−3.0)."
                ),
            ),
            (
                {"AB": 5, "AC": 4, "BC": -3},
                (
                    "Avalon, Bern and Cadiz are under strain: Bern–Cadiz at odds, though"
                    " both get on with the third. Nearest to a change of sign: Bern–Cadiz (−3.0)."
                ),
            ),
            (
                {"AB": -5, "AC": -4, "BC": -3},
                (
                    "Avalon, Bern and Cadiz are under strain: all three relations are negative."
                    " Nearest to a change of sign: Bern–Cadiz (−3.0)."
                ),
            ),
            (
                {"AB": 5, "AC": 0.4, "BC": -3},
                (
                    "Whether Avalon, Bern and Cadiz are in balance is open: the sign of"
                    " Avalon–Cadiz is not known. Nearest to a change of sign: Avalon–Cadiz (+0.4)."
                ),
            ),
            (
                {"AB": 5, "AC": 0.4, "BC": -0.3},
                (
                    "Whether Avalon, Bern and Cadiz are in balance is open: the signs of"
                    " Avalon–Cadiz and Bern–Cadiz are not known. Nearest to a change of sign:"
                    " Bern–Cadiz (−0.3)."
                ),
            ),
        ],
    )
    def test_says_whether_they_are_in_balance_and_why(self, values, says):
        assert triangle(a_triad(**values), NAMED) == says

    def test_says_of_which_pairs_nothing_is_on_record(self):
        said = triangle(a_triad(AB=0, AC=0.4, BC=-0.3), NAMED, silent=["AAA-BBB"])

        assert said == (
            "Whether Avalon, Bern and Cadiz are in balance is open: the signs of all three"
            " pairs are not known. Nothing on record moves Avalon–Bern."
        )


class TestSigned:
    @pytest.mark.parametrize(
        ("value", "places", "text"),
        [
            (0.375, 2, "+0.38"),
            (-0.374, 2, "−0.37"),
            (0.004, 2, "0.00"),
            (-0.004, 2, "0.00"),
            (-0.04, 1, "0.0"),
            (-0.0, 1, "0.0"),
            (-0.49, 1, "−0.5"),
            (-9, 1, "−9.0"),
            (10.0, 0, "+10"),
        ],
    )
    def test_has_a_leading_zero_a_true_minus_and_no_sign_for_nothing(self, value, places, text):
        assert signed(value, places) == text


class TestCountries:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("Russia", "Russia"),
            ("United States", "the United States"),
            ("United Arab Emirates", "the United Arab Emirates"),
            ("Netherlands", "the Netherlands"),
            ("Central African Republic", "the Central African Republic"),
            ("Democratic Republic of the Congo", "the Democratic Republic of the Congo"),
            ("Solomon Islands", "the Solomon Islands"),
            ("Dominica", "Dominica"),
            ("", ""),
        ],
    )
    def test_take_their_article_in_a_sentence(self, name, said):
        assert with_article(name) == said

    def test_begin_a_sentence_with_a_capital(self):
        named = Names(by_code={"USA": "United States", "VNM": "Vietnam"})

        assert named.direction("USA-VNM") == "The United States and Vietnam"
        assert named.direction("VNM>USA") == "Vietnam towards the United States"
        assert named.joined("USA-VNM") == "United States – Vietnam"
