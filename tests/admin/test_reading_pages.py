"""The page on which an article is read: its text, its cards, and the tray."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from tests.kit.builders import BY, CODE, a_source
from tests.kit.desk_forms import sent
from tests.kit.trays import a_denial, a_draft, a_draft_about, a_new_name, a_tray, puts
from tracker import log
from tracker.admin.reading_form import filled, read_draft
from tracker.admin.reading_keys import KEYS, LETTERS
from tracker.domain import codec
from tracker.domain.claims import Occurred
from tracker.domain.reading.drafts import OFFERED, OfferedActor, OfferedCode, OfferedDate
from tracker.models.derived import StandingClaim
from tracker.models.trays import Tray, TrayCard
from tracker.operations import sources, trays
from tracker.projections import impacts

pytestmark = pytest.mark.django_db
TEXT = """The column

On 3 March 2022 Russia imposed sanctions on Kazakhstan. The weather was fine.
"""
TEMPLATES = Path("tracker/admin/templates/desk")


def at(desk, place=""):
    """An address of the reading page of the desk's document."""
    return f"/admin/desk/document/{desk.document}/read/{place}"


def seen(answer):
    """What an answer shows, without tags and with single spaces."""
    text = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def cards(answer):
    """The drafts on the cards of an answer, without those in the tray."""
    shown = answer.content.decode().split('<section id="tray"')[0]
    found = re.findall(r'name="draft" value="([^"]*)"', shown)
    return [read_draft(html.unescape(text)) for text in found]


def presses(client, desk, draft, do, **fields):
    """Press a button of a card."""
    body = {"draft": codec.value_text(draft), "do": do, "state": "proposed", **fields}
    return client.post(at(desk, "card/"), body)


@pytest.fixture
def draft(desk):
    """Russia did something to Kazakhstan; two codes may be meant, none is chosen."""
    codes = (OfferedCode(code=CODE, why="cut → SANCTION"), OfferedCode(code="plover-2.0/AID"))
    countries = [desk.countries[code] for code in ("RUS", "KAZ", "CHN")]
    claim = desk.claim(code=None, summary="")
    return a_draft(claim, codes=codes, actors=tuple(OfferedActor(actor=one) for one in countries))


@pytest.fixture
def chosen(draft):
    return replace(draft, claim=replace(draft.claim, code=CODE, summary="Russia cut the flow."))


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
            for place in ("text/", "card/", "place/", "record/", "form/")
        ]

        assert {answer.status_code for answer in answers} == {403}
        assert "You may not enter claims" in seen(answers[0])

    def test_of_a_document_that_is_not_on_record_is_not_found(self, ann, desk):
        assert ann.get(f"/admin/desk/document/{desk.collection}/read/").status_code == 404

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

    @pytest.mark.parametrize("place", ["text/", "card/", "place/", "record/", "form/"])
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

    def test_is_read_again_where_the_person_was(self, ann, desk):
        ann.post(at(desk, "text/"), {"text": TEXT})
        assert ann.post(at(desk, "place/"), {"place": "2"}).status_code == 204

        answer = ann.post(at(desk, "text/"), {"text": TEXT})

        assert 'data-place="2"' in answer.content.decode()

    def test_other_than_before_is_said(self, ann, desk):
        ann.post(at(desk, "text/"), {"text": TEXT})
        ann.post(at(desk, "place/"), {"place": "2"})

        answer = ann.post(at(desk, "text/"), {"text": f"More. {TEXT}"})

        assert "not the text from which the tray was begun" in seen(answer)
        assert 'data-place="0"' in answer.content.decode()

    def test_shows_what_is_in_the_tray_what_was_handed_in_and_what_is_on_record(self, ann, desk):
        [card, *_] = cards(ann.post(at(desk, "text/"), {"text": TEXT}))
        other = a_draft(card.claim, sentence=2)
        puts(a_tray(desk, by="bea"), other, by="bea", state=OFFERED)
        [card] = cards(presses(ann, desk, card, "code:1"))
        presses(ann, desk, card, "take")

        text = ann.post(at(desk, "text/"), {"text": TEXT})
        assert text.content.decode().count('"reading-state">in the tray') == 1
        assert text.content.decode().count("handed in for review") == 1
        ann.post(at(desk, "record/"))
        again = ann.post(at(desk, "text/"), {"text": TEXT}).content.decode()
        assert f"/admin/desk/claim/{card.id}/change/" in again

    def test_place_is_a_number(self, ann, desk):
        assert ann.post(at(desk, "place/"), {"place": "x"}).status_code == 400


