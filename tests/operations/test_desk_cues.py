"""Words for codes that the desk adds: what is refused, and that the reader and the code box take
them at once."""

from uuid import UUID

import pytest
from django.db import transaction

from tests.kit.builders import AT, BY, a_desk
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Invalid
from tracker.operations import desk_cues, reading
from tracker.queries.records import search
from tracker.queries.records.desk_cues import rows

pytestmark = pytest.mark.django_db
P = "plover-2.0/"
TEXT = "Russia zorbed Kazakhstan in March 2022."


def add(cue="zorb", noun="", code=f"{P}AID", example=""):
    return desk_cues.add(CueRow(cue, noun, code, example), by=BY, at=AT)


def refused(*row, **named) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        add(*row, **named)
    return [(one.pointer, one.detail) for one in raised.value.problems]


def offered(text):
    return [one.value for one in search.suggestions("code", text, reader=Reader.DESK)]


def read(desk):
    return {draft.claim.code for draft in reading.read(TEXT, desk.document, by=BY).drafts}


class TestARow:
    def test_is_kept_in_small_letters_and_single_spaces(self):
        row = add("  Zorb \n OUT", "Air  Fleet", f"{P}AID", " A zorbs  B out")

        assert row.read() == CueRow("zorb out", "air fleet", f"{P}AID", "A zorbs B out")
        assert rows() == (row.read(),)
        assert (row.added_by, row.added_at) == (BY, AT)

    def test_is_read_by_the_reader_and_the_code_box_until_it_is_removed(self):
        desk = a_desk()
        assert (read(desk) & {f"{P}AID"}, offered("zorbed")) == (set(), [])

        row = add()
        assert read(desk) == {f"{P}AID"}
        assert offered("zorbed")[0] == f"{P}AID"

        desk_cues.remove(row.id)
        assert (read(desk) & {f"{P}AID"}, offered("zorbed")) == (set(), [])

    def test_replaces_the_shipped_rows_of_the_same_words(self):
        assert offered("embargoes")[0] == f"{P}SANCTION/discontinue"

        add("embargoed", code=f"{P}PROTEST/boycott")

        assert offered("embargoes")[0] == f"{P}PROTEST/boycott"

    def test_that_is_undone_is_not_taken(self):
        with transaction.atomic():
            add()
            assert len(rows()) == 1
            transaction.set_rollback(True)

        assert rows() == ()

    def test_that_is_gone_is_not_removed_again(self):
        with pytest.raises(desk_cues.NoSuchCue, match="removed meanwhile"):
            desk_cues.remove(UUID(int=1))


class TestARowThatIsRefused:
    def test_has_its_problems_by_field(self):
        assert refused("", code="") == [
            ("/cue", "name a word that means an act, such as sanction"),
            ("/code", "choose a code"),
        ]

    def test_is_a_second_one_for_the_same_words(self):
        add("zorb", "treaty")
        add("zorb")

        assert refused("Zorbed", "treaties", f"{P}REJECT") == [
            ("/cue", f"“zorb treaty” is on the list with {P}AID: remove it first")
        ]

    def test_is_one_more_than_there_may_be(self, monkeypatch):
        monkeypatch.setattr(desk_cues, "MOST_CUES", 1)
        add()

        [(pointer, detail)] = refused("glorp")
        assert (pointer, detail.startswith("the desk has 1 rows")) == ("", True)
