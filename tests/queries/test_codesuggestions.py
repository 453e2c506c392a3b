"""Codes are offered by what words mean: the first on offer is never the word's opposite."""

import pytest

from tracker.domain import codebooks
from tracker.domain.disclosure import Reader
from tracker.queries.records.search import suggestions

pytestmark = pytest.mark.django_db
P = "plover-2.0/"
# Worked out from what the words mean: what may be offered first, and the opposite (or the act that
# is only asked for, threatened or refused) that has the same word and must not be.
EXPECTED = [
    ("embargo", {"SANCTION/discontinue", "SANCTION"}, "cameo-1.1b3/0254"),
    ("deny", {"REJECT"}, "cameo-1.1b3/015"),
    ("expel", {"SANCTION/expel"}, "plover-2.0/THREATEN/expel"),
    ("blockade", {"COERCE/restrict"}, "cameo-1.1b3/0872"),
    ("boycott", {"SANCTION/discontinue", "PROTEST/boycott"}, "cameo-1.1b3/085"),
    ("sanctions", {"SANCTION"}, "cameo-1.1b3/0251"),
    ("curfew", {"COERCE/curfew"}, "cameo-1.1b3/0813"),
    ("martial law", {"COERCE/martial-law"}, "cameo-1.1b3/0814"),
    ("ceasefire", {"RETREAT/ceasefire"}, "cameo-1.1b3/196"),
    ("truce", {"RETREAT/ceasefire"}, "cameo-1.1b3/196"),
    ("arrest", {"COERCE/arrest"}, "plover-2.0/THREATEN/arrest"),
    ("release", {"RETREAT/release"}, "cameo-1.1b3/1243"),
    ("aid", {"AID"}, "cameo-1.1b3/162"),
    ("assist", {"AID"}, "plover-2.0/REJECT/assist"),
    ("assistance", {"AID"}, "cameo-1.1b3/1621"),
    ("mediation", {"CONSULT", "CONSULT/third-party"}, "cameo-1.1b3/126"),
    ("negotiations", {"CONSULT"}, "cameo-1.1b3/164"),
    ("cooperation", {"COOPERATE"}, "cameo-1.1b3/121"),
    ("peacekeepers", {"AID"}, "cameo-1.1b3/1661"),
    ("inspectors", {"RETREAT/access"}, "cameo-1.1b3/1662"),
    ("attack", {"ASSAULT"}, "cameo-1.1b3/1384"),
    ("drone attack", {"ASSAULT/drone"}, "plover-2.0/ASSAULT"),
    ("invade", {"ASSAULT"}, "plover-2.0/RETREAT/withdraw"),
    ("deploy", {"MOBILIZE/troops"}, "cameo-1.1b3/0861"),
    ("recall", {"SANCTION/withdraw"}, "plover-2.0/SUPPORT"),
    ("revoke", {"SANCTION/discontinue"}, "plover-2.0/AGREE"),
    ("terminate", {"SANCTION/discontinue"}, "plover-2.0/AGREE"),
    ("condemn", {"ACCUSE/disapprove"}, "plover-2.0/SUPPORT"),
    ("summit", {"CONSULT/multilateral"}, "plover-2.0/REJECT/meet"),
    ("border closure", {"COERCE/restrict"}, "plover-2.0/CONCEDE"),
    ("coup", {"COERCE/seize", "ASSAULT"}, "plover-2.0/RETREAT/resign"),
    ("exercise", {"MOBILIZE/troops", "COOPERATE"}, "plover-2.0/RETREAT/withdraw"),
    ("occupation", {"COERCE/seize"}, "cameo-1.1b3/1382"),
    ("asylum", {"AID"}, "plover-2.0/COERCE/deport"),
    ("veto", {"REJECT"}, "plover-2.0/SUPPORT"),
    ("relations", {"SUPPORT", "SANCTION"}, "plover-2.0/THREATEN/relations"),
    ("dissent", {"PROTEST"}, "cameo-1.1b3/082"),
    # Turned around by the word before it or after it.
    ("lift embargo", {"CONCEDE"}, "plover-2.0/SANCTION/discontinue"),
    ("embargo lifted", {"CONCEDE"}, "plover-2.0/SANCTION/discontinue"),
    ("ease blockade", {"RETREAT/withdraw", "CONCEDE"}, "plover-2.0/COERCE/restrict"),
    ("stop aid", {"SANCTION/discontinue"}, "plover-2.0/AID"),
    ("refuse talks", {"REJECT/meet", "REJECT"}, "plover-2.0/CONSULT"),
    ("refuse to lift embargo", {"REJECT", "REJECT/yield"}, "plover-2.0/CONCEDE"),
    ("threaten invasion", {"THREATEN", "THREATEN/violence"}, "plover-2.0/ASSAULT"),
    ("withdraw troops", {"RETREAT/withdraw"}, "plover-2.0/SANCTION/withdraw"),
    ("withdraw ambassador", {"SANCTION/withdraw"}, "plover-2.0/RETREAT/withdraw"),
    ("end trade", {"SANCTION/discontinue"}, "plover-2.0/COOPERATE"),
]  # fmt: skip


