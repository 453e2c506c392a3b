"""Who acts, as ICEWS names them."""

import pytest

from tracker.imports.formats.coded import Called, Speaker
from tracker.imports.formats.icews_names import HOMELESS, SECTORLESS, Unheard, listed, split, told

ARMED = "stands for people who are armed, criminal or exiled, and speaks for no country"


class TestListed:
    """Somebody whose country and sectors stand beside the name."""

    @pytest.mark.parametrize(
        ("name", "country", "sectors", "expected"),
        [
            ("China", "China", "", Speaker("CHN", "government")),
            ("Russia", "Russian Federation", "", Speaker("RUS", "government")),
            (
                "Foreign Affairs (Bangladesh)",
                "Bangladesh",
                "Executive,Foreign Ministry,Government",
                Speaker("BGD", "government"),
            ),
            (
                "High Ranking Military Personnel (Vietnam)",
                "Vietnam",
                "Military,Government",
                Speaker("VNM", "military"),
            ),
            (
                "Bharatiya Janata",
                "India",
                "Parties,(National) Major Party,Ideological,Center Right",
                Speaker("IND", "party"),
            ),
            (
                "Citizen (Palestinian Territory, Occupied)",
                "Occupied Palestinian Territory",
                "Social,General Population / Civilian / Social",
                Speaker("PSE", "society"),
            ),
            ("Georgia", "United States", "Government,Provincial", Speaker("USA", "government")),
        ],
    )
    def test_speaks_for_the_country_from_a_sector(self, name, country, sectors, expected):
        assert listed(name, country, sectors) == expected

    @pytest.mark.parametrize(
        ("name", "country", "sectors", "reason"),
        [
            ("European Union", "", "Regional,Regional Diplomatic IGOs", HOMELESS),
            ("Crimea", "Ukraine", "", SECTORLESS),
            ("Kathleen Wynne", "Canada", "", SECTORLESS),
            # What is called as a country is, in another one.
            ("Georgia", "United States", "", SECTORLESS),
            ("Somebody", "Ruritania", "Government", "is no country that is known"),
            (
                "Somebody",
                "Scotland",
                "Government",
                "is a part of the United Kingdom: it speaks for no country",
            ),
            (
                "Criminal (India)",
                "India",
                "Social,Criminals / Gangs",
                "stands for criminals, and speaks for no country",
            ),
            ("Romani", "Romania", "Gypsy", "has no role that is known"),
        ],
    )
    def test_speaks_for_none_with_the_reason(self, name, country, sectors, reason):
        found = listed(name, country, sectors)

        assert isinstance(found, Unheard)
        assert str(found) == reason


class TestTold:
    """Somebody of whom there is but the name."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("China", Speaker("CHN", "government")),
            ("Media Personnel (Afghanistan)", Speaker("AFG", "private media")),
            ("Head of Government (Russia)", Speaker("RUS", "government")),
            ("Citizen (Palestinian Territory, Occupied)", Speaker("PSE", "society")),
            (
                "Cabinet / Council of Ministers / Advisors (India)",
                Speaker("IND", "government"),
            ),
            ("Military ( Ukraine )", Speaker("UKR", "military")),
            ("Amarinder Singh", Called("Amarinder Singh")),
            ("Aam Aadmi Party", Called("Aam Aadmi Party")),
        ],
    )
    def test_is_a_country_or_a_role_in_one_or_is_looked_up(self, name, expected):
        assert told(name) == expected

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("United Nations", "is an organisation of states: it speaks for no country"),
            ("Scotland", "is a part of the United Kingdom: it speaks for no country"),
            (
                "Thief (India)",
                f"has a role that {ARMED}",
            ),
            ("Tyrant (India)", "has a role that is no role that is known"),
            ("Militant (Taliban)", "names a place that is no country that is known"),
            (
                "Citizen (Africa)",
                "names a place that is a region: it speaks for no country",
            ),
        ],
    )
    def test_is_nobody_who_is_no_countrys(self, name, reason):
        found = told(name)

        assert isinstance(found, Unheard)
        assert str(found) == reason


def test_sectors_are_set_apart_by_commas_outside_parentheses():
    assert split("Parties, (National) Major Party,Party (In, Out)") == [
        "Parties",
        "(National) Major Party",
        "Party (In, Out)",
    ]
