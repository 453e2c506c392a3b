"""What archives call countries, and the sectors that their actors speak from."""

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
from tracker.imports.formats.countries import NoCountry, country, is_country, is_known, names

# GDELT's lookup of CAMEO's countries, codes that are not ISO 3166's own first.
_CAMEO = """
    WSB BAG GZS AFR ASA BLK CRB CAU CFR CAS CEU EIN EAF EEU EUR LAM MEA MDT NAF NMR PGS SCN SAM SAS
    SEA SAF WAF WST TMP IMY MTN ANT ROM
    AFG ALA ALB DZA ASM AND AGO AIA ATG ARG ARM ABW AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BMU
    BTN BOL BIH BWA BRA VGB BRN BGR BFA BDI KHM CMR CAN CPV CYM CAF TCD CHL CHN COM COD COG COK CRI
    CIV HRV CUB CYP CZE DNK DJI DMA DOM ECU EGY SLV GNQ ERI EST ETH FRO FLK FJI FIN FRA GUF PYF GAB
    GMB GEO DEU GHA GIB GRC GRL GRD GLP GUM GTM GIN GNB GUY HTI VAT HND HUN ISL IND IDN IRN IRQ IRL
    ISR ITA JAM JPN JOR KAZ KEN KIR PRK KOR KWT KGZ LAO LVA LBN LSO LBR LBY LIE LTU LUX MAC MKD MDG
    MWI MYS MDV MLI MLT MHL MTQ MRT MUS MYT MEX FSM MDA MCO MNG MSR MAR MOZ MMR NAM NRU NPL NLD NCL
    NZL NIC NER NGA NIU NFK MNP NOR PSE OMN PAK PLW PAN PNG PRY PER PHL PCN POL PRT PRI QAT REU RUS
    RWA SHN KNA LCA SPM VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM ZAF ESP LKA SDN SUR
    SJM SWZ SWE CHE SYR TWN TJK TZA THA TGO TKL TON TTO TUN TUR TKM TCA TUV UGA UKR ARE GBR USA VIR
    URY UZB VUT VEN VNM WLF ESH YEM ZMB ZWE
"""
CAMEO = _CAMEO.split()
NONE = {"BAG", "ANT", *CAMEO[3:28]}


class TestCodesOfCameo:
    def test_are_countries_but_for_regions_and_what_is_dissolved(self):
        assert {code for code in CAMEO if not is_country("cameo", code)} == NONE

    @pytest.mark.parametrize(
        ("code", "iso"),
        [
            ("KAZ", "KAZ"),
            ("ROM", "ROU"),
            ("TMP", "TLS"),
            ("MTN", "MNE"),
            ("GZS", "PSE"),
            ("KSV", "XKX"),
            ("ZAR", "COD"),
        ],
    )
    def test_may_be_older_than_iso_3166(self, code, iso):
        assert country("cameo", code) == iso

    @pytest.mark.parametrize(
        ("code", "says"),
        [
            ("EUR", "is Europe, a region: it represents no country"),
            ("SUN", "is the Soviet Union, which is dissolved: it represents no country"),
            ("BAG", "is Baghdad, a city: it represents no country"),
            ("XYZ", "is an unknown country"),
            ("kaz", "is an unknown country"),
            ("", "is an unknown country"),
        ],
    )
    def test_say_why_they_are_none(self, code, says):
        with pytest.raises(NoCountry, match=f"^{says}$"):
            country("cameo", code)


class TestCodesOfFips:
    # FIPS 10-4, in which many codes are ISO's of another country.
    @pytest.mark.parametrize(
        ("code", "iso"),
        [
            ("CH", "CHN"),
            ("SZ", "CHE"),
            ("RS", "RUS"),
            ("KV", "XKX"),
            ("GZ", "PSE"),
        ],
    )
    def test_are_not_those_of_iso(self, code, iso):
        assert country("fips", code) == iso

    def test_may_be_of_the_sea(self):
        with pytest.raises(NoCountry, match=r"^is the oceans: it represents no country$"):
            country("fips", "OS")


class TestNames:
    @pytest.mark.parametrize(
        ("name", "iso"),
        [
            ("Kazakhstan", "KAZ"),
            ("Russian Federation", "RUS"),
            ("Moldova, Republic of", "MDA"),
            ("Democratic People's Republic of Korea", "PRK"),
            ("Palestinian Territory, Occupied", "PSE"),
            ("Holy See Vatican City State", "VAT"),
            ("Libyan Arab Jamahiriya", "LBY"),
        ],
    )
    def test_may_be_formal(self, name, iso):
        assert country("name", name) == iso

    def test_of_parts_of_countries_are_known_and_speak_for_none(self):
        assert is_known("name", "Scotland")
        assert not is_country("name", "Scotland")
        with pytest.raises(NoCountry, match=r"^is a part of the United Kingdom: it represents"):
            country("name", "Scotland")

    def test_of_others_are_not_known(self):
        assert not is_known("name", "Amarinder Singh")

    def test_are_by_code_in_english(self):
        assert names()["KAZ"] == "Kazakhstan"
        assert len(names()) == 250


# GDELT's lookup of CAMEO's types of actors.
_ROLES = """
    COP GOV INS JUD MIL OPP REB SEP SPY UAF AGR BUS CRM CVL DEV EDU ELI ENV HLH HRI LAB LEG MED REF
    MOD RAD AMN IRC GRP UNO PKO UIS IGO IMG INT MNC NGM NGO SET
"""
ROLES = _ROLES.split()


class TestTheTable:
    def test_knows_every_type_of_cameo(self):
        assert [code for code in ROLES if not is_role("cameo", code)] == []

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
