"""Text that is saved otherwise than as UTF-8 is told, and named."""

import pytest

from tests.kit.archive_rows import GDELT_1, gdelt, quoted, tabbed
from tracker.imports.formats.encodings import (
    refuse_legacy_encoding,
    refuse_wide_encoding,
    wide_encoding,
)
from tracker.imports.formats.packed import BadFile

TABLE = quoted(GDELT_1, gdelt()).decode()
ASCII, UTF_8, LATIN_1 = b"Turkey", "Türkei".encode(), "Türkei".encode("latin-1")
# The beginning of an archive of tar: a name, and zeros up to 512 bytes.
TAR = b"20160729.export.CSV".ljust(512, b"\0")


class TestWide:
    @pytest.mark.parametrize(
        ("encoding", "name"),
        [
            ("utf-16", "UTF-16"),
            ("utf-16-le", "UTF-16"),
            ("utf-16-be", "UTF-16"),
            ("utf-32", "UTF-32"),
            ("utf-8", ""),
            ("utf-8-sig", ""),
        ],
    )
    @pytest.mark.parametrize("text", [TABLE, "日期\t主体\t2018-08-29\n"], ids=["latin", "chinese"])
    def test_is_told_by_the_mark_or_by_the_zeros(self, encoding, name, text):
        assert wide_encoding(text.encode(encoding, errors="replace")) == name

    def test_is_told_of_either_order_of_bytes(self):
        assert wide_encoding(b"\xfe\xff" + TABLE.encode("utf-16-be")) == "UTF-16"
        assert wide_encoding(b"\0\0\xfe\xff" + TABLE.encode("utf-32-be")) == "UTF-32"

    @pytest.mark.parametrize(
        "head", [b"", TAR, b"\0\0", b"a,b\n\0,c\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"]
    )
    def test_is_nothing_that_only_holds_zeros(self, head):
        assert wide_encoding(head) == ""

    def test_refuses_a_file_by_name(self):
        refuse_wide_encoding(TABLE.encode())

        with pytest.raises(BadFile, match=r"^it is saved as UTF-32: save it as UTF-8$"):
            refuse_wide_encoding(TABLE.encode("utf-32"))


def refuse(*lines: bytes) -> None:
    refuse_legacy_encoding(enumerate(lines, start=1))


class TestOlder:
    def test_is_said_with_the_first_line_that_shows_it(self):
        with pytest.raises(BadFile) as problem:
            refuse(ASCII, LATIN_1, b"S\xe3o Tom\xe9")

        assert str(problem.value) == (
            "it is not saved as UTF-8 (line 2: byte 0xFC) but in a legacy encoding such as Latin-1"
            " or Windows-1252: save it as UTF-8"
        )

    @pytest.mark.parametrize("encoding", ["cp1251", "shift_jis"])
    def test_may_be_another_than_latin_1(self, encoding):
        with pytest.raises(BadFile, match="in a legacy encoding"):
            refuse("日本, Москва".encode(encoding, errors="replace"))

    @pytest.mark.parametrize("lines", [(), (ASCII,), (UTF_8, ASCII)])
    def test_is_no_file_of_ascii_and_utf_8(self, lines):
        refuse(*lines)

    def test_is_no_file_of_which_as_many_lines_are_utf_8(self):
        refuse(UTF_8, LATIN_1)

        with pytest.raises(BadFile):
            refuse(UTF_8, LATIN_1, LATIN_1)

    def test_is_no_file_with_one_damaged_line_in_more_than_a_thousand(self):
        refuse(*[ASCII] * 1_000, LATIN_1)

        with pytest.raises(BadFile):
            refuse(*[ASCII] * 999, LATIN_1)


def test_a_row_of_an_archive_is_ascii_so_that_others_are_proof():
    assert tabbed(gdelt()).isascii()
