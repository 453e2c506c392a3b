"""An article read with the names and the practice on record; and words for codes that the desk
adds: what is refused, and that the reader and the code box take them at once."""

from uuid import UUID

import pytest
from django.db import transaction

from tests.kit.builders import AT, BY, a_desk
from tests.kit.seeded import put_seed_on_record
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.disclosure import Reader
from tracker.domain.problems import Invalid
from tracker.operations import desk_cues, reading
from tracker.operations.ids import content_id
from tracker.queries.records import search
from tracker.queries.records.desk_cues import rows

pytestmark = pytest.mark.django_db
TEXT = """Russia sanctioned Kazakhstan in late March.

French forces attacked a camp in Niger, the junta said.

France denied it.
"""


@pytest.fixture
def article():
    put_seed_on_record()
    return content_id("seed", "document:china-russia-report-2022-05-24")


def shown(draft):
    labels = reading.printed([draft])
    claim = draft.claim
    roles = {
        role: [labels[one] for one in claim.actors(role)] for role in ("initiator", "recipient")
    }
    return claim.kind, claim.code, roles["initiator"], roles["recipient"]


def test_reads_parties_codes_and_dates(article):
    first, *_ = reading.read(TEXT, article, by="ana").drafts

    assert shown(first) == ("act", "plover-2.0/SANCTION", ["Russia"], ["Kazakhstan"])
    assert first.claim.occurred.edtf == "[2022-03-21..2022-03-31]"
    assert first.claim.summary == "Russia sanctioned Kazakhstan."


def test_an_unknown_document_is_refused():
    with pytest.raises(Invalid) as raised:
        reading.read(TEXT, UUID(int=1), by="ana")

    assert raised.value.problems[0].pointer == "/document"


def test_what_a_party_says_is_proposed_as_its_word_and_a_denial_as_one(article):
    _, attack, denial = reading.read(TEXT, article, by="ana").drafts
    labels = reading.printed([attack, denial])

    assert shown(attack) == ("act", "plover-2.0/ASSAULT", ["France"], ["Niger"])
    assert labels[attack.said_by.actor] == "Niger"
    assert (denial.denies, labels[denial.said_by.actor]) == (attack.id, "France")


def test_a_change_takes_the_proposed_summary_along_but_not_a_persons_words(article):
    first, *_ = reading.read(TEXT, article, by="ana").drafts
    swapped = reading.changed(first, "swap")
    own = reading.changed(first, "words", "Oil was stopped.")

    assert swapped.claim.summary == "Kazakhstan sanctioned Russia."
    assert reading.changed(own, "swap").claim.summary == "Oil was stopped."


P = "plover-2.0/"
ZORBED = "Russia zorbed Kazakhstan in March 2022."


def add(cue="zorb", noun="", code=f"{P}AID", example=""):
    return desk_cues.add(CueRow(cue, noun, code, example), by=BY, at=AT)


def refused(*row, **named) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        add(*row, **named)
    return [(one.pointer, one.detail) for one in raised.value.problems]


def offered(text):
    return [one.value for one in search.suggestions("code", text, reader=Reader.DESK)]


def codes_read(desk):
    return {draft.claim.code for draft in reading.read(ZORBED, desk.document, by=BY).drafts}


class TestARow:
    def test_is_kept_in_small_letters_and_single_spaces(self):
        row = add("  Zorb \n OUT", "Air  Fleet", f"{P}AID", " A zorbs  B out")

        assert row.read() == CueRow("zorb out", "air fleet", f"{P}AID", "A zorbs B out")
        assert rows() == (row.read(),)
        assert (row.added_by, row.added_at) == (BY, AT)

    def test_is_read_by_the_reader_and_the_code_box_until_it_is_removed(self):
        desk = a_desk()
        assert (codes_read(desk) & {f"{P}AID"}, offered("zorbed")) == (set(), [])

        row = add()
        assert codes_read(desk) == {f"{P}AID"}
        assert offered("zorbed")[0] == f"{P}AID"

        desk_cues.remove(row.id)
        assert (codes_read(desk) & {f"{P}AID"}, offered("zorbed")) == (set(), [])

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