class TestAKey:
    def test_chooses_a_code_and_the_summary_follows(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, "code:1"))

        assert card.claim.code == CODE
        assert card.claim.summary.startswith("RUS ")

    def test_finds_codes_by_words_to_choose_from(self, ann, desk, chosen):
        [card] = cards(presses(ann, desk, chosen, "find", find="embargo"))

        assert card.claim.code is None
        assert "plover-2.0/SANCTION/discontinue" in [one.code for one in card.codes]
        assert len(card.codes) <= 9

    def test_takes_the_only_code_that_can_be_meant(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, "find", find="SANCTION/discontinue"))

        assert card.claim.code == CODE
        assert card.claim.summary

    @pytest.mark.parametrize("words", ["qwertz", " "])
    def test_says_that_no_code_is_found(self, ann, desk, draft, words):
        answer = presses(ann, desk, draft, "find", find=words)

        assert cards(answer) == [draft]
        assert "No code found" in seen(answer)

    def test_gives_an_actor_the_next_role(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, f"actor:{desk.countries['KAZ']}"))

        assert card.claim.actors("affected") == (desk.countries["KAZ"],)

    def test_swaps_the_sides(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, "swap"))

        assert card.claim.actors("initiator") == (desk.countries["KAZ"],)

    def test_sets_a_date_as_it_is_typed(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, "date", date="late March 2022"))

        assert card.claim.occurred.edtf == "[2022-03-21..2022-03-31]"

    def test_takes_another_date_of_the_sentence(self, ann, desk, draft):
        dates = (OfferedDate(edtf="2022-05-11"), OfferedDate(edtf="2022-05", basis="inferred"))
        answer = presses(ann, desk, replace(draft, dates=dates), "swap")
        assert "in May 2022?" in seen(answer)

        [card] = cards(presses(ann, desk, replace(draft, dates=dates), "date:2022-05"))

        assert (card.claim.occurred.edtf, card.claim.occurred.basis) == ("2022-05", "inferred")

    def test_with_a_wrong_value_says_so_and_leaves_the_card(self, ann, desk, draft):
        answer = presses(ann, desk, draft, "date", date="05/03/2024")

        assert cards(answer) == [draft]
        assert "desk-errors" in answer.content.decode()
        assert "data-halts" in answer.content.decode()

    def test_states_the_claim_in_other_words_that_then_stay(self, ann, desk, chosen):
        [card] = cards(presses(ann, desk, chosen, "words", words="Moscow cut it."))
        [card] = cards(presses(ann, desk, card, "swap"))

        assert card.claim.summary == "Moscow cut it."

    def test_adds_another_claim_of_the_sentence(self, ann, desk, chosen):
        answer = presses(ann, desk, chosen, "another")

        first, second = cards(answer)
        assert first == chosen
        assert second.id != chosen.id
        assert second.claim.parties == chosen.claim.parties
        assert second.claim.code is None
        assert "data-new" in answer.content.decode()

    def test_adds_a_claim_of_a_sentence_without_a_proposal(self, ann, desk):
        body = {"do": "blank", "sentence": "2", "words": "China was silent."}
        [card] = cards(ann.post(at(desk, "card/"), body))

        assert card.sentence == 2
        assert card.claim.citations[0].quote == "China was silent."
        assert [one.actor for one in card.actors] == [desk.countries["CHN"]]

    def test_adds_no_claim_of_a_sentence_that_is_too_long(self, ann, desk):
        body = {"do": "blank", "sentence": "2", "words": "word " * 20_001}

        assert "at most 20000 are read" in seen(ann.post(at(desk, "card/"), body))

    def test_names_another_party_on_record(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, "other", other="CHN"))

        assert desk.countries["CHN"] in card.claim.actors("recipient")

    def test_proposes_a_party_that_is_not_on_record(self, ann, desk, draft):
        answer = presses(ann, desk, draft, "other", other=" Wagner  Group ")

        [card] = cards(answer)
        [new] = card.unresolved
        assert (new.noun, new.name) == ("actor", "Wagner Group")
        assert "Not on record: Wagner Group" in seen(answer)
        [again] = cards(presses(ann, desk, card, "other", other="Wagner Group"))
        assert len(again.names) == 1

    def test_without_a_name_asks_for_one(self, ann, desk, draft):
        assert "Give the name of the actor." in seen(presses(ann, desk, draft, "other", other=" "))

    def test_does_not_choose_between_sources_of_one_name(self, ann, desk, draft):
        for _ in range(2):
            sources.describe_source(a_source(name="Twin"), at=timezone.now(), by=BY)

        answer = presses(ann, desk, draft, "chain", chain="Twin")

        assert cards(answer) == [draft]
        assert "Several records are called" in seen(answer)

    def test_names_the_chain_and_proposes_a_source_that_is_not_on_record(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, "chain", chain="The Gazette; Bloomberg"))

        first, second = card.claim.citations[0].chain
        assert first == desk.source
        assert [(one.id, one.name) for one in card.unresolved] == [(second, "Bloomberg")]

    def test_that_is_unknown_is_refused(self, ann, desk, draft):
        assert "Unknown change" in seen(presses(ann, desk, draft, "dance"))

    @pytest.mark.parametrize("text", ["", "[]", "{", '{"id": 1}'])
    def test_on_no_card_is_a_bad_request(self, ann, desk, text):
        answer = ann.post(at(desk, "card/"), {"draft": text, "do": "swap"})

        assert answer.status_code == 400

    def test_shows_everything_that_qualifies_a_claim(self, ann, desk, draft):
        claim = replace(
            draft.claim,
            polarity="denied",
            modality="conditional",
            condition="if it snows",
            hedge="apparently",
            likelihood="likely",
            occurred=Occurred(edtf="nonsense"),
        )
        shown = seen(presses(ann, desk, replace(draft, claim=claim), "strength"))

        for words in (
            "denied conditional: if it snows",
            "apparently likely",
            "partial",
            "nonsense",
        ):
            assert words in shown


