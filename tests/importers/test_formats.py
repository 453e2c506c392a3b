"""A file is gone through to its end, as quickly as can be, before any of it is taken in."""

import codecs
import gzip
import io

import pytest

from tests.importers.test_generic import ROW
from tests.kit.archive_rows import CONSULT, GDELT_1, ICEWS, cells, gdelt, quoted, tabbed
from tests.kit.mapping_texts import MAPPING
from tests.kit.workbooks import a_book
from tracker.imports.formats import generic, mappings
from tracker.imports.formats.base import CUT, CUT_ROW, InvalidRow
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.recognise import FORMATS


def count(name, data):
    return FORMATS[name].count(io.BytesIO(data))


class TestCount:
    @pytest.mark.parametrize(
        ("name", "data", "rows"),
        [
            ("gdelt-1", tabbed(*[gdelt()] * 3), 3),
            ("gdelt-1", tabbed(GDELT_1, *[gdelt()] * 3), 3),
            ("gdelt-1", quoted(GDELT_1, gdelt(), gdelt()), 2),
            ("gdelt-1", tabbed(gdelt(), ["x"], [""], gdelt()), 3),
            ("gdelt-1", tabbed(["x"], ["y"], gdelt()), 3),
            ("gdelt-1", tabbed(["x"], ["y"]), 2),
            ("gdelt-1", tabbed(GDELT_1), 0),
            ("icews", tabbed(ICEWS, cells(ICEWS, CONSULT)), 1),
            ("gdelt-1", gzip.compress(tabbed(*[gdelt()] * 3)), 3),
        ],
    )
    def test_is_the_number_of_rows_that_are_read(self, name, data, rows):
        form = FORMATS[name]

        assert count(name, data) == rows
        assert len(list(form.read(form.open(io.BytesIO(data))))) == rows

    @pytest.mark.parametrize(
        ("name", "data", "says"),
        [
            ("gdelt-1", gzip.compress(tabbed(*[gdelt()] * 3))[:-20], "cannot be unpacked"),
            ("gdelt-1", tabbed(gdelt(), ["x" * 2_000_000]), "line 2 is longer than"),
            ("gdelt-1", tabbed(GDELT_1[:-9], gdelt()), "lacks columns"),
            ("icews", tabbed(gdelt()), "the header has no column"),
        ],
    )
    def test_refuses_a_file_that_is_wrong_as_a_whole(self, name, data, says):
        with pytest.raises(BadFile, match=says):
            count(name, data)

    def test_refuses_a_file_in_an_older_encoding_before_its_header_is_looked_for(self):
        late = tabbed(*[gdelt()] * 900, gdelt(ActionGeo_FullName="Türkei"))

        with pytest.raises(BadFile, match="line 901: byte 0xFC"):
            count("gdelt-1", late.decode().encode("latin-1"))
        with pytest.raises(BadFile, match="in a legacy encoding"):
            count("icews", "Ereignis, Ländercode\n".encode("latin-1"))

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("gdelt-1", tabbed(gdelt(), gdelt())[:-200]),
            ("gdelt-1", tabbed(GDELT_1, gdelt())[:-200]),
            ("gdelt-1", quoted(GDELT_1, gdelt())[:-9]),
            ("icews", tabbed(ICEWS, cells(ICEWS, CONSULT))[:-60]),
            ("claims", b'{"id": "7", "collection_name": "x"}\n{"id": "8", "coll'),
            ("claims", b'{"id": "7", "collection_name": "x"'),
        ],
    )
    def test_refuses_a_file_that_ends_within_a_row(self, name, data):
        with pytest.raises(BadFile, match="its last line has no line end and is not a whole row"):
            count(name, data)
        assert list(FORMATS[name].read(io.BytesIO(data + b"\n")))[-1].column == ""

    @pytest.mark.parametrize(
        ("name", "data", "rows"),
        [
            ("gdelt-1", tabbed(gdelt(), gdelt()).rstrip(), 2),
            ("gdelt-1", tabbed(GDELT_1).rstrip(), 0),
            ("gdelt-1", tabbed(gdelt(), ["x"]).rstrip() + b"\r\n \t", 2),
            ("icews", tabbed(ICEWS, cells(ICEWS, CONSULT)).rstrip(b"\n"), 1),
            ("icews", codecs.BOM_UTF8 + tabbed(ICEWS).rstrip(b"\n"), 0),
            ("claims", codecs.BOM_UTF8 + b'{"id": "7", "collection_name": "x"}', 1),
            ("gdelt-1", gzip.compress(tabbed(gdelt(), ["x"]).rstrip()), 2),
        ],
    )
    def test_takes_a_last_row_without_a_line_end(self, name, data, rows):
        assert count(name, data) == rows

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_refuses_a_table_that_ends_within_a_row(self, encoding):
        mapping = MAPPING.replace(
            "[collection]", f'[table]\nencoding = "{encoding}"\n\n[collection]'
        )
        form = generic.format_for(mappings.read(mapping))
        header = ",".join(mappings.read(mapping).columns)

        def of(text):
            return form.count(io.BytesIO(text.encode(encoding)))

        with pytest.raises(BadFile, match="the row has 2 cells"):
            of(f"{header}\na,b")
        assert of(f"{header}\na,b\n") == 1
        assert of(f"{header}\na,b\r\n") == 1
        assert of(f"{header}") == 0

    def test_takes_a_short_last_row_of_a_workbook(self):
        form = generic.format_for(mappings.read(MAPPING))
        header = list(mappings.read(MAPPING).columns)

        assert form.count(io.BytesIO(a_book(header, ["a"], [*header, "more"]))) == 2

    def test_reads_a_table_with_a_mapping_as_a_whole(self):
        form = generic.format_for(mappings.read(MAPPING))
        file = io.BytesIO(a_book(["a"], ["b"]))

        with pytest.raises(BadFile, match="there is no column"):
            form.count(file)

    def test_gives_a_sign_of_life_every_thousand_rows(self):
        beats = []
        rows = [["x"]] * 2_500

        FORMATS["gdelt-1"].count(io.BytesIO(tabbed(*rows)), beat=lambda: beats.append(1))

        assert len(beats) == 2
        assert count("gdelt-1", tabbed(*rows)) == 2_500


