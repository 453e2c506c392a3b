"""Where a sentence is cut into clauses, what qualifies one, and who does what to whom in it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain.reading.clauses import Clause, clauses, reported, statements
from tracker.domain.reading.codes import CodeFound
from tracker.domain.reading.sides import Named, sides
from tracker.domain.reading.words import qualified


def parts(sentence):
    return [clause.text for clause in clauses(sentence)]


class TestASentence:
    @each(
        "sentence",
        [
            # before a coordinate act, with its own subject or without
            "Peru recalled its envoy | and Chile closed its airspace.",
            "Peru recalled its envoy, | but Chile denied all | and expelled two diplomats.",
            "Peru recalled its envoy | and then expelled two diplomats.",
            # participles
            "Peru sanctioned Chile, | upsetting Bolivia | and triggering a dispute.",
            "Peru protested, | calling the visit a provocation.",
            # relative and subordinate clauses
            "Peru, which expelled an envoy in May, | signed a treaty with Chile.",
            "Peru sent troops to the border | because Chile threatened to attack it.",
            "After Peru suspended its aid, | Chile closed the embassy.",
            # verbs without a cue, and verbs of saying
            "Peru hesitated | and Chile expelled two diplomats.",
            "Peru recalled its envoy, | and Ana Ruiz, the minister, said that it hurt.",
            # the verb of a relative clause after an insertion
            "Peru recalled its envoy, | which the minister, Ana Ruiz, called a provocation.",
            # other marks
            "Peru condemned the raid; | Chile welcomed it.",
            "Peru acted | and sanctioned Chile: | Chile was isolated.",
            "Peru signs a treaty | while Chile rejects it.",
        ],
    )
    def test_is_cut_where_an_act_begins(self, sentence):
        expected = [part.strip(" ,;:") for part in sentence.split("|")]

        assert parts(sentence.replace("| ", "")) == expected

    @each(
        "sentence",
        [
            "Peru, Chile, and Bolivia quit the bloc.",
            "Peru sanctioned banks, ports and airlines.",
            "Peruvian troops attacked a camp, the junta said.",
            "The junta said that Peru attacked a camp.",
            "Peru condemned the raid, and arrests.",
            "In late May, Peru sanctioned Chile.",
            "After the vote, Peru sanctioned Chile.",
            "Peru welcomed the deal, including its annex.",
            "Peru welcomed it, Beijing too.",
            "Peru sanctioned Chile and",
            "Nothing.",
        ],
    )
    def test_stays_whole_where_none_begins(self, sentence):
        assert parts(sentence) == [sentence]

    @pytest.mark.parametrize("sentence", ["", "…", " , "])
    def test_without_words_has_none(self, sentence):
        assert clauses(sentence) == ()

    @given(st.text(max_size=200))
    def test_keeps_every_word_in_order(self, sentence):
        found = clauses(sentence)

        assert all(sentence[one.start : one.end] == one.text for one in found)
        assert "".join(filter(str.isalnum, "".join(one.text for one in found))) == "".join(
            filter(str.isalnum, sentence)
        )


class TestStatements:
    def test_are_the_parts_between_semicolons(self):
        sentence = "Peru left; “no,” said Chile ;"

        assert [one.text for one in statements(sentence)] == ["Peru left", "“no,” said Chile"]
        assert all(sentence[one.start : one.end] == one.text for one in statements(sentence))

    @pytest.mark.parametrize("sentence", ["", " ; "])
    def test_are_none_without_words(self, sentence):
        assert statements(sentence) == ()


class TestReported:
    def test_is_cut_behind_what_alleges(self):
        clause = Clause(5, 45, "Peru also claimed that Chile had left it.")
        head, content = reported(clause)

        assert (head.start, head.text) == (5, "Peru also claimed that")
        assert (content.start, content.text) == (28, "Chile had left it.")

    def test_is_none_where_nothing_is_alleged(self):
        assert reported(Clause(0, 25, "Peru said that Chile left")) is None


@each(
    ("clause", "hedge", "likelihood", "assessment"),
    [
        ("Russia probably shelled the town", "probably", "likely", False),
        ("Russia may shell the town", "may", None, True),
        ("Russia shelled the town in May", "", None, False),
        ("ties appear strained", "appear", None, True),
        ("the deal would trouble Paris", "would", None, True),
        ("they reportedly met", "", None, False),
        ("an almost certain defeat", "almost certain", "almost-certain", False),
    ],
)
def test_a_hedge_is_a_band_or_makes_an_assessment(clause, hedge, likelihood, assessment):
    found = qualified(clause)

    assert (found.hedge, found.likelihood, found.assessment) == (hedge, likelihood, assessment)


@pytest.mark.parametrize(
    ("clause", "qualifier", "strength"),
    [
        ("Russia essentially sanctioned the oil", "essentially", "partial"),
        ("a symbolic boycott", "symbolic", "weak"),
        ("Russia sanctioned the oil", "", None),
    ],
)
def test_a_word_makes_the_act_weaker(clause, qualifier, strength):
    found = qualified(clause)

    assert (found.qualifier, found.strength) == (qualifier, strength)


@pytest.mark.parametrize(
    ("clause", "modality"),
    [
        ("Egypt will send troops", "announced"),
        ("Egypt plans to send troops", "announced"),
        ("Egypt sent troops", "actual"),
        ("Egypt will perhaps, or may, send troops", "actual"),
    ],
)
def test_what_is_still_to_come_is_announced(clause, modality):
    assert qualified(clause).modality == modality


ACTORS = {
    name: UUID(int=number)
    for number, name in enumerate(
        ("Russia", "Kazakh", "Chinese", "Toqaev", "Turkey", "France", "Niger", "Mali"), start=1
    )
}


def parties(clause, verb, *, passive=False, carried=()):
    """The names of the actors by role, in a clause with a verb."""
    start = clause.index(verb)
    code = CodeFound("plover-2.0/SANCTION", 1, verb, "", start, start + len(verb), passive, "")
    places = sorted((clause.index(name), name) for name in ACTORS if name in clause)
    names = [Named(at, at + len(name), name, ACTORS[name]) for at, name in places]
    found = sides(clause, names, code, [ACTORS[name] for name in carried])
    called = {actor: name for name, actor in ACTORS.items()}
    return tuple(" ".join(called[one] for one in side) for side in found)


@each(
    ("clause", "verb", "expected"),
    [
        ("Russia sanctioned Turkey", "sanctioned", ("Russia", "Turkey", "")),
        (
            "Russia essentially sanctioned Kazakh-Chinese oil flows",
            "sanctioned",
            ("Russia", "Kazakh", "Chinese"),
        ),
        ("Kazakh President Toqaev visited Turkey", "visited", ("Toqaev", "Turkey", "")),
        ("Niger and Mali expelled France", "expelled", ("Niger Mali", "France", "")),
        ("France expelled Niger and Mali", "expelled", ("France", "Niger Mali", "")),
        ("In Turkey, Russia signed", "signed", ("Russia", "Turkey", "")),
        ("At a summit in Turkey they met France", "met", ("Turkey", "France", "")),
        ("He told Turkey that it attacked Niger", "attacked", ("Turkey", "Niger", "")),
        ("The president of Niger met France", "met", ("Niger", "France", "")),
        ("Russia signed", "signed", ("Russia", "", "")),
        (
            "upsetting Niger and triggering a spat between Russia and Turkey",
            "spat",
            ("Russia Turkey", "", ""),
        ),
        ("neither Russia nor Turkey opposed Niger", "opposed", ("Russia Turkey", "Niger", "")),
    ],
)
def test_who_is_before_the_verb_acts(clause, verb, expected):
    assert parties(clause, verb) == expected


def test_by_turns_the_passive():
    clause = "Niger was sanctioned by France"

    assert parties(clause, "sanctioned", passive=True) == ("France", "Niger", "")


def test_a_passive_without_an_agent_has_no_initiator():
    assert parties("Niger was sanctioned", "sanctioned", passive=True) == ("", "Niger", "")


def test_a_clause_without_a_subject_takes_that_of_the_clause_before():
    assert parties("upsetting Turkey", "upsetting", carried=["Russia"]) == ("Russia", "Turkey", "")


def test_an_initiator_is_no_recipient_of_its_own_act():
    assert parties("Russia moved Russia", "moved") == ("Russia", "", "")


class TestThoseWhoAreMeant:
    """Whom a pronoun means, as the reader has found it."""

    @pytest.mark.parametrize(
        ("clause", "verb", "expected"),
        [
            ("At a summit in Turkey he met France", "met", ("Russia", "France", "")),
            ("He told Turkey that he attacked Niger", "attacked", ("Russia", "Niger", "")),
            ("He and the Turkey president signed", "signed", ("Russia Turkey", "", "")),
        ],
    )
    def test_act(self, clause, verb, expected):
        assert parties(clause, verb, carried=["Russia"]) == expected


def test_the_state_of_a_person_is_no_other_party():
    names = [Named(0, 6, "Toqaev", ACTORS["Kazakh"]), Named(10, 16, "Kazakh", ACTORS["Kazakh"])]
    clause = "Toqaev of Kazakh met France"
    names.append(Named(21, 27, "France", ACTORS["France"]))
    code = CodeFound("plover-2.0/CONSULT", 1, "met", "", 17, 20, passive=False, why="")

    assert sides(clause, names, code).initiators == (ACTORS["Kazakh"],)
