"""Plain rows of an archive are imported as texts: the log is the same as by the long way."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import pytest

from benchmarks import gdelt
from tests.kit.archive_rows import (
    CONSULT,
    EXPULSION,
    GDELT_1,
    ICEWS,
    POLECAT,
    VISIT,
    code,
    on,
    tabbed,
)
from tests.kit.archive_rows import cells as cells_of
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


class Archive(NamedTuple):
    """A format: its columns, whether they are in a header, a usual row, cells that differ, and the
    columns that may have odd cells; all, if none is named."""

    columns: list[str]
    has_header: bool
    usual: Mapping[str, str]
    varied: list[list[dict[str, str]]]
    odd: tuple[str, ...] = ()


COUNTRIES = ["KAZ", "CHN", "FRA", "USA", "JPN"]
NAMES = ["Kazakhstan", "China", "France", "United States", "Japan"]
ARCHIVES = {
    "gdelt-1": Archive(
        GDELT_1,
        has_header=False,
        usual=VISIT,
        varied=[
            [on(f"201607{day}") for day in range(10, 29)],
            [code(act) for act in ("010", "036", "042", "0311", "112")],
            [{"Actor1CountryCode": one, "Actor1Code": f"{one}GOV"} for one in COUNTRIES],
            [{"SOURCEURL": url} for url in ("https://a.example/1", "http://b.example/2", "")],
        ],
        odd=(
            *("GLOBALEVENTID", "SQLDATE", "Actor1Name", "Actor2CountryCode", "EventCode"),
            *("NumMentions", "ActionGeo_FullName", "DATEADDED", "SOURCEURL", "SOURCEURL"),
        ),
    ),
    "icews": Archive(
        ICEWS,
        has_header=True,
        usual=CONSULT,
        varied=[
            [{"Event Date": f"2018-06-{day}"} for day in range(10, 29)],
            [{"Source Country": one, "Source Name": one} for one in NAMES],
            [{"Story ID": one} for one in "123"],
            [{"Publisher": one} for one in ("Xinhua", "TASS", "Vietnam News Agency Bulletin")],
        ],
    ),
    "icews-list": Archive(
        ["date", "subject", "relation", "object"],
        has_header=True,
        usual={"relation": "Consult", "object": "Peru"},
        varied=[
            [{"date": f"2018-08-{day}"} for day in range(10, 29)],
            [{"subject": one} for one in (*NAMES, "Media Personnel (Vietnam)")],
            [{"relation": one} for one in ("Make a visit", "Make statement", "Host a visit")],
        ],
    ),
    "polecat": Archive(
        POLECAT,
        has_header=True,
        usual=EXPULSION,
        varied=[
            [{"Event Date": f"2023-01-0{day}"} for day in range(1, 9)],
            [{"Actor Country": one} for one in (*COUNTRIES, "DEU;FRA")],
            [{"Contexts": one} for one in ("", "military", "diplomatic;intelligence", "odd")],
            [{"Event ID": f"{story}_{part}"} for story in "ab" for part in "cd"],
        ],
    ),
}
# Text that may be in any cell.
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


def odd_rows(archive: Archive, *, number: int) -> Iterator[bytes]:
    """The lines of a file: usual rows, repeated ones, rows with one or two odd cells, cut lines."""
    chosen = random.Random(5)  # noqa: S311 # not for secrets
    if archive.has_header:
        yield tabbed(archive.columns)
    for n in range(number):
        row = dict(archive.usual)
        for options in archive.varied:
            row |= chosen.choice(options)
        for _ in range(n % 3):
            row[chosen.choice(archive.odd or archive.columns)] = chosen.choice(ODD)
        line = tabbed(cells_of(archive.columns, row))
        yield line[: len(line) // 2] + b"\n" if n % 50 == 49 else line


def the_long_way(_self, rows):
    return [row.claim() if isinstance(row, PlainDraft) else row for row in rows]


def record_of(data, times=1):
    """What imports of a file leave behind: their counts, the log, and the rows of its states."""
    with undone():
        taken = [take_in(data, name="day.CSV", signed=IN_2026) for _ in range(times)]
        events = [
            (event.stream, event.version, event.kind, event.schema, event.body, event.text)
            for event in log.stored(after=0, limit=100_000)
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
        data = "".join(gdelt.lines(1_300, seed=3)).encode()
        fast = record_of(data, times)
        assert len(resolved) > 1_200 * times
        monkeypatch.setattr(PlainRows, "resolve", the_long_way)
        assert record_of(data, times) == fast

    @pytest.mark.parametrize("name", ARCHIVES)
    def test_may_have_odd_rows_between_plain_ones(self, name, resolved, monkeypatch):
        data = b"".join(odd_rows(ARCHIVES[name], number=600))
        fast = record_of(data, times=2)
        assert len(resolved) > 400
        monkeypatch.setattr(PlainRows, "resolve", the_long_way)
        assert record_of(data, times=2) == fast

    def test_may_name_an_actor_by_its_code_once_a_row_has_described_it(self):
        names = ("VNM.PRIVATE-MEDIA", "Media Personnel (Vietnam)", "VNM.PRIVATE-MEDIA")
        rows = [f"2018-08-0{day}\t{name}\tConsult\tPeru" for day, name in enumerate(names, start=1)]
        data = "\n".join(["date\tsubject\trelation\tobject", *rows, ""]).encode()

        assert counts(take_in(data, name="list.tsv")) == {"new": 2, "refused": 1}
