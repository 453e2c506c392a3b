"""Records that are built without pydantic are those that the codec builds."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_events import FILES, decoded, every_file, read
from tests.kit.sample_shape import COMPOSED, DECOMPOSED, LEAST, Tree
from tests.kit.tables import each
from tracker.domain import codec
from tracker.domain.codec import BadShape
from tracker.domain.events import SHAPES, decode
from tracker.domain.stored_records import build

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


class TestBuild:
    @every_file
    def test_reads_every_shape_as_the_codec_does(self, file):
        one = read(file)

        found = decode(one["kind"], one["schema"], one["body"], one["text"], build=build)
        assert found == decoded(file)

    @given(st.sampled_from(FILES), st.data())
    def test_refuses_what_the_codec_refuses(self, file, data):
        one = read(file)
        body = deepcopy(codec.merge(one["body"], one["text"] or {}))
        *way, last = data.draw(st.sampled_from([*places(body)]))
        parent = body
        for key in way:
            parent = parent[key]
        parent[last] = data.draw(st.sampled_from(ODD))

        shape = SHAPES[one["kind"], one["schema"]]
        assert outcome(build, shape, body) == outcome(codec.build, shape, body)

    def test_reads_every_type(self):
        value = LEAST | {
            "leaves": [{"size": 2}],
            "tags": ["tall"],
            "main": {"words": "red"},
            "colour": "green",
            "height": "-4.0",
            "planted": "2022-05-24",
            "evergreen": True,
            "facts": {"a": [1, "x"]},
            "from": "here",
            "note": "old",
        }

        assert build(Tree, value) == codec.build(Tree, value)

    def test_composes_text(self):
        assert build(Tree, LEAST | {"name": DECOMPOSED}).name == COMPOSED

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
            build(Tree, value)
