"""What a model folds, and what it keeps of it, also as columns of bytes."""

import ast
import struct
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest

from tests.kit.impacts import DAY, a_day, a_scorer, an_act, an_id, bare, pulls_of
from tests.kit.tables import each
from tracker.domain import scoring
from tracker.domain.records import Sector
from tracker.domain.scoring import MODELS
from tracker.domain.scoring.evidence import SECTOR_WEIGHT, series
from tracker.domain.scoring.knot_columns import KnotColumns, knot_columns
from tracker.domain.scoring.moments import Knot, Score, latest, powers


def there_and_back(**back):
    return [an_act(), an_act(**{"initiator": "BIR", "recipient": "ASH", **back})]


class TestSectorWeight:
    def test_knows_every_sector(self):
        assert set(SECTOR_WEIGHT) == set(get_args(Sector))

    @pytest.mark.parametrize(
        ("weight", "sectors"),
        [
            (0.6, {"party", "state media"}),
            (0.5, {"state business"}),
            (0.3, {"business", "private media", "society"}),
        ],
    )
    def test_says_how_far_an_act_binds_its_country(self, weight, sectors):
        assert {one for one, found in SECTOR_WEIGHT.items() if found == weight} == sectors
        assert all(found in {1, 0.6, 0.5, 0.3} for found in SECTOR_WEIGHT.values())


class TestSeries:
    def test_orders_pulls_by_claim(self):
        pulls = pulls_of(an_act(claim=an_id(9)), an_act(claim=an_id(2**90)), an_act(claim=an_id(3)))

        assert [pull.claim for pull in pulls] == [an_id(3), an_id(9), an_id(2**90)]

    def test_takes_one_direction_by_its_initiator(self):
        pulls = series(there_and_back(weight=0.5), initiator="BIR")

        assert [pull.weight for pull in pulls] == [0.5]

    def test_multiplies_in_the_highest_sector(self):
        (pull,) = pulls_of(an_act(weight=0.5, sectors=("business", "state media")))

        assert pull.weight == 0.5 * 0.6

    def test_takes_the_highest_sector_among_those_admitted(self):
        impacts = [an_act(sectors=("business", "state media", "government"))]

        assert [one.weight for one in series(impacts, initiator=None, sectors=["business"])] == [
            0.3
        ]

    def test_drops_an_impact_of_sectors_that_are_not_admitted(self):
        assert series([an_act()], initiator=None, sectors=["business"]) == []

    def test_enters_a_claim_of_both_directions_once_with_the_mean(self):
        (pull,) = pulls_of(*there_and_back(weight=0.5, sectors=("state media",), p=0.5))

        assert pull.weight == (1 + 0.5 * 0.6) / 2
        assert pull.p == 0.75

    def test_takes_the_mean_over_the_directions_that_count(self):
        (alone,) = series(
            there_and_back(sectors=("society",)), initiator=None, sectors=["military", "society"]
        )
        (true,) = pulls_of(*there_and_back(p=0.0))

        assert alone.weight == 0.3
        assert (true.weight, true.p) == (1.0, 1.0)

    def test_joins_the_roots_of_both_directions(self):
        (pull,) = pulls_of(
            *there_and_back(roots=(an_id(901), an_id(900)), state_roots=(an_id(901),))
        )

        assert pull.roots == (an_id(900), an_id(901))
        assert pull.state_roots == (an_id(901),)


class TestModels:
    def test_do_not_lean_on_one_another(self):
        modules = {"level", "flows"}
        for name in modules:
            text = (Path(scoring.__file__).parent / f"{name}.py").read_text()
            imported = {
                alias.name.rpartition(".")[2]
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in [*node.names, ast.alias(getattr(node, "module", None) or "")]
            }
            assert not imported & (modules - {name})


class TestPowers:
    def test_are_products_and_not_the_machines_powers(self):
        ratio, product = 0.98471475293443124, 1.0
        for power in powers(ratio, upto=3000)[:3001]:
            assert power == product
            product *= ratio

    def test_do_not_depend_on_how_many_are_asked_for(self):
        assert powers(0.99, upto=5000)[:1024] == powers(0.99, upto=5)


class TestLatest:
    def test_is_the_last_knot_up_to_the_day(self):
        knots = a_scorer("tone").knots(
            pulls_of(*(an_act(claim=an_id(n), first=a_day(n)) for n in (2, 5)))
        )

        assert latest(knots, a_day(1)) is None
        assert latest(knots, a_day(4)) is knots[0]
        assert latest(knots, a_day(5)) is knots[1]