def offered(text):
    return [one.value for one in suggestions("code", text, reader=Reader.DESK)]


class TestTheFirst:
    @pytest.mark.parametrize(("text", "first", "opposite"), EXPECTED)
    def test_is_what_the_word_means(self, text, first, opposite):
        assert opposite == codebooks.find(opposite).code
        assert offered(text)[0] in {P + one for one in first}

    @pytest.mark.parametrize(("text", "first", "opposite"), EXPECTED)
    def test_is_never_the_opposite(self, text, first, opposite):
        assert offered(text)[:1] != [opposite]

    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("sanc disc", "SANCTION/discontinue"),
            ("thre expel", "THREATEN/expel"),
            ("SANCTION/disc", "SANCTION/discontinue"),
            ("plover-2.0/sanction/discontinue", "SANCTION/discontinue"),
            ("embarg", "SANCTION/discontinue"),
            ("expelled", "SANCTION/expel"),
            ("withdrew troops", "RETREAT/withdraw"),
            ("the recall of an ambassador", "SANCTION/withdraw"),
        ],
    )
    def test_is_found_by_parts_and_forms_of_words(self, text, first):
        assert offered(text)[0] == P + first

    def test_is_of_cameo_where_it_is_asked_for_by_its_number(self):
        assert offered("0871") == ["cameo-1.1b3/0871"]


class TestTheList:
    @pytest.mark.parametrize("text", ["embargo", "aid", "sanctions", "refuse"])
    def test_has_plover_first_and_cameo_after_a_line(self, text):
        found = suggestions("code", text, reader=Reader.DESK)
        schemes = [one.value.partition("/")[0] for one in found]

        assert schemes == sorted(schemes, reverse=True)
        assert [one.line for one in found].index(True) == schemes.index("cameo-1.1b3")
        assert sum(one.line for one in found) == 1

    def test_shows_sign_gloss_and_example(self):
        first = suggestions("code", "embargo", reader=Reader.DESK)[0]

        # PLOVER's manual gives −6.
        assert first.label == "−6 · Sanction: discontinue"
        assert first.gloss == "stops or cuts trade, supplies, aid or cooperation"
        assert first.example == "A imposes an embargo on B"

    def test_has_opposites_last(self):
        assert set(offered("blockade")[-2:]) == {"cameo-1.1b3/0872", "cameo-1.1b3/1381"}

    def test_chooses_none_where_two_of_opposite_signs_fit_alike(self):
        """Troops that withdraw make peace, an ambassador that is withdrawn does not."""
        first, second, *_ = suggestions("code", "withdraw", reader=Reader.DESK)

        assert {first.value, second.value} == {f"{P}SANCTION/withdraw", f"{P}RETREAT/withdraw"}
        assert first.doubtful
        assert not suggestions("code", "withdraw troops", reader=Reader.DESK)[0].doubtful

    @pytest.mark.parametrize("text", ["xyzzy", "the weather in spring", "\0", "…"])
    def test_is_empty_where_nothing_is_found(self, text):
        assert offered(text) == []
