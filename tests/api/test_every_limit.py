"""Each field that goes on record has one limit: the domain's, which the API holds and describes."""

import dataclasses
import json
import types
from collections.abc import Iterator
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import pytest
from django.core.management import call_command
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tests.api.client import a_body
from tracker.admin.claim_forms import CREDIBILITY
from tracker.api.bodies import MOST, WORDS, Shaped, Strict
from tracker.api.resources import claim_bodies, jobs, lenses, record_fields
from tracker.api.schema import NO_BLANK, VISIBLE
from tracker.domain import events as e
from tracker.domain import fields
from tracker.domain.fields import CREDIBILITIES, CREDIBILITY_SAYS
from tracker.domain.lenses import Lens
from tracker.domain.schemas import _text_problems

# What bodies that are no record by themselves say, beside the records in them.
EVENTS: dict[type[Strict], tuple[Any, ...]] = {
    claim_bodies.CorrectionBody: (e.ClaimCorrected,),
    claim_bodies.ReasonBody: (e.ClaimRetracted, e.ClaimReinstated),
    claim_bodies.LinkBody: (e.ClaimsLinked,),
    claim_bodies.RemovalBody: (e.ClaimsUnlinked,),
    claim_bodies.WithholdingBody: (e.TextWithheld,),
    jobs.WithdrawalBody: (e.ClaimRetracted,),
    lenses.Nameless: (Lens,),
    lenses.LensBody: (Lens,),
    lenses.VersionBody: (Lens,),
}
MODULES = (claim_bodies, jobs, lenses, record_fields)
# Files of an upload have limits of their own, and so has what is asked of a list. `CountBody` names
# a lens on record.
ASIDE = {
    jobs.UploadBody,
    jobs.JobsParameters,
    jobs.ImportsParameters,
    jobs.NothingBody,
    lenses.LensList,
    record_fields.Named,
    record_fields.CountBody,
}
# What is sent of a statement becomes a claim.
FILLS = {"SaidBy": "Claim"}
# A text of so many characters that has a form.
FORMED = {
    fields.SLUG.form: lambda length: "a" * length,
    WORDS["Citation.language"].form: lambda length: ("aaa" + "-aaaaaaaa" * 9)[:length],
    WORDS["Actor.code"].form: lambda length: "A" * length,
    WORDS["Actor.wikidata"].form: lambda length: "Q" + "1" * (length - 1),
}


class Limited(NamedTuple):
    """A field of a body, and the field of the domain that it fills."""

    body: type[Strict]
    key: str
    name: str

    @property
    def field(self) -> Any:
        return self.body().fields[self.key]

    @property
    def text(self) -> Any:
        """The field of the text itself, also of one in a list."""
        return getattr(self.field, "child", self.field)

    def __str__(self) -> str:
        return f"{self.body.__name__}.{self.key}"


def is_body(one: Any, module: Any) -> bool:
    own = isinstance(one, type) and one.__module__ == module.__name__
    return own and issubclass(one, Strict)


def bodies() -> Iterator[type[Strict]]:
    for module in MODULES:
        for one in vars(module).values():
            if is_body(one, module) and one not in ASIDE:
                yield one


def shapes(body: type[Strict]) -> tuple[Any, ...]:
    return (body.shape,) if issubclass(body, Shaped) else EVENTS[body]


def is_limited(field: Any) -> bool:
    """Whether a field holds text of the sender's or a list, whose size is theirs."""
    text = isinstance(field, serializers.CharField) and not isinstance(
        field, serializers.UUIDField | serializers.ChoiceField
    )
    return text or isinstance(field, serializers.ListField | serializers.ListSerializer)


FIELDS = [
    Limited(body, key, f"{FILLS.get(shape.__name__, shape.__name__)}.{key}")
    for body in bodies()
    for shape in shapes(body)
    for key, field in body().fields.items()
    if is_limited(field)
]
TEXTS = [one for one in FIELDS if one.name in WORDS]
LISTS = [one for one in FIELDS if one.name in MOST]


