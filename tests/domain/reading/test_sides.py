"""Who does what to whom in a clause."""

from uuid import UUID

import pytest

from tests.kit.tables import each
from tracker.domain.reading.codes import CodeFound
from tracker.domain.reading.sides import Named, sides

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
