"""Who acts, as ICEWS names them."""

import pytest

from tracker.imports.formats.coded import NamedActor, SectorActor
from tracker.imports.formats.icews_names import (
    NO_COUNTRY,
    NO_SECTOR,
    NoIcewsActor,
    actor_named,
    actor_of,
    split_sectors,
)

ARMED = "stands for people who are armed, criminal or exiled, which represents no country"


class TestListed:
    """Somebody whose country and sectors stand beside the name."""

    @pytest.mark.parametrize(
        ("name", "country", "sectors", "expected"),
        [
            ("Russia", "Russian Federation", "", SectorActor("RUS", "government")),
            (
                "Foreign Affairs (Bangladesh)",
                "Bangladesh",
                "Executive,Foreign Ministry,Government",
                SectorActor("BGD", "government"),
            ),
            (
                "Citizen (Palestinian Territory, Occupied)",
                "Occupied Palestinian Territory",
                "Social,General Population / Civilian / Social",
                SectorActor("PSE", "society"),
            ),
            ("Georgia", "United States", "Government,Provincial", SectorActor("USA", "government")),
        ],
    )
    def test_speaks_for_the_country_from_a_sector(self, name, country, sectors, expected):
        assert actor_of(name, country, sectors) == expected

    @pytest.mark.parametrize(
        ("name", "country", "sectors", "reason"),
        [
            ("European Union", "", "Regional,Regional Diplomatic IGOs", NO_COUNTRY),
            ("Crimea", "Ukraine", "", NO_SECTOR),
            ("Kathleen Wynne", "Canada", "", NO_SECTOR),
            # What is called as a country is, in another one.
            ("Georgia", "United States", "", NO_SECTOR),
            (
                "Criminal (India)",
                "India",
                "Social,Criminals / Gangs",
                "stands for criminals, which represents no country",
            ),
            ("Romani", "Romania", "Gypsy", "has no known role"),
        ],
    )
    def test_speaks_for_none_with_the_reason(self, name, country, sectors, reason):
        found = actor_of(name, country, sectors)

        assert isinstance(found, NoIcewsActor)
        assert str(found) == reason


class TestTold:
    """Somebody of whom there is but the name."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("China", SectorActor("CHN", "government")),
            ("Media Personnel (Afghanistan)", SectorActor("AFG", "private media")),
            ("Citizen (Palestinian Territory, Occupied)", SectorActor("PSE", "society")),
            ("Priest (Holy See (Vatican City State))", SectorActor("VAT", "society")),
            (
                "Citizen (Lawmaker) (Govt) (Palestinian Territory, Occupied)",
                SectorActor("PSE", "society"),
            ),
            ("Amarinder Singh", NamedActor("Amarinder Singh")),
            ("Smith (junior) of Kent", NamedActor("Smith (junior) of Kent")),
            ("Kent)", NamedActor("Kent)")),
            ("(Israel)", NamedActor("(Israel)")),
        ],
    )
    def test_is_a_country_or_a_role_in_one_or_is_looked_up(self, name, expected):
        assert actor_named(name) == expected

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("Scotland", "is a part of the United Kingdom: it represents no country"),
            (
                "Thief (India)",
                f"has a role that {ARMED}",
            ),
            ("Tyrant (India)", "has a role that is an unknown role"),
            ("Citizen (Thief) (India)", f"has a role that {ARMED}"),
            (f"Citizen{' (Govt)' * 5} (India)", "has a role that is an unknown role"),
            ("Govt) (Citizen) (India)", "has a role that is an unknown role"),
            ("Militant (Taliban)", "names a place that is an unknown country"),
        ],
    )
    def test_is_nobody_who_is_no_countrys(self, name, reason):
        found = actor_named(name)

        assert isinstance(found, NoIcewsActor)
        assert str(found) == reason


def test_sectors_are_set_apart_by_commas_outside_parentheses():
    assert split_sectors("Parties, (National) Major Party,Party (In, Out)") == [
        "Parties",
        "(National) Major Party",
        "Party (In, Out)",
    ]
