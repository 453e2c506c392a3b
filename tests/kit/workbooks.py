"""Workbooks as people and programs save them."""

import io
from collections.abc import Callable, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def a_book(*rows: Sequence[Any], then: Callable[[Any], Any] = lambda sheet: None) -> bytes:
    """A workbook of one sheet with these rows; `then` does the rest to the sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    then(book.active)
    return saved(book)


def saved(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def altered(data: bytes, old: str, new: str, *, part: str = SHEET) -> bytes:
    """The workbook with another text in one of its parts."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as packed, ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name in packed.namelist():
            content = packed.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            made.writestr(name, content)
    return file.getvalue()
