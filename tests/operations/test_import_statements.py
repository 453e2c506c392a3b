"""What an import asks of the database does not grow with its rows, where one question will do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.builders import AT, BY, an_actor
from tests.kit.imports import BY_COLUMNS, counts, events, take_in
from tracker.domain import events as e
from tracker.domain.records import Name
from tracker.imports import writer
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.operations import actors

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
    def test_become_sources_once_in_many_chunks(self, desk, monkeypatch, who):
        """A country that is not on record yet is planned, as its source is."""
        for name in ("FIRST_CHUNK", "LEAST_CHUNK", "MOST_CHUNK"):
            monkeypatch.setattr(writer, name, 1)
        if who == "Person":
            a_person(who)
        rows = [f"{n},He beat case {n}.,2022-05-11,RUS,KAZ,A report,{who}" for n in range(4)]

        taken = take_in(
            "\n".join([HEADER, *rows]).encode(), ImportOptions(mapping=mappings.read(GRAVE))
        )

        assert counts(taken) == {"new": 4}
        assert len([one for one in events(e.SourceDescribed) if one.source.actor]) == 1
