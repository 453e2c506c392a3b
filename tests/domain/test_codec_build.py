"""What the codec builds from plain values and what it refuses; records that are built without
pydantic are the same."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.domain.test_events import FILES, decoded, every_file
from tests.domain.test_events import read as read_file
from tests.kit.laws import SOME
from tests.kit.sample_shape import (
    COMPOSED,
    DECOMPOSED,
    ID,
    LEAST,
    Leaf,
    Tree,
    a_tree,
    nested,
    read,
    refusal,
)
from tests.kit.strategies import MOST, VALUES
from tests.kit.tables import each
from tracker.domain import codec, json_values, stored_records
from tracker.domain.codec import BadShape, build, plain
from tracker.domain.events import SHAPES, decode

# A value of every type.
FULL = {
    "leaves": [{"size": 2}],
    "tags": ["tall"],
    "main": {"words": "red"},
    "colour": "green",
    "height": "-4.0",
    "planted": "2022-05-24",
    "evergreen": True,
    "facts": {"rings": [1, "two"]},
    "from": "Kew",
    "note": "old",
}


class TestBuild:
    def test_fills_in_what_is_left_out(self):
        assert read() == a_tree()

    def test_reads_every_form(self):
        tree = read(**FULL)

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
            note="old",
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
        assert detail == "Unknown field; expected one of: size, words"

    def test_writes_slashes_and_tildes_in_a_pointer_as_its_standard_has_it(self):
        assert refusal(**{"a/b~c": 1})[0] == "/a~1b~0c"

    def test_knows_a_field_by_its_written_name_alone(self):
        assert refusal(from_="Kew")[0] == "/from_"

    @pytest.mark.parametrize("value", [None, [], "x", 1])
    def test_refuses_what_is_no_object(self, value):
        with pytest.raises(BadShape, match=r"^/: must be an object$"):
            build(Tree, value)

    @each(
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
            (
                {"leaves": [{"size": MOST + 1}]},
                "/leaves/0/size",
                "must be between −(2⁵³−1) and 2⁵³−1",
            ),
            ({"evergreen": 1}, "/evergreen", "must be true or false"),
            ({"colour": "blue"}, "/colour", "must be one of: red, green"),
            ({"colour": ["red"]}, "/colour", "must be one of: red, green"),
            ({"main": []}, "/main", "must be an object"),
            ({"facts": []}, "/facts", "must be an object"),
            (
                {"facts": {"a": [1.5]}},
                "/facts/a/0",
                "the type float cannot be stored in the log: 1.5",
            ),
            (
                {"facts": {"a": None}},
                "/facts/a",
                "the type NoneType cannot be stored in the log: None",
            ),
            ({"facts": {"a": {"b": "\0"}}}, "/facts/a/b", "text must not contain U+0000"),
            ({"facts": {"a": 2**60}}, "/facts/a", "must be between −(2⁵³−1) and 2⁵³−1"),
            (
                {"facts": {"é": 1}},
                "/facts/é",
                "a key must have 1 to 100 printable ASCII characters",
            ),
            ({"facts": {"k" * 101: 1}}, "/facts/" + "k" * 101, None),
        ],
    )
    def test_says_where_a_value_does_not_fit_and_why(self, given, pointer, detail):
        where, why = refusal(**given)

        assert where == pointer
        assert detail is None or why == detail

    @each(
        "value",
        [
            "4,0", "", " 4", "4 ", "+4", ".5", "5.", "1e5", "1E5", "NaN", "Infinity", "-inf",
            "1_000", "٤", "0x10", "--1", "007", "1" * 31, "0." + "1" * 31, 4, 4.0, True, None,
        ],
    )  # fmt: skip
    def test_takes_for_a_decimal_only_digits_that_are_written_out(self, value):
        assert refusal(height=value) == (
            "/height",
            json_values.TYPE_ERRORS[Decimal],
        )

    @each("value", ["-4.0", "0", "-0", "0.040", "1" * 30, "9." + "9" * 30])
    def test_keeps_a_decimal_to_the_digit(self, value):
        assert plain(read(height=value))["height"] == value

    @each(
        "value", ["20220524", "2022-W21-2", "2022-5-24", "2022-02-30", "2022-05-24T00", "", 5, None]
    )
    def test_takes_for_a_day_only_year_month_and_day(self, value):
        assert refusal(planted=value) == ("/planted", "must be a day, such as 2022-05-24")

    @pytest.mark.parametrize(
        "value", ["7", "{00000000-0000-0000-0000-000000000007}", "0" * 32, "urn:uuid:" + str(ID), 7]
    )
    def test_takes_for_an_id_only_its_usual_form(self, value):
        assert refusal(id=value) == ("/id", "must be an id (uuid)")

    def test_takes_an_id_in_capitals(self):
        assert read(id="ABCDEF00-0000-0000-0000-000000000007").id.hex[:6] == "abcdef"

    @pytest.mark.parametrize("depth", [10, 2_000])
    def test_refuses_to_nest_without_end(self, depth):
        assert refusal(facts={"a": nested(depth)})[1] == "is nested more than 10 levels deep"

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


# In place of something in a body.
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**53,
    "",
    "x",
    "2022-05-24",
    "1.50",
    "0" * 36,
    [],
    ["x"],
    {},
    {"x": 1},
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to everything inside a value of JSON."""
    parts: Any = ()
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in parts:
        yield (*at, key)
        yield from places(item, (*at, key))


def outcome(make: Any, shape: Any, value: Any) -> Any:
    try:
        return make(shape, value)
    except BadShape:
        return BadShape


class TestStoredRecords:
    @every_file
    def test_reads_every_shape_as_the_codec_does(self, file):
        one = read_file(file)

        found = decode(
            one["kind"], one["schema"], one["body"], one["text"], build=stored_records.build
        )
        assert found == decoded(file)

    @given(st.sampled_from(FILES), st.data())
    def test_refuses_what_the_codec_refuses(self, file, data):
        one = read_file(file)
        body = deepcopy(codec.merge(one["body"], one["text"] or {}))
        *way, last = data.draw(st.sampled_from([*places(body)]))
        parent = body
        for key in way:
            parent = parent[key]
        parent[last] = data.draw(st.sampled_from(ODD))

        shape = SHAPES[one["kind"], one["schema"]]
        assert outcome(stored_records.build, shape, body) == outcome(codec.build, shape, body)

    def test_reads_every_type(self):
        value = LEAST | FULL

        assert stored_records.build(Tree, value) == codec.build(Tree, value)

    def test_composes_text(self):
        assert stored_records.build(Tree, LEAST | {"name": DECOMPOSED}).name == COMPOSED

    @each(
        "value",
        [
            *(None, [], "x", {}, LEAST | {"other": 1}),
            *(LEAST | {"id": "x" * 36}, LEAST | {"colour": "blue"}, LEAST | {"tags": "x"}),
            *(LEAST | {"leaves": [{"size": True}]}, LEAST | {"leaves": [{"size": 2**53}]}),
            *(LEAST | {"leaves": [1]}, LEAST | {"height": "1e3"}, LEAST | {"planted": 1}),
            *(LEAST | {"facts": []}, LEAST | {"facts": {"a": 1.5}}, LEAST | {"evergreen": 1}),
        ],
    )
    def test_refuses_what_does_not_have_its_form(self, value):
        with pytest.raises(BadShape):
            stored_records.build(Tree, value)
