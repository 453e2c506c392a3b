"""Checks what a mapping gives for every row, before the first row is read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain import claims, codec, validity
from tracker.domain.claims import Citation, Claim
from tracker.domain.codec import Plain
from tracker.domain.problems import Problem
from tracker.domain.records import Document
from tracker.imports.formats import mappings
from tracker.imports.formats.base import BadCell, TableRow
from tracker.imports.formats.mappings import Mapping as TableMapping
from tracker.imports.formats.sections import BadMapping
from tracker.imports.formats.values import Value

# Gives the fields of some values in a row.
type Read = Callable[[TableRow, Mapping[str, Value]], Plain]


class _Shape(NamedTuple):
    """A record, what stands for the cells of a row in it, and its check."""

    record: type[Any]
    filled: Plain
    problems: Callable[[Any], Iterable[Problem]]


_ONE, _OTHER = UUID(int=1), UUID(int=2)
_CLAIM = _Shape(
    Claim,
    {
        "collection": _ONE,
        "kind": "act",
        "summary": "x",
        "parties": [{"actor": _ONE, "role": "initiator"}, {"actor": _OTHER, "role": "recipient"}],
        "citations": [{"document": _ONE}],
    },
    validity.claim_problems,
)
_CITATION = _Shape(Citation, {"document": _ONE}, claims.citation_problems)
_DOCUMENT = _Shape(Document, {"source": _ONE, "title": "x"}, validity.document_problems)


def check(mapping: TableMapping, read: Read) -> None:
    """Check the constants of a mapping, and the texts by which it replaces others.

    :raises BadMapping: at the first that no claim, citation or document can have.
    """
    row = TableRow(line=0, cells=dict.fromkeys(mapping.columns, ""), faults={}, days=frozenset())
    for section, values, shape in (
        ("claim", mapping.claim, _CLAIM),
        ("citation", mapping.citation, _CITATION),
        ("document", mapping.document, _DOCUMENT),
    ):
        for key, fields in _constants(values):
            with _naming(f"{section}.{key}"):
                plain = shape.filled | read(row, fields)
            for problem in _problems(shape, plain):
                _refuse(problem, fields, section)
    for key, source in (("occurred.date", mapping.occurred), ("document.date", mapping.published)):
        if source and not source.columns:
            with _naming(key):
                source.edtf(row)


def _constants(values: Mapping[str, Value]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """The values that do not depend on a row, with those of the same field of a record, and the key
    of the first."""
    for _, items in groupby(sorted(values.items()), key=lambda item: item[0].split("/")[1]):
        fields = dict(items)
        (first, value), *others = fields.items()
        if not any(value.columns for value in fields.values()):
            yield _key(first), fields
        elif not others:
            for text in filter(None, value.values.values()):
                yield _key(first), {first: Value(constant=text)}


@contextmanager
def _naming(key: str) -> Iterator[None]:
    """:raises BadMapping: with the key, if a cell is invalid."""
    try:
        yield
    except BadCell as problem:
        raise BadMapping(f"{key}: {problem.value!r} {problem.reason}") from problem


def _problems(shape: _Shape, plain: Plain) -> Iterable[Problem]:
    try:
        record = codec.build(shape.record, plain)
    except codec.BadShape as misfit:
        return [Problem(pointer=misfit.pointer, code="invalid", detail=misfit.detail)]
    return shape.problems(record)


def _refuse(problem: Problem, fields: Mapping[str, Value], section: str) -> None:
    """:raises BadMapping: if the problem is one of these fields and of nothing else."""
    for pointer in fields:
        if f"{problem.pointer}/".startswith(f"{pointer}/") and not problem.rests_on:
            raise BadMapping(f"{section}.{_key(pointer)}: {problem.detail}")


def _key(pointer: str) -> str:
    """The key in a mapping of the field at a pointer."""
    of_claim = {field: key for key, field in mappings.CLAIM.items()}
    return of_claim.get(pointer) or pointer.strip("/")
