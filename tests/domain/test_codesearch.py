"""Codes by words: the table of cues, the stems of words, and in which order codes are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain import codebooks
from tracker.domain.codebooks import cues, search
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.codebooks.search import Rank, names_act
from tracker.domain.codes import PLOVER
from tracker.domain.facts import rows


def ranks(text):
    return {one.code.code: one.rank for one in search.search(text)}


class TestTheTables:
    def test_hold_the_words_that_people_use(self):
        cues = {row["cue"] for row in rows("cues")}

        assert len(cues) >= 400
        assert cues >= {"revoke", "terminate", "condemn", "summit", "recall", "deploy", "coup"}
        assert cues >= {"border closure", "exercise", "embargo", "deny", "expel"}

    def test_lead_to_codes_that_there_are(self):
        assert all(codebooks.find(row["code"]).scheme == PLOVER for row in rows("cues"))
        assert all(row["example"] for row in rows("cues"))

    def test_say_each_thing_once(self):
        keys = [(row["cue"], row["object"], row["code"]) for row in rows("cues")]

        assert len(keys) == len(set(keys))

    def test_gloss_every_code_of_plover(self):
        for one in codebooks.CODEBOOKS[PLOVER].codes.values():
            assert all(search.gloss_of(one)), one.code

    def test_leave_cameo_to_its_own_names(self):
        assert search.gloss_of(codebooks.find("cameo-1.1b3/163")) == ("", "")


class TestRowsOfADesk:
    def test_replace_those_of_the_file_for_the_same_words(self):
        [before] = [one for one in cues.table() if one.row.cue == "embargo" and not one.object]
        own = CueRow("embargoed", "", "plover-2.0/PROTEST/boycott")
        treaty = CueRow("embargoed", "treaty", "plover-2.0/REJECT")

        first, second, *rest = cues.table((own, treaty))

        assert (first.row, second.row) == (own, treaty)
        assert rest == [one for one in cues.table() if one != before]

    def test_are_found_first_and_have_the_example_of_their_code_if_they_have_none(self):
        given = CueRow("zorb", "", "plover-2.0/AID", "A zorbs B")
        _, usual = search.gloss_of(codebooks.find("plover-2.0/AID"))

        assert search.search("zorbed") == []
        assert [one.example for one in search.search("zorbed", (given,))[:1]] == ["A zorbs B"]
        bare = given._replace(example="")
        assert [one.example for one in search.search("zorbed", (bare,))[:1]] == [usual]

    @pytest.mark.parametrize(
        ("row", "wrong"),
        [
            (CueRow("cut off", "the aid", "plover-2.0/SANCTION/discontinue", "It ends."), []),
            (
                CueRow("z" * 61, "o" * 61, "plover-2.0/AID", "e" * 201),
                [
                    ("/cue", "write at most 60 characters"),
                    ("/object", "write at most 60 characters"),
                    ("/example", "write at most 200 characters"),
                ],
            ),
            (
                CueRow("… of the", "the", ""),
                [
                    ("/cue", "name a word that means an act, such as sanction"),
                    ("/object", "name a word such as treaty, or leave this empty"),
                    ("/code", "choose a code"),
                ],
            ),
            (
                CueRow("zo\0rb", "", "cameo-1.1b3/163"),
                [
                    ("/cue", "write one line, without control characters"),
                    (
                        "/code",
                        "choose a code of plover-2.0: cameo-1.1b3/163 is one of cameo-1.1b3",
                    ),
                ],
            ),
        ],
    )
    def test_have_their_problems_by_field(self, row, wrong):
        assert [(one.pointer, one.detail) for one in cues.problems(row)] == wrong

    def test_need_a_code_that_there_is(self):
        [problem] = cues.problems(CueRow("zorb", "", "plover-2.0/ZORB"))

        assert (problem.pointer, "ZORB" in problem.detail) == ("/code", True)


class TestAStem:
    @each(
        ("one", "other"),
        [
            ("expelled", "expels"),
            ("embargoes", "embargo"),
            ("denied", "deny"),
            ("negotiations", "negotiate"),
            ("withdrew", "withdrawing"),
            ("shot", "shooting"),
            ("banned", "ban"),
            ("crossings", "crossing"),
        ],
    )
    def test_is_the_same_of_forms_of_one_word(self, one, other):
        assert cues.stem(one) == cues.stem(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("ban", "bank"), ("aid", "raid"), ("sue", "sun"), ("plan", "plane"), ("quit", "quite")],
    )
    def test_differs_for_other_words(self, one, other):
        assert cues.stem(one) != cues.stem(other)

    @given(st.text())
    def test_is_made_of_any_text(self, text):
        assert len(cues.stem(text)) <= max(len(text), len("withdraw"))


class TestTheOrder:
    @each(
        ("text", "code", "rank"),
        [
            ("embargo", "SANCTION/discontinue", Rank.EXACT),
            ("recall ambassador", "SANCTION/withdraw", Rank.EXACT),
            ("sanc disc", "SANCTION/discontinue", Rank.ABBREVIATED),
            ("angrily recall an ambassador", "SANCTION/withdraw", Rank.WITHIN),
            ("air strike at night", "ASSAULT/aerial", Rank.WITHIN),
            ("deploy", "MOBILIZE/weapons", Rank.NARROWER),
            ("embar", "SANCTION/discontinue", Rank.PREFIX),
            ("new embargo", "SANCTION/discontinue", Rank.AMONG),
            ("unconventional", "ASSAULT/unconventional", Rank.NAME),
            ("embassy", "SANCTION/withdraw", Rank.OBJECT),
            ("refinery", None, None),
            ("missiles", "ASSAULT/heavy-weapons", Rank.OBJECT),
            ("biological", "ASSAULT/unconventional", Rank.GLOSS),
            ("expel", "THREATEN/expel", Rank.OPPOSITE),
            ("lift embargo", "SANCTION/discontinue", Rank.OPPOSITE),
            ("refuse to lift", "CONCEDE", Rank.AMONG),
            ("sanctions", "REQUEST", Rank.OPPOSITE),
        ],
    )
    def test_goes_by_how_a_code_is_found(self, text, code, rank):
        found = ranks(text)

        assert found.get(f"{PLOVER}/{code}") == rank

    def test_of_cameo_goes_by_names_then_by_the_likeliest_of_plover(self):
        found = [one.code.code for one in search.search("recall") if one.code.scheme != PLOVER]

        # Those that CAMEO's mapping takes for SANCTION/withdraw.
        assert set(found) == {f"cameo-1.1b3/{number}" for number in ("161", "164", "165")}

    def test_has_no_opposite_where_there_is_nothing_else(self):
        """Only CAMEO's "Threaten non-force" has these words."""
        assert search.search("non-force") == []

    @each("text", ["", " ", "/", "of the", "plover-2.0/NOTHING", "999999"])
    def test_takes_any_text(self, text):
        assert isinstance(search.search(text), list)

    @given(st.text(max_size=40))
    def test_gives_no_code_twice_and_no_opposite_first(self, text):
        found = search.search(text)

        assert len({one.code.code for one in found}) == len(found)
        assert not found or found[0].rank is not Rank.OPPOSITE

    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("SANCTION/discontinue", ["plover-2.0/SANCTION/discontinue"]),
            ("plover-2.0/sanction/dis", ["plover-2.0/SANCTION/discontinue"]),
            ("085", ["cameo-1.1b3/085"]),
            ("087", ["cameo-1.1b3/087"]),
        ],
    )
    def test_begins_with_a_code_that_is_typed(self, text, codes):
        assert [one.code.code for one in search.search(text)] == codes


class TestNamesAct:
    @pytest.mark.parametrize(
        "text",
        [
            "Putin visits Astana.",
            "The free trade agreement",
            "They cut off gas to the north.",
            "A border war",
            "Aid that was given to farmers",
        ],
    )
    def test_finds_a_word_for_an_act(self, text):
        assert names_act(text)

    @pytest.mark.parametrize(
        "text", ["Pipelines of the Caspian", "A given name", "COVID in Indonesia", "", "1991"]
    )
    def test_finds_none_in_a_topic(self, text):
        assert not names_act(text)
