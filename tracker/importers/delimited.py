"""The rows of a text with delimiters, one line each, read as they come: memory does not grow with
the file."""

import csv
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from tracker.importers.lines import BadFile, Refused
from tracker.importers.packed import MOST_LINE

_MARK = b"\xef\xbb\xbf"


class Cells(NamedTuple):
    """The cells of one line, as they stand there."""

    number: int
    cells: list[str]


class Form(NamedTuple):
    """How the cells of a line are told apart."""

    delimiter: str
    quoted: bool


def numbered(stream: BinaryIO, *, after: int = 0) -> Iterator[tuple[int, bytes]]:
    """Give each line that is not blank, without its end, and its number, in a stream of which so
    many lines are read already.

    :raises BadFile: at a line that no table has.
    """
    number = after
    while line := stream.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            raise BadFile(
                f"line {number} is longer than {MOST_LINE} bytes: it is no row of a table"
            )
        bare = line.rstrip(b"\r\n")
        if number == 1:
            bare = bare.removeprefix(_MARK)
        if bare.strip():
            yield number, bare


def form(first: str) -> Form:
    """Tell how cells are told apart, by the first line."""
    return Form(delimiter="\t" if "\t" in first else ",", quoted='"' in first)


def rows(stream: BinaryIO) -> Iterator[Cells | Refused]:
    """Give the cells of each line; one that is no text or whose quotes are wrong is refused."""
    # A line has its own bound.
    csv.field_size_limit(MOST_LINE)
    found: Form | None = None
    for number, raw in numbered(stream):
        try:
            text = raw.decode()
        except UnicodeDecodeError as problem:
            reason = f"byte 0x{raw[problem.start]:02X} is not UTF-8"
            yield Refused(line=number, column="", value="", reason=reason)
            continue
        if found is None:
            found = form(text)
        try:
            yield Cells(number, split(text, found))
        except csv.Error as problem:
            reason = f"cannot be split into cells: {problem}"
            yield Refused(line=number, column="", value="", reason=reason)


def split(text: str, how: Form) -> list[str]:
    """:raises csv.Error: if a quote is not closed or something follows it, or at a bare CR."""
    if not how.quoted and how.delimiter == "\t":
        return text.split("\t")
    return next(csv.reader([text], delimiter=how.delimiter, strict=True))
