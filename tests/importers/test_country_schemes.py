"""Which state a code or a name of a country means on a date."""

from itertools import pairwise

import pytest

from tracker.domain.dates.edtf import BadDate
from tracker.domain.facts import rows
from tracker.imports.formats.cldr import LANGUAGES
from tracker.imports.formats.country_schemes import CountryScheme, NoCountry, state_names


def state(scheme: str, text: str, edtf: str = "", languages: tuple[str, ...] = ()) -> str | None:
    return CountryScheme(scheme=scheme, languages=languages).state(text, edtf)


def named(name: str, *languages: str, on: str = "") -> str | None:
    return state("name", name, on, languages)


def refusal(scheme: str, text: str, edtf: str = "", languages: tuple[str, ...] = ()) -> str:
    with pytest.raises(NoCountry) as refused:
        state(scheme, text, edtf, languages)
    return str(refused.value)


class TestTables:
    def test_name_states_of_the_reference(self):
        used = {row["iso3"] for table in ("country_codes", "country_names") for row in rows(table)}

        assert used - {""} <= state_names().keys()

    def test_have_either_a_state_or_what_else_it_is(self):
        for row in rows("country_codes"):
            assert bool(row["iso3"]) != bool(row["says"]), row

    @pytest.mark.parametrize("scheme", ["cow", "cow3", "gw", "iso2", "iso3", "fips"])
    def test_have_no_code_for_two_states_on_one_day(self, scheme):
        days = {row["iso3"]: (row["since"], row["until"]) for row in rows("former_states")}
        spans = []
        for row in rows("country_codes"):
            first, last = days.get(row["iso3"], ("0001-01-01", "9999-12-31"))
            if row["scheme"] == scheme:
                spans.append((row["code"], row["since"] or first, row["until"] or last))

        for (code, _, until), (following, since, _) in pairwise(sorted(spans)):
            assert code != following or until < since, code

    def test_list_only_languages_that_are_read(self):
        assert {row["language"] for row in rows("country_names")} == set(LANGUAGES)
        assert len(LANGUAGES) == 12

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_no_name_for_two_states(self, language):
        for row in rows("country_names"):
            if row["language"] == language:
                on = {"SCG": "2005-01-01", "RVN": "1960-01-01"}.get(row["iso3"], "1970-01-01")
                assert named(row["name"], language, on=on) == row["iso3"]


# From the lists of the projects, by hand.
COUNTRIES = {
    "cow": """
        2 USA, 20 CAN, 200 GBR, 220 FRA, 230 ESP, 290 POL, 325 ITA, 341 MNE, 343 MKD, 347 XKX,
        369 UKR, 372 GEO, 385 NOR, 437 CIV, 484 COG, 490 COD, 560 ZAF, 630 IRN, 640 TUR, 666 ISR,
        705 KAZ, 710 CHN, 713 TWN, 731 PRK, 732 KOR, 740 JPN, 750 IND, 900 AUS, 946 KIR, 947 TUV,
        955 TON, 970 NRU, 990 WSM
        """,
    "cow3": """
        USA USA, UKG GBR, FRN FRA, GMY DEU, SPN ESP, POR PRT, AUS AUT, AUL AUS, SWZ CHE, SWD SWE,
        SWA SWZ, CZR CZE, SLO SVK, SLV SVN, CRO HRV, MNG MNE, MON MNG, MAC MKD, RUS RUS, KZK KAZ,
        KYR KGZ, GRG GEO, ROK KOR, PRK PRK, TAW TWN, IRN IRN, MOR MAR, NIG NGA, NIR NER, CHA TCD,
        DRC COD, CON COG, SAF ZAF, COS CRI, MAL MYS, MAD MDV, INS IDN, DRV VNM, ukg GBR
        """,
    "gw": """
        2 USA, 200 GBR, 260 DEU, 340 SRB, 341 MNE, 347 XKX, 365 RUS, 626 SSD, 678 YEM, 775 MMR,
        816 VNM, 970 KIR, 971 NRU, 972 TON, 973 TUV
        """,
    "fips": """
        RS RUS, CH CHN, JA JPN, KS KOR, KN PRK, GM DEU, UP UKR, UK GBR, SZ CHE, SW SWE, IZ IRQ,
        IS ISR, AS AUS, AU AUT, SP ESP, TU TUR, NL NLD, RI SRB, KV XKX, OD SSD, WE PSE, VM VNM,
        SV SJM
        """,
    "iso2": "KZ KAZ, gb GBR, UK GBR, XK XKX, NA NAM, ZR COD, TP TLS, BY BLR, RS SRB",
    "iso3": "KAZ KAZ, kaz KAZ, ROM ROU, ZAR COD, BUR MMR, XKX XKX",
}


class TestCodes:
    @pytest.mark.parametrize("scheme", COUNTRIES)
    def test_mean_a_country(self, scheme):
        for pair in COUNTRIES[scheme].split(","):
            code, country = pair.split()
            assert (code, state(scheme, code, "2015-06-01")) == (code, country)

    def test_may_have_zeros_before_them(self):
        assert state("cow", "002") == "USA"

    def test_of_one_country_mean_it_on_any_date(self):
        assert state("cow", "369", "1950") == state("cow", "369") == "UKR"
        assert state("gw", "678", "1970") == "YEM"

    @pytest.mark.parametrize("scheme", ["iso3", "iso2", "fips", "cow", "cow3", "gw"])
    @pytest.mark.parametrize("code", ["", "0", "999", "XQ", "Kazakhstan"])
    def test_that_are_unknown_are_refused(self, scheme, code):
        assert refusal(scheme, code).startswith("is unknown in ")

    @pytest.mark.parametrize(
        ("scheme", "code", "what"),
        [
            ("cow", "300", "Austria-Hungary, a state until 1918"),
            ("gw", "711", "Tibet"),
            ("fips", "OS", "the oceans"),
        ],
    )
    def test_of_no_country_are_refused(self, scheme, code, what):
        assert refusal(scheme, code) == (
            f"is {what}: it represents no country; replace it with `values` if one is meant"
        )


