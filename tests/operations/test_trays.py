"""Drafts are collected in trays on the server and recorded as one batch, all or none."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.kit.builders import AT, BY, an_account
from tests.kit.trays import a_draft, a_draft_about, a_new_name, a_tray, puts, records
from tracker.domain.attribution import SaidBy
from tracker.domain.problems import Invalid
from tracker.domain.reading import drafts
from tracker.domain.reading.drafts import OFFERED, TAKEN, DraftLink
from tracker.models.trays import TrayCard
from tracker.operations import accounts, trays
from tracker.operations.trays import CardChanged, NoSuchCard, NoSuchTray, TrayHasCards
from tracker.queries import trays as queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(desk):
    return a_tray(desk)


class TestATray:
    def test_is_one_for_each_person_and_document_and_begins_again_with_another_text(self, desk):
        own = a_tray(desk, sentences=12, text_sha256="a" * 64)
        assert (a_tray(desk) == own, a_tray(desk, "bea") == own) == (True, False)
        trays.move_to(own, 9, by=BY, at=AT)

        a_tray(desk, sentences=5, text_sha256="b" * 64)

        found = queries.tray(desk.document, BY)
        assert (found.sentences, found.place, found.text_sha256) == (5, 5, "b" * 64)

    def test_is_of_a_document_on_record_and_of_an_account(self, desk):
        an_account()
        with pytest.raises(Invalid, match="/document"):
            trays.open_tray(uuid4(), by=BY, at=AT)
        with pytest.raises(accounts.NoSuchAccount):
            trays.open_tray(desk.document, by="nobody", at=AT)

    def test_is_changed_by_its_person_only(self, desk, own):
        card = puts(own, a_draft(desk.claim()))
        an_account("bea")

        for change in (
            lambda: puts(own, a_draft(desk.claim()), by="bea"),
            lambda: trays.move_to(own, 3, by="bea", at=AT),
            lambda: records(own, by="bea"),
            lambda: trays.preview(own, by="bea", at=AT),
            lambda: trays.close(own, by="bea"),
        ):
            with pytest.raises(NoSuchTray):
                change()
        with pytest.raises(NoSuchCard):
            trays.remove(card.id, by="bea")

    def test_is_closed_with_as_many_cards_as_were_confirmed(self, desk, own):
        puts(own, a_draft(desk.claim()))
        puts(own, a_draft_about(desk, a_new_name()))
        records(own)
        puts(own, a_draft(desk.claim()))
        for confirmed in (0, 1, 3):
            with pytest.raises(TrayHasCards, match="the tray has 2 cards"):
                trays.close(own, by=BY, cards=confirmed)

        assert trays.close(own, by=BY, cards=2) == (2, 0)

        assert queries.tray(desk.document, BY) is None
        assert not TrayCard.objects.exists()

    def test_that_is_closed_gives_back_what_was_handed_in(self, desk):
        card = puts(a_tray(desk, "bot"), a_draft(desk.claim()), by="bot", state=OFFERED)
        own = a_tray(desk)
        trays.take_offered(card.id, by=BY, at=AT)

        assert trays.close(own, by=BY, cards=1) == (1, 1)

        assert [one.id for one in queries.offered(desk.document)] == [card.id]

    def test_that_is_closed_goes_on_offering_what_its_account_handed_in(self, desk):
        own = a_tray(desk, sentences=12, text_sha256="a" * 64)
        trays.move_to(own, 7, by=BY, at=AT)
        card = puts(own, a_draft(desk.claim()), state=OFFERED)

        trays.close(own, by=BY)

        assert [one.id for one in queries.offered(desk.document)] == [card.id]
        assert queries.half_done(BY) == []

    def test_is_refused_to_a_person_with_too_many(self, desk, monkeypatch):
        monkeypatch.setattr(trays, "MOST_TRAYS", 1)
        puts(a_tray(desk), a_draft(desk.claim()))
        other = desk.hears()

        with pytest.raises(Invalid, match="you have 1 trays"):
            trays.open_tray(other, by=BY, at=AT)
        a_tray(desk)

    def test_of_a_text_that_was_only_looked_at_makes_room_for_another(self, desk, monkeypatch):
        monkeypatch.setattr(trays, "MOST_TRAYS", 1)
        a_tray(desk, sentences=12, text_sha256="a" * 64)

        trays.open_tray(desk.hears(), by=BY, at=AT)

        assert queries.tray(desk.document, BY) is None


class TestTheTrayOfAnAccount:
    def test_follows_it_when_it_is_renamed(self, desk):
        own = a_tray(desk, sentences=12, text_sha256="a" * 64)
        account = an_account()
        account.username = "anna"
        account.save()

        assert queries.tray(desk.document, "anna").id == own
        assert queries.tray(desk.document, BY) is None
        assert [one.person for one in queries.progress(desk.document)] == ["anna"]

    def test_is_free_to_take_once_it_is_deleted(self, desk):
        card = puts(a_tray(desk), a_draft(desk.claim()))
        an_account().delete()

        an_account("bea")
        assert queries.tray(desk.document, BY) is None
        assert [one.id for one in queries.offered(desk.document)] == [card.id]
        assert [one.person for one in queries.progress(desk.document)] == [BY]

        taken = trays.take_offered(card.id, by="bea", at=AT)

        assert taken.tray_id == queries.tray(desk.document, "bea").id


class TestPut:
    def test_keeps_a_draft_as_it_is(self, desk, own):
        draft = a_draft(
            desk.claim(),
            said_by=SaidBy(actor=desk.countries["CHN"]),
            links=(DraftLink(type="causes", to=uuid4()),),
            why=("sanctioned → SANCTION",),
        )

        card = puts(own, draft)

        [kept] = queries.cards(own)
        assert queries.draft_of(kept) == draft
        assert (kept.id, kept.version, kept.state, card.version) == (draft.id, 1, TAKEN, 1)

    @pytest.mark.parametrize("expected", [0, 1, 3])
    def test_of_another_version_is_a_conflict_and_shows_the_card(self, desk, own, expected):
        draft = a_draft(desk.claim())
        puts(own, draft)
        puts(own, replace(draft, sentence=2))

        with pytest.raises(CardChanged, match="changed in another window") as conflict:
            puts(own, replace(draft, sentence=3), expected=expected)

        assert queries.draft_of(conflict.value.card).sentence == 2
        assert queries.cards(own)[0].sentence == 2

    @pytest.mark.parametrize("expected", [None, 1])
    def test_of_what_was_recorded_meanwhile_is_a_conflict(self, desk, own, expected):
        draft = a_draft(desk.claim())
        puts(own, draft)
        records(own)

        with pytest.raises(CardChanged, match="recorded or removed") as conflict:
            puts(own, draft, expected=expected)

        assert conflict.value.card is None
        assert queries.cards(own) == []

    def test_is_refused_for_the_card_of_another_tray(self, desk):
        card = puts(a_tray(desk), a_draft(desk.claim()))

        with pytest.raises(Invalid, match="/id: a card of another tray"):
            puts(a_tray(desk, "bea"), queries.draft_of(card), by="bea")

    def test_is_refused_over_a_limit(self, desk, own, monkeypatch):
        with pytest.raises(Invalid, match="/claim/summary"):
            puts(own, a_draft(desk.claim(summary="x" * 501)))
        monkeypatch.setattr(drafts, "LONGEST_DRAFT", 300)
        with pytest.raises(Invalid, match="a draft may have 300: shorten it"):
            puts(own, a_draft(desk.claim()))

    def test_is_refused_by_a_full_tray(self, desk, monkeypatch):
        monkeypatch.setattr(trays, "MOST_PER_TRAY", 1)
        own, draft = a_tray(desk), a_draft(desk.claim())
        puts(own, draft)
        other = puts(a_tray(desk, "bea"), a_draft(desk.claim()), by="bea", state=OFFERED)

        with pytest.raises(Invalid, match="at most 1 cards"):
            puts(own, a_draft(desk.claim()))
        with pytest.raises(Invalid, match="at most 1 cards"):
            trays.take_offered(other.id, by=BY, at=AT)
        puts(own, replace(draft, sentence=2))


class TestRemove:
    @pytest.mark.parametrize("is_gone", [False, True])
    def test_offers_a_card_again_as_it_was_handed_in(self, desk, is_gone):
        """Where it came from, or where it is if that tray is gone."""
        client, draft = a_tray(desk, "bot"), a_draft(desk.claim())
        puts(client, draft, by="bot", state=OFFERED)
        own = a_tray(desk)
        puts(own, replace(draft, sentence=3), expected=1)
        if is_gone:
            trays.close(client, by="bot")

        row = trays.remove(draft.id, by=BY)

        assert (row.state, row.version) == (OFFERED, 3)
        [again] = queries.offered(desk.document)
        assert queries.draft_of(again) == draft
        assert again.tray_id == (own if is_gone else client)
        assert queries.cards(own) == []


class TestOfferedCards:
    def test_are_moved_into_the_tray_of_who_takes_them(self, desk):
        client = a_tray(desk, "client")
        card = puts(client, a_draft(desk.claim()), by="client", state=OFFERED)
        own = a_tray(desk)
        assert [one.id for one in queries.offered(desk.document)] == [card.id]
        assert records(client, by="client").cards == ()

        taken = trays.take_offered(card.id, by=BY, at=AT)

        assert (taken.tray_id, taken.state, taken.version) == (own, TAKEN, 2)
        assert list(queries.offered(desk.document)) == []
        for taken_or_gone in (card.id, uuid4()):
            with pytest.raises(NoSuchCard, match="somebody took"):
                trays.take_offered(taken_or_gone, by="client", at=AT)

    def test_are_taken_in_ones_own_tray_too(self, desk, own):
        card = puts(own, a_draft(desk.claim()), state=OFFERED)

        assert trays.take_offered(card.id, by=BY, at=AT).state == TAKEN

    def test_are_taken_by_putting_another_version_of_the_one_that_was_seen(self, desk):
        draft = a_draft(desk.claim())
        puts(a_tray(desk, "bot"), draft, by="bot", state=OFFERED)
        own = a_tray(desk)
        with pytest.raises(CardChanged):
            puts(own, replace(draft, sentence=3), expected=2)

        puts(own, replace(draft, sentence=3), expected=1)

        assert [card.sentence for card in queries.cards(own)] == [3]

    def test_that_somebody_took_are_not_put(self, desk):
        draft = a_draft(desk.claim())
        puts(a_tray(desk, "bot"), draft, by="bot", state=OFFERED)
        a_tray(desk, "bea")
        trays.take_offered(draft.id, by="bea", at=AT)

        with pytest.raises(NoSuchCard, match="somebody took or removed this card"):
            puts(a_tray(desk), draft, expected=1)
