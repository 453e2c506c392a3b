"""An article read with the names and the practice on record."""

from uuid import UUID

import pytest

from tracker.domain.problems import Invalid
from tracker.operations import reading
from tracker.operations.ids import content_id

pytestmark = pytest.mark.django_db
TEXT = """Russia sanctioned Kazakhstan in late March. French forces attacked a camp in Niger, the junta said.

France denied it.
"""


@pytest.fixture
def article(seeded):
    return content_id("document", "china-russia-report-2022-05-24")


def shown(draft):
    labels = reading.printed([draft])
    claim = draft.claim
    roles = {role: [labels[one] for one in claim.actors(role)] for role in ("initiator", "recipient")}
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