class TestFormerStates:
    @pytest.mark.parametrize(
        ("scheme", "code", "day", "expected"),
        [
            ("cow", "365", "1922-12-29", "RUS"),
            ("cow", "365", "1922-12-30", "SUN"),
            ("cow", "365", "1991-12-25", "SUN"),
            ("cow", "365", "1991-12-26", "RUS"),
            ("cow", "255", "1939-09-01", "DEU"),
            ("cow", "260", "1970-08-12", "DEU"),
            ("cow", "265", "1990", "DDR"),
            ("cow", "315", "1968-08-21", "CSK"),
            ("cow", "345", "1999-03-24", "YUG"),
            ("cow", "678", "1980", "YEM"),
            ("cow", "679", "1995", "YEM"),
            ("cow3", "GFR", "1970-08-12", "DEU"),
            ("cow3", "RUS", "1980", "SUN"),
            ("gw", "340", "2008", "SRB"),
            ("gw", "345", "1995", "YUG"),
            ("iso2", "CS", "2005", "SCG"),
            ("iso3", "DDR", "1980", "DDR"),
            ("fips", "YI", "1999", "YUG"),
            ("fips", "YI", "2016", "SRB"),
        ],
    )
    def test_are_meant_on_their_days(self, scheme, code, day, expected):
        assert state(scheme, code, day) == expected

    def test_are_not_meant_on_others(self):
        assert refusal("cow", "260", "2005-01-01") == (
            "means no state on 2005-01-01; it is Germany (DEU) from 1949-05-23 to 1990-10-02; DEU"
            " is 255 then: fix the code or the date, or replace it with `values`"
        )
        assert refusal("gw", "340", "1995-01-01").startswith(
            "means no state on 1995-01-01; it is Serbia (SRB) until 1918-11-30 and Serbia (SRB)"
            " from 2006-06-05: fix"
        )
        assert refusal("name", "Soviet Union", "2005-01-01", ("en",)).startswith(
            "means no state on 2005-01-01; it is Soviet Union (SUN) from 1922-12-30 to 1991-12-25:"
        )

    def test_are_not_guessed_where_a_date_spans_two(self):
        assert refusal("cow", "365", "1991") == (
            "can be Soviet Union (SUN) from 1922-12-30 to 1991-12-25 or Russia (RUS) from"
            " 1991-12-26 between 1991-01-01 and 1991-12-31: give the day, or replace it with"
            " `values`"
        )
        assert " between 1991-05-01 and ..: " in refusal("cow", "365", "1991-05-01/..")

    def test_are_not_guessed_without_a_date(self):
        assert " without a date: give the day" in refusal("cow", "365")

    def test_need_a_date_that_can_be_read(self):
        with pytest.raises(BadDate):
            state("cow", "365", "1991-13")


class TestNames:
    @pytest.mark.parametrize(
        ("language", "names"),
        [
            ("en", "South Korea = KOR, Türkiye = TUR, Russian Federation = RUS, Burma = MMR"),
            (
                "fr",
                "Corée du Nord = PRK, allemagne = DEU, COTE D’IVOIRE = CIV, Cote d'Ivoire = CIV",
            ),
            ("es", "España = ESP, Espana = ESP, EE. UU. = USA, Corea del Sur = KOR"),
            ("de", "Türkei = TUR, Weißrussland = BLR, USA = USA, Österreich = AUT"),
            ("ru", "Российская Федерация = RUS, США = USA, Китай = CHN, КНДР = PRK"),
            ("zh", "中国 = CHN, 韩国 = KOR, 朝鲜 = PRK, 俄罗斯 = RUS, 紐西蘭 = NZL"),
            ("ko", "대한민국 = KOR, 한국 = KOR, 북한 = PRK, 중국 = CHN"),
            ("ar", "روسيا = RUS, السعودية = SAU, الصين = CHN, ايران = IRN"),
            ("ja", "日本 = JPN, 北朝鮮 = PRK, 米国 = USA, ロシア = RUS"),
            ("pt", "Rússia = RUS, EUA = USA, Vietnã = VNM, Vietname = VNM"),
            ("tr", "Rusya = RUS, ABD = USA, Çin = CHN, İran = IRN"),
            ("uk", "Україна = UKR, Росія = RUS, США = USA, Китай = CHN"),
        ],
    )
    def test_are_read_in_twelve_languages(self, language, names):
        for pair in names.split(", "):
            name, country = pair.split(" = ")
            assert (name, named(name, language)) == (name, country)

    def test_are_those_of_the_languages_that_are_named(self):
        assert named("Allemagne", "de", "fr") == named("Deutschland", "de", "fr") == "DEU"
        assert refusal("name", "Allemagne", "", ("de",)).startswith(
            "is unknown among the names of countries in de"
        )

    def test_are_near_to_at_most_three(self):
        assert refusal("name", "Алжыр", "", ("ru",)).endswith("; nearest: Алжир")
        assert refusal("name", "Guina", "", ("en",)).count(", ") <= 2

    def test_of_what_is_no_country_are_refused(self):
        assert refusal("name", "Scotland", "", ("en",)).startswith(
            "is a part of the United Kingdom"
        )
