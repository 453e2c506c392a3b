"""The page on which an article is read: its text, the tray, and the table of keys."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from tests.kit.builders import AT, an_account
from tests.kit.reading_desk import at, cards, presses, records, seen
from tests.kit.trays import a_draft, a_draft_about, a_new_name, a_tray, puts
from tracker import log
from tracker.admin.reading_keys import KEYS, LETTERS
from tracker.domain import codec
from tracker.domain.claims import Occurred
from tracker.domain.proposed import Proposed
from tracker.domain.reading.drafts import OFFERED, TAKEN
from tracker.models.derived import StandingClaim
from tracker.models.trays import Tray, TrayCard
from tracker.operations import trays
from tracker.operations.ids import new_id
from tracker.projections import impacts
from tracker.queries.trays import draft_of

pytestmark = pytest.mark.django_db
TEXT = """The column

On 3 March 2022 Russia imposed sanctions on Kazakhstan. The weather was fine.
"""
TEMPLATES = Path("tracker/admin/templates/desk")


class TestThePage:
    def test_has_a_box_for_the_text_and_an_empty_tray_and_is_not_stored(self, ann, desk):
        answer = ann.get(at(desk))

        assert "Paste the article" in seen(answer)
        assert "Nothing taken yet" in seen(answer)
        assert "no-store" in answer["Cache-Control"]
        assert not Tray.objects.exists()

    def test_is_for_those_who_enter_claims(self, someone, desk):
        reader = someone("view_claim", "view_document")

        answers = [reader.get(at(desk)), reader.get(at(desk, "effect/"))]
        answers += [
            reader.post(at(desk, place))
            for place in ("text/", "card/", "place/", "record/", "form/", "close/")
        ]

        assert {answer.status_code for answer in answers} == {403}
        assert "You may not enter claims" in seen(answers[0])

    def test_of_a_document_that_is_not_on_record_is_not_found(self, ann, desk):
        assert ann.get(f"/admin/desk/document/{desk.collection}/read/").status_code == 404

    @pytest.mark.parametrize("place", ["card/", "place/", "record/", "effect/"])
    def test_of_no_document_answers_nothing(self, ann, desk, draft, place):
        address = f"/admin/desk/document/{desk.collection}/read/{place}"
        sent = {"draft": codec.value_text(draft), "do": "uncoded", "place": "1"}

        answer = ann.get(address) if place == "effect/" else ann.post(address, sent)

        assert answer.status_code == 404

    def test_says_how_far_others_are(self, ann, desk, draft):
        tray = a_tray(desk, by="bea", text_sha256="a" * 64, sentences=12)
        trays.move_to(tray, 7, by="bea", at=timezone.now())
        puts(tray, draft, by="bea")

        assert "bea reads it too: sentence 7 of 12, 1 in the tray" in seen(ann.get(at(desk)))

    def test_says_where_texts_may_not_be_sent(self, ann, desk, settings):
        settings.READING = False

        assert "does not allow article texts" in seen(ann.get(at(desk)))
        assert "does not allow article texts" in seen(ann.post(at(desk, "text/"), {"text": TEXT}))
        assert not Tray.objects.exists()

    @pytest.mark.parametrize("place", ["text/", "card/", "place/", "record/", "form/", "close/"])
    def test_changes_nothing_without_a_post(self, ann, desk, place):
        assert ann.get(at(desk, place)).status_code == 405


class TestTheText:
    def test_is_shown_in_sentences_with_a_card_for_what_one_claims(self, ann, desk):
        answer = ann.post(at(desk, "text/"), {"text": TEXT})

        [card, *_] = cards(answer)
        russia, kazakhstan = desk.countries["RUS"], desk.countries["KAZ"]
        assert card.claim.actors("initiator") == (russia,)
        assert card.claim.actors("recipient") == (kazakhstan,)
        assert card.claim.occurred.edtf == "2022-03-03"
        assert "Nothing is proposed for this sentence." in seen(answer)
        assert "no-store" in answer["Cache-Control"]

    def test_of_a_web_page_is_taken_out_of_it(self, ann, desk):
        page = "<html><body><nav>Menu</nav><article><p>Russia sanctioned Kazakhstan.</p></article>"
        answer = ann.post(at(desk, "text/"), {"text": page})

        assert "<template data-plain>Russia sanctioned" in answer.content.decode()
        assert "Menu" not in seen(answer)

    def test_marks_the_names_with_the_letters_of_their_keys(self, ann, desk):
        text = ann.post(at(desk, "text/"), {"text": TEXT}).content.decode()

        assert "<mark>Russia<sup>a</sup></mark> imposed sanctions on <mark>Kazakhstan" in text

    def test_is_forgotten_but_for_its_digest_and_length(self, ann, desk):
        ann.post(at(desk, "text/"), {"text": TEXT})

        tray = Tray.objects.get()
        assert (len(tray.text_sha256), tray.sentences) == (64, 3)

    def test_that_is_too_long_is_refused_in_words(self, ann, desk):
        answer = ann.post(at(desk, "text/"), {"text": "word " * 20_001})

        assert "at most 20000 are read" in seen(answer)

    def test_that_is_too_large_is_refused_on_a_page_of_the_desk(self, ann, desk):
        for page in (at(desk, "text/"), "/admin/desk/read/"):
            answer = ann.post(page, {"text": "word " * 400_001})

            assert answer.status_code == 413
            assert "takes at most 2,000,000. Nothing was read." in seen(answer)
            assert "copy only its text" in seen(answer)
            assert "Back to the desk" in seen(answer)

    def test_says_beforehand_how_much_can_be_sent(self, ann, desk):
        for page in (at(desk), "/admin/desk/read/"):
            assert "At most 2,000,000 bytes" in seen(ann.get(page))

    def test_is_read_again_where_the_person_was(self, ann, desk):
        ann.post(at(desk, "text/"), {"text": TEXT})
        assert ann.post(at(desk, "place/"), {"place": "2"}).status_code == 204

        answer = ann.post(at(desk, "text/"), {"text": TEXT})

        assert 'data-place="2"' in answer.content.decode()

    def test_is_shown_with_what_was_changed_before_and_not_taken(self, ann, desk):
        [card, *_] = cards(ann.post(at(desk, "text/"), {"text": TEXT}))
        [changed] = cards(presses(ann, desk, card, "words", words="Mine."))
        [_, added] = cards(presses(ann, desk, card, "another"))
        sent = f"[{codec.value_text(changed)}, {codec.value_text(added)}, 1]"

        again = cards(ann.post(at(desk, "text/"), {"text": TEXT, "changed": sent}))

        assert again[0].claim.summary == "Mine."
        assert added in again
        assert card not in again

    def test_other_than_that_of_the_tray_keeps_its_changed_cards_too(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        ann.post(at(desk, "text/"), {"text": "Another text."})
        text = f"{TEXT}\nMore."
        [_, card, *_] = cards(ann.post(at(desk, "text/"), {"text": text}))
        [changed] = cards(presses(ann, desk, card, "words", words="Mine."))

        sent = {"text": text, "changed": f"[{codec.value_text(changed)}]"}
        answer = ann.post(at(desk, "text/"), sent)

        assert "not the text from which" in seen(answer)
        assert changed in cards(answer)

    @pytest.mark.parametrize("sent", ["{", "{}", "[[]]"])
    def test_is_shown_without_what_is_no_card(self, ann, desk, sent):
        shown = cards(ann.post(at(desk, "text/"), {"text": TEXT, "changed": sent}))

        assert shown == cards(ann.post(at(desk, "text/"), {"text": TEXT}))

    def test_other_than_before_is_said(self, ann, desk):
        ann.post(at(desk, "text/"), {"text": TEXT})
        ann.post(at(desk, "place/"), {"place": "2"})

        answer = ann.post(at(desk, "text/"), {"text": f"{TEXT}\nMore."})

        assert "not the text from which the tray was begun" in seen(answer)
        assert 'data-place="0"' in answer.content.decode()
        assert (Tray.objects.get().sentences, Tray.objects.get().place) == (3, 2)

        answer = ann.post(at(desk, "text/"), {"text": f"{TEXT}\nMore.", "replaces": "1"})

        assert "not the text from which" not in seen(answer)
        assert Tray.objects.get().sentences == 4

    def test_shows_what_is_in_the_tray_what_was_handed_in_and_what_is_on_record(self, ann, desk):
        [card, *_] = cards(ann.post(at(desk, "text/"), {"text": TEXT}))
        other = a_draft(card.claim, sentence=2)
        puts(a_tray(desk, by="bea"), other, by="bea", state=OFFERED)
        [card] = cards(presses(ann, desk, card, "code:1"))
        presses(ann, desk, card, "take")

        text = ann.post(at(desk, "text/"), {"text": TEXT})
        assert text.content.decode().count('"reading-state">in the tray') == 1
        assert text.content.decode().count("handed in for review by bea<") == 1
        records(ann, desk)
        again = ann.post(at(desk, "text/"), {"text": TEXT}).content.decode()
        assert f"/admin/desk/claim/{card.id}/change/" in again

    def test_place_opens_no_tray(self, ann, desk):
        """It may arrive once the tray is closed."""
        assert ann.post(at(desk, "place/"), {"place": "2"}).status_code == 404
        assert not Tray.objects.exists()

    def test_place_is_a_number(self, ann, desk):
        assert ann.post(at(desk, "place/"), {"place": "x"}).status_code == 400


class TestACardOfAnotherText:
    """Its sentence is not in the text that is pasted, or says something else."""

    QUOTE = "Norway sanctioned Belarus."

    @pytest.fixture
    def other(self, desk, chosen):
        cited = replace(chosen.claim.citations[0], quote=self.QUOTE, selector=None)
        return replace(chosen, claim=replace(chosen.claim, citations=(cited,)), sentence=3)

    def reads(self, ann, desk, text=TEXT):
        """What the answer shows among the sentences, and in the tray."""
        text = ann.post(at(desk, "text/"), {"text": text}).content.decode()
        sentences, _, tray = text.partition('<section id="tray"')
        return sentences, tray

    @pytest.mark.parametrize("sentence", [3, 4])
    def test_is_in_the_list_of_the_tray_with_its_quote(self, ann, desk, other, sentence):
        presses(ann, desk, replace(other, sentence=sentence), "take")

        sentences, tray = self.reads(ann, desk)

        assert f"card-{other.id}" not in sentences
        assert f'value="{other.id}">' in sentences
        assert "From another text" in tray
        assert self.QUOTE in tray
        assert "data-goto" not in tray

    def test_stays_there_when_another_card_changes_the_tray(self, ann, desk, other, chosen):
        presses(ann, desk, other, "take")
        answer = presses(ann, desk, replace(chosen, id=new_id(AT)), "take", apart=str(other.id))

        assert "RUS → KAZ SANCTION/discontinue" in seen(answer)
        assert answer.content.decode().count("data-goto") == 1
        assert self.QUOTE in seen(answer)

    def test_is_opened_and_taken_out_there(self, ann, desk, other):
        presses(ann, desk, other, "take")

        _, tray = self.reads(ann, desk)

        assert "whole form: card 1" in tray
        answer = presses(ann, desk, other, "drop", version="1", state="taken", apart=str(other.id))
        assert "Tray 0 cards" in seen(answer)

    def test_without_a_text_is_every_card(self, ann, desk, other):
        presses(ann, desk, other, "take")

        shown = seen(ann.get(at(desk)))

        assert self.QUOTE in shown
        assert "From another text" not in shown

    def test_that_was_handed_in_can_be_taken_from_the_list(self, ann, desk, other):
        puts(a_tray(desk, by="bot"), other, by="bot", state=OFFERED)

        sentences, tray = self.reads(ann, desk)
        assert self.QUOTE not in sentences
        assert "Handed in for review, from another text" in tray
        assert self.QUOTE in seen(ann.get(at(desk)))
        answer = presses(
            ann, desk, other, "accept", version="1", state=OFFERED, apart=str(other.id)
        )

        assert "Tray 1 card" in seen(answer)
        assert "Handed in for review" not in seen(answer)

    def test_is_none_if_the_sentence_has_its_words(self, ann, desk, other):
        presses(ann, desk, other, "take")

        sentences, tray = self.reads(ann, desk, f"One\n\nTwo.\n\n{self.QUOTE}")

        assert f"card-{other.id}" in sentences
        assert "From another text" not in tray

    def test_and_never_taken_is_not_shown(self, ann, desk, other):
        answer = ann.post(
            at(desk, "text/"), {"text": TEXT, "changed": f"[{codec.value_text(other)}]"}
        )

        assert str(other.id) not in answer.content.decode()


class TestClosing:
    def close(self, ann, desk, **sent):
        return ann.post(at(desk, "close/"), sent, follow=True)

    def test_a_tray_without_cards_needs_no_confirmation(self, ann, desk):
        ann.post(at(desk, "text/"), {"text": TEXT})
        assert "Close the tray" in seen(ann.get(at(desk)))

        assert "The tray is closed." in seen(self.close(ann, desk))

        assert not Tray.objects.exists()
        assert "Close the tray" not in seen(ann.get(at(desk)))

    def test_a_tray_with_cards_asks_first_and_says_how_many_went(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        puts(a_tray(desk, by="bot"), replace(chosen, id=new_id(AT)), by="bot", state=OFFERED)
        handed_in = TrayCard.objects.get(state=OFFERED)
        trays.take_offered(handed_in.id, by="ann", at=AT)

        asked = self.close(ann, desk)
        assert "Close the tray of A report 2 cards are in it, and not on record." in seen(asked)
        assert "Russia cut the flow." in seen(asked)
        assert TrayCard.objects.count() == 2
        assert "2 cards are in it" in seen(self.close(ann, desk, cards="1"))
        done = seen(self.close(ann, desk, cards="2"))

        assert "The tray is closed. 1 card went with it. 1 card is offered again." in done
        assert [one.id for one in TrayCard.objects.all()] == [handed_in.id]

    def test_a_tray_that_is_closed_says_so(self, ann, desk):
        assert "The tray was closed before." in seen(self.close(ann, desk))


class TestACardThatWasHandedIn:
    @pytest.fixture
    def offered(self, desk, chosen):
        puts(a_tray(desk, by="bot"), chosen, by="bot", state=OFFERED)
        return {"state": OFFERED, "version": "1"}

    def rows(self):
        return [(row.tray.owner, row.state) for row in TrayCard.objects.select_related("tray")]

    def test_is_taken_by_its_first_change(self, ann, desk, chosen, offered):
        answer = presses(ann, desk, chosen, "words", words="Another sentence.", **offered)

        assert "Taken into your tray with this change." in seen(answer)
        assert self.rows() == [("ann", TAKEN)]
        (row,) = TrayCard.objects.all()
        assert draft_of(row).claim.summary == "Another sentence."

    @pytest.mark.parametrize("do", ["drop", "restore"])
    @pytest.mark.parametrize("taken_by", ["accept", "words"])
    def test_is_given_back_as_it_was(self, ann, desk, chosen, offered, do, taken_by):
        [taken] = cards(presses(ann, desk, chosen, taken_by, words="Mine.", **offered))
        version = TrayCard.objects.get().version

        answer = presses(ann, desk, taken, do, to=OFFERED, version=version, state="taken")

        assert cards(answer) == [chosen]
        assert 'data-state="offered"' in answer.content.decode()
        assert self.rows() == [("bot", OFFERED)]

    def test_that_another_person_took_says_so(self, ann, desk, chosen, offered):
        an_account("bea")
        trays.take_offered(chosen.id, by="bea", at=AT)

        answer = presses(ann, desk, chosen, "words", words="Mine.", **offered)

        assert "Somebody took or removed this card meanwhile." in seen(answer)

    @pytest.mark.parametrize("do", ["accept", "words"])
    def test_that_is_gone_says_so(self, ann, desk, chosen, offered, do):
        TrayCard.objects.all().delete()

        answer = presses(ann, desk, chosen, do, words="Mine.", **offered)

        assert re.search("removed", seen(answer))
        assert not TrayCard.objects.exists()

    def test_of_an_account_that_was_deleted_can_be_taken(self, ann, desk, chosen):
        cited = replace(chosen.claim.citations[0], selector=None, quote="The column")
        draft = replace(chosen, claim=replace(chosen.claim, citations=(cited,)))
        puts(a_tray(desk, by="bea"), draft, by="bea")
        an_account("bea").delete()

        shown = ann.post(at(desk, "text/"), {"text": TEXT}).content.decode()

        assert f'id="card-{draft.id}"' in shown
        assert shown.count('data-state="offered"') == 1

    @pytest.mark.parametrize("do", ["accept", "words"])
    def test_is_shown_again_if_it_is_another_one_meanwhile(self, ann, desk, chosen, offered, do):
        later = replace(chosen, claim=replace(chosen.claim, summary="Another version."))
        puts(a_tray(desk, by="bot"), later, by="bot", state=OFFERED)

        answer = presses(ann, desk, chosen, do, words="Mine.", **offered)

        assert "Somebody handed in another version of this card." in seen(answer)
        assert "Another version." in seen(answer)
        assert self.rows() == [("bot", OFFERED)]

    def test_names_its_reader(self, ann, desk, chosen):
        draft = replace(chosen, proposed=Proposed(by="other-1", kind="act"))
        puts(a_tray(desk, by="bot"), draft, by="bot", state=OFFERED)

        assert "proposed by other-1" in seen(ann.post(at(desk, "text/"), {"text": TEXT}))


class TestRecording:
    def test_puts_all_cards_on_record_and_empties_the_tray(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")

        answer = records(ann, desk)

        assert StandingClaim.objects.get().id == chosen.id
        assert "1 card recorded." in seen(answer)
        assert f'data-recorded="card-{chosen.id}"' in answer.content.decode()
        assert f"/admin/desk/claim/{chosen.id}/change/" in answer.content.decode()
        assert not TrayCard.objects.exists()

    def test_of_a_tray_with_one_wrong_card_records_nothing_and_says_which(self, ann, desk, chosen):
        late = replace(chosen.claim, occurred=Occurred(edtf="2022-08-01"))
        presses(ann, desk, chosen, "take")
        presses(ann, desk, a_draft(late, sentence=2), "take")

        answer = records(ann, desk)

        assert not StandingClaim.objects.exists()
        assert "Nothing is recorded: 1 card has a problem." in seen(answer)
        assert "1 August 2022, after its document" in seen(answer)

    @pytest.mark.parametrize("elsewhere", ["swap", "take"])
    def test_of_a_tray_that_another_window_changed_shows_it_again(
        self, ann, desk, chosen, elsewhere
    ):
        presses(ann, desk, chosen, "take")
        shown = {"cards": f"{chosen.id}:1"}
        other = chosen if elsewhere == "swap" else a_draft(chosen.claim)
        presses(ann, desk, other, elsewhere, version="1" if elsewhere == "swap" else "")

        answer = ann.post(at(desk, "record/"), shown)

        assert "Nothing is recorded: the tray was changed in another window" in seen(answer)
        assert not StandingClaim.objects.exists()
        records(ann, desk)
        assert StandingClaim.objects.exists()

    @pytest.mark.parametrize("shown", [True, False])
    def test_a_second_time_says_that_the_tray_is_empty(self, ann, desk, chosen, shown):
        """The answer to the first time may be lost."""
        presses(ann, desk, chosen, "take")
        records(ann, desk)

        answer = ann.post(at(desk, "record/"), {"cards": f"{chosen.id}:1" if shown else ""})

        assert "The tray is empty" in seen(answer)
        assert "0 cards" not in seen(answer).replace("Tray 0 cards", "")

    @pytest.mark.parametrize("shown", ["", "x:1", "x"])
    def test_needs_the_cards_that_were_shown(self, ann, desk, chosen, shown):
        presses(ann, desk, chosen, "take")

        ann.post(at(desk, "record/"), {"cards": shown})

        assert not StandingClaim.objects.exists()

    def test_while_the_log_is_busy_keeps_the_tray_and_says_so(self, ann, desk, chosen, monkeypatch):
        def busy(*_args, **_named):
            raise log.LogBusy

        presses(ann, desk, chosen, "take")
        monkeypatch.setattr(trays, "record", busy)

        answer = records(ann, desk)

        assert "Another change is being recorded: nothing is saved" in seen(answer)
        assert TrayCard.objects.count() == 1

    def test_leaves_cards_with_new_names_waiting(self, ann, desk):
        presses(ann, desk, a_draft_about(desk, a_new_name()), "take")

        answer = records(ann, desk)

        assert "0 cards recorded. 1 card waits for a curator." in seen(answer)
        assert "waits for a curator" in seen(ann.get(at(desk)))

    def test_leaves_cards_that_are_corrected_as_claims(self, ann, desk, chosen):
        answer = presses(ann, desk, chosen, "swap", state="recorded")

        assert cards(answer) == [chosen]
        assert "This card is on record: correct the claim on its own page." in seen(answer)
        assert len(cards(presses(ann, desk, chosen, "another", state="recorded"))) == 2


class TestTheEffect:
    def test_shows_the_scores_that_would_move_together(self, ann, desk, chosen):
        impacts.follow_all()
        presses(ann, desk, chosen, "take")

        answer = ann.get(at(desk, "effect/"))

        assert "RUS>KAZ" in seen(answer)
        assert "desk-spark" in answer.content.decode()

    def test_shows_what_is_on_record_already(self, ann, desk, chosen):
        earlier = desk.asserts(summary=chosen.claim.summary).stream
        presses(ann, desk, chosen, "take")

        answer = ann.get(at(desk, "effect/"))

        assert "Card 1 may be on record already" in seen(answer)
        assert str(earlier) in answer.content.decode()
        assert "move no score" in seen(answer)

    def test_names_a_card_that_another_one_may_repeat(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        presses(ann, desk, replace(chosen, id=new_id(AT), sentence=2), "take")

        answer = ann.get(at(desk, "effect/"))

        assert "Card 2 may be the same as card 1 : take one of them out." in seen(answer)
        assert f'href="#tray-{chosen.id}"' in answer.content.decode()
        assert f'id="tray-{chosen.id}"' in ann.get(at(desk)).content.decode()
        assert "may be on record already" not in seen(answer)

    def test_of_no_tray_is_not_found_and_opens_none(self, ann, desk):
        assert ann.get(at(desk, "effect/")).status_code == 404
        assert not Tray.objects.exists()

    def test_names_the_problem_of_a_card(self, ann, desk, chosen):
        late = replace(chosen.claim, occurred=Occurred(edtf="2022-08-01"))
        presses(ann, desk, a_draft(late), "take")

        assert "Card 1: " in seen(ann.get(at(desk, "effect/")))


class TestTheKeys:
    def test_are_those_of_the_documentation(self):
        rows = re.findall(r"^\| `(.+)` \| (.+) \|$", Path("docs/desk.md").read_text(), re.MULTILINE)

        assert rows == [(key.shown, key.does) for key in KEYS]

    def test_of_the_buttons_are_those_of_the_table(self):
        tools = (TEMPLATES / "cardtools.html").read_text()
        tools += (TEMPLATES / "card.html").read_text()
        printed = {html.unescape(key) for key in re.findall(r"<kbd>([^{<]+)</kbd>", tools)}

        assert printed <= {key for one in KEYS for key in one.shown.split()}
        assert len({key.shown for key in KEYS}) == len(KEYS)

    def test_are_printed_where_they_act(self):
        """What is printed on a button is its key."""
        for name in ("card", "cardtools", "readtext", "tray"):
            buttons = re.findall(
                r"<button[^>]*?>(?:(?!</button>).)*<kbd>.*?</kbd>",
                (TEMPLATES / f"{name}.html").read_text(),
                re.DOTALL,
            )
            assert all("data-key" in one or "aria-keyshortcuts" in one for one in buttons), name

    def test_of_actors_are_no_others(self):
        others = {key.shown for key in KEYS}

        assert not set(LETTERS) & others
