"""Which rows and files are refused, and what is reported of them."""

import pytest

from tests.kit.imports import counts, events, take_in
from tests.kit.meetings import MAPPING, ROW, a_table, describe_states, take
from tracker import log
from tracker.domain import events as e
from tracker.domain.validity import Invalid
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.sections import BadMapping
from tracker.imports.records import CannotImport

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def states():
    describe_states()


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
