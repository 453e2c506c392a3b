"""What archives call countries, and what they call so that is none."""

import pytest

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
