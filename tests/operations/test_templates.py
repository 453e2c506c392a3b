"""What a mould gives, the long way gives to the byte; what that refuses, no mould gives."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.builders import an_id
from tracker.domain import events as e
from tracker.domain.codec import texts
from tracker.imports import templates as made
from tracker.imports.documents import Sourced
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource
from tracker.imports.rows import _claim
from tracker.imports.templates import Asked, Parts, Templates
from tracker.log import Written

FIELDS: dict[str, Any] = {
    "kind": "act",
    "key": "7",
    "summary": "Kazakhstan to Russia: Make a visit",
    "code": "cameo-1.1b3/042",
    "occurred": {"edtf": "2016-07-28", "basis": "inferred"},
    "note": "An event.",
}


def a_row(
    *actors: UUID, roles: str = "initiator recipient", says: Any = None, **given: Any
) -> Asked:
    """Kazakhstan's visit to Russia; None takes a field away."""
    fields = {name: value for name, value in (FIELDS | given).items() if value is not None}
    draft = DraftClaim(
        line=1,
        key="k",
        fields=fields,
        parties=tuple(NamedParty(role=one, name=one, column="who") for one in roles.split()),  # type: ignore[arg-type]
        citation=says or {},
        document={},
        publisher=NamedSource(name="x"),
        chain=(),
        columns={},
        cells={},
    )
    cited = Sourced(says or {}, {}, an_id(1), [], (None, ""))
    return Asked(draft, an_id(2), actors or (an_id(11), an_id(12)), [cited], [an_id(3)])


def the_long_way(asked: Asked) -> tuple[Any, Written] | None:
    try:
        claim = _claim(asked, Parts())
    except BadCell:
        return None
    return claim, Written.of(e.ClaimAsserted(claim=claim))


def moulded(first: Asked, second: Asked) -> tuple[Any, Written] | None:
    """The second row as the mould of the first gives it."""
    moulds = Templates(Parts())
    if claim := the_long_way(first):
        moulds.cast(first, claim[0])
    return moulds.claim(second)


def is_the_same(found: tuple[Any, Written], expected: tuple[Any, Written]) -> None:
    assert found[0] == expected[0]
    assert found[1][:4] == expected[1][:4]
    assert found[1].known[id(found[0])][2] == texts(expected[0])[2]


TEXTS = st.sampled_from(
    [
        *("a", "ä", "a\u0308", "Ж" * 200, "Ж" * 201, "%s %d", '"}\\', "\u2028", "🦅", "x" * 500),
        *("", " ", "a\nb", "a\0b", "\ud800", "x" * 501, "x" * 10_001, 7, 7.0, True, None, ["a"]),
    ]
)
DATES = st.sampled_from(
    [
        {"edtf": "2016-07-28", "basis": "stated"},
        {"edtf": "2016-07-28"},
        {"edtf": "2016", "basis": "stated", "phrase": "in 2016"},
        {"edtf": "1016-07-28", "basis": "stated"},
        {"edtf": "05/03/2024", "basis": "stated"},
        {"edtf": "2016-07-28", "basis": "guessed"},
        {"edtf": 2016},
        {"edtf": ["2016"]},
        {},
        "2016",
        None,
    ]
)
FIXED = st.fixed_dictionaries(
    {},
    optional={
        "code": st.sampled_from(["cameo-1.1b3/042", "cameo-1.1b3/1", "plover-2.0/CONSULT", None]),
        "kind": st.sampled_from(["act", "situation", "measure", "deed", 1]),
        "contexts": st.sampled_from([["economic"], ["economic", "economic"], [], ["x"], "x", [1]]),
        "tags": st.sampled_from([["a"], [" "], ["a", "a"], [1], [True]]),
        "polarity": st.sampled_from(["asserted", "denied", "", 1]),
        "hedge": st.sampled_from(["reportedly", "may", "apparently"]),
        "likelihood": st.sampled_from(["likely", None]),
        "strength": st.just({"grade": "weak", "reason": "so it says"}),
        "condition": st.just("if it rains"),
        "stranger": st.just("x"),
    },
)
VARIABLE = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("key", "summary", "note"), TEXTS) | {"occurred": DATES}
)
ACTORS = st.lists(st.integers(11, 14).map(an_id), min_size=2, max_size=2)
ROLES = st.sampled_from(
    ["initiator recipient", "initiator initiator", "about about", "initiator x"]
)
SAYS = st.sampled_from(
    [
        *({}, {"locator": "a"}, {"locator": ""}, {"locator": []}, {"quote": "a\u0308"}, {"x": 1}),
        *({"credibility": one} for one in (3, 3.0, 1, True)),
    ]
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Asked, Asked]:
    """Two rows, often alike but for their words and ids."""
    fixed, roles, says = draw(FIXED), draw(ROLES), draw(SAYS)
    first = a_row(*draw(ACTORS), roles=roles, says=says, **fixed | draw(VARIABLE))
    if draw(st.booleans()):
        fixed, roles, says = draw(FIXED), draw(ROLES), draw(SAYS)
    return first, a_row(*draw(ACTORS), roles=roles, says=says, **fixed | draw(VARIABLE))


