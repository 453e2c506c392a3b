"""The kinds of event, and what those that judge a claim refer to. What was ever written can be read
for ever: one file for each shape."""

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

import pytest
import rfc8785

from tests.kit.builders import DOCUMENT, SOURCE
from tests.kit.domain_builders import an_id
from tests.kit.tables import each
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.codec import BadShape
from tracker.domain.events import SCHEMA, SHAPES, Event, UnknownShape, decode, encode, link_id
from tracker.domain.follow_up_events import KINDS, LINKED, refers

ONE, OTHER = an_id("one"), an_id("other")


class TestSchemas:
    def test_are_read_by_the_class_of_their_kind(self):
        assert all(kind == shape.__name__ for (kind, _), shape in SHAPES.items())

    def test_are_written_in_the_newest_there_is(self):
        assert all((kind, schema + 1) not in SHAPES for kind, schema in SCHEMA.items())


class TestEncode:
    def test_gives_kind_schema_body_and_words(self):
        event = e.ClaimsLinked(type="says", from_=ONE, to=OTHER, note="in the same breath")

        assert encode(event) == (
            "ClaimsLinked",
            1,
            {"type": "says", "from": str(ONE), "to": str(OTHER)},
            {"note": "in the same breath"},
        )


class TestDecode:
    def test_reads_withheld_words_as_empty(self):
        assert decode("ClaimRetracted", 1, {}, None) == e.ClaimRetracted()

    @pytest.mark.parametrize(("kind", "schema"), [("ClaimPraised", 1), ("ClaimRetracted", 2)])
    def test_refuses_what_this_version_does_not_know(self, kind, schema):
        with pytest.raises(UnknownShape, match=f"cannot read {kind}, schema {schema}") as caught:
            decode(kind, schema, {})
        assert "start one that is at least as new" in str(caught.value)

    def test_refuses_a_body_that_is_not_of_its_shape(self):
        with pytest.raises(BadShape, match="/position: is missing"):
            decode("TextWithheld", 1, {"reason": "a private person", "authority": "the editor"})

    def test_reads_an_old_shape_through_its_upcaster(self, monkeypatch):
        """As if `why` had once been the name of `reason`."""
        monkeypatch.setitem(SHAPES, ("ClaimRetracted", 0), e.ClaimRetracted)
        monkeypatch.setitem(
            e.UPCASTERS, ("ClaimRetracted", 0), lambda whole: {"reason": whole["why"]}
        )

        assert decode("ClaimRetracted", 0, {}, {"why": "a slip"}).reason == "a slip"
        assert decode("ClaimRetracted", 1, {}, {"reason": "a slip"}).reason == "a slip"


class TestLinkId:
    def test_follows_from_what_is_linked_and_how(self):
        assert link_id("says", ONE, OTHER) == uuid5(e.NAMESPACE, f"link:says{ONE}{OTHER}")

    def test_is_another_for_another_link(self):
        made = {
            link_id("says", ONE, OTHER),
            link_id("says", OTHER, ONE),
            link_id("causes", ONE, OTHER),
        }

        assert len(made) == 3

    def test_rests_on_a_namespace_that_never_changes(self):
        assert UUID("331823dd-0988-470a-9d45-e95f3ddfd0cc") == e.NAMESPACE


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


def test_each_is_a_kind_of_event():
    assert {*KINDS, LINKED} <= {kind for kind, _ in e.SHAPES}


def test_a_verdict_names_its_judge_its_document_and_those_it_is_of():
    given = e.VerdictGiven(
        verdict="false", source=SOURCE, document=DOCUMENT, parties=(ONE, OTHER), reason="So."
    )

    assert list(refers(given)) == [
        ("/source", SOURCE, "source"),
        ("/document", DOCUMENT, "document"),
        ("/parties/0", ONE, "actor"),
        ("/parties/1", OTHER, "actor"),
    ]
    assert list(refers(e.VerdictGiven(verdict="false"))) == []


def test_an_outcome_names_the_document_by_which_it_is_known():
    known = e.ForecastResolved(outcome="happened", resolved_on=date(2024, 1, 1), document=DOCUMENT)

    assert list(refers(known)) == [("/document", DOCUMENT, "document")]
    assert list(refers(e.ForecastResolved(outcome="void", resolved_on=date(2024, 1, 1)))) == []


def test_a_retraction_names_nothing():
    assert list(refers(e.ClaimRetracted(reason="A typo."))) == []
