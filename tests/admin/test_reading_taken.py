"""A card that is taken, and the card of the tray."""

import re
from dataclasses import replace

import pytest

from tests.kit.reading_desk import cards, presses, seen
from tests.kit.trays import a_denial, a_draft, puts
from tracker.models.trays import Tray, TrayCard

pytestmark = pytest.mark.django_db


class TestTaking:
    def test_puts_the_card_into_the_tray(self, ann, desk, chosen):
        answer = presses(ann, desk, chosen, "take")

        row = TrayCard.objects.get()
        assert (row.id, row.state, row.version) == (chosen.id, "taken", 1)
        assert 'hx-swap-oob="outerHTML"' in answer.content.decode()
        assert "Tray 1 card" in seen(answer)

    def test_a_second_time_shows_the_card_in_the_tray(self, ann, desk, chosen):
        """The answer to the first time may be lost."""
        presses(ann, desk, chosen, "take")

        answer = presses(ann, desk, chosen, "take")

        assert "another window" not in seen(answer)
        assert 'data-state="taken"' in answer.content.decode()
        assert TrayCard.objects.get().version == 1

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

    def test_of_a_denial_by_nobody_is_refused(self, ann, desk, chosen):
        denial = a_denial(desk, chosen.id, claim=chosen.claim, said_by=None)

        answer = presses(ann, desk, denial, "take")

        assert "Say who denies it: press p for the next party." in seen(answer)
        assert not TrayCard.objects.exists()

    def test_of_a_denial_shows_no_code_of_an_act(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        answer = presses(ann, desk, replace(a_denial(desk, chosen.id), claim=chosen.claim), "take")

        card, tray = answer.content.decode().split('<section id="tray"')
        assert "RUS → KAZ denial in the tray" in " ".join(re.sub(r"<[^>]*>", " ", card).split())
        assert 'value="code:1"' not in card
        assert "RUS → KAZ denial</button>" in tray

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

    @pytest.mark.parametrize("do", ["drop", "restore"])
    def test_that_another_window_changed_is_not_taken_out_unseen(self, ann, desk, taken, do):
        presses(ann, desk, taken, "words", words="Theirs.", version="1")

        answer = presses(ann, desk, taken, do, to="proposed", version="1", state="taken")

        assert "This card was changed in another window." in seen(answer)
        assert TrayCard.objects.get().version == 2
        presses(ann, desk, taken, do, to="proposed", version="2", state="taken")
        assert not TrayCard.objects.exists()

    def test_in_the_list_says_that_another_window_changed_it(self, ann, desk, taken):
        presses(ann, desk, taken, "words", words="Theirs.", version="1")

        answer = presses(ann, desk, taken, "drop", version="1", state="taken", listed="1")

        tray = answer.content.decode().split('<section id="tray"')[1]
        assert "The card was changed in another window: look at it again." in tray
        assert TrayCard.objects.exists()

    def test_that_was_removed_meanwhile_says_so(self, ann, desk, taken):
        TrayCard.objects.all().delete()

        for do in ("swap", "theirs", "drop"):
            answer = presses(ann, desk, taken, do, version="1", state="taken")
            assert re.search("recorded or removed|no longer in the tray", seen(answer))

    def test_is_linked_to_another_and_the_link_removed(self, ann, desk, taken):
        other = a_draft(desk.claim(summary="China was affected."))
        puts(Tray.objects.get().id, other, by="ann")

        answer = presses(ann, desk, taken, f"link:{other.id}", link="causes", version="1")
        assert "causes China was affected. * remove" in seen(answer)
        [linked] = cards(answer)
        [free] = cards(presses(ann, desk, linked, f"unlink:{other.id}", version="2"))

        assert [link.type for link in linked.links] == ["causes"]
        assert free.links == ()

    def test_is_linked_only_to_cards(self, ann, desk, taken):
        answer = presses(ann, desk, taken, "link:x", link="causes", version="1", state="taken")

        assert "Choose a card of the tray." in seen(answer)
