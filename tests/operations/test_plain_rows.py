"""Plain rows of an archive are imported as texts: the log is the same as by the long way."""

from dataclasses import replace

import pytest

from benchmarks import gdelt as random_archive
from tests.kit.archive_rows import (
    CONSULT,
    EXPULSION,
    GDELT_1,
    GDELT_2,
    ICEWS,
    POLECAT,
    cells,
    gdelt,
    on,
    tabbed,
)
from tests.kit.builders import AT
from tests.kit.histories import undone
from tests.kit.imports import IN_2026, counts, take_in
from tracker import log
from tracker.domain.facts import rows
from tracker.domain.records import Role
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource, PlainDraft, Story
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.plain_rows import PlainRow, PlainRows
from tracker.imports.records import ImportedRecords
from tracker.queries.sql import select

pytestmark = pytest.mark.django_db

TABLES = {
    "standing_claim": "",
    "past_claim": "",
    # The id of an import is drawn.
    "standing_record": " WHERE noun <> 'import'",
    "disclosed": "",
}


# A file of each archive; GDELT also without an address, and with a cell before its first column.
FILES = {
    "gdelt-1": tabbed(GDELT_1, gdelt(), gdelt(SOURCEURL="BBC Monitoring"), ["1", *gdelt()]),
    "gdelt-2": tabbed(gdelt(GDELT_2, DATEADDED="20160729001500")),
    "icews": tabbed(ICEWS, cells(ICEWS, CONSULT)),
    "icews-list": b"date\tsubject\trelation\tobject\n2018-08-29\tChina\tConsult\tJapan\n",
    "polecat": tabbed(POLECAT, cells(POLECAT, EXPULSION)),
}
# Text that may be in a cell.
ODD = [
    *("", "NA", "NULL", " China ", "Nowhere", "China", "RUS", "0", "-1", "99", "NaN", "1,5"),
    *("2018-06-31", "20160231", "2101-01-01", "21010101", "1499-12-31", "14991231", "2016-07-29"),
    *('"', 'a "quoted" word', "it's", "a\\b", "a\u00a0b", "a\u202eb", "a\x07b", "a\0b", "a\x85b"),
    *("e\u0301", "\u00e9", "\u4e2d\u56fd", "\U0001f600", "\ufeffa", "\u0661", "k\u2126"),
    *("Media (Vietnam)", "Member of Legislative (Govt) (Israel)", "Citizen ()", "(Israel)"),
    *("https://user:secret@a.example/a", "https://a.example/a b", "https://a.example:0/a"),
    *("https://a.example", "https:///nowhere", "http://b\u00fccher.example/1", "ftp://a.example/1"),
    *("https://A.example/" + "a" * 2_000, "b" * 199, "b" * 201, "b" * 1_001, "b" * 10_001),
]


def odd_rows() -> bytes:
    """Rows of GDELT with an odd cell each, in columns that make different parts of a claim."""
    columns = (
        *("GLOBALEVENTID", "SQLDATE", "Actor1Name", "Actor2CountryCode", "EventCode"),
        *("NumMentions", "ActionGeo_FullName", "DATEADDED", "SOURCEURL"),
    )
    odd = [{column: text} for column in columns for text in ODD]
    days = [on(f"201607{10 + n % 18}") for n in range(len(odd))]
    return tabbed(*(gdelt(**day | cell) for day, cell in zip(days, odd, strict=True)))


def the_long_way(_self, rows):
    return [row.claim() if isinstance(row, PlainDraft) else row for row in rows]


def record_of(data, times=1):
    """What imports of a file leave behind: their counts, the log, and the rows of its states."""
    with undone():
        taken = [take_in(data, name="day.CSV", signed=IN_2026) for _ in range(times)]
        events = [
            (event.stream, event.version, event.kind, event.schema, event.body, event.words)
            for event in log.read(after=0, limit=100_000)
            if event.kind != "ImportRecorded"
        ]
        damage = log.damage(after=0, limit=100_000)
        assert damage == (log.head().position, [])
        return (
            [replace(one.report, run=None) for one in taken],
            [[(row.line, row.faults) for row in one.refused] for one in taken],
            events,
            {
                table: select(f"SELECT t::text FROM {table} t{kept} ORDER BY 1")  # noqa: S608
                for table, kept in TABLES.items()
            },
        )


STORY = Story(NamedSource(name="Inform", column="SOURCEURL"), "https://inform.example/1")


def party(role: Role, code: str) -> NamedParty:
    return NamedParty(role=role, name=code, column="Actor1Code")


