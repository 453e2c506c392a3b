"""Words that qualify what a clause says."""

import pytest

from tests.kit.tables import each
from tracker.domain.reading.words import qualified


@each(
    ("clause", "hedge", "likelihood", "assessment"),
    [
        ("Russia probably shelled the town", "probably", "likely", False),
        ("Russia may shell the town", "may", None, True),
        ("Russia shelled the town in May", "", None, False),
        ("ties appear strained", "appear", None, True),
        ("the deal would trouble Paris", "would", None, True),
        ("they reportedly met", "", None, False),
        ("an almost certain defeat", "almost certain", "almost-certain", False),
    ],
)
def test_a_hedge_is_a_band_or_makes_an_assessment(clause, hedge, likelihood, assessment):
    found = qualified(clause)

    assert (found.hedge, found.likelihood, found.assessment) == (hedge, likelihood, assessment)


@pytest.mark.parametrize(
    ("clause", "qualifier", "strength"),
    [
        ("Russia essentially sanctioned the oil", "essentially", "partial"),
        ("a symbolic boycott", "symbolic", "weak"),
        ("Russia sanctioned the oil", "", None),
    ],
)
def test_a_word_makes_the_act_weaker(clause, qualifier, strength):
    found = qualified(clause)

    assert (found.qualifier, found.strength) == (qualifier, strength)


@pytest.mark.parametrize(
    ("clause", "modality"),
    [
        ("Egypt will send troops", "announced"),
        ("Egypt plans to send troops", "announced"),
        ("Egypt sent troops", "actual"),
        ("Egypt will perhaps, or may, send troops", "actual"),
    ],
)
def test_what_is_still_to_come_is_announced(clause, modality):
    assert qualified(clause).modality == modality
