"""Tells text that is saved otherwise than as UTF-8, so that a file is refused for it by name."""

import codecs
from collections.abc import Iterable

from tracker.importers.lines import BadFile

SAVE = "save it as UTF-8"
# That of UTF-32 begins as that of UTF-16 does.
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
# One sign in four of a table is ASCII's at the least, and each has two bytes.
_SIGNS = 8
# Fewer lines than one in so many are damaged ones in a file that is UTF-8 else.
_SELDOM = 1_000


def wide(head: bytes) -> str:
    """Give the encoding of a text that has two or four bytes for each sign, as its beginning tells:
    by its mark, or by the zeros beside ASCII's signs, which stand on one side only. Empty for any
    other.
    """
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    sides = head[0::2].count(0), head[1::2].count(0)
    many = max(sides) * _SIGNS > len(head)
    return "UTF-16" if many and not min(sides) else ""


def refuse_wide(head: bytes) -> None:
    """:raises BadFile: if a file that begins so has two or four bytes for each sign."""
    if name := wide(head):
        raise BadFile(f"it is saved as {name}: {SAVE}")


def refuse_older(lines: Iterable[tuple[int, bytes]]) -> None:
    """Go through numbered lines, and see that they are UTF-8.

    Lines that are not may be damaged, each by itself. They are not, if they are many, and more than
    those that have other signs than ASCII's and are UTF-8.

    :raises BadFile: if the file is saved in an older encoding.
    """
    number = proven = foreign = 0
    first = ""
    for line, raw in lines:
        number += 1
        if raw.isascii():
            continue
        try:
            raw.decode()
        except UnicodeDecodeError as problem:
            foreign += 1
            first = first or f"line {line}: byte 0x{raw[problem.start]:02X}"
        else:
            proven += 1
    if foreign > proven and foreign * _SELDOM >= number:
        raise BadFile(
            f"it is not saved as UTF-8 ({first}) but in an older encoding, as Latin-1 and"
            f" Windows-1252 are: {SAVE}"
        )
