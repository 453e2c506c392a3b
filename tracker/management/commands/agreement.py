"""`manage.py agreement`: how far coders of the same rows, or of the same claims, agree."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from tracker.domain.agreement import LEAST_ALPHA, Agreement, agreement
from tracker.imports.formats import tables
from tracker.imports.formats.base import BadCell, InvalidRow, Layout
from tracker.imports.formats.packed import BadFile
from tracker.management.guarded import GuardedCommand
from tracker.queries.claims.second_coding import coded_twice
from tracker.wording import counted

# The columns of a field, one for each coder.
type Fields = Mapping[str, Sequence[str]]
_OF_CODER = re.compile(r"(.+)_[a-z]")


def field_columns(text: str) -> tuple[str, tuple[str, ...]]:
    """A field and its columns, written as `code=FIRST,SECOND`.

    :raises ArgumentTypeError: if there are fewer than two columns.
    """
    name, _, listed = text.partition("=")
    columns = tuple(filter(None, map(str.strip, listed.split(","))))
    if not name or len(columns) < 2:
        raise ArgumentTypeError(f"{text!r} is not a field with its columns: code=FIRST,SECOND")
    return name, columns


class Command(GuardedCommand):
    help = (
        "compute Krippendorff's alpha, field by field: of the coders of a table, or without one of"
        " the claims that were coded twice at the desk"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="CSV or .xlsx, a row for each unit")
        parser.add_argument(
            "--field",
            type=field_columns,
            action="append",
            metavar="NAME=COLUMN,COLUMN",
            help="a field and the columns of its coders; default: columns such as code_a, code_b",
        )

    def handle(self, *_: Any, file: Path | None, field: list[Any] | None, **__: Any) -> None:
        for line in _table(file, dict(field or ())) if file else _collections():
            self.stdout.write(line)


def _table(file: Path, fields: Fields) -> Iterable[str]:
    try:
        return report(_of_file(file.read_bytes(), fields))
    except (OSError, BadFile, BadCell) as problem:
        raise CommandError(f"{file}: {problem}") from problem


def _collections() -> Iterable[str]:
    found = coded_twice()
    if not found:
        yield "No claim was coded twice yet. Name a table, or code claims under Second coding."
    for one in found:
        yield f"{one.name}: {counted(one.claims, 'claim')} coded twice"
        yield from report(one.fields)


def report(found: Mapping[str, Agreement]) -> Iterable[str]:
    """A line for each field, and which of them are not to be relied on."""
    yield f"{'field':20}{'rows':>7}{'the same':>10}{'alpha':>9}"
    for field, one in found.items():
        alpha = "–" if one.alpha is None else f"{one.alpha + 0.0:.3f}"
        yield f"{field[:20]:20}{one.units:7}{one.same:10}{alpha:>9}"
    if any(one.alpha is None for one in found.values()):
        yield "–: no alpha, because no two values of the field differ."
    if low := [field for field, one in found.items() if one.is_low]:
        yield (
            f"Below {LEAST_ALPHA}: {', '.join(low)}. Do not rely on this coding: make the rules"
            " clearer and code the rows again."
        )


def _of_file(data: bytes, fields: Fields) -> dict[str, Agreement]:
    """The agreement on each field of a table; an empty cell is a missing value.

    :raises BadFile: :raises BadCell: :raises CommandError: if there are no columns of coders.
    """
    wanted = [column for columns in fields.values() for column in columns]
    header, _ = tables.header_and_lines(data, Layout(), wanted=wanted)
    fields = fields or _columns_of_coders(header)
    units: dict[str, list[list[str]]] = {field: [] for field in fields}
    for row in tables.read(data, Layout(), wanted=wanted):
        if isinstance(row, InvalidRow):
            raise BadFile(f"line {row.line}: {row.reason}")
        for field, columns in fields.items():
            units[field].append([row.text(column) for column in columns])
    return {field: agreement(of_field) for field, of_field in units.items()}


def _columns_of_coders(header: Sequence[str]) -> Fields:
    """Columns that differ in one letter after an underscore, by what they have in common."""
    found: dict[str, list[str]] = defaultdict(list)
    for column in header:
        if match := _OF_CODER.fullmatch(column):
            found[match[1]].append(column)
    if fields := {field: columns for field, columns in found.items() if len(columns) > 1}:
        return fields
    raise CommandError(
        "no columns of two coders, such as code_a and code_b; name them: --field code=FIRST,SECOND"
    )
