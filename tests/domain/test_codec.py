"""Records become JSON for ever and come back as they were; what has no place there is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal
from unicodedata import is_normalized
from uuid import UUID

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from tests.domain.records import KEYS, MOST, SOME, VALUES, records
from tracker.domain.codec import BadShape, build, canonical, merge, plain, split, text
from tracker.domain.events import SHAPES
from tracker.domain.parties import Actor, Name
from tracker.domain.publications import Source

DECOMPOSED, COMPOSED = "Zha\u0300o", "Zhào"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A part with words of its own."""

    size: int = 0
    words: str = text(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A record with a field of every form that the codec reads."""

    id: UUID
    name: str
    leaves: tuple[Leaf, ...]
    tags: tuple[str, ...] = ()
    main: Leaf | None = None
    colour: Literal["red", "green"] = "red"
    height: Decimal | None = None
    planted: date | None = None
    evergreen: bool = False
    facts: Mapping[str, Any] | None = None
    from_: str | None = None
    note: str = text(default="")


ID = UUID(int=7)
LEAST: dict[str, Any] = {"id": str(ID), "name": "Ash", "leaves": []}


def a_tree(**given: Any) -> Tree:
    return Tree(**{"id": ID, "name": "Ash", "leaves": (), **given})


def read(**given: Any) -> Tree:
    return build(Tree, LEAST | given)


def refusal(**given: Any) -> tuple[str, str]:
    """Where a tree is refused, and why."""
    with pytest.raises(BadShape) as caught:
        read(**given)
    return caught.value.pointer, caught.value.detail


def nested(depth: int) -> Any:
    """A number within so many lists."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def scalars(value: Any) -> list[Any]:
    """Everything at the ends of a JSON value, keys too."""
    if isinstance(value, dict):
        return [one for pair in value.items() for part in pair for one in scalars(part)]
    if isinstance(value, list):
        return [one for item in value for one in scalars(item)]
    return [value]


every_event = pytest.mark.parametrize("shape", SHAPES.values(), ids=lambda shape: shape.__name__)


@every_event
class TestEveryEvent:
    @SOME
    @given(data=st.data())
    def test_comes_back_from_its_canonical_text(self, shape, data):
        event = data.draw(records(shape))
        body, words = (json.loads(canonical(part)) for part in split(event))

        assert build(shape, merge(body, words)) == event

    @SOME
    @given(data=st.data())
    def test_is_canonical_as_another_program_has_it(self, shape, data):
        for part in split(data.draw(records(shape))):
            assert canonical(part).encode() == rfc8785.dumps(part)

    @SOME
    @given(data=st.data())
    def test_holds_no_null_no_float_and_only_composed_text(self, shape, data):
        for one in scalars(list(split(data.draw(records(shape))))):
            assert type(one) in (str, int, bool)
            assert not isinstance(one, str) or ("\0" not in one and is_normalized("NFC", one))

    @SOME
    @given(data=st.data())
    def test_can_be_read_without_its_words(self, shape, data):
        body, _ = split(data.draw(records(shape)))

        assert split(build(shape, body)) == (body, {})


class TestSplit:
    def test_leaves_out_what_is_absent_or_empty(self):
        assert split(a_tree()) == (LEAST | {"colour": "red", "evergreen": False}, {})

    def test_keeps_what_is_needed_though_it_is_empty(self):
        body, _ = split(a_tree(name=""))

        assert (body["name"], body["leaves"]) == ("", [])

    def test_puts_words_at_the_place_of_their_record(self):
        tree = a_tree(leaves=(Leaf(size=1), Leaf(words="fell")), main=Leaf(words="red"), note="old")
        body, words = split(tree)

        assert body["leaves"] == [{"size": 1}, {"size": 0}]
        assert body["main"] == {"size": 0}
        assert words == {"leaves": [{}, {"words": "fell"}], "main": {"words": "red"}, "note": "old"}

    def test_says_nothing_of_leaves_that_have_no_words(self):
        assert split(a_tree(leaves=(Leaf(),)))[1] == {}

    def test_writes_a_field_that_python_would_take_for_a_keyword(self):
        assert split(a_tree(from_="Kew"))[0]["from"] == "Kew"

    def test_keeps_the_order_that_the_person_gave(self):
        assert split(a_tree(tags=("b", "a")))[0]["tags"] == ["b", "a"]

    @pytest.mark.parametrize("kind", ["person", "company"])
    def test_takes_names_for_words_only_where_a_person_bears_them(self, kind):
        body, words = split(Actor(kind=kind, names=(Name(text="Ann"),), aliases=("A.",)))
        named = {"names": [{"text": "Ann"}], "aliases": ["A."]}

        assert (body | words, words) == ({"kind": kind} | named, named if kind == "person" else {})

    @pytest.mark.parametrize("kind", ["person", "outlet"])
    def test_takes_a_source_s_name_for_words_only_if_it_is_a_person(self, kind):
        _, words = split(Source(kind=kind, name="Ann"))

        assert words == ({"name": "Ann"} if kind == "person" else {})


class TestPlain:
    def test_gives_a_record_whole(self):
        assert plain(Leaf(size=2, words="fell")) == {"size": 2, "words": "fell"}

    def test_composes_text(self):
        assert plain({"name": [DECOMPOSED]}) == {"name": [COMPOSED]}

    @pytest.mark.parametrize(
        "value", [1.5, None, float("nan"), {1}, b"x", datetime(2022, 5, 24, tzinfo=UTC), object]
    )
    def test_refuses_what_has_no_place_in_the_log(self, value):
        with pytest.raises(BadShape, match="has no place in the log"):
            plain([value])

    @pytest.mark.parametrize("value", ["a\0b", {"a\0b": 1}])
    def test_refuses_a_zero_byte(self, value):
        with pytest.raises(BadShape, match=r"U\+0000|a key"):
            plain(value)

    def test_refuses_half_a_surrogate_pair(self):
        with pytest.raises(BadShape, match="half a surrogate pair"):
            plain("\ud83d")

    @pytest.mark.parametrize("key", ["", "é", "a\n", "\U0001f600", 1])
    def test_refuses_a_key_that_programs_would_sort_in_two_ways(self, key):
        with pytest.raises(BadShape, match="a key"):
            plain({key: 1})

    @pytest.mark.parametrize("number", [MOST + 1, -MOST - 1, 10**400])
    def test_refuses_a_number_that_json_readers_would_round(self, number):
        with pytest.raises(BadShape, match="2⁵³"):
            plain(number)

    @pytest.mark.parametrize(
        ("number", "written"),
        [
            ("-4.0", "-4.0"),
            ("0", "0"),
            ("-0", "-0"),
            ("0.040", "0.040"),
            ("1E+3", "1000"),
            ("1E-3", "0.001"),
        ],
    )
    def test_writes_decimals_to_the_digit(self, number, written):
        assert plain(Decimal(number)) == written

    @pytest.mark.parametrize(
        "number", ["Infinity", "-Infinity", "NaN", "sNaN", "1E+999999", "1E-999999", "0E+30"]
    )
    def test_refuses_decimals_that_cannot_be_written_out(self, number):
        with pytest.raises(BadShape, match="decimal"):
            plain(Decimal(number))


class TestCanonical:
    @given(st.dictionaries(KEYS, VALUES))
    def test_is_what_another_program_makes_of_it(self, value):
        assert canonical(plain(value)).encode() == rfc8785.dumps(plain(value))

    def test_escapes_no_more_than_it_must(self):
        assert canonical({"b": "é\n\x1f\x7f/", "a": [True, 1]}) == (
            '{"a":[true,1],"b":"é\\n\\u001f\x7f/"}'
        )

    def test_refuses_what_json_lacks(self):
        with pytest.raises(ValueError, match="JSON"):
            canonical(float("nan"))


class TestMerge:
    def test_refuses_words_for_more_parts_than_there_are(self):
        with pytest.raises(BadShape, match="2 parts"):
            merge({"leaves": [{}]}, {"leaves": [{}, {"words": "fell"}]})


class TestBuild:
    def test_fills_in_what_is_left_out(self):
        assert read() == a_tree()

    def test_reads_every_form(self):
        tree = read(
            leaves=[{"size": 2}],
            tags=["tall"],
            main={"words": "red"},
            colour="green",
            height="-4.0",
            planted="2022-05-24",
            evergreen=True,
            facts={"rings": [1, "two"]},
            **{"from": "Kew"},
        )

        assert tree == a_tree(
            leaves=(Leaf(size=2),),
            tags=("tall",),
            main=Leaf(words="red"),
            colour="green",
            height=Decimal("-4.0"),
            planted=date(2022, 5, 24),
            evergreen=True,
            facts={"rings": [1, "two"]},
            from_="Kew",
        )
        assert str(tree.height) == "-4.0"

    def test_composes_text(self):
        assert read(name=DECOMPOSED).name == COMPOSED

    def test_names_a_field_that_is_missing(self):
        with pytest.raises(BadShape, match="/name: is missing"):
            build(Tree, {"id": str(ID), "leaves": []})

    def test_names_a_key_that_nobody_knows_and_those_that_are_known(self):
        pointer, detail = refusal(main={"sise": 2})

        assert pointer == "/main/sise"
        assert detail == "is no field here; known: size, words"

    def test_writes_slashes_and_tildes_in_a_pointer_as_its_standard_has_it(self):
        assert refusal(**{"a/b~c": 1})[0] == "/a~1b~0c"

    def test_names_the_first_unknown_key_whatever_their_order(self):
        assert refusal(zeta=1, alpha=1)[0] == refusal(alpha=1, zeta=1)[0] == "/alpha"

    def test_knows_a_field_by_its_written_name_alone(self):
        assert refusal(from_="Kew")[0] == "/from_"

    @pytest.mark.parametrize("value", [None, [], "x", 1])
    def test_refuses_what_is_no_object(self, value):
        with pytest.raises(BadShape, match=r"^/: must be an object$"):
            build(Tree, value)

    @pytest.mark.parametrize(
        ("given", "pointer", "detail"),
        [
            ({"name": 5}, "/name", "must be a string"),
            ({"name": None}, "/name", "must be a string"),
            ({"name": "a\0"}, "/name", "text must not contain U+0000"),
            ({"name": "\udc00"}, "/name", "text must not contain half a surrogate pair"),
            ({"tags": "tall"}, "/tags", "must be a list"),
            ({"tags": ["tall", 5]}, "/tags/1", "must be a string"),
            ({"leaves": [{}, {"size": "2"}]}, "/leaves/1/size", "must be a whole number"),
            ({"leaves": [{"size": True}]}, "/leaves/0/size", "must be a whole number"),
            ({"leaves": [{"size": 2.0}]}, "/leaves/0/size", "must be a whole number"),
            ({"leaves": [{"size": MOST + 1}]}, "/leaves/0/size", "is beyond ±(2⁵³−1)"),
            ({"evergreen": 1}, "/evergreen", "must be true or false"),
            ({"colour": "blue"}, "/colour", "must be one of: red, green"),
            ({"colour": ["red"]}, "/colour", "must be one of: red, green"),
            ({"main": []}, "/main", "must be an object"),
            ({"facts": []}, "/facts", "must be an object"),
            ({"facts": {"a": [1.5]}}, "/facts/a/0", "float has no place in the log: 1.5"),
            ({"facts": {"a": None}}, "/facts/a", "NoneType has no place in the log: None"),
            ({"facts": {"a": {"b": "\0"}}}, "/facts/a/b", "text must not contain U+0000"),
            ({"facts": {"a": 2**60}}, "/facts/a", "is beyond ±(2⁵³−1)"),
            ({"facts": {"é": 1}}, "/facts/é", "a key is 1 to 100 printable ASCII signs"),
            ({"facts": {"k" * 101: 1}}, "/facts/" + "k" * 101, None),
        ],
    )
    def test_says_where_a_value_does_not_fit_and_why(self, given, pointer, detail):
        where, why = refusal(**given)

        assert where == pointer
        assert detail is None or why == detail

    @pytest.mark.parametrize(
        "value",
        [
            "4,0", "", " 4", "4 ", "+4", ".5", "5.", "1e5", "1E5", "NaN", "Infinity", "-inf",
            "1_000", "٤", "0x10", "--1", "007", "1" * 31, "0." + "1" * 31, 4, 4.0, True, None,
        ],
    )  # fmt: skip
    def test_takes_for_a_decimal_only_digits_that_are_written_out(self, value):
        assert refusal(height=value) == ("/height", 'must be a decimal number in quotes, as "-4.0"')

    @pytest.mark.parametrize("value", ["-4.0", "0", "-0", "0.040", "1" * 30, "9." + "9" * 30])
    def test_keeps_a_decimal_to_the_digit(self, value):
        assert plain(read(height=value))["height"] == value

    @pytest.mark.parametrize(
        "value", ["20220524", "2022-W21-2", "2022-5-24", "2022-02-30", "2022-05-24T00", "", 5, None]
    )
    def test_takes_for_a_day_only_year_month_and_day(self, value):
        assert refusal(planted=value) == ("/planted", "must be a day, as 2022-05-24")

    @pytest.mark.parametrize(
        "value", ["7", "{00000000-0000-0000-0000-000000000007}", "0" * 32, "urn:uuid:" + str(ID), 7]
    )
    def test_takes_for_an_id_only_its_usual_form(self, value):
        assert refusal(id=value) == ("/id", "must be an id (uuid)")

    def test_takes_an_id_in_capitals(self):
        assert read(id="ABCDEF00-0000-0000-0000-000000000007").id.hex[:6] == "abcdef"

    @pytest.mark.parametrize("depth", [10, 2_000])
    def test_refuses_to_nest_without_end(self, depth):
        assert refusal(facts={"a": nested(depth)})[1] == "is nested more than 10 deep"

    def test_nests_as_deep_as_any_lens_does(self):
        assert read(facts={"a": nested(9)}).facts == {"a": nested(9)}

    def test_has_no_reader_for_a_class_that_was_never_meant(self):
        with pytest.raises(TypeError, match="no reader for <class 'float'>"):
            build(float, 1.0)

    @SOME
    @given(VALUES | st.none() | st.floats())
    @example({"id": {}})
    def test_answers_any_json_with_a_record_or_a_refusal(self, value):
        for shape in SHAPES.values():
            try:
                build(shape, value)
            except BadShape:
                continue