def a_text(name: str, length: int) -> str:
    return FORMED.get(WORDS[name].form, lambda length: "a" * length)(length)


def domain_refuses(name: str, value: Any) -> bool:
    """What the domain says of a value of a field by itself."""
    if isinstance(value, tuple):
        return len(value) > MOST[name]
    return bool(list(_text_problems(value, WORDS[name])))


def api_refuses(field: Any, value: Any) -> bool:
    try:
        field.run_validation(value)
    except ValidationError:
        return True
    return False


def items(one: Limited, number: int) -> list[Any]:
    """So many things that are right, as far as a list's own items go."""
    child = one.field.child
    if isinstance(child, serializers.UUIDField):
        return [f"01890000-0000-7000-8000-{at:012}" for at in range(number)]
    if isinstance(child, serializers.ChoiceField):
        return [next(iter(child.choices))] * number
    if isinstance(child, serializers.CharField):
        return ["a"] * number
    return [WHOLE[type(child)]] * number


ID = "01890000-0000-7000-8000-000000000001"
WHOLE = {
    claim_bodies.PartyBody: {"actor": ID, "role": "initiator"},
    claim_bodies.CitationBody: {"document": ID},
    record_fields.NameBody: {"text": "a"},
    record_fields.AffiliationBody: {"country": ID, "sector": "military"},
}


class TestEveryField:
    def test_of_text_and_every_list_is_one_of_the_domains(self):
        assert FIELDS
        assert [str(one) for one in FIELDS if one.name not in WORDS | MOST] == []

    def test_of_every_shape_that_is_taken_is_looked_at(self):
        taken = {shape for body in bodies() for shape in shapes(body)}
        inside = {part for shape in taken for part in parts(shape)}
        # What a program of ours records, and nobody sends.
        ours = {"ImportRecorded"}
        named = {name.partition(".")[0] for name in {**WORDS, **MOST}} - ours

        assert named <= {one.__name__ for one in taken | inside}

    @pytest.mark.parametrize("one", TEXTS, ids=str)
    def test_of_text_fits_as_long_as_the_domain_has_it_and_no_longer(self, one):
        longest = WORDS[one.name].longest
        right, wrong = a_text(one.name, longest), a_text(one.name, longest + 1)

        assert (len(right), len(wrong)) == (longest, longest + 1)
        assert (api_refuses(one.text, right), domain_refuses(one.name, right)) == (False, False)
        assert (api_refuses(one.text, wrong), domain_refuses(one.name, wrong)) == (True, True)

    @pytest.mark.parametrize("one", [one for one in TEXTS if WORDS[one.name].form], ids=str)
    def test_that_has_a_form_has_it_in_both(self, one):
        for wrong in ("?", "Q0", "-a", "a b"):
            refused = domain_refuses(one.name, wrong)
            assert api_refuses(one.text, wrong) == refused, wrong

    @pytest.mark.parametrize("one", LISTS, ids=str)
    def test_that_lists_fits_as_many_as_the_domain_has_and_no_more(self, one):
        most = MOST[one.name]

        assert not api_refuses(one.field, items(one, most))
        assert api_refuses(one.field, items(one, most + 1))
        assert domain_refuses(one.name, (0,) * (most + 1))
        assert not domain_refuses(one.name, (0,) * most)


