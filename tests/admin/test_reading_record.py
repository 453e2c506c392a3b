"""The page of an article: cards taken into the tray and recorded, their effect, and the keys."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit.builders import AT, an_account
from tests.kit.reading_desk import at, cards, presses, records, seen
from tests.kit.trays import a_denial, a_draft, a_draft_about, a_new_name, a_tray, puts
from tracker import log
from tracker.admin.reading_keys import KEYS, LETTERS
from tracker.domain.claims import Occurred
from tracker.domain.reading.drafts import OFFERED, TAKEN
from tracker.models.derived import StandingClaim
from tracker.models.trays import Tray, TrayCard
from tracker.operations import trays
from tracker.operations.ids import new_id
from tracker.queries.trays import draft_of

pytestmark = pytest.mark.django_db


TEMPLATES = Path("tracker/admin/templates/desk")


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


class TestRecording:
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
        page = records(ann, desk).content.decode()
        assert f'data-recorded="card-{chosen.id}"' in page
        assert f"/admin/desk/claim/{chosen.id}/change/" in page

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
    def test_names_a_card_that_another_one_may_repeat(self, ann, desk, chosen):
        presses(ann, desk, chosen, "take")
        presses(ann, desk, replace(chosen, id=new_id(AT), sentence=2), "take")

        answer = ann.get(at(desk, "effect/"))

        assert "Card 2 may be the same as card 1 : take one of them out." in seen(answer)
        assert f'href="#tray-{chosen.id}"' in answer.content.decode()
        assert f'id="tray-{chosen.id}"' in ann.get(at(desk)).content.decode()
        assert "may be on record already" not in seen(answer)


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
        """Each button shows its key."""
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


class TestTaking:
    def test_a_second_time_shows_the_card_in_the_tray(self, ann, desk, chosen):
        """The answer to the first time may be lost."""
        presses(ann, desk, chosen, "take")

        answer = presses(ann, desk, chosen, "take")

        assert "another window" not in seen(answer)
        assert 'data-state="taken"' in answer.content.decode()
        row = TrayCard.objects.get()
        assert (row.id, row.state, row.version) == (chosen.id, "taken", 1)

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