class TestAMould:
    @settings(max_examples=200)
    @given(rows=pairs())
    def test_gives_what_the_long_way_gives_or_nothing(self, rows):
        found, expected = moulded(*rows), the_long_way(rows[1])

        if found:
            assert expected is not None
            is_the_same(found, expected)

    @pytest.mark.parametrize(
        "second",
        [
            a_row(),
            a_row(an_id(14), an_id(13), key="8", summary="%s", note='"Ж\\'),
            a_row(occurred={"edtf": "1999-01", "basis": "inferred"}),
            a_row(occurred={"edtf": "1999-01"}),
            a_row(note="a\u0308"),
        ],
    )
    def test_gives_a_row_that_is_like_the_first(self, second):
        found, expected = moulded(a_row(), second), the_long_way(second)

        assert found is not None
        assert expected is not None
        is_the_same(found, expected)

    @pytest.mark.parametrize(
        "given",
        [
            {"note": None},
            {"key": None, "note": None},
            {"occurred": None},
            {"contexts": ["economic"], "tags": ["a", "b"]},
            {"says": {"locator": "page 3", "credibility": 3}},
        ],
    )
    def test_is_cast_of_whatever_a_claim_says(self, given):
        second = a_row(an_id(13), an_id(14), summary="Otherwise.", **given)
        found, expected = moulded(a_row(**given), second), the_long_way(second)

        assert found is not None
        assert expected is not None
        is_the_same(found, expected)

    def test_is_not_for_several_citations_or_a_chain(self):
        one = a_row()
        chained = one._replace(cited=[one.cited[0]._replace(chain=[an_id(5)])])
        several = one._replace(cited=one.cited * 2, documents=[an_id(3), an_id(4)])

        assert moulded(chained, chained) is None
        assert moulded(several, several) is None

    def test_is_not_for_an_actor_that_stands_there_twice(self):
        twice = a_row(an_id(11), an_id(11), roles="initiator about")

        assert the_long_way(twice) is not None
        assert moulded(a_row(roles="initiator about"), twice) is None

    def test_is_not_for_what_only_equals_what_it_was_cast_of(self):
        three = a_row(says={"credibility": 3})

        assert moulded(three, three) is not None
        assert moulded(three, a_row(says={"credibility": 3.0})) is None

    def test_is_one_for_each_collection(self):
        assert moulded(a_row(), a_row()._replace(collection=an_id(9))) is None


class TestMoulds:
    def test_are_forgotten_when_they_are_many(self, monkeypatch):
        monkeypatch.setattr(made, "MOST_TEMPLATES", 2)
        moulds = Templates(Parts())
        rows = [a_row(tags=[tag]) for tag in "abc"]

        for row in rows:
            moulds.cast(row, _claim(row, Parts()))

        assert [moulds.claim(row) is not None for row in rows] == [False, False, True]

    def test_are_cast_once(self):
        moulds = Templates(Parts())
        moulds.cast(a_row(), _claim(a_row(), Parts()))
        other = replace(_claim(a_row(), Parts()), kind="situation")

        moulds.cast(a_row(), other)

        found = moulds.claim(a_row())
        assert found is not None
        assert found[0].kind == "act"


class TestParts:
    def test_are_forgotten_when_they_are_many(self, monkeypatch):
        monkeypatch.setattr("tracker.imports.templates.MOST_REMEMBERED", 1)
        parts = Parts()
        party = NamedParty(role="about", name="x")

        first = parts.party(an_id(1), party, "")
        parts.refresh()
        assert parts.party(an_id(1), party, "") is first
        parts.occurred({"edtf": "2016"})
        parts.refresh()

        assert (parts.known, parts.sound) == ({}, set())
        assert parts.party(an_id(1), party, "") == first
