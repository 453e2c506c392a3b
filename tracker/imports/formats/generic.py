"""Anybody's table, with a mapping: each row becomes a draft of a claim, or is refused."""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from tracker.domain import codec
from tracker.domain.codec import Plain
from tracker.imports.formats import mappings, tables
from tracker.imports.formats.base import BUFFER, MOST_BYTES, BadCell, Format, Refused, Row
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource
from tracker.imports.formats.mappings import Mapping as TableMapping
from tracker.imports.formats.mappings import PartyOf, Rule
from tracker.imports.formats.values import Value

NAME = "generic"
SAYS = "a table by its mapping"
_LISTS = frozenset(f"/{one}" for one in mappings.LISTS)
_NUMBERS = frozenset(f"/{one}" for one in mappings.NUMBERS)


def form(mapping: TableMapping) -> Format:
    """The format of the tables that a mapping describes; each is read at once, as it lies there."""
    return Format(
        name=NAME,
        says=SAYS,
        collection=mapping.collection,
        knows=lambda _head: False,
        read=lambda stream: read(_whole(stream), mapping),
        opened=_opened,
        lined=False,
        countries=tuple(one.country for one in mapping.publishers if one.country),
    )


def _whole(stream: BinaryIO) -> bytes:
    """All of a file, or a little more than is read of one; as much memory as there are bytes."""
    found = io.BytesIO()
    while found.tell() <= MOST_BYTES and (piece := stream.read(BUFFER)):
        found.write(piece)
    return found.getvalue()


def _opened(file: BinaryIO) -> io.BufferedReader:
    file.seek(0)
    return cast("io.BufferedReader", file)


def read(data: bytes, mapping: TableMapping) -> Iterator[DraftClaim | Refused]:
    """Give each row of a table as a draft, or why it is refused, in the order of the file.

    :raises BadFile: if it is no table, or a column that the mapping names is missing.
    """
    for row in tables.read(data, mapping.layout, wanted=mapping.columns):
        if isinstance(row, Refused):
            yield row
            continue
        try:
            yield _draft(row, mapping)
        except BadCell as problem:
            yield problem.on(row.line)


def _draft(row: Row, mapping: TableMapping) -> DraftClaim:
    rule = _rule(row, mapping)
    fields, columns = _fields(row, mapping.claim)
    if mapping.occurred:
        columns["/occurred"] = mapping.occurred.value.blamed
        if edtf := mapping.occurred.edtf(row):
            said = mapping.occurred.words(row)
            phrase = {"phrase": said} if said not in ("", edtf) else {}
            fields["occurred"] = {"edtf": edtf, "basis": mapping.basis} | phrase
    if rule:
        fields |= _coded(rule)
        columns["/code"] = next(iter(rule.when))
    if mapping.key:
        fields["key"] = " ".join(row.text(column) for column in mapping.key)
        columns["/key"] = mapping.key[0]
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
        parties=tuple(_parties(row, mapping.parties, rule)),
        citation=citation,
        document=document,
        publisher=_publisher(row, mapping),
        chain=tuple(_chain(row, mapping)),
        columns=columns,
        cells=row.cells,
        said_by=_said_by(row, mapping.said_by),
    )


def _rule(row: Row, mapping: TableMapping) -> Rule | None:
    """The first rule that fits, where there are rules.

    :raises BadCell: if none does.
    """
    for rule in mapping.rules:
        if all(row.text(column) in wanted for column, wanted in rule.when.items()):
            return rule
    if not mapping.rules:
        return None
    columns = Counter(column for rule in mapping.rules for column in rule.when)
    (first, _), *others = columns.most_common()
    beside = ", ".join(f"{one} {row.text(one)!r}" for one, _ in others if row.text(one))
    reason = f"fits no rule in [[codes]]{f', with {beside}' if beside else ''}"
    raise BadCell(first, row.text(first), reason)


def _coded(rule: Rule) -> Plain:
    found: dict[str, Any] = {"code": rule.code, "kind": rule.kind, "contexts": list(rule.contexts)}
    if rule.strength:
        found["strength"] = {"grade": rule.strength, "reason": rule.reason}
    return {field: one for field, one in found.items() if one}


def _fields(row: Row, values: Mapping[str, Value]) -> tuple[Plain, dict[str, str]]:
    """The fields that are not empty, and the column that each comes from, by pointer."""
    fields: Plain = {}
    for pointer, value in values.items():
        found: Any = value.texts(row) if pointer in _LISTS else value.text(row)
        if found and pointer in _NUMBERS:
            found = _number(value, found)
        if found:
            _put(fields, pointer, found)
    return fields, {pointer: value.blamed for pointer, value in values.items() if value.blamed}


def _number(value: Value, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadCell(value.blamed, text, "is no whole number")
    return int(text)


def _put(fields: Plain, pointer: str, value: Any) -> None:
    *above, last = pointer.strip("/").split("/")
    for name in above:
        fields = fields.setdefault(name, {})
    fields[last] = value


def _parties(row: Row, parties: tuple[PartyOf, ...], rule: Rule | None) -> Iterator[NamedParty]:
    for party in parties:
        names = party.name.texts(row)
        if not names and not party.optional:
            raise BadCell(party.name.blamed, "", "is empty, and the claim needs this party")
        role = rule.roles.get(party.label, party.role) if rule else party.role
        for name in names:
            yield NamedParty(role=role, name=name, column=party.name.blamed)


def _said_by(row: Row, said_by: Value | None) -> NamedParty | None:
    """Who says it; nobody where the cell is empty."""
    name = said_by.text(row) if said_by else ""
    if said_by is None or not name:
        return None
    return NamedParty(role="initiator", name=name, column=said_by.blamed)


def _publisher(row: Row, mapping: TableMapping) -> NamedSource:
    name = mapping.publisher.text(row)
    if not name:
        raise BadCell(mapping.publisher.blamed, "", "is empty: who published it is not known")
    return _source(name, mapping.publisher.blamed, mapping)


def _chain(row: Row, mapping: TableMapping) -> Iterator[NamedSource]:
    for link in mapping.chain:
        for name in link.texts(row):
            yield _source(name, link.blamed, mapping)


def _source(name: str, column: str, mapping: TableMapping) -> NamedSource:
    like = next((one for one in mapping.publishers if one.fits(name)), None)
    if like is None:
        return NamedSource(name=name, column=column)
    return NamedSource(
        name=name,
        column=column,
        kind=like.kind,
        country=like.country,
        ownership=like.ownership,
        grade=like.grade,
    )


def _key(row: Row, columns: tuple[str, ...]) -> str:
    """What names the row for ever: its key columns, or all that stands in it."""
    named = {column: row.text(column) for column in columns}
    for column, text in named.items():
        if not text:
            raise BadCell(column, "", "is empty, and names the row")
    content = named or {column: text for column, text in row.cells.items() if text}
    written = codec.canonical(sorted(content.items()))
    return f"{'key' if named else 'row'}:{hashlib.sha256(written.encode()).hexdigest()}"
