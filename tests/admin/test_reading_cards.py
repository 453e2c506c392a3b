"""The cards of the reading page: what each key changes, and the whole form for a card."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone

from tests.kit.builders import BY, SANCTION, a_source
from tests.kit.desk_forms import sent
from tests.kit.reading_desk import at, cards, presses, seen
from tests.kit.trays import a_denial, a_draft_about, a_new_name
from tracker.admin.reading_form import filled
from tracker.domain import codec
from tracker.domain.claims import Occurred
from tracker.models.trays import TrayCard
from tracker.operations import sources

pytestmark = pytest.mark.django_db


class TestAKey:
    def test_chooses_a_code_and_the_summary_follows(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, "code:1"))

        assert card.claim.code == SANCTION
        assert card.claim.summary.startswith("RUS ")

    def test_finds_codes_by_words_to_choose_from(self, ann, desk, chosen):
        [card] = cards(presses(ann, desk, chosen, "find", find="embargo"))

        assert card.claim.code is None
        assert "plover-2.0/SANCTION/discontinue" in [one.code for one in card.codes]
        assert len(card.codes) <= 9

    @pytest.mark.parametrize(
        ("box", "typed"),
        [("find", "a\0b"), ("other", "a\0b"), ("chain", "\0"), ("words", "a\0b"), ("date", "\0")],
    )
    def test_refuses_control_characters_in_its_box(self, ann, desk, draft, box, typed):
        answer = presses(ann, desk, draft, box, **{box: typed})

        assert cards(answer) == [draft]
        assert "There are control characters in the text: remove them." in seen(answer)

    @pytest.mark.parametrize(
        ("box", "typed", "says"),
        [
            ("words", "long " * 120, "500"),
            ("other", "x" * 100_000, "200"),
            ("chain", "; ".join(f"Paper {one}" for one in range(30)), "20"),
        ],
    )
    def test_refuses_what_is_too_long_and_says_so(self, ann, desk, draft, box, typed, says):
        answer = presses(ann, desk, draft, box, **{box: typed})

        assert cards(answer) == [draft]
        assert says in re.findall(r'desk-errors"[^>]*>([^<]*)<', answer.content.decode())[0]
        assert len(answer.content) < 30_000 + len(typed)

    def test_names_no_code_by_a_number_of_thousands_of_digits(self, ann, desk, draft):
        answer = presses(ann, desk, draft, f"code:{'1' * 5_000}")

        assert "There is no code 1111111111111111111111111111111111111111 to choose" in seen(answer)

    @pytest.mark.parametrize("fields", [{}, {"theirs_version": "x"}])
    def test_keeps_mine_only_in_place_of_a_version(self, ann, desk, chosen, fields):
        presses(ann, desk, chosen, "take")

        mine = replace(chosen, claim=replace(chosen.claim, summary="Mine."))
        answer = presses(ann, desk, mine, "mine", **fields)

        assert "changed in another window" in seen(answer)

    @pytest.mark.parametrize(
        ("box", "typed"),
        [
            ("date", "late Marhc"),
            ("words", "w" * 501),
            ("other", "x" * 201),
            ("chain", "Twin"),
            ("find", "qwertz"),
        ],
    )
    @pytest.mark.parametrize("to", ["", "take"])
    def test_refused_opens_its_box_again_with_what_was_typed(
        self, ann, desk, chosen, box, typed, to
    ):
        for _ in range(2):
            sources.describe_source(a_source(name="Twin"), at=timezone.now(), by=BY)

        answer = presses(ann, desk, chosen, box, to=to, **{box: typed}).content.decode()

        assert f'data-halts="{box}"' in answer
        assert f'data-typed="{typed}"' in answer
        assert ("data-takes" in answer) == bool(to)

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

    def test_proposes_a_party_that_is_not_on_record(self, ann, desk, draft):
        answer = presses(ann, desk, draft, "other", other=" Wagner  Group ")

        [card] = cards(answer)
        [new] = card.unresolved
        assert (new.noun, new.name) == ("actor", "Wagner Group")
        assert "Not on record: Wagner Group" in seen(answer)
        for spelling in ("Wagner Group", "wágner group"):
            [again] = cards(presses(ann, desk, card, "other", other=spelling))
            assert again.names == card.names

    def test_without_a_name_asks_for_one(self, ann, desk, draft):
        assert "Give the name of the actor." in seen(presses(ann, desk, draft, "other", other=" "))

    def test_names_the_chain_and_proposes_a_source_that_is_not_on_record(self, ann, desk, draft):
        [card] = cards(presses(ann, desk, draft, "chain", chain="The Gazette; Bloomberg"))

        first, second = card.claim.citations[0].chain
        assert first == desk.source
        assert [(one.id, one.name) for one in card.unresolved] == [(second, "Bloomberg")]

    @pytest.mark.parametrize("text", ["", "[]", "{", '{"id": 1}', "[" * 100_000])
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


class TestTheWholeForm:
    def opened(self, client, desk, draft, version=""):
        body = {"draft": codec.value_text(draft), "card_version": version, "open": "1"}
        return client.post(at(desk, "form/"), body)

    def filled(self, draft, **changed):
        data = sent(filled(draft), **changed)
        data["draft"] = codec.value_text(draft)
        return data

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
