"""Roles of those who act, and the sector that each speaks from."""

from typing import get_args

import pytest

from tracker.domain.facts import rows
from tracker.domain.records import Sector
from tracker.imports.formats.coded import (
    NamedActor,
    NoSector,
    SectorActor,
    first_sector,
    is_role,
    sector,
)

# GDELT's lookup of CAMEO's types of actors.
_CAMEO = """
    COP GOV INS JUD MIL OPP REB SEP SPY UAF AGR BUS CRM CVL DEV EDU ELI ENV HLH HRI LAB LEG MED REF
    MOD RAD AMN IRC GRP UNO PKO UIS IGO IMG INT MNC NGM NGO SET
"""
CAMEO = _CAMEO.split()


class TestTheTable:
    def test_knows_every_type_of_cameo(self):
        assert [code for code in CAMEO if not is_role("cameo", code)] == []

    def test_gives_each_role_a_sector_or_says_why_not(self):
        table = rows("archive_agents")

        assert {row["sector"] for row in table} <= {*get_args(Sector), ""}
        assert [row for row in table if bool(row["sector"]) == bool(row["says"])] == []

    def test_has_each_role_once(self):
        roles = [(row["scheme"], row["code"]) for row in rows("archive_agents")]

        assert len(roles) == len(set(roles))


class TestSector:
    @pytest.mark.parametrize(
        ("scheme", "role", "expected"),
        [
            ("cameo", "GOV", "government"),
            ("cameo", "MIL", "military"),
            ("cameo", "SPY", "intelligence"),
            ("cameo", "LEG", "legislature"),
            ("cameo", "JUD", "judiciary"),
            ("cameo", "OPP", "party"),
            ("cameo", "MED", "private media"),
            ("cameo", "BUS", "business"),
            ("cameo", "EDU", "society"),
            ("plover", "PTY", "party"),
            ("icews", "Government Major Party (In Government)", "ruling party"),
            ("icews", "State Media", "state media"),
            ("icews", "State Owned Enterprises", "state business"),
            ("role", "Head of Government", "government"),
            ("role", "Media Personnel", "private media"),
            ("role", "Air Marshall", "military"),
            ("role", "Pakistan Muslim League", "party"),
        ],
    )
    def test_is_that_of_the_role(self, scheme, role, expected):
        assert sector(scheme, role) == expected

    @pytest.mark.parametrize(
        ("scheme", "role", "says"),
        [
            ("cameo", "REB", "stands for rebels, which represents no country"),
            (
                "cameo",
                "IMG",
                "stands for an international armed group, which represents no country",
            ),
            ("cameo", "UNO", "stands for the United Nations, which represents no country"),
            ("cameo", "XXX", "is an unknown role"),
            ("role", "Thief", "stands for people who are armed, criminal or exiled, which"),
            ("role", "", "is an unknown role"),
        ],
    )
    def test_is_none_of_those_who_speak_for_no_country(self, scheme, role, says):
        with pytest.raises(NoSector, match=f"^{says}"):
            sector(scheme, role)


class TestFirst:
    @pytest.mark.parametrize(
        ("sectors", "expected"),
        [
            (["Military", "Government"], "military"),
            (["Government", "Military"], "military"),
            (["Executive", "Foreign Ministry", "Government"], "government"),
            (["Ideological", "Parties", "Center Right"], "party"),
            # The archive gives a state's press the sectors of the state, too,
            (["Executive", "Government", "State Media"], "state media"),
            # and a minister those of the firm that he led once.
            (["Parties", "State Owned Enterprises", "Cabinet", "Government"], "government"),
            # An office of state speaks for it, whatever else its holder was.
            (["Rebel", "Government"], "government"),
        ],
    )
    def test_is_the_sector_that_stands_first_in_the_table(self, sectors, expected):
        assert first_sector("icews", sectors) == expected

    def test_is_none_if_rebels_have_it(self):
        with pytest.raises(NoSector, match=r"^stands for insurgents, which represents no country$"):
            first_sector("icews", ["Social", "Insurgents", "Muslim"])

    @pytest.mark.parametrize("sectors", [[], ["Muslim"]])
    def test_is_none_if_no_role_is_known(self, sectors):
        with pytest.raises(NoSector, match=r"^has no known role$"):
            first_sector("icews", sectors)


class TestSpeaker:
    def test_has_the_code_of_the_state_or_of_a_sector_in_it(self):
        assert SectorActor("CHN").code == "CHN"
        assert SectorActor("CHN", "military").code == "CHN.MILITARY"
        assert SectorActor("CHN", "state media").code == "CHN.STATE-MEDIA"

    def test_who_is_called_by_name_has_it_for_a_code(self):
        assert NamedActor("Aam Aadmi Party").code == "Aam Aadmi Party"
