"""Any table with a mapping: each row becomes a draft of a claim, or is invalid."""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, BinaryIO, cast

from tracker.domain import codec
from tracker.domain.claims import Basis
from tracker.domain.codebooks import unusual_form
from tracker.domain.codec import Plain
from tracker.domain.levels import RUNGS, Rung
from tracker.domain.records import Role, Sector
from tracker.imports.formats import coded, constants, mappings, row_rules, tables
from tracker.imports.formats.base import MOST_BYTES, BadCell, ImportFormat, InvalidRow, TableRow
from tracker.imports.formats.coded import SectorActor
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource
from tracker.imports.formats.faults import Faults
from tracker.imports.formats.mappings import Mapping as TableMapping
from tracker.imports.formats.mappings import PartyMapping
from tracker.imports.formats.packed import BUFFER
from tracker.imports.formats.row_rules import CodeRule
from tracker.imports.formats.values import ActorName, DateSource, Value

NAME = "generic"
DESCRIPTION = "a table with a mapping"
_LISTS = frozenset(f"/{key}" for key in mappings.LISTS)
_NUMBERS = frozenset(f"/{key}" for key in mappings.NUMBERS)
# The fields that depend on the rule of a row.
_RULED = ("/code", "/kind", "/contexts", "/strength", "/parties")
# Stands for a publisher that cannot be read.
NO_SOURCE = NamedSource(name="")
NOTHING: Plain = {}


