"""Tables are recorded row by row, once; what is on record is used. Which rows and files are
refused, and what is reported of them."""

from datetime import date
from pathlib import Path

import pytest

from tests.kit.builders import AT, BY, a_collection, a_document, a_source, an_actor
from tests.kit.imports import IN_2026, counts, events, take_in
from tests.kit.meetings import MAPPING, ROW, a_table, describe_states, take
from tracker import log
from tracker.domain import events as e
from tracker.domain.records import Name
from tracker.domain.validity import Invalid
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.sections import BadMapping
from tracker.imports.records import CannotImport
from tracker.operations import actors, sources
from tracker.queries.records import names
from tracker.queries.records import states as record_states

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"


@pytest.fixture(autouse=True)
def states():
    describe_states()


class TestImportTable:
    def test_puts_a_claim_on_record_with_all_that_it_refers_to(self):
        before = log.head().position

        report = take({"wire": "Reuters"})

        assert counts(report) == {"new": 1}
        assert [type(one).__name__ for one in events()[before:]] == [
            "CollectionDescribed",
            "SourceDescribed",
            "SourceRated",
            "SourceDescribed",
            "DocumentDescribed",
            "ClaimAsserted",
            "ImportRecorded",
        ]
        [claim] = [one.claim for one in events(e.ClaimAsserted)]
        [document] = [one.document for one in events(e.DocumentDescribed)]
        gazette, reuters = (one.source for one in events(e.SourceDescribed))
        assert document.source == names.directory("source").find("Gazette of Astana").id
        assert claim.citations[0].chain == (names.directory("source").find("Reuters").id,)
        assert (claim.key, claim.code) == ("1", "plover-2.0/CONSULT")
        assert (gazette.country, gazette.ownership) == (
            names.directory("actor").find("KAZ").id,
            "state",
        )
        assert (reuters.country, reuters.ownership) == (None, None)
        [rated] = events(e.SourceRated)
        assert (rated.reliability, rated.since) == ("B", date(2020, 1, 1))

    def test_says_which_rows_have_changed_and_leaves_the_claims(self):
        take({}, {"no": "2"})

        report = take({"what": "They quarrel."}, {"no": "2", "code": "plover-2.0/ACCUSE"})

        assert counts(report) == {"changed": 2}
        assert {one.claim.summary for one in events(e.ClaimAsserted)} == {"They meet."}

    def test_keeps_rows_apart_that_differ_anywhere_if_no_column_names_them(self):
        unkeyed = MAPPING.replace('key = ["no"]', "")

        report = take({}, {"quote": "x"}, {}, mapping=unkeyed)

        assert counts(report) == {"new": 2, "repeated": 1}
        assert counts(take({"quote": "x"}, mapping=unkeyed)) == {"known": 1}

    def test_refuses_another_row_of_the_same_name(self):
        report = take({}, {"what": "They quarrel."}, {})

        assert counts(report) == {"new": 1, "repeated": 1, "refused": 1}
        [refused] = report.refused
        assert (refused.line, refused.column, refused.value) == (3, "no", "1")
        assert refused.reason == "names the row on line 2 already, which says something else"


class TestWhatIsOnRecord:
    def test_source_is_taken_as_it_is(self):
        mine = sources.describe_source(a_source(name="Gazette of Astana"), at=AT, by=BY).stream

        take({})

        [document] = [one.document for one in events(e.DocumentDescribed)]
        assert document.source == mine
        assert events(e.SourceRated) == []

    def test_document_is_found_by_its_address(self):
        source = sources.describe_source(a_source(), at=AT, by=BY).stream
        given = a_document(source, url="https://example.org/a")
        mine = sources.describe_document(given, at=AT, by=BY).stream

        take({})

        [claim] = [one.claim for one in events(e.ClaimAsserted)]
        assert claim.citations[0].document == mine

    def test_document_without_an_address_is_its_source_and_its_words(self):
        rows = [
            {"no": "1", "url": "", "title": "A"},
            {"no": "2", "url": "", "title": "A"},
            {"no": "3", "url": "", "title": "B"},
            {"no": "4", "url": "", "title": "A", "outlet": "Another"},
        ]
        take(*rows)
        assert len(events(e.DocumentDescribed)) == 3

        take({"no": "5", "url": "", "title": "A"})
        assert len(events(e.DocumentDescribed)) == 3

    @pytest.mark.parametrize(
        ("mapping", "says"),
        [
            ('coding = "machine"', "coding is curated on record and machine in the mapping"),
            ("review = true", "review is False on record and True in the mapping"),
            ('default_reliability = "C"', "default_reliability is D on record and C in"),
        ],
    )
    def test_collection_that_the_mapping_takes_for_another_refuses_all(self, mapping, says):
        collection = a_collection(name="table", default_reliability="D")
        sources.describe_collection(collection, at=AT, by=BY)
        position = log.head().position

        with pytest.raises(CannotImport, match=says):
            take({}, mapping=MAPPING.replace('name = "table"', f'name = "table"\n{mapping}'))
        assert log.head().position == position


class TestTheSample:
    def test_is_taken_in_and_in_its_other_form_is_known(self):
        actors.describe_actor(
            an_actor("CHN", names=(Name(text="China"),), aliases=("PRC",)), at=AT, by=BY
        )
        mapping = mappings.read((SAMPLES / "steppe.toml").read_text(encoding="utf-8"))

        first, second = (
            take_in(
                (SAMPLES / name).read_bytes(),
                ImportOptions(mapping=mapping),
                name=name,
                signed=IN_2026,
            )
            for name in ("steppe.csv", "steppe.xlsx")
        )

        assert (counts(first), counts(second)) == ({"new": 9}, {"known": 9})
        assert "CHN" in record_states.actors_by_code(["CHN"])


