"""Rows of GDELT read as plain drafts: they say what the drafts of the same rows say."""

import io

import pytest

from tests.kit.archive_rows import GDELT_1, GDELT_2, gdelt, quoted, tabbed
from tracker.imports.formats.base import BadFile, InvalidRow, PlainDraft
from tracker.imports.formats.gdelt import GDELT_1 as OLD
from tracker.imports.formats.gdelt import GDELT_2 as NEW

NOBODY = {"Actor2Code": "", "Actor2Name": "", "Actor2CountryCode": ""}
FINE = {"DATEADDED": "20160729001500"}
# Rows that are plain, and rows that are read at length.
PLAIN = [
    {},
    NOBODY,
    {"Actor1Name": " KAZAKHSTAN ", "Actor2Name": "NA"},
    {"Actor2Type1Code": "MIL", "Actor2Code": "RUSMIL"},
    {"Actor2EthnicCode": "tat"},
    {"QuadClass": "2"},
    {"GoldsteinScale": "3.4"},
    {"GoldsteinScale": "NA"},
    {"NumMentions": "", "AvgTone": ""},
    {"ActionGeo_FullName": ""},
    {"ActionGeo_CountryCode": "ZZ"},
    {"SOURCEURL": "http://inform.kz/en/visit"},
    {"SQLDATE": "20150101", "MonthYear": "201501", "Year": "2015"},
]
ODD = [
    {"SOURCEURL": "BBC Monitoring"},
    {"SOURCEURL": "http://example.com"},
    {"SOURCEURL": "ftp://a.example/visit"},
    {"GLOBALEVENTID": "NA"},
    {"SOURCEURL": ""},
    {"SOURCEURL": "https:///nowhere"},
    {"ActionGeo_FullName": "NA"},
    {"Actor1Code": "", "Actor1Name": "", "Actor1CountryCode": "", "Actor1Type1Code": ""},
    {"Actor1KnownGroupCode": "UNO"},
    {"Actor2CountryCode": "KAZ", "Actor2Code": "KAZ"},
    {"EventCode": "0999"},
    {"EventCode": "070", "EventBaseCode": "070", "EventRootCode": "07", **NOBODY},
    {"EventCode": "9999", "EventBaseCode": "9999", "EventRootCode": "99"},
    {"SQLDATE": "20160230", "MonthYear": "201602"},
    {"SQLDATE": "20160728", "MonthYear": "201608"},
    {"DATEADDED": "2016072"},
    {"QuadClass": "5"},
]


def read(form, data):
    assert form.read_plain is not None
    rows = list(form.read_plain(io.BytesIO(data)))
    assert [row.reread() if isinstance(row, PlainDraft) else row for row in rows] == list(
        form.read(io.BytesIO(data))
    )
    return rows


def says(row):
    """What a plain draft says, as the draft of its row says it."""
    draft = row.reread()
    assert (row.line, row.key, row.remarks) == (draft.line, draft.key, draft.remarks)
    assert (row.initiators + row.recipients, row.publisher) == (draft.parties, draft.publisher)
    assert draft.fields == {
        "kind": "act",
        "key": row.row_key,
        "summary": row.summary,
        "code": row.code,
        "occurred": {"edtf": row.day, "basis": row.basis},
        "note": row.note,
    }
    dated = {"date": row.published} if row.published else {}
    assert draft.document == {"url": row.url} | dated
    assert (draft.citation, draft.chain, draft.repeatable) == ({}, (), True)


class TestAPlainRow:
    @pytest.mark.parametrize("cells", PLAIN)
    def test_says_what_its_draft_says(self, cells):
        [row] = read(NEW, tabbed(gdelt(GDELT_2, **FINE | cells)))

        says(row)

    def test_is_read_from_a_file_with_a_header(self):
        [row] = read(OLD, quoted(GDELT_1, gdelt()))

        says(row)

    def test_has_no_date_of_its_story_if_it_was_added_in_bulk(self):
        [row] = read(
            OLD,
            tabbed(
                gdelt(DATEADDED="20130203", SQLDATE="20120102", MonthYear="201201", Year="2012")
            ),
        )

        assert row.published == ""
        says(row)


class TestAnOddRow:
    @pytest.mark.parametrize("cells", ODD)
    def test_is_read_as_any_other(self, cells):
        [row] = read(NEW, tabbed(gdelt(GDELT_2, **FINE | cells)))

        assert not isinstance(row, PlainDraft)

    def test_may_be_too_short_or_not_text(self):
        rows = read(NEW, tabbed(gdelt(GDELT_2, **FINE)) + b"a\tb\n" + b"\xff\t\n")

        assert [type(row) for row in rows] == [PlainDraft, InvalidRow, InvalidRow]

    def test_may_be_of_a_file_without_addresses(self):
        [row] = read(OLD, tabbed(GDELT_1[:-1], gdelt(GDELT_1[:-1])))

        assert not isinstance(row, PlainDraft)

    def test_may_have_a_column_of_its_own(self):
        [row] = read(OLD, tabbed([*GDELT_1, "month"], [*gdelt(), "06"]))

        assert not isinstance(row, PlainDraft)


def test_a_header_without_a_column_is_refused():
    assert NEW.read_plain is not None
    with pytest.raises(BadFile):
        list(NEW.read_plain(io.BytesIO(tabbed(GDELT_2[:-9], gdelt(GDELT_2[:-9])))))
