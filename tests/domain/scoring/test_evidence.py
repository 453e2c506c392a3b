from typing import get_args

import pytest

from tests.kit.impacts import an_act, an_id, pulls_of
from tracker.domain.records import Sector
from tracker.domain.scoring.evidence import SECTOR_WEIGHT, series


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
