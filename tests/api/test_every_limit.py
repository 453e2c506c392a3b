"""Each field that goes on record has one limit: the domain's, which the API holds and describes."""

import json
from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from typing import Any, Literal, NamedTuple

import pytest
from django.core.management import call_command

from tests.kit.domain_builders import a_claim
from tracker.admin.claim_forms import ClaimForm
from tracker.api import bodies
from tracker.api.resources import articles, claim_events, jobs, lenses, record_fields
from tracker.api.resources.claims import ClaimOut
from tracker.domain import fields, shape_errors
from tracker.domain import records as r
from tracker.domain.attribution import NewClaim
from tracker.domain.claims import Claim, claim_problems
from tracker.domain.fields import Most, Words
from tracker.exports import claims as exported
from tracker.imports.formats import claims as lines
from tracker.imports.formats import mappings

MODULES = (articles, claim_events, jobs, lenses, record_fields)
RECORDS = (NewClaim, r.Actor, r.Source, r.Document, r.Collection)
# Texts that have a form, of any length.
FORMS = {
    fields.SLUG.form: lambda length: "a" * length,
    fields.limit(r.Name, "language").form: lambda length: ("aaa" + "-aaaaaaaa" * 9)[:length],
    fields.limit(r.Actor, "code").form: lambda length: "A" * length,
    fields.limit(r.Actor, "wikidata").form: lambda length: "Q" + "1" * (length - 1),
    fields.limit(r.Membership, "since").form: lambda length: "1977-06-28" + "8" * (length - 10),
}


class Place(NamedTuple):
    """A field of a body."""

    body: Any
    field: fields.Field

    def __str__(self) -> str:
        return f"{self.body.__name__}.{self.field.key}"

    @property
    def kind(self) -> fields.Type:
        return self.field.type

    def sent(self, value: Any) -> dict[str, Any]:
        """The body with a value of the field, and what it requires."""
        required: dict[str, Any] = shape_errors._neutral(fields.Type(self.body))
        return required | {self.field.key: value}

    def codes(self, value: Any) -> set[str]:
        """What the API says of a value of the field by itself."""
        _, faults = bodies.read(self.body, self.sent(value))
        return {one.code for one in faults if one.pointer.startswith(f"/{self.field.key}")}


def within(shape: Any) -> Iterator[Any]:
    """The class of a record, and those of the records in it."""
    yield shape
    for field in fields.of(shape):
        inner = (field.type.item or field.type).of
        if is_dataclass(inner):
            yield from within(inner)


BODIES = dict.fromkeys(
    shape
    for body in (
        *RECORDS,
        *(one for module in MODULES for one in vars(module).values()),
    )
    if isinstance(body, type) and is_dataclass(body) and body.__name__ != "Nameless"
    and (body in RECORDS or body.__name__.endswith("Body"))
    for shape in within(body)
)  # fmt: skip
PLACES = [Place(body, field) for body in BODIES for field in fields.of(body) if not field.unsent]
TEXTS = [one for one in PLACES if one.kind.of is str]
LISTS = [one for one in PLACES if one.kind.of is tuple]


def a_text(words: Words, length: int) -> str:
    return FORMS.get(words.form, lambda length: "a" * length)(length)


class TestEveryField:
    def test_of_text_and_every_list_has_a_limit(self):
        assert len(TEXTS) > 60
        assert all(isinstance(one.kind.limit, Words) for one in TEXTS)
        assert all(isinstance(one.kind.limit, Most) for one in LISTS)

    @pytest.mark.parametrize("one", TEXTS, ids=str)
    def test_of_text_is_as_long_as_its_limit_and_no_longer(self, one):
        words = one.kind.limit

        assert one.codes(a_text(words, words.longest)) == set()
        assert "max_length" in one.codes(a_text(words, words.longest + 1))

    @pytest.mark.parametrize("one", [one for one in TEXTS if one.kind.limit.form], ids=str)
    @pytest.mark.parametrize("wrong", ["?", "-a", "a b"])
    def test_that_has_a_form_has_no_other(self, one, wrong):
        assert one.codes(wrong) == {"invalid"}

    @pytest.mark.parametrize("one", LISTS, ids=str)
    def test_that_lists_has_as_many_as_its_limit_and_no_more(self, one):
        item, most = shape_errors._neutral(one.kind.item), one.kind.limit.entries

        assert "max_length" not in one.codes([item] * most)
        assert one.codes([item] * (most + 1)) == {"max_length"}


@pytest.fixture(scope="module")
def described(tmp_path_factory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("described") / "openapi.json"
    call_command("spectacular", "--format", "openapi-json", file=file)
    found: dict[str, Any] = json.loads(file.read_text())["components"]["schemas"]
    return found


class TestTheDescription:
    @pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
    def test_says_what_a_body_has(self, body, described):
        own = described[body.__name__.removesuffix("Body") + "Body"]
        sent = [field for field in fields.of(body) if not field.unsent]

        assert own["properties"].keys() == {field.key for field in sent}
        assert set(own.get("required", [])) == {field.key for field in sent if field.required}

    @pytest.mark.parametrize("one", TEXTS + LISTS, ids=str)
    def test_says_the_limit_of_each_field(self, one, described):
        name = one.body.__name__.removesuffix("Body") + "Body"
        own = described[name]["properties"][one.field.key]

        if one.kind.of is tuple:
            assert own["maxItems"] == one.kind.limit.entries
        else:
            assert own["maxLength"] == one.kind.limit.longest
            assert not one.kind.limit.form or own["pattern"] == f"^({one.kind.limit.form})$"


# Fields of a claim whose values are texts, and not other records.
PLAIN = [
    one
    for one in fields.of(Claim)
    if one.type.of in (str, Literal) or (one.type.item and one.type.item.of is str)
]


@pytest.mark.parametrize("field", PLAIN, ids=lambda field: field.key)
class TestAFieldOfAClaim:
    """By construction: nobody has to add a field to these one by one."""

    def test_is_typed_in_at_the_desk(self, field):
        # A claim that is typed in has no key.
        assert (field.key in ClaimForm.base_fields) == (field.key != "key")

    def test_is_in_a_mapping_of_a_table(self, field):
        # A table names its key columns beside the claim.
        assert (field.key in mappings.CLAIM) == (field.key != "key")

    def test_is_a_column_of_exports(self, field):
        assert field.key in {column.name for column in exported.COLUMNS}

    def test_is_read_again_from_a_line(self, field):
        line = {field.key: ["x"] if field.type.of is tuple else "x"}

        assert lines._values(line, Claim, but=()) == line

    def test_is_in_answers_and_their_description(self, field, described):
        assert field.key in ClaimOut().fields
        assert field.key in described["ClaimOut"]["properties"]

    def test_has_its_limit_whoever_enters_it(self, field):
        """The desk, the importers and the API all ask the domain."""
        words = (field.type.item or field.type).limit
        if isinstance(words, Words):
            text = "a" * (words.longest + 1)
            value = (text,) if field.type.of is tuple else text
            claim = replace(a_claim(), **{field.name: value})
            found = {(one.pointer, one.code) for one in claim_problems(claim)}
            place = f"/{field.key}/0" if field.type.of is tuple else f"/{field.key}"
            assert (place, "too_long") in found
