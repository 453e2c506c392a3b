"""The weight of an assault by its number of dead."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.kit.domain_builders import World, a_citation, a_claim_state
from tests.kit.tables import each
from tracker.domain.claims import Magnitude

WORLD = World()


def evaluated(dead=None, *, unit="deaths", change=False, **given):
    magnitude = None if dead is None else Magnitude(value=Decimal(dead), unit=unit, change=change)
    given = {"code": "ASSAULT/firearms", "magnitude": magnitude, **given}
    return WORLD.evaluate(a_claim_state(citations=(a_citation(),), **given))


def weight(*args, **given) -> float:
    [impact] = evaluated(*args, **given).impacts
    return impact.weight


class TestWeight:
    @each(
        ("dead", "share"),
        [
            ("0", 0.12),
            ("1", 0.25),
            ("24", 0.25),
            ("25", 0.67),
            ("999", 0.67),
            ("1000", 1.0),
            ("250000", 1.0),
            (None, 1.0),
        ],
    )
    def test_follows_from_the_number_of_dead(self, dead, share):
        assert weight(dead) == share

    @pytest.mark.parametrize("unit", ["death", "dead", "Killed", " fatality ", "fatalities"])
    def test_reads_the_words_for_the_dead(self, unit):
        assert weight("3", unit=unit) == 0.25

    @pytest.mark.parametrize(
        "given", [{"unit": "wounded"}, {"unit": "t"}, {"change": True}, {"dead": "-3"}]
    )
    def test_is_full_where_the_number_is_not_known(self, given):
        assert weight(**{"dead": "3", **given}) == 1.0

    def test_multiplies_with_strength(self):
        assert weight("3", strength="partial") == 0.15  # .6 · .25

    def test_is_that_of_a_cameo_code_too(self):
        state = a_claim_state(magnitude=Magnitude(value=Decimal(3), unit="killed"))
        fight = replace(state, claim=replace(state.claim, code="cameo-1.1b3/193"))
        [impact] = WORLD.evaluate(fight).impacts

        assert impact.weight == 0.25

    @pytest.mark.parametrize(
        ("dead", "says"), [("3", "1 to 24 dead"), (None, "number of dead not given")]
    )
    def test_comes_with_the_number_in_words(self, dead, says):
        assert evaluated(dead).toll.says == says

    def test_of_a_claim_without_impacts_is_not_shown(self):
        assert evaluated("3", kind="assessment").toll is None

    def test_of_other_acts_does_not_depend_on_the_dead(self):
        assert weight("3", code="COERCE/restrict") == 1.0
        assert evaluated("3", code="COERCE/restrict").toll is None