class TestKnot:
    @pytest.mark.parametrize("model", [*MODELS])
    def test_counts_each_root_once_and_the_state_owned_among_them(self, model):
        pulls = pulls_of(
            an_act(roots=(an_id(901), an_id(902)), state_roots=(an_id(902),)),
            an_act(claim=an_id(2), first=a_day(3), roots=(an_id(902),), state_roots=(an_id(902),)),
        )
        knots = a_scorer(model).knots(pulls)
        first, second = latest(knots, DAY), latest(knots, a_day(3))

        assert (first.claims, first.roots, first.state_roots, first.newest) == (1, 2, 1, DAY)
        assert (second.claims, second.roots, second.state_roots, second.newest) == (
            2,
            2,
            1,
            a_day(3),
        )


class TestWords:
    @each(
        ("model", "value", "words"),
        [
            ("tone", 0.06, "mostly cooperation"),
            ("tone", -4.0, "mostly conflict"),
            ("tone", 0.04, "no clear tone"),
            ("tone", -0.04, "no clear tone"),
            ("cooperation", 0.4, "more cooperation than conflict"),
            ("cooperation", -0.06, "more conflict than cooperation"),
            ("cooperation", 0.0, "no clear balance"),
        ],
    )
    def test_of_a_flow_follow_from_the_sign_to_one_decimal(self, model, value, words):
        assert a_scorer(model).words(Score(value), since=DAY) == words

    @each("model", ["tone", "cooperation"])
    def test_say_when_nothing_is_recorded(self, model):
        scorer = a_scorer(model)

        assert scorer.words(scorer.at(None, DAY), since=None) == "nothing recorded"


def a_knot(number: int) -> Knot:
    return Knot(
        day=a_day(2 * number),
        moments=(number / 3, -0.0),
        claims=number + 1,
        roots=1,
        state_roots=0,
        newest=DAY,
    )


def some_knots(number: int) -> list[Knot]:
    return [a_knot(n) for n in range(number)]


class TestKnotColumns:
    def test_are_big_endian_numbers_one_after_another(self):
        first = Knot(
            day=date(1, 1, 2), moments=(1.0, 2.0), claims=3, roots=4, state_roots=5, newest=date.min
        )

        assert knot_columns([first, bare(date(1, 1, 4), (0.0, 0.0))]) == KnotColumns(
            days=b"\0\0\0\2\0\0\0\4",
            moments=struct.pack(">4d", 1, 2, 0, 0),
            claims=b"\0\0\0\3\0\0\0\0",
            roots=b"\0\0\0\4\0\0\0\0",
            state_roots=b"\0\0\0\5\0\0\0\0",
            newest=b"\0\0\0\1\0\0\0\0",
        )

    def test_give_the_knots_back(self):
        knots = [*some_knots(3), bare(a_day(9), (0.5, 7.0))]
        columns = knot_columns(knots)

        assert columns.knots() == knots
        assert (columns.knot(1), columns.knot(-1)) == (knots[1], knots[3])
        assert columns.knots()[0].moments[1].hex() == "-0x0.0p+0"
        assert (KnotColumns().number, KnotColumns().knots()) == (0, [])

    @each(("day", "number"), [(-1, 0), (0, 1), (1, 1), (3, 2), (4, 3), (9, 3)])
    def test_count_the_knots_up_to_a_day(self, day, number):
        assert knot_columns(some_knots(3)).up_to(a_day(day)) == number

    def test_have_no_knots_up_to_a_day_if_they_have_none(self):
        assert KnotColumns().up_to(date.max) == 0

    @pytest.mark.parametrize(
        ("number", "sizes"),
        [(0, []), (1, [1]), (256, [256]), (257, [256, 1]), (600, [256, 256, 88])],
    )
    def test_are_cut_into_blocks_of_256(self, number, sizes):
        knots = some_knots(number)
        blocks = [*knot_columns(knots).blocks()]

        assert [block.number for block in blocks] == sizes
        assert [knot for block in blocks for knot in block.knots()] == knots
        assert all(block.day(0) == DAY + timedelta(512 * n) for n, block in enumerate(blocks))

    def test_can_be_joined(self):
        knots = some_knots(3)

        assert knot_columns(knots[:1]).followed_by(knot_columns(knots[1:])) == knot_columns(knots)
        assert KnotColumns().followed_by(knot_columns(knots)) == knot_columns(knots)
