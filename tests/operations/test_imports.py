"""Tables are recorded row by row, once; what is on record is used."""

from datetime import date
from pathlib import Path

import pytest

from tests.kit.builders import AT, BY, a_collection, a_document, a_source, an_actor
from tests.kit.imports import IN_2026, counts, events, take_in
from tests.kit.meetings import MAPPING, describe_states, take
from tracker import log
from tracker.domain import events as e
from tracker.domain.records import Name
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
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
