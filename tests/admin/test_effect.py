"""The desk says what a claim would do, and what may be on record already, before it saves."""

import pytest

from tests.admin.conftest import ADD, page_of
from tests.admin.sending import sent
from tracker import log
from tracker.admin.entry import Entry
from tracker.projections import impacts
from tracker.queries import records

pytestmark = pytest.mark.django_db


@pytest.fixture
def ahead(ann, written):
    """Ask what a claim would do; give the page."""

    def ask(**fields):
        page = ann.post(ADD, {**_fields(written(**fields)), "_preview": "1"})
        assert page.status_code == 200
        return page

    return ask


def _fields(data):
    return {name: data.getlist(name) for name in data}


class TestTheEffectPanel:
    def test_shows_the_scores_as_they_are_and_would_be(self, ahead):
        impacts.follow_all()
        head = log.head()

        page = ahead()

        assert log.head() == head
        effect = page.context["effect"]
        assert {one.direction for one in effect.moves} == {"KAZ-RUS", "RUS>KAZ"}
        said = page.content.decode()
        assert "What it would do" in said
        assert "-0.390" in said
        assert "a citation supports: C, credibility not given" in said
        assert "Nothing is recorded yet." in said

    def test_comes_by_itself_while_the_date_is_to_be_confirmed(self, ann, written):
        page = ann.post(ADD, _fields(written(confirmed="")))

        assert page.context["effect"].effects[0].evaluation.p == 0.65

    def test_names_likely_duplicates(self, desk, ahead):
        made = desk.asserts(summary="Russia shut off Kazakh oil.").stream

        said = ahead(claim__occurred="2022-05-11").content.decode()

        assert "It may be on record already" in said
        assert page_of(made) in said
        assert "KAZ–RUS, the same code, at the same time, 5 of 5 words the same" in said

    def test_says_why_a_claim_would_move_nothing(self, ahead):
        page = ahead(claim__kind="assessment", claim__code="")

        assert "a claim of kind assessment moves no score" in page.content.decode()

    def test_is_not_there_while_something_is_to_be_mended(self, ahead):
        page = ahead(claim__summary="")

        assert page.context["effect"] is None
        assert "Please mend" in page.content.decode()

    def test_of_a_correction_shows_what_would_change(self, desk, ann, claim_id):
        impacts.follow_all()
        version = len(log.history([claim_id]))
        entry = Entry(claim=records.claim(claim_id).claim)
        data = _fields(sent(entry, claim__code="plover-2.0/AGREE"))

        page = ann.post(page_of(claim_id, "correct"), {**data, "reason": "", "_preview": "1"})

        moves = [one for one in page.context["effect"].moves if one.lens == "standing@1"]
        for one in moves:
            assert one.on[0].before.score.value == pytest.approx(-0.39)
            assert one.on[0].after.score.value > 0
        assert len(moves) == 2
        assert len(log.history([claim_id])) == version
