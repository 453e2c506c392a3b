"""The figures that an independent calculation found for the article's claims.

The impacts are typed in from the article's table by the rules of the domain page, not made by the
program: a newsletter graded C gives p .65; an act without an exact day acts on the last day of its
bounds, cut at the article's date; a situation that goes on counts 180 days beyond it.
"""

from datetime import date

import pytest

from tests.kit.impacts import an_act, an_id, usual
from tests.kit.models import FIRST
from tests.kit.tables import each
from tracker.domain.scoring.evidence import Impact, series
from tracker.domain.scoring.moments import latest
from tracker.domain.triads import Edge, chance_positive, triad

FEB_28, MARCH_31, APRIL_30 = date(2022, 2, 28), date(2022, 3, 31), date(2022, 4, 30)
ARTICLE = date(2022, 5, 24)
INVASION, MAY = date(2022, 2, 24), date(2022, 5, 1)
REPORTED = 0.65


def act(row: int, way: str, value: float, day: date = ARTICLE, **given) -> list[Impact]:
    """A row of the table as its impacts; `way` is "RUS>KAZ", or "KAZ=TUR" where it is mutual."""
    one, other = way[:3], way[4:]
    ways = [(one, other), (other, one)] if "=" in way else [(one, other)]
    return [
        an_act(
            **{
                "claim": an_id(row),
                "initiator": initiator,
                "recipient": recipient,
                "first": day,
                "value": value,
                "p": REPORTED,
                **given,
            }
        )
        for initiator, recipient in ways
    ]


def situation(row: int, way: str, value: float, first: date, **given) -> list[Impact]:
    """One that goes on, until 180 days after the article."""
    going_on = {"situation": True, "fades": True, "last": date(2022, 11, 20), **given}
    return act(row, way, value, first, **going_on)


SUPPORT, COOPERATE, VISIT, CONSULT, DISCONTINUE = 5.0, 9.5, 4.0, 2.5, -6.0
DISAPPROVE, ALLEGE, REJECT, RESTRICT = -2.0, -3.5, -2.0, -3.0
TERRITORY, RELATIONS, HEAVY_WEAPONS = -4.0, -3.5, -9.5
CONFIRMED, DISPUTED = 0.99, 0.5
LIKELY = 0.4388  # .65 · .675, to four places
WEAK, PARTIAL, ONE_OF_TWO_PARTS = 0.3, 0.6, 0.5
STATE_MEDIA, BUSINESS = ("state media",), ("business",)

ROWS = {
    "KAZ-RUS": [
        *act(3, "RUS>KAZ", DISCONTINUE, MARCH_31, weight=PARTIAL),
        *act(9, "RUS>KAZ", TERRITORY, MARCH_31),
        *act(15, "RUS>KAZ", SUPPORT, date(2022, 5, 12), sectors=STATE_MEDIA),
    ],
    "CHN-RUS": [
        *act(5, "CHN=RUS", DISAPPROVE, p=LIKELY),
        *act(21, "CHN=RUS", CONSULT),
        *act(28, "RUS>CHN", ALLEGE, date(2020, 12, 31), sectors=("intelligence",)),
        *act(30, "CHN>RUS", SUPPORT, sectors=STATE_MEDIA),
        *situation(34, "CHN>RUS", DISCONTINUE, INVASION, weight=WEAK),
        *act(35, "CHN>RUS", DISCONTINUE, weight=PARTIAL, sectors=BUSINESS),
        *act(38, "CHN>RUS", SUPPORT),
        *situation(45, "CHN=RUS", COOPERATE, MAY, weight=WEAK),
    ],
    "CHN-KAZ": [],
    "KAZ-TUR": [
        *act(11, "KAZ>TUR", VISIT, date(2022, 5, 11)),
        *act(12, "KAZ>TUR", SUPPORT, date(2022, 5, 11), weight=ONE_OF_TWO_PARTS),
        *act(13, "KAZ=TUR", SUPPORT, date(2022, 5, 11), weight=ONE_OF_TWO_PARTS),
    ],
    "KAZ-UKR": situation(16, "KAZ>UKR", SUPPORT, INVASION),
    "RUS-UKR": [
        *act(2, "RUS>UKR", HEAVY_WEAPONS, INVASION, p=CONFIRMED),
        *situation(51, "RUS>UKR", HEAVY_WEAPONS, INVASION, p=CONFIRMED, fades=False),
    ],
    "CHN-FIN": [*act(39, "CHN>FIN", SUPPORT), *act(40, "CHN>FIN", RELATIONS, weight=WEAK)],
    "CHN-USA": act(31, "CHN>USA", ALLEGE, sectors=STATE_MEDIA),
    "CHN-UKR": act(31, "CHN>UKR", ALLEGE, sectors=STATE_MEDIA),
    "RUS-USA": act(23, "USA>RUS", RESTRICT),
    "FIN-TUR": situation(42, "TUR>FIN", REJECT, MAY),
    "FIN-HUN": situation(52, "HUN>FIN", REJECT, MAY, p=DISPUTED),
}

