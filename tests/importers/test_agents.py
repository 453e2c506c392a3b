"""Roles of those who act, and the sector that each speaks from."""

from typing import get_args

import pytest

from tracker.domain.facts import rows
from tracker.domain.records import Sector
from tracker.imports.formats.coded import (
    NoSector,
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
            ("cameo", "OPP", "party"),
            ("plover", "PTY", "party"),
            ("icews", "Government Major Party (In Government)", "ruling party"),
            ("icews", "State Media", "state media"),
            ("icews", "State Owned Enterprises", "state business"),
            ("role", "Air Marshall", "military"),
        ],
    )
    def test_is_that_of_the_role(self, scheme, role, expected):
        assert sector(scheme, role) == expected

    @pytest.mark.parametrize(
        ("scheme", "role", "says"),
        [
            ("cameo", "REB", "stands for rebels, which represents no country"),
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
            # The archive gives a state's press the sectors of the state, too,
            (["Executive", "Government", "State Media"], "state media"),
            # and a minister those of the firm that he led once.
            (["Parties", "State Owned Enterprises", "Cabinet", "Government"], "government"),
            # An office of state speaks for it, whatever else its holder was.
            (["Rebel", "Government"], "government"),
        ],
    )
    def test_is_the_sector_that_stands_first_in_the_table(self, sectors, expected):
        assert first_sector(sectors) == expected

    def test_is_none_if_rebels_have_it(self):
        with pytest.raises(NoSector, match=r"^stands for insurgents, which represents no country$"):
            first_sector(["Social", "Insurgents", "Muslim"])

    @pytest.mark.parametrize("sectors", [[], ["Muslim"]])
    def test_is_none_if_no_role_is_known(self, sectors):
        with pytest.raises(NoSector, match=r"^has no known role$"):
            first_sector(sectors)
