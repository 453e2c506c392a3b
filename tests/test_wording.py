"""How numbers, countries and triangles are written, on cases made by hand."""

from datetime import date
from statistics import NormalDist

import pytest
from django.utils.translation import override

from tests.kit.pseudo_language import marked
from tracker import change_wording, level_wording
from tracker.charts.known_ways import way_in_words
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring import bands
from tracker.domain.scoring.moments import Score
from tracker.domain.triads import Edge, triad
from tracker.wording import Names, balance, balance_sentence, sign, signed, with_article

NAMED = Names(by_code={"AAA": "Avalon", "BBB": "Bern", "CCC": "Cadiz"})


def a_triad(**values):
    """Values by pair ("AB"); each known to a point, or to three where it is within one of 0: a
    half-width of 1.645 sd."""
    edges = []
    for name, value in values.items():
        half = 1 if abs(value) > 1 else 3
        pair = "-".join(letter * 3 for letter in name)
        positive = NormalDist().cdf(1.645 * value / half)
        edge = Edge(pair=pair, value=value, low=value - half, high=value + half, positive=positive)
        edges.append(edge)
    return triad(edges)


def spaced(text: str) -> str:
    """With spaces that break."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


ALL = "all three relations are {}"
ONE = "Bern–Cadiz at odds, though both get on with the third"


class TestTriangle:
    @pytest.mark.parametrize(
        ("values", "state", "chance", "why"),
        [
            ({"AB": 5, "AC": 4, "BC": 3}, "in balance", "over 95 %", ALL.format("positive")),
            (
                {"AB": 5, "AC": -4, "BC": -3},
                "in balance",
                "over 95 %",
                "Avalon–Bern positive, both at odds with Cadiz",
            ),
            ({"AB": 5, "AC": 4, "BC": -3}, "under strain", "over 95 %", ONE),
            ({"AB": -5, "AC": -4, "BC": -3}, "under strain", "over 95 %", ALL.format("negative")),
            # 1.645·.4/3 = .219: Φ = .587
            ({"AB": 5, "AC": 0.4, "BC": -3}, "under strain", "about 60 %", ONE),
            # .174 · .378 = .066: ½·(1 − .066) = .467
            ({"AB": 5, "AC": 0.4, "BC": -0.9}, "under strain", "about 55 %", ONE),
        ],
    )
    def test_says_whether_they_are_in_balance_and_why(self, values, state, chance, why):
        says = f"Avalon, Bern and Cadiz are {state}, with a probability of {chance}: {why}."

        assert spaced(balance_sentence(a_triad(**values), NAMED)) == says

    def test_names_its_balance_with_the_probability(self):
        assert spaced(balance(a_triad(AB=5, AC=0.4, BC=-3))) == "unbalanced, about 60 %"
        assert spaced(balance(a_triad(AB=5, AC=-0.4, BC=-3))) == "balanced, about 60 %"
        assert balance(a_triad(AB=5, AC=0, BC=-3)) == "as likely balanced as not"
        # .174 · .131 = .023: ½·(1 − .023) = .489
        assert balance(a_triad(AB=5, AC=0.4, BC=-0.3)) == "as likely balanced as not"

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (5, "positive"),
            (-5, "negative"),
            (0.4, "positive, about 60 %"),
            (-0.4, "negative, about 60 %"),
            (0, "sign not known"),
            # 1.645·.1/3 = .055: Φ = .522
            (0.1, "sign not known"),
        ],
    )
    def test_names_the_sign_of_a_pair_with_its_probability_where_it_may_be_another(
        self, value, text
    ):
        assert spaced(sign(a_triad(AB=value, AC=5, BC=5).edges[0])) == text


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


DAY = date(2022, 5, 11)


class TestTheWordsOfALevel:
    @pytest.mark.parametrize("chance", [None, 0.62])
    @pytest.mark.parametrize("last", [None, date(2021, 12, 31), date(2012, 12, 31)])
    def test_are_those_of_the_model(self, chance, last):
        """The model says it in English, for the API."""
        assessed = bands.assessment(last.toordinal(), DAY) if last else bands.NEVER
        likely = bands.Likely(("normal", "good"), chance) if chance else None
        score = Score(1.0, 1.0, -1.0, 3.0, likely=likely, assessed=assessed)
        said = bands.words(likely, assessed)

        assert level_wording.score_words(score, said) == said

    def test_are_in_the_language_of_the_page(self):
        likely = bands.Likely(("normal", "good"), 0.62)
        score = Score(1.0, 1.0, -1.0, 3.0, likely=likely, assessed=bands.NEVER)

        with marked("ru"), override("ru"):
            said = level_wording.score_words(score, "")
            assert spaced(said) == (
                "⟦⟧⟦normal⟧⟦ or ⟧⟦good⟧⟦ (⟧⟦about ⟧60 %⟦⟧⟦), level never assessed⟧"
            )
            assert level_wording.score_words(Score(1.0, 1.0, 0.1, 3.0), "no clear tone") == (
                "⟦no clear tone⟧"
            )


class TestAMovement:
    def test_says_nothing_of_a_chance_without_an_act(self):
        """What nobody reported moves a level in each world, one way or the other."""
        drifted = WindowMovement(DAY, DAY, 0.0, -0.1, 0.1, 0.5, 0.5, acted=False)

        assert level_wording.chance(drifted) == ""
        assert level_wording.which_way(drifted).startswith("no act since ")
        assert level_wording.it_moved(drifted, "in May 2022") == (
            "No act is on record since 11 May 2022."
        )

    def test_went_the_way_of_its_amount(self):
        """A rare large act outweighs frequent small ones: the mean fell, most worlds rose."""
        moved = WindowMovement(DAY, DAY, -0.4, -3.0, 0.9, 0.3, 0.7)
        chance = "fell with about 30 % probability"

        assert spaced(level_wording.chance(moved)) == chance
        assert spaced(level_wording.which_way(moved)).endswith(f"−3.0 to +0.9; {chance}")
        assert spaced(level_wording.it_moved(moved, "in May 2022")).endswith(f"; it {chance}.")
        assert way_in_words("unsure", moved) == "? no sure change"

    def test_of_a_score_without_bands_is_said_in_points(self):
        assert level_wording.where(Score(0.44, 1, -0.04, 0.92)) == "level +0.4, 0.0 to +0.9"


class TestOtherLanguages:
    def test_have_their_decimal_mark_in_changes(self):
        fell = WindowMovement(DAY, DAY, -0.8, -1.3, -0.2, 0.99, 0.0)

        with override("ru"):
            says = change_wording.moved(fell, "worse")

        assert all(number in says for number in ("0,8", "0,2", "1,3"))
