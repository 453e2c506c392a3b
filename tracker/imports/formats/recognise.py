"""Recognises the format of a file by its content."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import BinaryIO

from tracker.imports.formats import (
    base,
    claims,
    gdelt,
    icews,
    icews_list,
    office_holders,
    pair_levels,
    polecat,
    presets,
)
from tracker.imports.formats.base import FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.encodings import refuse_wide_encoding
from tracker.imports.formats.packed import BUFFER, BadFile, open_unpacked

FORMATS: Mapping[str, ImportFormat] = {
    form.name: form
    for form in (
        gdelt.GDELT_1,
        gdelt.GDELT_2,
        icews.FORMAT,
        icews_list.FORMAT,
        polecat.FORMAT,
        claims.FORMAT,
        *pair_levels.DATA_SETS,
        *presets.FORMATS,
        pair_levels.LISTED,
        office_holders.FORMAT,
        office_holders.WIKIDATA,
    )
}
_LINES = 5
_SHOWN = 60
# The first line is nearly the header of a format if it names this share of its columns.
_ENOUGH = 0.5


def format_of(stream: io.BufferedReader) -> ImportFormat:
    """The format of an opened file. Nothing is consumed.

    :raises BadFile: if the format is unknown, with the beginning of the file.
    """
    return format_of_head(peek(stream))


def format_named(name: str) -> ImportFormat:
    """:raises BadFile: if there is no such format."""
    if name not in FORMATS:
        raise BadFile(f"there is no format {name!r}: {_formats()}")
    return FORMATS[name]


def peek(stream: io.BufferedReader) -> bytes:
    """The beginning of an opened file. Nothing is consumed.

    :raises BadFile: if its encoding has several bytes per character.
    """
    head = stream.peek(BUFFER)[:BUFFER]
    refuse_wide_encoding(head)
    return head


def format_of_head(head: bytes) -> ImportFormat:
    """The format of a file with this beginning.

    :raises BadFile: if the format is unknown, with the beginning of the file.
    """
    parsed = head_of(head)
    form = _matching(parsed)
    if form is None:
        hints = filter(None, (_description(parsed), _nearest(parsed), _formats()))
        raise BadFile(f"the format of the file is unknown: {'; '.join(hints)}")
    return form


def looks_like(head: FileHead) -> str:
    """Describe a file with this beginning, for an error message."""
    form = _matching(head)
    return f"it looks like {form.name} ({form.description})" if form else _description(head)


def _matching(head: FileHead) -> ImportFormat | None:
    return next((form for form in FORMATS.values() if form.matches(head)), None)


def head_of(data: bytes) -> FileHead:
    """The beginning of a file as text and as cells."""
    text = data.decode("utf-8-sig", errors="replace")
    lines = [line.rstrip("\r") for line in text.split("\n") if line.strip()][:_LINES]
    dialect = base.dialect_of(lines[0]) if lines else None
    return FileHead(text=text, rows=tuple(_cells(line, dialect) for line in lines if dialect))


def _cells(line: str, dialect: base.Dialect) -> list[str]:
    try:
        return base.split_cells(line, dialect)
    except csv.Error:
        return []


def _description(head: FileHead) -> str:
    if not head.text:
        return "it is empty"
    if not head.rows:
        return "it has only blank lines"
    first = head.text.lstrip().partition("\n")[0].rstrip("\r")
    return f"its first line has {len(head.rows[0])} cells and begins {first[:_SHOWN]!r}"


def _nearest(head: FileHead) -> str:
    """The format that a file with this beginning is nearest to, and what it lacks; or empty."""
    if head.text.lstrip().startswith("{"):
        return f"nearest: {claims.FORMAT.name}, but its first line has no `collection_name`"
    headed = [form for form in FORMATS.values() if form.header]
    form = max(headed, key=lambda form: _named_share(form, head))
    if _named_share(form, head) >= _ENOUGH:
        missing = [repr(name) for name in form.header if name.lower() not in head.names]
        return f"nearest: {form.name}, but its header lacks {', '.join(missing)}"
    width = len(head.rows[0]) if head.rows else 0
    for form in headed:
        if width and form.width == width:
            return (
                f"nearest: {form.name}, which has {width} columns too, but its first line is not"
                f" the header with {', '.join(form.header)}"
            )
    return ""


def _named_share(form: ImportFormat, head: FileHead) -> float:
    """The share of a format's columns that the first line of a file names."""
    return len(head.names & {name.lower() for name in form.header}) / len(form.header)


def _formats() -> str:
    names = "; ".join(f"{form.name} ({form.description})" for form in FORMATS.values())
    return f"known formats: {names}. Any other table requires a mapping"


# So many rows are checked, and one in so many of them must be a claim.
FIRST, ONE_IN = 1_000, 100


def forced_format(name: str, file: BinaryIO) -> ImportFormat:
    """The format of a name, for a file that may not be recognised because its first lines are
    damaged. Some of its first rows must be valid.

    :raises BadFile: if there is no such format, or the file has another one.
    """
    form = format_named(name)
    head = head_of(peek(open_unpacked(file)))
    if form.matches(head):
        return form
    try:
        # A row can be long: none is kept.
        reasons = Counter(map(_reason, islice(form.read(form.open(file)), FIRST)))
    except BadFile as problem:
        raise BadFile(f"it is not {name}: {problem}; {looks_like(head)}") from problem
    valid = reasons.pop(None, 0)
    if not valid or valid * ONE_IN < valid + reasons.total():
        raise BadFile(f"it is not {name}: {_most_common(reasons, valid)}{looks_like(head)}")
    return form


def _reason(row: DraftClaim | InvalidRow) -> str | None:
    """Why a row is invalid; None for a claim."""
    return f"{row.column} {row.reason}".strip() if isinstance(row, InvalidRow) else None


def _most_common(reasons: Counter[str | None], valid: int) -> str:
    if not reasons:
        return ""
    [(reason, _)] = reasons.most_common(1)
    invalid = reasons.total()
    return f"{invalid} of its first {invalid + valid} rows are invalid ({reason}); "
