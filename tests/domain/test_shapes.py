"""What was ever written can be read for ever: one file for each shape, or several."""

import dataclasses
import json
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
import rfc8785

from tests.kit.tables import each
from tracker.domain import codec
from tracker.domain.events import SCHEMA, SHAPES, Event, decode, encode

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "shapes"
FILES = sorted(FOLDER.glob("*.json"))

every_file = each("file", FILES)


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def decoded(file: Path) -> Event:
    one = read(file)
    return decode(one["kind"], one["schema"], one["body"], one["text"])


def shapes_in(folder: Path) -> set[tuple[str, int]]:
    """The shapes for which there is a file."""
    found = (read(file) for file in folder.glob("*.json"))
    return {(one["kind"], one["schema"]) for one in found}


def fields_of(shape: Any) -> set[str]:
    """Every field of a class and of the classes in it, as "Claim.code"."""
    if not dataclasses.is_dataclass(shape):
        parts = get_args(shape) if get_origin(shape) is not None else ()
        return set().union(*map(fields_of, parts))
    hints = get_type_hints(shape)
    name = getattr(shape, "__name__", "")
    own = {f"{name}.{field.name}" for field in dataclasses.fields(shape)}
    return own.union(*(fields_of(hints[field.name]) for field in dataclasses.fields(shape)))


def fields_told(value: Any) -> set[str]:
    """Every field that says something in a record, as "Claim.code"."""
    if isinstance(value, tuple):
        return set().union(*map(fields_told, value))
    if not dataclasses.is_dataclass(value):
        return set()
    told = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    own = {
        f"{type(value).__name__}.{name}"
        for name, item in told.items()
        if item is not None and item not in ("", ())
    }
    return own.union(*map(fields_told, told.values()))


class TestEveryShape:
    def test_has_a_file_and_every_file_its_shape(self):
        assert shapes_in(FOLDER) == SHAPES.keys()

    def test_is_of_a_kind_that_can_happen(self):
        assert {shape.__name__ for shape in get_args(Event.__value__)} - {"Erased"} == set(SCHEMA)

    def test_tells_every_field_somewhere(self):
        told = set().union(*(fields_told(decoded(file)) for file in FILES))

        assert told == set().union(*map(fields_of, SHAPES.values()))


class TestEveryFile:
    @every_file
    def test_is_named_for_its_shape(self, file):
        one = read(file)

        assert list(one) == ["kind", "schema", "body", "text"]
        assert file.name.startswith(f"{one['kind']}.{one['schema']}.")

    @every_file
    def test_can_be_read_and_written_again(self, file):
        one = read(file)

        if one["schema"] == SCHEMA[one["kind"]]:
            assert encode(decoded(file)) == (one["kind"], one["schema"], one["body"], one["text"])

    @every_file
    def test_can_be_read_without_its_words(self, file):
        one = read(file)
        event = decode(one["kind"], one["schema"], one["body"], None)

        assert encode(event)[2:] == (one["body"], {})

    @every_file
    def test_is_canonical_as_another_program_has_it(self, file):
        for value in (read(file)["body"], read(file)["text"]):
            assert codec.canonical(value).encode() == rfc8785.dumps(value)

    @every_file
    def test_holds_no_field_that_nobody_knows(self, file):
        one = read(file)

        with pytest.raises(codec.BadShape, match="Unknown field"):
            decode(one["kind"], one["schema"], one["body"] | {"colour": "red"}, one["text"])
