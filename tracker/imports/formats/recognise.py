"""Tells of which format a file is, by its content."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import BinaryIO

from tracker.imports.formats import base, claims, gdelt, icews, icews_list, polecat
from tracker.imports.formats.base import BUFFER, BadFile, Format, Head, Refused, opened
from tracker.imports.formats.drafts import DraftClaim

FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        gdelt.GDELT_1,
        gdelt.GDELT_2,
        icews.FORMAT,
        icews_list.FORMAT,
        polecat.FORMAT,
        claims.FORMAT,
    )
}
_LINES = 5
_SHOWN = 60


def recognise(stream: io.BufferedReader) -> Format:
    """Give the format of a file that is opened and not read yet; nothing of it is read.

    :raises BadFile: if it is of none, with what was seen.
    """
    return recognised(peeked(stream))


def named(name: str) -> Format:
    """:raises BadFile: if there is no such format."""
    if name not in FORMATS:
        raise BadFile(f"there is no format {name!r}: {_known()}")
    return FORMATS[name]


def peeked(stream: io.BufferedReader) -> bytes:
    """Give the beginning of a file that is opened and not read yet.

    :raises BadFile: if it is saved otherwise than as UTF-8, as far as that is seen there.
    """
    head = stream.peek(BUFFER)[:BUFFER]
    base.refuse_wide(head)
    return head


def recognised(head: bytes) -> Format:
    """Give the format of a file that begins so.

    :raises BadFile: if it is of none, with what was seen.
    """
    seen = laid_open(head)
    known = _knowing(seen)
    if known is None:
        raise BadFile(f"the file is of no known format: {_seen(seen)}; {_known()}")
    return known


def looks(seen: Head) -> str:
    """Say what a file looks like that begins so."""
    known = _knowing(seen)
    return f"it looks like {known.name} ({known.says})" if known else _seen(seen)


def _knowing(seen: Head) -> Format | None:
    return next((one for one in FORMATS.values() if one.knows(seen)), None)


def laid_open(head: bytes) -> Head:
    """Give the beginning of a file as text and as cells."""
    text = head.decode("utf-8-sig", errors="replace")
    lines = [line.rstrip("\r") for line in text.split("\n") if line.strip()][:_LINES]
    how = base.form(lines[0]) if lines else None
    return Head(text=text, rows=tuple(_cells(line, how) for line in lines if how))


def _cells(line: str, how: base.Form) -> list[str]:
    try:
        return base.split(line, how)
    except csv.Error:
        return []


def _seen(seen: Head) -> str:
    if not seen.text:
        return "it is empty"
    if not seen.rows:
        return "it has no line with anything on it"
    first = seen.text.lstrip().partition("\n")[0].rstrip("\r")
    return f"its first line has {len(seen.rows[0])} cells and begins {first[:_SHOWN]!r}"


def _known() -> str:
    told = "; ".join(f"{one.name} ({one.says})" for one in FORMATS.values())
    return f"known are {told}. A table of another form goes with a mapping"


# So many rows are looked at, and one in so many of them must be a claim.
FIRST, SELDOM = 1_000, 100


def forced(name: str, file: BinaryIO) -> Format:
    """Give the format of a name for a file that may not be known by its beginning, if the first
    lines are damaged; its first rows must be of the format then.

    :raises BadFile: if there is no such format, or if it is not that of the file, with what the
        file looks like.
    """
    form = named(name)
    seen = laid_open(peeked(opened(file)))
    if form.knows(seen):
        return form
    try:
        # A row can be long: none is held.
        told = Counter(map(_reason, islice(form.read(form.opened(file)), FIRST)))
    except BadFile as problem:
        raise BadFile(f"it is not {name}: {problem}; {looks(seen)}") from problem
    claims = told.pop(None, 0)
    if not claims or claims * SELDOM < claims + told.total():
        raise BadFile(f"it is not {name}: {_says(told, claims)}{looks(seen)}")
    return form


def _reason(row: DraftClaim | Refused) -> str | None:
    """Why a row is refused; None for a claim."""
    return f"{row.column} {row.reason}".strip() if isinstance(row, Refused) else None


def _says(told: Counter[str | None], claims: int) -> str:
    """Why most of the rows are refused."""
    if not told:
        return ""
    [(reason, _)] = told.most_common(1)
    refused = told.total()
    return f"{refused} of its first {refused + claims} rows are no such rows ({reason}); "
