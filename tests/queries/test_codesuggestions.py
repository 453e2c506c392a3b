"""Codes are offered by what words mean: the first on offer is never the word's opposite."""

import pytest

from tests.kit.builders import a_citation
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.disclosure import Reader
from tracker.queries.claims.code_counts import code_counts
from tracker.queries.records.search import suggestions

pytestmark = pytest.mark.django_db
P = "plover-2.0/"
# Worked out from what the words mean: what may be offered first. The opposite, or an act that is
# only asked for, threatened or refused, has the same word and is not among it.
EXPECTED = [
    ("embargo", {"SANCTION/discontinue", "SANCTION"}),
    ("deny", {"REJECT"}),
    ("expel", {"SANCTION/expel"}),
    ("blockade", {"COERCE/restrict"}),
    ("boycott", {"SANCTION/discontinue", "PROTEST/boycott"}),
    ("curfew", {"COERCE/curfew"}),
    ("ceasefire", {"RETREAT/ceasefire"}),
    ("arrest", {"COERCE/arrest"}),
    ("aid", {"AID"}),
    ("mediation", {"CONSULT", "CONSULT/third-party"}),
    ("cooperation", {"COOPERATE"}),
    ("peacekeepers", {"AID"}),
    ("attack", {"ASSAULT"}),
    ("drone attack", {"ASSAULT/drone"}),
    ("deploy", {"MOBILIZE/troops"}),
    ("recall", {"SANCTION/withdraw"}),
    ("condemn", {"ACCUSE/disapprove"}),
    ("summit", {"CONSULT/multilateral"}),
    ("border closure", {"COERCE/restrict"}),
    ("coup", {"COERCE/seize", "ASSAULT"}),
    ("exercise", {"MOBILIZE/troops", "COOPERATE"}),
    ("occupation", {"COERCE/seize"}),
    ("asylum", {"AID"}),
    ("veto", {"REJECT"}),
    ("relations", {"SUPPORT", "SANCTION"}),
    # Turned around by the word before it or after it.
    ("lift embargo", {"CONCEDE"}),
    ("ease blockade", {"RETREAT/withdraw", "CONCEDE"}),
    ("stop aid", {"SANCTION/discontinue"}),
    ("refuse talks", {"REJECT/meet", "REJECT"}),
    ("refuse to lift embargo", {"REJECT", "REJECT/yield"}),
    ("threaten invasion", {"THREATEN", "THREATEN/violence"}),
    ("withdraw troops", {"RETREAT/withdraw"}),
    ("withdraw ambassador", {"SANCTION/withdraw"}),
    ("end trade", {"SANCTION/discontinue"}),
]


def offered(text):
    return [one.value for one in suggestions("code", text, reader=Reader.DESK)]


class TestTheFirst:
    @pytest.mark.parametrize(("text", "first"), EXPECTED)
    def test_is_what_the_word_means(self, text, first):
        assert offered(text)[0] in {P + one for one in first}

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


def test_are_counted_with_the_rows_of_the_desk(desk):
    quoted = a_citation(desk.document, quote="Russia zorbed Kazakhstan.")
    desk.asserts(code="plover-2.0/REJECT", citations=(quoted,))
    zorb = CueRow("zorb", "", "plover-2.0/AID")

    assert code_counts() == {}
    assert code_counts((zorb,)) == {("zorb", ""): {"plover-2.0/REJECT": 1}}
    assert code_counts() == {}
