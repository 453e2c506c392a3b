"""Tables come on record: with few questions to the database, with countries by their schemes, and
without anything of the rows that are refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.builders import AT, BY, an_actor
from tests.kit.imports import BY_COLUMNS, counts, events, take_in
from tests.kit.seeded import put_seed_on_record
from tracker import log
from tracker.domain import events as e
from tracker.domain.records import Name
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.operations import actors
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
HEADER = "no,what,day,who,whom,title,says"
GRAVE = BY_COLUMNS.replace("SANCTION/discontinue", "ASSAULT/beat")


def a_person(name):
    person = an_actor(None, kind="person", names=(Name(text=name),))
    return actors.describe_actor(person, at=AT, by=BY)


def looked_at(speakers):
    """A dry run over a row for each speaker, who accuses another person; what it asks."""
    rows = [
        f"{n},Somebody was beaten in case {n}.,2022-05-11,{name} B,KAZ,A report,{name} A"
        for n, name in enumerate(speakers)
    ]
    how = ImportOptions(mapping=mappings.read(GRAVE))
    with CaptureQueriesContext(connection) as asked:
        taken = take_in("\n".join([HEADER, *rows]).encode(), how, signed=None)
    assert counts(taken) == {"new": len(speakers)}
    return [one["sql"] for one in asked.captured_queries]


class TestSpeakers:
    def test_are_asked_for_once_a_chunk_with_all_that_take_part(self, desk):
        names = [f"Person {n}" for n in range(6)]
        for name in names:
            a_person(f"{name} A")
            a_person(f"{name} B")

        # Who is a member of what is read once, for all imports.
        looked_at(names[:1])
        few, many = looked_at(names[:2]), looked_at(names)

        assert len(many) == len(few)

    @pytest.mark.parametrize("who", ["Person", "UZB"])
    def test_become_sources_once_in_many_chunks(self, desk, chunks, who):
        """A country that is not on record yet is planned, as its source is."""
        chunks(1)
        if who == "Person":
            a_person(who)
        rows = [f"{n},He beat case {n}.,2022-05-11,RUS,KAZ,A report,{who}" for n in range(4)]

        taken = take_in(
            "\n".join([HEADER, *rows]).encode(), ImportOptions(mapping=mappings.read(GRAVE))
        )

        assert counts(taken) == {"new": 4}
        assert len([one for one in events(e.SourceDescribed) if one.source.actor]) == 1


BY_SCHEMES = BY_COLUMNS.replace('column = "who"', 'column = "who", scheme = "cow"').replace(
    'column = "whom"', 'column = "whom", scheme = "name", languages = ["fr"]'
)


def imported(*rows):
    table = "\n".join([HEADER, *rows]).encode()
    return take_in(table, ImportOptions(mapping=mappings.read(BY_SCHEMES)), name="table.csv")


def parties():
    """The codes of the parties of each claim."""
    claims = [event.claim for event in events(e.ClaimAsserted)]
    actors = {party.actor for claim in claims for party in claim.parties}
    codes = {id_: state.actor.code for id_, state in states.records(actors, at=None).items()}
    return [[codes[party.actor] for party in claim.parties] for claim in claims]


class TestCountries:
    def test_are_states_on_the_date_of_their_claims(self, desk):
        taken = imported(
            "1,Trade ends.,1961-12-03,365,Albanie,A report,",
            "2,Trade ends.,2022-03-01,365,Corée du Sud,A report,",
            "3,Trade ends.,1961-12-03,360,Union soviétique,A report,",
        )

        assert counts(taken) == {"new": 3}
        assert parties() == [["SUN", "ALB"], ["RUS", "KOR"], ["ROU", "SUN"]]

    def test_are_refused_by_row_where_a_code_means_none(self, desk):
        taken = imported(
            "1,Trade ends.,2005-03-01,260,Albanie,A report,",
            "2,Trade ends.,2005-03-01,255,Albanie,A report,",
            "3,Trade ends.,2005-03-01,255,Alabnie,A report,",
        )

        assert counts(taken) == {"new": 1, "refused": 2}
        assert [(row.line, row.column, row.value) for row in taken.refused] == [
            (2, "who", "260"),
            (4, "whom", "Alabnie"),
        ]
        assert "DEU is 255 then" in taken.refused[0].reason
        assert "; nearest: Albanie, " in taken.refused[1].reason


BY_ADDRESS = BY_COLUMNS.replace(
    """title = {column = "title"}
date = "2022-05-24"
publisher = "The Gazette"
""",
    """url = {column = "url"}
date = {column = "published"}
publisher = {column = "publisher"}
""",
)
LONG_HEADER = "no,what,day,who,whom,title,says,url,published,publisher"


@pytest.fixture
def countries():
    put_seed_on_record(AT)


def bring(*rows, mapping=BY_ADDRESS):
    data = "\n".join([LONG_HEADER, *rows, ""]).encode()
    return take_in(data, ImportOptions(mapping=mappings.read(mapping)), name="t.csv")


@pytest.mark.usefixtures("countries")
class TestARefusedRow:
    @pytest.mark.parametrize(
        "refused",
        [
            "1,A,2022-05-11,RUS,KAZ,,,https://a.example/1,someday,Alpha",
            "1,A,2022-05-11,RUS,Nowhere,,,https://a.example/1,2022-05-12,Alpha",
        ],
    )
    def test_does_not_describe_the_document_of_a_valid_one(self, refused):
        before = log.head().position
        taken = bring(refused, "2,B,2022-05-11,RUS,KAZ,,,https://a.example/1,2022-05-20,Beta")

        assert taken.report.counts["new"] == taken.report.counts["refused"] == 1
        recorded = log.read(after=before, limit=50)
        names = {
            one.stream: one.decoded().source.name
            for one in recorded
            if one.kind == "SourceDescribed"
        }
        [document] = [one.decoded().document for one in recorded if one.kind == "DocumentDescribed"]
        assert names == {document.source: "Beta"}
        assert document.date == "2022-05-20"
