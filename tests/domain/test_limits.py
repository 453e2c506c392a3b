"""Nothing without bounds enters the log, since it stays there for ever."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import pytest

from tests.kit.domain_builders import VIEW, a_citation, a_claim, a_country, speaks_for
from tests.kit.tables import each
from tracker.domain import fields
from tracker.domain.codec import problems
from tracker.domain.events import SHAPES, TextWithheld
from tracker.domain.fields import Most, Size, Type, Words, day_problems
from tracker.domain.lenses import Lens
from tracker.domain.records import Actor, Name


def every(shape: Any) -> dict[str, Type]:
    """Every field of a class and of the classes in it, with what it holds: "Claim.code"."""
    found = {}
    for field in fields.of(shape):
        found[f"{shape.__name__}.{field.name}"] = field.type
        part = (field.type.item or field.type).of
        if dataclasses.is_dataclass(part):
            found |= every(part)
    return found


FIELDS = {name: kind for shape in SHAPES.values() for name, kind in every(shape).items()}
WORDS = {
    name: (kind.item or kind).limit
    for name, kind in FIELDS.items()
    if (kind.item or kind).of is str
}


def found(record: Any) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in problems(record)]


def details(record: Any) -> list[str]:
    return [one.detail for one in problems(record)]


class TestEveryField:
    @pytest.mark.parametrize(
        ("kind", "limit"), [(str, Words), (tuple, Most), (Mapping, Size)], ids=str
    )
    def test_of_a_kind_has_its_limit(self, kind, limit):
        items = {f"{name}/*": one.item for name, one in FIELDS.items() if one.item}
        of_kind = {name: one for name, one in (FIELDS | items).items() if one.of is kind}

        assert of_kind
        assert [name for name, one in of_kind.items() if not isinstance(one.limit, limit)] == []

    @each("name", [name for name, words in WORDS.items() if words.form])
    def test_that_has_a_form_has_an_example_of_it(self, name):
        words = WORDS[name]
        examples = words.example.split(" or ") if "digits" not in words.example else ["0" * 64]

        assert all(re.fullmatch(words.form, one) for one in examples)


class TestText:
    @pytest.mark.parametrize(("length", "fits"), [(500, True), (501, False)])
    def test_has_its_longest(self, length, fits):
        assert found(a_claim(summary="a" * length)) == ([] if fits else [("/summary", "too_long")])

    def test_is_measured_wherever_it_stands(self):
        claim = a_claim(
            strength="weak",
            tags=("a", "b" * 101),
            citations=(a_citation(), a_citation("other", quote="q" * 5_001)),
        )
        claim = replace(claim, strength=replace(claim.strength, reason="r" * 2_001))

        assert found(claim) == [
            ("/citations/1/quote", "too_long"),
            ("/strength/reason", "too_long"),
            ("/tags/1", "too_long"),
        ]

    def test_says_how_long_it_is(self):
        assert details(a_claim(summary="a" * 501)) == [
            "has 501 characters; at most 500 are allowed"
        ]

    @pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\uffff"])
    @pytest.mark.parametrize("field", ["summary", "note"])
    def test_holds_no_sign_that_nobody_sees(self, sign, field):
        claim = a_claim(**{"summary": "Done.", field: f"Done.{sign}"})

        assert found(claim) == [(f"/{field}", "control_character")]
        assert details(claim) == [f"contains U+{ord(sign):04X} at character 6: remove it"]

    @pytest.mark.parametrize("sign", ["\n", "\r", "\t", "\u2028"])
    def test_holds_line_breaks_only_where_it_has_lines(self, sign):
        assert found(a_claim(note=f"one{sign}two")) == []
        assert found(a_claim(summary=f"one{sign}two")) == [("/summary", "control_character")]

    def test_calls_a_line_break_by_its_name(self):
        assert details(a_claim(summary="one\ntwo")) == [
            "contains a line break at character 4: remove it"
        ]

    @each("text", ["赵立坚", "«Нет»", "می‌خواهم", "שלום\u200f", "👩\u200d🚀", "a\u0308"])
    def test_is_of_any_language(self, text):
        assert found(a_claim(summary=text)) == []

    @pytest.mark.parametrize("items", [("",), (" ",), ("oil", "\t")])
    def test_is_not_empty_in_a_list(self, items):
        assert (f"/tags/{len(items) - 1}", "required") in found(a_claim(tags=items))


GROUP = Actor(kind="group", names=(Name(text="a"),))
LENS = Lens(name="a", view=VIEW, model="standing", model_version=1, parameters={})


class TestForms:
    @each(
        ("record", "pointer"),
        [
            *(
                (Name(text="a", language=tag), None)
                for tag in ("en", "kk", "zh-Hans", "sr-Latn-RS", "de-CH-1996", "und", "ZH")
            ),
            *(
                (Name(text="a", language=tag), "/language")
                for tag in ("e", "english", "en_US", "en-", "-en", "e n", "en-" + "a" * 9, "ру")
            ),
            *((replace(GROUP, wikidata=one), None) for one in ("Q232", "Q1")),
            *((replace(GROUP, wikidata=one), "/wikidata") for one in ("Q0", "q232", "232", "P31")),
            *((replace(LENS, name=name), None) for name in ("standing", "machine-feed", "icews.2")),
            *(
                (replace(LENS, name=name), "/name")
                for name in ("Standing", "a lens", "a@3", "-a", "a--b", "é")
            ),
        ],
    )
    def test_are_of_tags_ids_and_names_in_addresses(self, record, pointer):
        assert found(record) == ([(pointer, "invalid")] if pointer else [])

    def test_say_what_would_fit(self):
        assert details(Name(text="a", language="english")) == [
            "must have the form of en or zh-Hans"
        ]

    def test_are_not_slow_on_what_almost_fits(self):
        assert found(Name(text="a", language="aa-" * 100_000))[0] == ("/language", "too_long")


class TestLists:
    @pytest.mark.parametrize(
        ("given", "pointer"),
        [
            ({"tags": tuple(map(str, range(51)))}, "/tags"),
            ({"contexts": ("economic",) * 31}, "/contexts"),
            ({"citations": (a_citation(),) * 101}, "/citations"),
            ({"ends": " ".join(f"A{n}" for n in range(101))}, "/parties"),
        ],
    )
    def test_have_their_most(self, given, pointer):
        assert found(a_claim(**given)) == [(pointer, "too_many")]

    def test_are_not_read_where_they_are_too_long(self):
        assert found(a_claim(tags=tuple(map(str, range(50))))) == []
        assert found(a_claim(tags=("",) * 10_000)) == [("/tags", "too_many")]
        assert details(a_claim(tags=tuple(map(str, range(51))))) == [
            "has 51 entries; at most 50 are allowed"
        ]


class TestFreeForms:
    def lens(self, parameters: Any) -> Lens:
        return replace(LENS, parameters=parameters)

    def test_have_a_size(self):
        assert found(self.lens({"a": "b" * 199_992})) == []
        assert found(self.lens({"a": "b" * 199_993})) == [("/parameters", "too_long")]

    @pytest.mark.parametrize(("value", "pointer"), [(1.5, "/a"), (None, "/a"), ({"é": 1}, "/a/é")])
    def test_hold_what_the_log_can_hold(self, value, pointer):
        assert found(self.lens({"a": value})) == [(f"/parameters{pointer}", "invalid")]


class TestDays:
    @each(
        ("day", "fits"),
        [
            ("1500-01-01", True),
            ("1499-12-31", False),
            ("2100-12-31", True),
            ("2101-01-01", False),
            ("0022-05-24", False),
            ("9999-12-31", False),
        ],
    )
    def test_are_of_years_that_can_be_meant(self, day, fits):
        given = [one.code for one in day_problems(date.fromisoformat(day), "/since")]

        assert given == ([] if fits else ["out_of_range"])

    def test_are_looked_at_wherever_they_stand(self):
        actor = replace(a_country("KAZ"), affiliations=(speaks_for("RUS", until="0202-01-01"),))

        assert found(actor) == [("/affiliations/0/until", "out_of_range")]


class TestShapes:
    @each(
        ("given", "pointer"),
        [
            ({"kind": "deed"}, "/kind"),
            ({"polarity": "maybe"}, "/polarity"),
            ({"likelihood": "sure"}, "/likelihood"),
            ({"collection": "curated"}, "/collection"),
            ({"key": 5}, "/key"),
            ({"summary": None}, "/summary"),
        ],
    )
    def test_name_what_could_not_be_read_again(self, given, pointer):
        [one] = problems(a_claim(**given))

        assert (one.pointer, one.code) == (pointer, "invalid")

    def test_stand_below_a_pointer(self):
        [one] = problems(a_citation(stance="doubts"), "/citations/3")

        assert one.pointer == "/citations/3/stance"

    def test_name_what_has_no_place_in_the_log(self):
        [one] = problems(TextWithheld(position=1.5, reason="a", authority="b"))

        assert one.detail == "must be a whole number"


@dataclass(frozen=True, kw_only=True)
class Record:
    from_: int
    words: str = "none"


class Row(NamedTuple):
    from_: int
    words: str = "none"


@pytest.mark.parametrize("shape", [Record, Row])
def test_are_those_that_the_class_declares(shape):
    found = [(one.name, one.key, one.type.of, one.needed) for one in fields.of(shape)]

    assert found == [("from_", "from", int, True), ("words", "words", str, False)]
    assert fields.of(shape)[1].default == "none"
