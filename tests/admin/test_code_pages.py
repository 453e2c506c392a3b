"""The page of the words for codes."""

import pytest

from tracker.domain.codebooks.cues import CueRow
from tracker.queries.records.desk_cues import listed, rows

pytestmark = pytest.mark.django_db
PAGE = "/admin/desk/claim/codes/words/"
TYPED = {"cue": "zorb", "object": "treaty", "code": "aid", "example": "A zorbs B's treaty"}


def messages(page):
    return [str(one) for one in page.context["messages"]]


class TestACurator:
    def test_adds_a_word_and_removes_it(self, ann):
        page = ann.post(PAGE, TYPED, follow=True)

        assert messages(page) == ["Added: “zorb treaty” means plover-2.0/AID."]
        [row] = listed()
        assert row.read() == CueRow("zorb", "treaty", "plover-2.0/AID", "A zorbs B's treaty")
        assert row.added_by == "ann"
        assert f'value="{row.id}"' in page.text

        for says in ("Removed: “zorb treaty”.", "This row was removed meanwhile."):
            assert messages(ann.post(PAGE, {"remove": str(row.id)}, follow=True)) == [says]
        assert rows() == ()

    def test_sees_what_is_wrong_at_its_field_and_keeps_what_was_typed(self, ann):
        page = ann.post(PAGE, TYPED | {"code": "zzz", "example": "e" * 201})

        assert set(page.context["form"].errors) == {"code", "example"}
        assert 'value="treaty"' in page.text
        assert rows() == ()
