"""Recognises text that is not saved as UTF-8."""

import codecs
from collections.abc import Iterable

from tracker.imports.formats.packed import BadFile

SAVE = "save it as UTF-8"
# The mark of UTF-32 begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
# At least a quarter of the characters of a table are ASCII, and each has two bytes.
_BYTES_PER_ZERO = 8
# If fewer lines are not UTF-8, one in so many, these lines are damaged.
_RARELY = 1_000


def wide_encoding(head: bytes) -> str:
    """The name of an encoding with two or four bytes per character, or an empty text.

    It is detected by the byte order mark, or by zero bytes at even or at odd positions only.
    """
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name
    zeros = head[0::2].count(0), head[1::2].count(0)
    is_wide = max(zeros) * _BYTES_PER_ZERO > len(head) and not min(zeros)
    return "UTF-16" if is_wide else ""


def refuse_wide_encoding(head: bytes) -> None:
    """:raises BadFile: if a file with this head has two or four bytes per character."""
    if name := wide_encoding(head):
        raise BadFile(f"it is saved as {name}: {SAVE}")


def refuse_legacy_encoding(lines: Iterable[tuple[int, bytes]]) -> None:
    """Check that numbered lines are UTF-8.

    A few lines that are not UTF-8 are damaged. Many such lines, more than lines with other valid
    non-ASCII text, mean another encoding.

    :raises BadFile: if the file has a legacy encoding.
    """
    number = valid = foreign = 0
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
            valid += 1
    if foreign > valid and foreign * _RARELY >= number:
        raise BadFile(
            f"it is not saved as UTF-8 ({first}) but in a legacy encoding such as Latin-1 or"
            f" Windows-1252: {SAVE}"
        )
