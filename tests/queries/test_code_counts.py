"""How often the desk gave a code to claims with a cue."""

import pytest

from tests.kit.builders import a_citation
from tracker.domain.codebooks.cues import CueRow
from tracker.queries.claims.code_counts import code_counts

pytestmark = pytest.mark.django_db


def test_are_counted_with_the_rows_of_the_desk(desk):
    quoted = a_citation(desk.document, quote="Russia zorbed Kazakhstan.")
    desk.asserts(code="plover-2.0/REJECT", citations=(quoted,))
    zorb = CueRow("zorb", "", "plover-2.0/AID")

    assert code_counts() == {}
    assert code_counts((zorb,)) == {("zorb", ""): {"plover-2.0/REJECT": 1}}
    assert code_counts() == {}