@pytest.fixture(scope="module")
def schemas(tmp_path_factory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("described") / "openapi.json"
    call_command("spectacular", "--format", "openapi-json", file=file)
    found: dict[str, Any] = json.loads(file.read_text())["components"]["schemas"]
    return found


class TestTheDescription:
    @pytest.mark.parametrize("one", FIELDS, ids=str)
    def test_says_the_limit_of_each_field(self, one, schemas):
        if one.body is lenses.Nameless:
            return  # what the others are made of
        said = in_schema(schemas, one)

        if one.name in MOST:
            assert said["maxItems"] == MOST[one.name]
            said = said["items"]
        if one.name in WORDS:
            assert said["maxLength"] == WORDS[one.name].longest
            form = WORDS[one.name].form
            assert said.get("pattern", "") in (
                (f"^({form})$",) if form else ("", NO_BLANK, VISIBLE)
            )


def in_schema(schemas: dict[str, Any], one: Limited) -> dict[str, Any]:
    """What the description says of a field."""
    name = one.body.__name__
    known = next(
        key for key in (name, f"{name}Request", name.removesuffix("Body")) if key in schemas
    )
    return schemas[known]["properties"][one.key]


def parts(shape: Any) -> Iterator[Any]:
    """The records in a record."""
    for hint in get_type_hints(shape).values():
        union = get_origin(hint) in (Union, types.UnionType, tuple)
        for part in get_args(hint) if union else (hint,):
            if dataclasses.is_dataclass(part):
                yield part
                yield from parts(part)


class TestCredibility:
    def test_is_two_to_six_in_the_domain_the_api_and_at_the_desk(self):
        for body, key in (
            (claim_bodies.CitationBody, "credibility"),
            (record_fields.CollectionBody, "default_credibility"),
        ):
            taken = [
                number for number in range(-1, 9) if not api_refuses(body().fields[key], number)
            ]
            assert taken == [2, 3, 4, 5, 6]
        assert [*CREDIBILITIES] == [2, 3, 4, 5, 6]
        assert [int(number) for number, _ in CREDIBILITY] == [2, 3, 4, 5, 6]


@pytest.mark.django_db
class TestWhatIsSent:
    """The limits that differed, as a program meets them."""

    @pytest.mark.parametrize(("length", "status"), [(1_000, 201), (1_001, 400)])
    def test_has_a_title_as_long_as_the_domains(self, api, desk, length, status):
        answer = api.send("documents/", {"source": str(desk.source), "title": "a" * length})

        assert answer.status_code == status, answer.content

    @pytest.mark.parametrize(("wikidata", "status"), [("Q1", 201), ("Q0", 400), ("Q01", 400)])
    def test_names_a_record_of_wikidata_that_there_can_be(self, api, wikidata, status):
        body = {"kind": "person", "names": [{"text": "Somebody"}], "wikidata": wikidata}

        answer = api.send("actors/", body)

        assert answer.status_code == status, answer.content
        if status == 400:
            [problem] = answer.json()["errors"]
            assert (problem["pointer"], problem["detail"]) == (
                "/wikidata",
                "must have the form of Q232",
            )

    @pytest.mark.parametrize(("credibility", "status"), [(2, 201), (6, 201), (1, 400), (7, 400)])
    def test_grades_what_a_citation_says_from_two_to_six(self, api, desk, credibility, status):
        citation = {"document": str(desk.document), "credibility": credibility}

        answer = api.send("claims/", a_body(desk, citations=[citation]))

        assert answer.status_code == status, answer.content
        if status == 400:
            [problem] = answer.json()["errors"]
            assert problem["pointer"] == "/citations/0/credibility"
            assert problem["detail"] == CREDIBILITY_SAYS

    @pytest.mark.parametrize(("length", "status"), [(200, 201), (201, 400)])
    def test_says_in_no_more_words_than_the_domain_has_where_it_stands(
        self, api, desk, length, status
    ):
        citation = {"document": str(desk.document), "locator": "p" * length}

        answer = api.send("claims/", a_body(desk, citations=[citation], hedge="h" * length))

        assert answer.status_code == status, answer.content
        if status == 400:
            refused = {problem["pointer"] for problem in answer.json()["errors"]}
            assert refused == {"/citations/0/locator", "/hedge"}

    @pytest.mark.parametrize(
        ("value", "status"),
        [("9" * 30, 201), ("9" * 31, 400), ("0." + "0" * 29 + "1", 201), ("0." + "0" * 31, 400)],
    )
    def test_measures_with_as_many_digits_as_the_log_keeps(self, api, desk, value, status):
        magnitude = {"value": value, "unit": "t"}

        answer = api.send("claims/", a_body(desk, magnitude=magnitude))

        assert answer.status_code == status, answer.content