STANDING = [
    ("KAZ-RUS", FEB_28, "+0.00 ± 4.00"),
    ("KAZ-RUS", MARCH_31, "-0.49 ± 3.79"),
    ("KAZ-RUS", APRIL_30, "-0.49 ± 3.80"),
    ("KAZ-RUS", ARTICLE, "-0.37 ± 3.75"),
    ("CHN-RUS", FEB_28, "-0.25 ± 3.98"),
    ("CHN-RUS", MARCH_31, "-0.35 ± 3.94"),
    ("CHN-RUS", APRIL_30, "-0.45 ± 3.91"),
    ("CHN-RUS", ARTICLE, "-0.15 ± 3.61"),
    ("CHN-KAZ", ARTICLE, "+0.00 ± 4.00"),
    ("KAZ-TUR", APRIL_30, "+0.00 ± 4.00"),
    ("KAZ-TUR", ARTICLE, "+0.35 ± 3.85"),
    ("KAZ-UKR", FEB_28, "+0.03 ± 3.99"),
    ("KAZ-UKR", MARCH_31, "+0.22 ± 3.91"),
    ("KAZ-UKR", APRIL_30, "+0.37 ± 3.86"),
    ("KAZ-UKR", ARTICLE, "+0.48 ± 3.82"),
    ("RUS-UKR", FEB_28, "-5.39 ± 1.69"),
    ("RUS-UKR", MARCH_31, "-6.97 ± 1.08"),
    ("RUS-UKR", APRIL_30, "-7.83 ± 0.98"),
    ("RUS-UKR", ARTICLE, "-8.25 ± 1.06"),
]
STANDING_ALONE = [
    ("CHN-FIN", "+0.13"),
    ("CHN-USA", "-0.14"),
    ("CHN-UKR", "-0.14"),
    ("RUS-USA", "-0.20"),
    ("FIN-TUR", "-0.10"),
    ("FIN-HUN", "-0.08"),
]


def undirected(pair: str, day: date):
    """The score of a pair on a day, and its words."""
    scorer = usual(FIRST["standing"])
    knots = scorer.knots(series(ROWS[pair], initiator=None))
    found = scorer.at(latest(knots, day), day)
    return found, scorer.words(found, since=knots[0].day if knots else None)


# Value and sd on the article's day, as given before there was a version 2.
BITS = {
    "CHN-RUS": ("-0x1.299c85dca52fap-3", "0x1.ce5087637a002p+1"),
    "KAZ-RUS": ("-0x1.7b78cc9a77e5fp-2", "0x1.e08e0456dd4d7p+1"),
    "KAZ-TUR": ("0x1.676c8b4395810p-2", "0x1.ecde1a66d79bbp+1"),
    "KAZ-UKR": ("0x1.edac5677724c5p-2", "0x1.e904f932f005ap+1"),
    "RUS-UKR": ("-0x1.080c4cba04ce6p+3", "0x1.1032736de30cep+0"),
}


class TestTheArticle:
    @each(("pair", "day", "figures"), STANDING)
    def test_gives_the_figures_of_the_table(self, pair, day, figures):
        found, _ = undirected(pair, day)

        assert f"{found.value:+.2f} ± {found.sd:.2f}" == figures

    @pytest.mark.parametrize("pair", BITS)
    def test_gives_the_bits_that_version_1_always_gave(self, pair):
        found, _ = undirected(pair, ARTICLE)

        assert (found.value.hex(), found.sd.hex()) == BITS[pair]

    def test_gives_the_example_of_the_method(self):
        found, _ = undirected("KAZ-RUS", ARTICLE)

        assert (found.value, found.sd) == pytest.approx((-0.3706, 3.754), abs=5e-4)

    @each(("pair", "value"), STANDING_ALONE)
    def test_gives_the_levels_of_the_table(self, pair, value):
        assert f"{undirected(pair, ARTICLE)[0].value:+.2f}" == value

    def test_puts_russia_and_ukraine_in_confrontation(self):
        assert undirected("RUS-UKR", ARTICLE)[1] == "confrontation"

    @each("pair", sorted(ROWS.keys() - {"RUS-UKR"}))
    def test_says_of_the_others_that_they_are_not_anchored(self, pair):
        assert undirected(pair, ARTICLE)[1].startswith("level never assessed; ")

    def test_says_how_far_kazakhstan_and_russia_moved(self):
        _, words = undirected("KAZ-RUS", MARCH_31)

        assert words == "level never assessed; moved −0.5 since March 2022"

    def test_explains_china_and_russia_by_what_pulls_either_way(self):
        pulls = series(ROWS["CHN-RUS"], initiator=None)
        parts = usual(FIRST["standing"]).contributions(pulls, ARTICLE).parts

        assert {part.claim for part in parts if part.amount < 0} == {*map(an_id, (5, 28, 34, 35))}
        assert {part.claim for part in parts if part.amount > 0} == {*map(an_id, (21, 30, 38, 45))}

    def test_finds_the_triangle_as_likely_balanced_as_not_and_names_its_nearest_flip(self):
        scores = {pair: undirected(pair, ARTICLE)[0] for pair in ("CHN-KAZ", "CHN-RUS", "KAZ-RUS")}
        found = triad(
            Edge(
                pair=pair,
                value=one.value,
                low=one.low,
                high=one.high,
                positive=chance_positive(one, model_version=1),
            )
            for pair, one in scores.items()
        )

        assert found.balance == "undetermined"
        assert found.nearest_flip.pair == "CHN-KAZ"
