"""An article read with the names and the practice on record."""

from uuid import UUID

import pytest

from tests.kit.seeded import put_seed_on_record
from tracker.domain.problems import Invalid
from tracker.operations import reading
from tracker.operations.ids import content_id

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
