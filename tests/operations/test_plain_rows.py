"""Plain rows of an archive are imported as texts: the log is the same as by the long way."""

import pytest

from benchmarks import gdelt
from tests.kit.archive_rows import GDELT_2, tabbed
from tests.kit.archive_rows import gdelt as a_row
from tests.kit.histories import undone
from tests.kit.imports import take_in
from tracker import log
from tracker.imports.formats.drafts import PlainDraft
from tracker.imports.plain_rows import PlainRow, PlainRows
from tracker.queries.sql import select

pytestmark = pytest.mark.django_db

TABLES = {
    "standing_claim": "",
    "past_claim": "",
    # The id of an import is drawn.
    "standing_record": " WHERE noun <> 'import'",
    "disclosed": "",
}


def the_long_way(_self, rows):
    return [row.claim() if isinstance(row, PlainDraft) else row for row in rows]


def record_of(data, times=1):
    """What imports of a file leave behind: their counts, the log, and the rows of its states."""
    with undone():
        reports = [take_in(data, name="day.CSV").report for _ in range(times)]
        events = [
            (event.stream, event.version, event.kind, event.schema, event.body, event.text)
            for event in log.stored(after=0, limit=100_000)
            if event.kind != "ImportRecorded"
        ]
        damage = log.damage(after=0, limit=100_000)
        assert damage == (log.head().position, [])
        return (
            [
                (report.counts, report.reasons, report.remarks, report.citations)
                for report in reports
            ],
            events,
            {
                table: select(f"SELECT t::text FROM {table} t{kept} ORDER BY 1")  # noqa: S608
                for table, kept in TABLES.items()
            },
        )


@pytest.fixture
def resolved(monkeypatch):
    """The rows that were resolved as plain ones."""
    seen: list[PlainRow] = []
    resolve = PlainRows.resolve

    def watched(self, rows):
        answer = resolve(self, rows)
        seen.extend(row for row in answer if isinstance(row, PlainRow))
        return answer

    monkeypatch.setattr(PlainRows, "resolve", watched)
    return seen


class TestAFile:
    @pytest.mark.parametrize("times", [1, 2])
    def test_leaves_the_same_record_as_by_the_long_way(self, times, resolved, monkeypatch):
        data = "".join(gdelt.lines(1_300, seed=3)).encode()
        fast = record_of(data, times)
        assert len(resolved) > 700
        monkeypatch.setattr(PlainRows, "resolve", the_long_way)
        assert record_of(data, times) == fast

    def test_may_have_odd_rows_between_plain_ones(self, resolved, monkeypatch):
        cells = [
            {},
            {"ActionGeo_FullName": "São Paulo, Brazil"},
            {"ActionGeo_FullName": "A\u202eb"},
            {"SOURCEURL": "https://user:secret@example.org/a"},
            {"SOURCEURL": "https://example.org/a b"},
            {"SOURCEURL": "https://example.org:0/a"},
            {"SOURCEURL": "https://EXAMPLE.org/" + "a" * 2_000},
            {"SOURCEURL": "BBC Monitoring"},
            {"SOURCEURL": "http://example.com"},
            {"GLOBALEVENTID": "NA"},
            {"ActionGeo_FullName": "b" * 9_990},
            {"DATEADDED": "20160727120000"},
            {"GLOBALEVENTID": ""},
            {"GLOBALEVENTID": "9" * 201},
            {"Actor2Code": "KAZGOV", "Actor2CountryCode": "KAZ", "Actor2Type1Code": "GOV"},
            {"Actor2Code": "", "Actor2Name": "", "Actor2CountryCode": ""},
            {"EventCode": "0999"},
            {"QuadClass": "2"},
            {"GoldsteinScale": "NA", "NumMentions": ""},
            {"Actor1Name": " KAZAKHSTAN "},
            {"ActionGeo_FullName": "NA"},
            {"SQLDATE": "14990101", "MonthYear": "149901", "Year": "1499"},
        ]
        usual = {"DATEADDED": "20160729001500"}
        rows = [
            a_row(
                GDELT_2,
                **{
                    **usual,
                    "GLOBALEVENTID": str(n),
                    "EventCode": f"04{n % 7}",
                    "EventBaseCode": f"04{n % 7}",
                    **odd,
                },
            )
            for n, odd in enumerate(cells * 2)
        ]
        data = tabbed(*rows)
        with undone():
            take_in(tabbed(a_row(GDELT_2, **usual)), name="day.CSV")
            fast = record_of(data)
            assert resolved
            monkeypatch.setattr(PlainRows, "resolve", the_long_way)
            assert record_of(data) == fast
