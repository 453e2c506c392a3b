"""Any table with a mapping: each row becomes a draft of a claim, or is invalid."""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, cast

from tracker.domain import codec
from tracker.domain.codec import Plain
from tracker.imports.formats import base, constants, mappings, tables
from tracker.imports.formats.base import MOST_BYTES, BadCell, ImportFormat, InvalidRow, TableRow
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource
from tracker.imports.formats.mappings import CodeRule
from tracker.imports.formats.mappings import Mapping as TableMapping
from tracker.imports.formats.packed import BUFFER
from tracker.imports.formats.values import Value

NAME = "generic"
DESCRIPTION = "a table with a mapping"
_LISTS = frozenset(f"/{key}" for key in mappings.LISTS)
_NUMBERS = frozenset(f"/{key}" for key in mappings.NUMBERS)


def format_for(mapping: TableMapping) -> ImportFormat:
    """The format of the tables of a mapping. A table is read into memory.

    :raises BadMapping: if a value that the mapping gives for every row is invalid.
    """
    constants.check(mapping, read=lambda row, values: _fields(row, values)[0])
    return ImportFormat(
        name=NAME,
        description=DESCRIPTION,
        collection=mapping.collection,
        matches=lambda _head: False,
        read=lambda stream: read(_bytes(stream), mapping),
        open=_rewind,
        is_line_based=False,
        countries=tuple(rule.country for rule in mapping.publishers if rule.country),
        actors=tuple(_constant_actors(mapping)),
    )


def _constant_actors(mapping: TableMapping) -> Iterator[str]:
    """The actors that a mapping names for every row."""
    values = [party.name for party in mapping.parties]
    for value in (*values, *filter(None, [mapping.said_by])):
        if value.constant:
            yield value.constant


def _bytes(stream: BinaryIO) -> bytes:
    """A whole file, up to slightly more than is accepted."""
    data = io.BytesIO()
    while data.tell() <= MOST_BYTES and (chunk := stream.read(BUFFER)):
        data.write(chunk)
    return data.getvalue()


def _rewind(file: BinaryIO) -> io.BufferedReader:
    file.seek(0)
    return cast("io.BufferedReader", file)


def read(data: bytes, mapping: TableMapping) -> Iterator[DraftClaim | InvalidRow]:
    """Each row of a table as a draft or as an invalid row, in the order of the file.

    :raises BadFile: if it is not a table, or lacks a column of the mapping.
    """
    rows = tables.read(data, mapping.layout, wanted=mapping.columns)
    return base.drafts(rows, partial(_draft, mapping=mapping))


def _draft(row: TableRow, mapping: TableMapping) -> DraftClaim:
    rule = _rule(row, mapping)
    fields, columns = _claim(row, mapping, rule)
    document, document_columns = _fields(row, mapping.document)
    if mapping.published and (published := mapping.published.edtf(row)):
        document["date"] = published
    citation, citation_columns = _fields(row, mapping.citation)
    columns |= {f"/citations/0{at}": column for at, column in citation_columns.items()}
    columns |= {f"/document{at}": column for at, column in document_columns.items()}
    return DraftClaim(
        line=row.line,
        key=_key(row, mapping.key),
        fields=fields,
        parties=tuple(_parties(row, mapping, rule)),
        citation=citation,
        document=document,
        publisher=_publisher(row, mapping),
        chain=tuple(_chain(row, mapping)),
        columns=columns,
        cells=row.cells,
        said_by=_said_by(row, mapping.said_by),
    )


def _claim(
    row: TableRow, mapping: TableMapping, rule: CodeRule | None
) -> tuple[Plain, dict[str, str]]:
    """The fields of the claim, and the main column of each, by pointer."""
    fields, columns = _fields(row, mapping.claim)
    if mapping.occurred:
        columns["/occurred"] = mapping.occurred.value.main_column
        if edtf := mapping.occurred.edtf(row):
            words = mapping.occurred.words(row)
            phrase = {"phrase": words} if words not in ("", edtf) else {}
            fields["occurred"] = {"edtf": edtf, "basis": mapping.basis} | phrase
    if rule:
        fields |= _coded(rule)
        columns["/code"] = next(iter(rule.when))
    if mapping.key:
        fields["key"] = " ".join(row.text(column) for column in mapping.key)
        columns["/key"] = mapping.key[0]
    return fields, columns