class TestALastLineWithoutItsEnd:
    """Its last cell can be cut in two, which nothing else shows."""

    @staticmethod
    def last(form, data):
        *_, row = form.entries(io.BytesIO(data))
        return row

    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    @pytest.mark.parametrize(
        ("name", "data", "line"),
        [
            ("gdelt-1", tabbed(gdelt(), gdelt()), 2),
            ("gdelt-1", tabbed(GDELT_1, gdelt()), 2),
            ("icews", tabbed(ICEWS, cells(ICEWS, CONSULT)), 2),
            (
                "office-holders",
                b"name,country,sector,from,to,aliases\nJo,KAZ,government,2010-05,,Jojo\n",
                2,
            ),
        ],
    )
    def test_is_refused_in_an_archive(self, name, data, line, pack):
        form = FORMATS[name]

        cut = self.last(form, pack(data[:-3]))
        whole = self.last(form, pack(data))

        assert cut == InvalidRow(line=line, column="", value="", reason=CUT_ROW)
        assert not isinstance(whole, InvalidRow)

    def test_is_remarked_in_a_table_of_ones_own(self):
        form = generic.format_for(mappings.read(MAPPING))
        row = ROW | {"side": "Beijing"}
        data = f"{','.join(row)}\n{','.join(row.values())}\n".encode()

        assert self.last(form, data[:-3]).remarks == (CUT,)
        assert self.last(form, data).remarks == ()

    def test_ends_no_record_of_a_claim(self):
        # A line of JSON is whole, or it cannot be read.
        data = b'{"id": "7", "collection_name": "x"}'

        assert self.last(FORMATS["claims"], data) == self.last(FORMATS["claims"], data + b"\n")
