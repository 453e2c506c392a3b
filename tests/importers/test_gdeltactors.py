"""Who acts, by the codes that GDELT gives an actor."""

import pytest

from tracker.imports.formats.coded import SectorActor
from tracker.imports.formats.gdelt import GROUP, NO_COUNTRY, NoGdeltActor, actor_of
from tracker.imports.formats.gdelt_rows import ActorCodes


def heard(code, country="", *types, group="", ethnic="", religion=""):
    one, two, three = (*types, "", "", "")[:3]
    return actor_of(ActorCodes(code, country, group, ethnic, religion, (one, two, three)))


class TestSpeaker:
    @pytest.mark.parametrize(
        ("actor", "expected"),
        [
            (("CHN", "CHN"), SectorActor("CHN", "government")),
            (("CHNGOV", "CHN", "GOV"), SectorActor("CHN", "government")),
            (("CHNEDU", "CHN", "EDU"), SectorActor("CHN", "society")),
            # The first of several roles is whom the story calls the actor.
            (("USAGOVMIL", "USA", "GOV", "MIL"), SectorActor("USA", "government")),
            (("USABUSGOV", "USA", "BUS", "GOV"), SectorActor("USA", "business")),
            (("ROMGOV", "ROM", "GOV"), SectorActor("ROU", "government")),
        ],
    )
    def test_is_a_country_and_a_sector(self, actor, expected):
        assert heard(*actor) == expected

    @pytest.mark.parametrize(
        ("code", "country", "expected"),
        [
            ("KAZMIL", "KAZ", SectorActor("KAZ", "military")),
            # A second country in a code is no role.
            ("KAZROMGOV", "KAZ", SectorActor("KAZ", "government")),
        ],
    )
    def test_has_the_roles_of_its_code_where_no_type_is_said(self, code, country, expected):
        assert heard(code, country) == expected

    @pytest.mark.parametrize(
        ("codes", "given", "expected"),
        [
            (("TURKUR", "TUR"), {"ethnic": "kur"}, "society"),
            (("IRQSHI", "IRQ"), {"religion": "SHI"}, "society"),
            (("TURkurGOV", "TUR", "GOV"), {"ethnic": "kur"}, "government"),
        ],
    )
    def test_is_society_if_it_is_a_people_or_a_faith_without_a_role(self, codes, given, expected):
        [country] = {codes[1]}
        assert heard(*codes, **given) == SectorActor(country, expected)

    def test_is_nobody_where_no_actor_is_named(self):
        assert heard("") is None

    @pytest.mark.parametrize(
        ("codes", "given", "column", "value", "reason"),
        [
            (("IGOUNO", "", "IGO"), {"group": "UNO"}, "Code", "IGOUNO", NO_COUNTRY),
            (("XYZ", "XYZ"), {}, "CountryCode", "XYZ", "is an unknown country"),
            (("AFGTAL", "AFG", "REB"), {"group": "TAL"}, "KnownGroupCode", "TAL", GROUP),
            (
                ("SYRGOVREB", "SYR", "GOV", "REB"),
                {},
                "Type1Code",
                "GOVREB",
                "stands for rebels, which represents no country",
            ),
            (
                ("SYRUAF", "SYR"),
                {},
                "Code",
                "UAF",
                "stands for armed forces of unknown allegiance, which represents no country",
            ),
            (("SYRQQQ", "SYR", "QQQ"), {}, "Type1Code", "QQQ", "is an unknown role"),
        ],
    )
    def test_is_nobody_who_is_no_countrys(self, codes, given, column, value, reason):
        assert heard(*codes, **given) == NoGdeltActor(column, value, reason)