def _rule(row: TableRow, mapping: TableMapping) -> CodeRule | None:
    """The first matching rule, if there are rules.

    :raises BadCell: if none does.
    """
    for rule in mapping.rules:
        if all(row.text(column) in wanted for column, wanted in rule.when.items()):
            return rule
    if not mapping.rules:
        return None
    columns = Counter(column for rule in mapping.rules for column in rule.when)
    (first, _), *others = columns.most_common()
    cells = ", ".join(f"{column} {row.text(column)!r}" for column, _ in others if row.text(column))
    reason = f"matches no rule in [[codes]]{f', with {cells}' if cells else ''}"
    raise BadCell(first, row.text(first), reason)


def _coded(rule: CodeRule) -> Plain:
    fields: dict[str, Any] = {"code": rule.code, "kind": rule.kind, "contexts": list(rule.contexts)}
    if rule.strength:
        fields["strength"] = {"grade": rule.strength, "reason": rule.reason}
    return {name: value for name, value in fields.items() if value}


def _fields(row: TableRow, values: Mapping[str, Value]) -> tuple[Plain, dict[str, str]]:
    """The fields that are not empty, and the main column of each, by pointer."""
    fields: Plain = {}
    for pointer, value in values.items():
        content: Any = value.texts(row) if pointer in _LISTS else value.text(row)
        if content and pointer in _NUMBERS:
            content = _number(value, content)
        if content:
            _put(fields, pointer, content)
    columns = {pointer: value.main_column for pointer, value in values.items()}
    return fields, {pointer: column for pointer, column in columns.items() if column}


def _number(value: Value, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadCell(value.main_column, text, "is not a whole number")
    return int(text)


def _put(fields: Plain, pointer: str, value: Any) -> None:
    *parents, last = pointer.strip("/").split("/")
    for name in parents:
        fields = fields.setdefault(name, {})
    fields[last] = value


def _parties(row: TableRow, mapping: TableMapping, rule: CodeRule | None) -> Iterator[NamedParty]:
    for party in mapping.parties:
        names = party.name.texts(row)
        if not names and not party.optional:
            raise BadCell(party.name.main_column, "", "is empty, but this party is required")
        role = rule.roles.get(party.label, party.role) if rule else party.role
        for name in names:
            yield NamedParty(role=role, name=name, column=party.name.main_column)


def _said_by(row: TableRow, said_by: Value | None) -> NamedParty | None:
    """The party that says it; None if the cell is empty."""
    name = said_by.text(row) if said_by else ""
    if said_by is None or not name:
        return None
    return NamedParty(role="initiator", name=name, column=said_by.main_column)


def _publisher(row: TableRow, mapping: TableMapping) -> NamedSource:
    name = mapping.publisher.text(row)
    if not name:
        raise BadCell(mapping.publisher.main_column, "", "is empty: the publisher is unknown")
    return _source(name, mapping.publisher.main_column, mapping)


def _chain(row: TableRow, mapping: TableMapping) -> Iterator[NamedSource]:
    for link in mapping.chain:
        for name in link.texts(row):
            yield _source(name, link.main_column, mapping)


def _source(name: str, column: str, mapping: TableMapping) -> NamedSource:
    rule = next((rule for rule in mapping.publishers if rule.matches(name)), None)
    if rule is None:
        return NamedSource(name=name, column=column)
    return NamedSource(
        name=name,
        column=column,
        kind=rule.kind,
        country=rule.country,
        ownership=rule.ownership,
        grade=rule.grade,
    )


def _key(row: TableRow, columns: tuple[str, ...]) -> str:
    """The permanent key of a row: a digest of its key columns, or of all its cells."""
    key = {column: row.text(column) for column in columns}
    for column, text in key.items():
        if not text:
            raise BadCell(column, "", "is empty, but it is part of the key of the row")
    content = key or {column: text for column, text in row.cells.items() if text}
    canonical = codec.canonical(sorted(content.items()))
    return f"{'key' if key else 'row'}:{hashlib.sha256(canonical.encode()).hexdigest()}"