class TestARowThatIsWrong:
    @pytest.mark.parametrize(
        ("row", "column", "value", "reason"),
        [
            ({"who": "Kasakhstan"}, "who", "Kasakhstan", "called 'Kasakhstan'; nearest: Kazakh"),
            ({"whom": "Kazakhstan"}, "who", "Kazakhstan", "Kazakhstan is initiator and recipient"),
            ({"whom": ""}, "whom", "", "is empty, but this party is required"),
            ({"day": "2024-05-03"}, "day", "2024-05-03", "is dated 3 May 2024, after today"),
            ({"day": "1022-05-11"}, "day", "1022-05-11", "is not between 1500 and 2100"),
            ({"code": "plover-2.0/MEET"}, "code", "plover-2.0/MEET", "PLOVER 2.0 has no event"),
            ({"what": ""}, "what", "", "state the claim in one sentence, in your own words"),
            ({"quote": "a\u202eb"}, "quote", "a\u202eb", "citations/0/quote: contains U+202E"),
            ({"tags": "a a"}, "tags", "a a", "tags/1: duplicate tag"),
            ({"url": "ftp://x"}, "url", "ftp://x", "as a document's url: must be a URL"),
            (
                {"url": ""},
                "title",
                "",
                "as a document's title: a document requires a title or a URL",
            ),
            ({"outlet": "x" * 201}, "outlet", "x" * 200, "as a source: has 201 characters"),
        ],
    )
    def test_is_refused_alone_by_line_column_value_and_reason(self, row, column, value, reason):
        report = take({}, {"no": "2"} | row, {"no": "3"})

        assert counts(report) == {"new": 2, "refused": 1}
        [refused] = report.refused
        assert (refused.line, refused.column, refused.value) == (3, column, value)
        assert reason in refused.reason

    @pytest.mark.parametrize(
        "row",
        [
            # Names, values, dates, documents; two problems of one cell are one fault.
            {
                "who": "Kasakhstan",
                "whom": "Rusia",
                "code": "x",
                "quote": "a\u202eb",
                "tags": "a a a",
            },
            {"day": "32.5.2022", "who": "Kasakhstan", "code": "x", "what": ""},
            {"outlet": "x" * 201, "wire": "a\nb", "day": "32.5.2022", "quote": "a\u202eb"},
        ],
        ids=",".join,
    )
    def test_is_told_all_of_its_cells_at_once_and_each_once(self, row):
        taken = take({"no": "2"} | row)

        [refused] = taken.refused
        assert sorted(fault.column for fault in refused.faults) == sorted(row)
        assert {fault.line for fault in refused.faults} == {2}
        assert counts(taken) == {"refused": 1}
        assert sum(taken.report.reasons.values()) == len(row)

    def test_is_told_that_it_is_late_beside_other_faults(self):
        mapping = MAPPING.replace("[document]", '[document]\ndate = "2022-05-24"')

        [refused] = take({"day": "2022-06-01", "tags": "a a"}, mapping=mapping).refused
        assert [fault.column for fault in refused.faults] == ["tags", "day"]

        # Without a kind it is unknown whether it may be dated later.
        mapping = mapping.replace('kind = "act"', 'kind = {column = "quote"}')
        [refused] = take({"day": "2022-06-01", "quote": "deed"}, mapping=mapping).refused
        assert [fault.column for fault in refused.faults] == ["quote"]

    def test_is_not_told_what_follows_from_another_fault(self):
        [refused] = take({"who": "Nobody", "whom": "Nobody"}).refused
        assert [fault.column for fault in refused.faults] == ["who", "whom"]
        assert all("initiator" not in fault.reason for fault in refused.faults)

    def test_is_refused_where_its_document_holds_what_no_text_can(self):
        data = f"{','.join(ROW)}\n{','.join((ROW | {'title': 'a\0b'}).values())}\n".encode()

        [refused] = take_in(data, ImportOptions(mapping=mappings.read(MAPPING))).refused

        assert (refused.column, refused.value) == ("url", "https://example.org/a")
        assert "/title: text must not contain U+0000" in refused.reason

    def test_leaves_no_source_and_no_document_behind(self):
        take({}, {"no": "2", "outlet": "Another", "url": "https://example.org/b", "code": "x"})

        assert len(events(e.SourceDescribed)) == len(events(e.DocumentDescribed)) == 1


class TestAWrongFile:
    def test_is_refused_before_anything_is_written(self):
        position = log.head().position
        how = ImportOptions(mapping=mappings.read(MAPPING))

        for data in (b"no,day\n1,2022\n", b'no,"day\n', a_table({})[:-20]):
            with pytest.raises(BadFile):
                take_in(data, how)
        with pytest.raises(CannotImport, match="publishers: no actor on record is called 'Atlan"):
            take({}, mapping=MAPPING.replace('country = "Kazakhstan"', 'country = "Atlantis"'))
        with pytest.raises(CannotImport, match="parties: no actor on record is called 'Atlantis'"):
            take({}, mapping=MAPPING.replace('name = {column = "whom"}', 'name = "Atlantis"'))
        with pytest.raises(BadMapping, match=r"claim\.kind: must be one of: act"):
            take({}, mapping=MAPPING.replace('kind = "act"', 'kind = "deed"'))
        with pytest.raises(Invalid, match="/name"):
            take({}, mapping=MAPPING.replace('name = "table"', 'name = "A Table"'))
        with pytest.raises(Invalid, match="/name"):
            take({}, name="x" * 201)
        assert log.head().position == position