def format_for(mapping: TableMapping) -> ImportFormat:
    """The format of the tables of a mapping. A table is read into memory.

    :raises BadMapping: if a value that the mapping gives for every row is invalid.
    """
    constants.check(mapping, read=_constants)
    return ImportFormat(
        name=NAME,
        description=DESCRIPTION,
        collection=mapping.collection,
        matches=lambda _head: False,
        rows=lambda stream: read(_bytes(stream), mapping),
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
    for row in tables.read(data, mapping.layout, wanted=mapping.columns):
        yield row if isinstance(row, InvalidRow) else draft_of(row, mapping)


def draft_of(row: TableRow, mapping: TableMapping) -> DraftClaim | InvalidRow:
    """The draft of a row. If cells are invalid, all of them, with what else could be read."""
    try:
        row_rules.check_kept(mapping.skips, row)
    except BadCell as problem:
        return problem.at_line(row.line)
    faults = Faults()
    rule = faults.read(partial(_rule, row, mapping), None, *_RULED)
    fields, columns = _claim(row, mapping, rule, faults)
    is_dated = "/occurred" not in faults.unread
    edtf = fields.get("occurred", {}).get("edtf", "") if is_dated else None
    document, document_columns = _document(row, mapping, faults)
    citation, citation_columns = _fields(row, mapping.citation, faults, at="/citations/0")
    draft = DraftClaim(
        line=row.line,
        key=faults.read(partial(_key, row, mapping.key), ""),
        fields=fields,
        parties=tuple(_parties(row, mapping, rule, edtf, faults)),
        citation=citation,
        document=document,
        publisher=faults.read(partial(_publisher, row, mapping), NO_SOURCE, "/document/source"),
        chain=faults.read(partial(_chain, row, mapping), (), "/citations/0/chain"),
        columns=columns | citation_columns | document_columns,
        cells=row.cells,
        remarks=_remarks(fields),
        said_by=faults.read(partial(_said_by, row, mapping.said_by, edtf), None),
    )
    if not faults:
        return draft
    invalid = faults.in_one().at_line(row.line)
    return replace(invalid, draft=draft, unread=tuple(faults.unread))


def _document(row: TableRow, mapping: TableMapping, faults: Faults) -> tuple[Plain, dict[str, str]]:
    """The fields of the document, and the main column of each, by pointer."""
    document, columns = _fields(row, mapping.document, faults, at="/document")
    if published := mapping.published:
        date = faults.read(partial(published.edtf, row), "", "/document/date")
        document |= {"date": date} if date else {}
    return document, columns


def _remarks(fields: Plain) -> tuple[str, ...]:
    """What is unusual about the kind of the claim; it stays as it is."""
    return tuple(filter(None, [unusual_form(fields.get("code"), fields.get("kind", ""))]))


def _claim(
    row: TableRow, mapping: TableMapping, rule: CodeRule | None, faults: Faults
) -> tuple[Plain, dict[str, str]]:
    """The fields of the claim, and the main column of each, by pointer."""
    fields, columns = _fields(row, mapping.claim, faults)
    if rung := RUNGS.get(fields.get("level", {}).get("rung")):
        _drop_numbers(fields["level"], rung)
    if mapping.occurred:
        columns["/occurred"] = mapping.occurred.value.main_column
        occurred = partial(_occurred, row, mapping.occurred, mapping.basis)
        fields |= faults.read(occurred, NOTHING, "/occurred")
    if rule:
        fields |= _coded(rule)
        columns["/code"] = next(iter(rule.when))
    if mapping.key:
        key = [faults.read(partial(row.text, column), "", "/key") for column in mapping.key]
        fields["key"] = " ".join(key)
        columns["/key"] = mapping.key[0]
    return fields, columns


def _drop_numbers(level: Plain, rung: Rung) -> None:
    """Drop the value and the sd that only repeat those of the rung, as `claims.csv` has them."""
    with suppress(InvalidOperation):
        numbers = [Decimal(level.get(name, "")) for name in ("value", "sd")]
        if numbers == [rung.value, rung.sd]:
            del level["value"], level["sd"]


def _occurred(row: TableRow, source: DateSource, basis: Basis) -> Plain:
    edtf = source.edtf(row)
    if not edtf:
        return {}
    words = source.words(row)
    phrase = {"phrase": words} if words not in ("", edtf) else {}
    return {"occurred": {"edtf": edtf, "basis": basis} | phrase}


def _rule(row: TableRow, mapping: TableMapping) -> CodeRule | None:
    """The first matching rule, if there are rules.

    :raises BadCell: if none does.
    """
    rule = row_rules.first_fit(mapping.rules, row)
    if rule or not mapping.rules:
        return rule
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


def _fields(
    row: TableRow, values: Mapping[str, Value], faults: Faults, *, at: str = ""
) -> tuple[Plain, dict[str, str]]:
    """The fields that are not empty, and the main column of each, by pointer. `at` is the pointer
    of their record in the draft."""
    fields: Plain = {}
    for pointer, value in values.items():
        content = faults.read(partial(_content, row, pointer, value), "", f"{at}{pointer}")
        if content:
            _put(fields, pointer, content)
    columns = {f"{at}{pointer}": value.main_column for pointer, value in values.items()}
    return fields, {pointer: column for pointer, column in columns.items() if column}


def _constants(row: TableRow, values: Mapping[str, Value]) -> Plain:
    """The fields of values that are the same in every row.

    :raises BadCell:
    """
    faults = Faults()
    fields, _ = _fields(row, values, faults)
    if faults:
        raise faults.in_one()
    return fields


def _content(row: TableRow, pointer: str, value: Value) -> Any:
    content: Any = value.texts(row) if pointer in _LISTS else value.text(row)
    if pointer in mappings.DECIMALS:
        return content.replace("−", "-").removeprefix("+")
    return _number(value, content) if content and pointer in _NUMBERS else content


def _number(value: Value, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadCell(value.main_column, text, "is not a whole number")
    return int(text)


def _put(fields: Plain, pointer: str, value: Any) -> None:
    *parents, last = pointer.strip("/").split("/")
    for name in parents:
        fields = fields.setdefault(name, {})
    fields[last] = value


def _parties(
    row: TableRow, mapping: TableMapping, rule: CodeRule | None, edtf: str | None, faults: Faults
) -> Iterator[NamedParty]:
    """The parties. `edtf` is None if the date cannot be read; a party for which it decides is left
    out."""
    for party in mapping.parties:
        role = rule.roles.get(party.label, party.role) if rule else party.role
        for actor in faults.read(partial(_actors, row, party, edtf), (), "/parties"):
            if actor.name is None:
                faults.unread.append("/parties")
                continue
            yield _party(role, actor.name, actor.sector, party.name)


def _actors(row: TableRow, party: PartyMapping, edtf: str | None) -> list[ActorName]:
    actors = party.name.actors(row, edtf)
    if not actors and not party.optional:
        raise BadCell(party.name.main_column, "", "is empty, but this party is required")
    return actors


def _said_by(row: TableRow, said_by: Value | None, edtf: str | None) -> NamedParty | None:
    """The party that says it; None if the cell is empty, or if the date decides and is not
    known."""
    actor = said_by.actor(row, edtf) if said_by else None
    if said_by is None or actor is None or not actor.name:
        return None
    return _party("initiator", actor.name, actor.sector, said_by)


def _party(role: Role, name: str, sector: Sector | None, value: Value) -> NamedParty:
    """The party of an actor, or of a sector of the country with this code."""
    column, former = value.main_column, value.countries is not None
    if sector is None:
        return NamedParty(role=role, name=name, column=column, former=former)
    return replace(coded.party(role, SectorActor(name, sector), column), former=former)


def _publisher(row: TableRow, mapping: TableMapping) -> NamedSource:
    name = mapping.publisher.text(row)
    if not name:
        raise BadCell(mapping.publisher.main_column, "", "is empty: the publisher is unknown")
    return _source(name, mapping.publisher.main_column, mapping)


def _chain(row: TableRow, mapping: TableMapping) -> tuple[NamedSource, ...]:
    return tuple(
        _source(name, link.main_column, mapping)
        for link in mapping.chain
        for name in link.texts(row)
    )


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
