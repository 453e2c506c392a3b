"""Tells of which format a file is, by its content."""

import csv
import io
from collections.abc import Mapping

from tracker.importers import (
    claimlines,
    delimited,
    encodings,
    gdelt,
    icews,
    icewslist,
    polecat,
)
from tracker.importers.formats import Format, Head
from tracker.importers.lines import BadFile
from tracker.importers.packed import BUFFER

FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        gdelt.GDELT_1,
        gdelt.GDELT_2,
        icews.FORMAT,
        icewslist.FORMAT,
        polecat.FORMAT,
        claimlines.FORMAT,
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
    encodings.refuse_wide(head)
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
    how = delimited.form(lines[0]) if lines else None
    return Head(text=text, rows=tuple(_cells(line, how) for line in lines if how))


def _cells(line: str, how: delimited.Form) -> list[str]:
    try:
        return delimited.split(line, how)
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