class TestTaking:
    def test_puts_the_card_into_the_tray(self, ann, desk, chosen):
        answer = presses(ann, desk, chosen, "take")

        row = TrayCard.objects.get()
        assert (row.id, row.state, row.version) == (chosen.id, "taken", 1)
        assert 'hx-swap-oob="outerHTML"' in answer.content.decode()
        assert "Tray 1 card" in seen(answer)

    def test_without_a_chosen_code_is_refused(self, ann, desk, draft):
        answer = presses(ann, desk, draft, "take")

        assert "Choose a code with its number first" in seen(answer)
        assert not TrayCard.objects.exists()

    def test_without_a_code_is_possible_on_purpose(self, ann, desk, draft):
        uncoded = replace(draft, claim=replace(draft.claim, summary="Russia acted."))

        presses(ann, desk, uncoded, "uncoded")

        assert TrayCard.objects.get().draft["claim"].get("code") is None

    def test_of_an_incomplete_claim_asks_for_what_is_missing(self, ann, desk, chosen):
        wordless = replace(chosen, claim=replace(chosen.claim, summary=""))

        answer = presses(ann, desk, wordless, "take")

        assert 'data-halts="words"' in answer.content.decode()
        assert not TrayCard.objects.exists()

    def test_goes_on_once_what_was_missing_is_typed(self, ann, desk, chosen):
        wordless = replace(chosen, claim=replace(chosen.claim, summary=""))

        presses(ann, desk, wordless, "words", words="Russia cut it.", to="take")

        assert TrayCard.objects.get().draft["claim"]["summary"] == "Russia cut it."

    def test_of_a_denial_needs_no_claim_of_its_own(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        denial = a_denial(desk, chosen.id, claim=desk.claim(summary=""))

        answer = presses(ann, desk, denial, "take")

        assert "denied by KAZ: Russia cut the flow." in seen(answer)
        assert TrayCard.objects.count() == 2

    def test_is_undone(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")

        answer = presses(ann, desk, chosen, "restore", to="proposed", version="1", state="taken")

        assert cards(answer) == [chosen]
        assert not TrayCard.objects.exists()

    def test_undone_by_mistake_is_put_back(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        assert cards(presses(ann, desk, chosen, "drop", version="1")) == [chosen]

        presses(ann, desk, chosen, "restore", to="taken")

        assert TrayCard.objects.get().id == chosen.id

    def test_undo_of_a_change_of_a_proposal_touches_no_tray(self, ann, desk, chosen):
        answer = presses(ann, desk, chosen, "restore", to="proposed")

        assert cards(answer) == [chosen]
        assert "hx-swap-oob" not in answer.content.decode()

    def test_of_a_card_that_a_client_handed_in_moves_it(self, ann, desk, chosen):
        puts(a_tray(desk, by="bea"), chosen, by="bea", state=OFFERED)

        presses(ann, desk, chosen, "accept", version="1", state="offered")

        row = TrayCard.objects.get()
        assert (row.tray.account.username, row.state) == ("ann", "taken")

    def test_of_a_card_that_is_gone_says_so(self, ann, desk, chosen):
        answer = presses(ann, desk, chosen, "drop", version="1", state="taken")

        assert "It was recorded or removed" in seen(answer) or "was recorded or removed" in seen(
            answer
        )


class TestACardOfTheTray:
    @pytest.fixture
    def taken(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        return chosen

    def test_is_saved_with_each_change(self, ann, desk, taken):
        presses(ann, desk, taken, "swap", version="1")

        row = TrayCard.objects.get()
        assert row.version == 2
        assert row.draft["claim"]["parties"][0]["actor"] == str(desk.countries["KAZ"])

    def test_that_another_window_changed_shows_both(self, ann, desk, taken):
        presses(ann, desk, taken, "words", words="Theirs.", version="1")

        answer = presses(ann, desk, taken, "words", words="Mine.", version="1", state="taken")

        assert "This card was changed in another window." in seen(answer)
        assert "Theirs." in seen(answer)
        assert TrayCard.objects.get().version == 2

    def test_is_kept_as_mine_or_as_theirs(self, ann, desk, taken):
        [theirs] = cards(presses(ann, desk, taken, "words", words="Theirs.", version="1"))
        assert cards(presses(ann, desk, taken, "theirs", version="1")) == [theirs]

        presses(ann, desk, taken, "mine", version="1", theirs_version="2")

        assert TrayCard.objects.get().draft["claim"]["summary"] == taken.claim.summary

    def test_that_was_removed_meanwhile_says_so(self, ann, desk, taken):
        TrayCard.objects.all().delete()

        for do in ("swap", "theirs"):
            answer = presses(ann, desk, taken, do, version="1", state="taken")
            assert re.search("recorded or removed|no longer in the tray", seen(answer))

    def test_is_linked_to_another_and_the_link_removed(self, ann, desk, taken):
        other = a_draft(desk.claim(summary="China was affected."))
        puts(Tray.objects.get().id, other, by="ann")

        answer = presses(ann, desk, taken, f"link:{other.id}", link="causes", version="1")
        assert "causes China was affected. remove" in seen(answer)
        [linked] = cards(answer)
        [free] = cards(presses(ann, desk, linked, f"unlink:{other.id}", version="2"))

        assert [link.type for link in linked.links] == ["causes"]
        assert free.links == ()

    def test_is_not_linked_to_what_is_no_card(self, ann, desk, taken):
        answer = presses(ann, desk, taken, "link:x", link="causes", version="1", state="taken")

        assert "Choose a card of the tray." in seen(answer)


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

    def test_shows_a_date_that_is_to_be_confirmed(self, ann, desk, chosen):
        answer = ann.post(at(desk, "form/"), self.filled(chosen, claim__occurred="late March 2022"))

        assert "The date is read as" in seen(answer)
        assert not TrayCard.objects.exists()

    def test_shows_one_more_row(self, ann, desk, chosen):
        answer = ann.post(at(desk, "form/"), self.filled(chosen, more_parties="1"))

        assert "parties-3-actor" in answer.content.decode()

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

    def test_of_a_card_of_somebody_else_is_refused(self, ann, desk, chosen):
        puts(a_tray(desk, by="bea"), chosen, by="bea")
        answer = ann.post(at(desk, "form/"), self.filled(chosen))

        assert "a card of another tray has this id" in seen(answer)

    def test_of_no_card_is_a_bad_request(self, ann, desk):
        assert ann.post(at(desk, "form/"), {"draft": "x"}).status_code == 400


class TestRecording:
    def test_puts_all_cards_on_record_and_empties_the_tray(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")

        answer = ann.post(at(desk, "record/"))

        assert StandingClaim.objects.get().id == chosen.id
        assert "1 card recorded." in seen(answer)
        assert f'data-recorded="card-{chosen.id}"' in answer.content.decode()
        assert f"/admin/desk/claim/{chosen.id}/change/" in answer.content.decode()
        assert not TrayCard.objects.exists()

    def test_of_a_tray_with_one_wrong_card_records_nothing_and_says_which(self, ann, desk, chosen):
        late = replace(chosen.claim, occurred=Occurred(edtf="2022-08-01"))
        presses(ann, desk, chosen, "take")
        presses(ann, desk, a_draft(late, sentence=2), "take")

        answer = ann.post(at(desk, "record/"))

        assert not StandingClaim.objects.exists()
        assert "Nothing is recorded: 1 card has a problem." in seen(answer)
        assert "1 August 2022, after its document" in seen(answer)

    def test_while_the_log_is_busy_keeps_the_tray_and_says_so(self, ann, desk, chosen, monkeypatch):
        def busy(*_args, **_named):
            raise log.LogBusy

        presses(ann, desk, chosen, "take")
        monkeypatch.setattr(trays, "record", busy)

        answer = ann.post(at(desk, "record/"))

        assert "Another change is being recorded: nothing is saved" in seen(answer)
        assert TrayCard.objects.count() == 1

    def test_leaves_cards_with_new_names_waiting(self, ann, desk):
        presses(ann, desk, a_draft_about(desk, a_new_name()), "take")

        answer = ann.post(at(desk, "record/"))

        assert "0 cards recorded. 1 card waits for a curator." in seen(answer)
        assert "waits for a curator" in seen(ann.get(at(desk)))

    def test_leaves_cards_that_are_corrected_as_claims(self, ann, desk, chosen):
        answer = presses(ann, desk, chosen, "swap", state="recorded")

        assert cards(answer) == [chosen]
        assert "Correct the claim on its own page" in seen(answer) or "on its own page" in seen(
            answer
        )
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
        printed = set(re.findall(r"<kbd>([^{<]+)</kbd>", tools))

        assert printed <= {key.shown for key in KEYS}
        assert len({key.shown for key in KEYS}) == len(KEYS)

    def test_of_actors_are_no_others(self):
        others = {key.shown for key in KEYS}

        assert not set(LETTERS) & others
