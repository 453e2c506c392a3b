"""A file is opened as it lies there; what is packed in it is unpacked up to a bound."""

import gzip
import io
import zipfile

import pytest

from tracker.imports.formats import packed
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