USUAL = PlainDraft(
    line=1,
    key="2016-07-28 KAZ cameo-1.1b3/042 RUS",
    row_key="7",
    day="2016-07-28",
    basis="inferred",
    code="cameo-1.1b3/042",
    initiators=(party("initiator", "KAZ"),),
    recipients=(party("recipient", "RUS"),),
    contexts=(),
    summary="Kazakhstan to Russia: Make a visit",
    note="A visit.",
    remarks=(),
    story=STORY,
    columns={},
    cells=dict,
)
DATED = STORY._replace(published="2016-07-29")
TITLED = Story(STORY.publisher, title="A story")
MANY = tuple(party("recipient", row["iso3"]) for row in rows("countries")[:101])


class TestARow:
    @pytest.mark.parametrize(
        "valid",
        [
            {},
            {"contexts": ("diplomatic",)},
            {"recipients": ()},
            {"row_key": "7" * 200},
            {"note": "b" * 10_000},
            {"summary": "b" * 500},
            {"story": DATED},
            {"story": TITLED._replace(title="b" * 1_000, locator="b" * 200)},
            {"story": STORY._replace(url="https://inform.example/" + "a" * 1_977)},
        ],
    )
    def test_is_plain(self, valid):
        assert is_plain(USUAL._replace(**valid))

    @pytest.mark.parametrize(
        "odd",
        [
            {"row_key": ""},
            {"row_key": "7" * 201},
            {"row_key": "a\u202eb"},
            {"note": ""},
            {"note": "b" * 10_001},
            {"note": "a\x07b"},
            {"summary": "b" * 501},
            {"summary": "a\x85b"},
            {"day": "1499-12-31"},
            {"story": STORY._replace(published="2016-07-27")},
            {"story": STORY._replace(published="2101-01-01")},
            {"story": STORY._replace(url="https://inform.example/" + "a" * 1_978)},
            {"story": STORY._replace(url="https://user:secret@inform.example/")},
            {"story": TITLED._replace(title="b" * 1_001)},
            {"story": TITLED._replace(title="a\x07b")},
            {"story": TITLED._replace(locator="b" * 201)},
            {"story": TITLED._replace(publisher=NamedSource(name="a\x07b"))},
            {"initiators": (party("initiator", "Nobody"),), "note": "a\x07b"},
            {"recipients": USUAL.initiators},
            {"recipients": MANY},
            {"code": "cameo-1.1b3/070", "recipients": ()},
            {"contexts": ("diplomatic", "unheard of")},
        ],
    )
    def test_takes_the_long_way(self, odd):
        """Also behind a plain row, with which it has much in common."""
        assert not is_plain(USUAL._replace(**odd))


def is_plain(row: PlainDraft) -> bool:
    resolved = resolve_last(row)
    assert isinstance(resolved, PlainRow) or resolved == row._replace(line=5).claim()
    return isinstance(resolved, PlainRow)


def resolve_last(row: PlainDraft) -> PlainRow | DraftClaim | InvalidRow:
    """What a row becomes behind others, on line 5."""
    before = [USUAL, USUAL._replace(recipients=()), USUAL._replace(story=DATED)]
    rows = [one._replace(line=n) for n, one in enumerate([*before, row], start=2)]
    return PlainRows(ImportedRecords(FORMATS["gdelt-1"], at=AT)).resolve(rows)[-1]


class TestAFile:
    @pytest.mark.parametrize("times", [1, 2])
    def test_leaves_the_same_record_as_by_the_long_way(self, times, resolved, monkeypatch):
        data = "".join(random_archive.lines(1_300, seed=3)).encode()
        fast = record_of(data, times)
        assert len(resolved) > 1_200 * times
        monkeypatch.setattr(PlainRows, "resolve", the_long_way)
        assert record_of(data, times) == fast

    @pytest.mark.parametrize("name", [*FILES, "odd"])
    def test_may_be_of_any_archive_and_have_odd_rows(self, name, resolved, monkeypatch):
        data = odd_rows() if name == "odd" else FILES[name]
        fast = record_of(data, times=2)
        assert len(resolved) > (200 if name == "odd" else 0)
        monkeypatch.setattr(PlainRows, "resolve", the_long_way)
        assert record_of(data, times=2) == fast

    def test_may_name_an_actor_by_its_code_once_a_row_has_described_it(self):
        names = ("VNM.PRIVATE-MEDIA", "Media Personnel (Vietnam)", "VNM.PRIVATE-MEDIA")
        rows = [f"2018-08-0{day}\t{name}\tConsult\tPeru" for day, name in enumerate(names, start=1)]
        data = "\n".join(["date\tsubject\trelation\tobject", *rows, ""]).encode()

        assert counts(take_in(data, name="list.tsv")) == {"new": 2, "refused": 1}
