"""The whole form for a card of the reading page."""

from dataclasses import replace

import pytest

from tests.kit.desk_forms import sent
from tests.kit.reading_desk import at, presses, seen
from tests.kit.trays import a_denial, a_draft_about, a_new_name
from tracker.admin.reading_form import filled
from tracker.domain import codec
from tracker.models.trays import TrayCard

pytestmark = pytest.mark.django_db


class TestTheWholeForm:
    def opened(self, client, desk, draft, version=""):
        body = {"draft": codec.value_text(draft), "card_version": version, "open": "1"}
        return client.post(at(desk, "form/"), body)

    def filled(self, draft, **changed):
        data = sent(filled(draft), **changed)
        data["draft"] = codec.value_text(draft)
        return data

    def test_is_filled_with_the_draft(self, ann, desk, chosen):
        answer = self.opened(ann, desk, chosen)

        assert "Russia cut the flow." in answer.content.decode()
        assert "Put into the tray" in seen(answer)

    def test_of_a_denial_says_what_of_it_is_recorded(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")

        shown = seen(self.opened(ann, desk, a_denial(desk, chosen.id)))

        assert "KAZ denies: Russia cut the flow. Only who says it and the citation" in shown
        assert "Only who says it" not in seen(self.opened(ann, desk, chosen))

    def test_puts_what_was_entered_into_the_tray_and_goes_back_to_the_sentence(
        self, ann, desk, chosen
    ):
        answer = ann.post(at(desk, "form/"), self.filled(chosen, claim__note="Look at it again."))

        assert answer["Location"] == f"{at(desk)}#s1"
        row = TrayCard.objects.get()
        assert row.id == chosen.id
        assert row.draft["claim"]["note"] == "Look at it again."

    def test_sent_unchanged_gives_the_same_draft(self, ann, desk, chosen):
        new = a_new_name()
        said = a_denial(desk, chosen.id).said_by
        draft = replace(a_draft_about(desk, new), said_by=replace(said, summary="It spoke."))

        ann.post(at(desk, "form/"), self.filled(draft))

        assert codec.build(type(draft), TrayCard.objects.get().draft) == draft

    def test_of_a_card_that_another_window_changed_shows_theirs_and_saves_at_the_second_try(
        self, ann, desk, chosen
    ):
        presses(ann, desk, chosen, "take")
        presses(ann, desk, chosen, "words", words="Theirs.", version="1")
        data = self.filled(chosen)
        data["card_version"] = "1"

        answer = ann.post(at(desk, "form/"), data)
        assert "changed in another window: Theirs." in seen(answer)
        assert 'name="card_version" value="2"' in answer.content.decode()
        data["card_version"] = "2"
        ann.post(at(desk, "form/"), data)

        assert TrayCard.objects.get().draft["claim"]["summary"] == chosen.claim.summary

    def test_of_a_card_that_is_gone_says_so(self, ann, desk, chosen):
        data = self.filled(chosen)
        data["card_version"] = "1"

        assert "recorded or removed" in seen(ann.post(at(desk, "form/"), data))

    def test_of_no_card_is_a_bad_request(self, ann, desk):
        assert ann.post(at(desk, "form/"), {"draft": "x"}).status_code == 400
