"""A file is unpacked up to a bound, and text that is not saved as UTF-8 is named."""

import gzip
import io
import zipfile

import pytest

from tests.kit.archive_rows import GDELT_1, gdelt, quoted
from tracker.imports.formats import packed
from tracker.imports.formats.encodings import (
    refuse_legacy_encoding,
    refuse_wide_encoding,
    wide_encoding,
)
from tracker.imports.formats.packed import BadFile, open_unpacked

TEXT = b"date\tsubject\n2018-08-29\tChina\n"


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def read(data: bytes) -> bytes:
    return open_unpacked(io.BytesIO(data)).read()


class TestOpened:
    @pytest.mark.parametrize(
        "data",
        [
            TEXT,
            gzip.compress(TEXT),
            gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]),
            zipped(one=TEXT),
            zipped(folder__=b"", folder__one=TEXT),
        ],
        ids=["plain", "gzip", "gzip in parts", "zip", "zip with a folder"],
    )
    def test_gives_the_bytes_that_are_packed(self, data):
        assert read(data) == TEXT

    def test_can_be_looked_into_before_it_is_read(self):
        file = open_unpacked(io.BytesIO(gzip.compress(TEXT)))

        assert file.peek(4)[:4] == b"date"
        assert file.readline() == b"date\tsubject\n"

    @pytest.mark.parametrize(
        ("members", "says"),
        [
            ({"folder__": b""}, "the .zip contains 0 files instead of one"),
            ({"a": b"", "b": b""}, "the .zip contains 2 files instead of one: 'a', 'b'"),
            ({"[Content_Types].xml": b"", "b": b""}, "it is a workbook, which requires a mapping"),
            (dict.fromkeys("abcd", b""), "contains 4 files instead of one: 'a', 'b', 'c'$"),
        ],
    )
    def test_wants_one_file_in_a_zip(self, members, says):
        with pytest.raises(BadFile, match=says):
            open_unpacked(io.BytesIO(zipped(**members)))

    def test_passes_over_what_macintoshes_put_beside_a_file(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("one", TEXT)
            made.writestr("__MACOSX/._one", b"of no use")

        assert read(file.getvalue()) == TEXT

    def test_refuses_a_zip_with_a_password(self):
        data = bytearray(zipped(one=TEXT))
        # The flag of an encrypted member, in its own header and in the directory.
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1

        with pytest.raises(BadFile, match=r"the .zip cannot be unpacked: .*encrypted"):
            open_unpacked(io.BytesIO(bytes(data)))

    def test_refuses_a_zip_that_is_cut(self):
        with pytest.raises(BadFile, match=r"the .zip cannot be unpacked: File is not a zip file"):
            open_unpacked(io.BytesIO(zipped(one=TEXT)[:-30]))

    @pytest.mark.parametrize("cut", [-1, -9, 20])
    def test_says_of_a_gzip_that_it_does_not_end(self, cut):
        with pytest.raises(BadFile, match="the file cannot be unpacked completely"):
            read(gzip.compress(TEXT)[:cut])

    def test_says_of_a_zip_that_its_content_is_not_what_was_packed(self):
        data = zipped(one=TEXT * 9)
        start = data.index(b"one") + 3

        with pytest.raises(BadFile, match="the file cannot be unpacked completely"):
            read(data[:start] + b"\xff" * 9 + data[start + 9 :])


class TestTheBound:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch):
        monkeypatch.setattr(packed, "ALWAYS_ALLOWED", 10_000)

    def test_is_so_many_bytes_for_each_that_is_packed(self):
        ten = gzip.compress(b"\0" * 10_000)

        assert len(ten) * packed.MOST_RATIO < 10_000
        assert len(read(ten)) == 10_000
        with pytest.raises(BadFile, match="it unpacks to more than 10000 bytes, unlike any table"):
            read(gzip.compress(b"\0" * 10_001))

    def test_grows_with_the_file(self):
        text = bytes(range(256)) * 100

        assert len(gzip.compress(text)) * packed.MOST_RATIO > len(text)
        assert read(gzip.compress(text)) == text


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
