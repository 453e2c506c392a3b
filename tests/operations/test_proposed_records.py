"""Names that no record has wait for a curator, and their claims with them."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from tests.kit.builders import AT, BY, a_citation, a_source, an_account, an_actor
from tests.kit.trays import a_denial, a_draft, a_draft_about, a_new_name, a_tray, puts, records
from tracker import log
from tracker.domain.attribution import SaidBy
from tracker.domain.problems import Invalid
from tracker.domain.reading.drafts import TAKEN, WAITING, DraftLink
from tracker.domain.records import Name, Party
from tracker.models.trays import ProposedRecord
from tracker.operations import actors, proposed_records, sources, trays
from tracker.operations.proposed_records import AlreadySettled, Settled
from tracker.queries import trays as queries
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
CURATOR = "carl"


@pytest.fixture
def own(desk):
    return a_tray(desk)


def a_group(name: str = "Wagner Group"):
    group = an_actor(None, kind="group", names=(Name(text=name),))
    return actors.describe_actor(group, at=AT, by=CURATOR).stream


def accept(proposed, record) -> Settled:
    return proposed_records.accept(proposed, record, by=CURATOR, at=AT)


def reject(proposed, reason="no such group") -> Settled:
    return proposed_records.reject(proposed, reason=reason, by=CURATOR, at=AT)


def by_state(tray):
    return {state: {card.id for card in queries.cards(tray, state)} for state in (TAKEN, WAITING)}


def problems(card):
    [kept] = [one for one in queries.cards(card.tray_id) if one.id == card.id]
    return [(one.pointer, one.detail) for one in queries.problems_of(kept)]


class TestANewName:
    def test_is_filed_and_its_card_waits_while_others_are_recorded(self, desk, own):
        known = puts(own, a_draft(desk.claim()))
        unknown = puts(own, a_draft_about(desk, a_new_name()))

        outcome = records(own)

        assert (outcome.cards, outcome.waiting) == ((known.id,), 1)
        assert by_state(own) == {TAKEN: set(), WAITING: {unknown.id}}
        [found] = queries.proposals()
        assert (found.noun, found.name, found.waiting) == ("actor", "Wagner Group", 1)
        assert (found.document, found.title) == (desk.document, "A report")
        assert (found.proposed_by, found.proposed_at) == (BY, AT)
        assert records(own).waiting == 0

    def test_is_not_filed_if_it_is_not_used(self, desk, own):
        puts(own, a_draft(desk.claim(), names=(a_new_name(),)))

        assert len(records(own).recorded) == 1
        assert queries.proposals() == []

    def test_is_filed_once_in_all_spellings_and_trays(self, desk, own):
        bea = a_tray(desk, "bea")
        puts(own, a_draft_about(desk, a_new_name("Wagner Group")))
        puts(own, a_draft_about(desk, a_new_name("wagner  group"), sentence=2))
        puts(bea, a_draft_about(desk, a_new_name("WAGNER GROUP")), by="bea")
        puts(bea, a_draft_about(desk, a_new_name("Alliance of Sahel States")), by="bea")
        records(own)
        records(bea, by="bea")

        found = {one.name: one.waiting for one in queries.proposals()}

        assert found == {"Wagner Group": 3, "Alliance of Sahel States": 1}
        assert queries.count_proposals() == 2

    def test_keeps_the_others_back_that_deny_or_link_to_its_card(self, desk, own):
        unknown = puts(own, a_draft_about(desk, a_new_name()))
        denial = puts(own, a_denial(desk, unknown.id))
        linked = puts(own, a_draft(desk.claim(), links=(DraftLink(type="causes", to=unknown.id),)))
        further = puts(own, a_draft(desk.claim(), links=(DraftLink(type="causes", to=linked.id),)))

        outcome = records(own)

        assert (outcome.recorded, outcome.waiting, outcome.problems) == ([], 4, {})
        # A later card of the same tray waits with them.
        late = puts(own, a_denial(desk, unknown.id, by="CHN"))
        assert records(own).waiting == 1
        waiting = {unknown.id, denial.id, linked.id, further.id, late.id}
        assert by_state(own)[WAITING] == waiting


class TestAcceptance:
    def test_records_the_waiting_claims_under_the_names_of_their_people(self, desk, own):
        bea = a_tray(desk, "bea")
        first = puts(own, a_draft_about(desk, a_new_name()))
        second = puts(bea, a_draft_about(desk, a_new_name()), by="bea")
        denial = puts(own, a_denial(desk, first.id))
        records(own)
        records(bea, by="bea")
        [found] = queries.proposals()
        group = a_group()

        assert accept(found.id, group) == Settled(recorded=3, returned=0, waiting=0)

        for card, person in ((first, BY), (second, "bea")):
            [entry] = log.firsts([card.id])
            assert log.at(entry.position).recorded_by == person
            assert states.claim(card.id).claim.parties[0].actor == group
        assert states.claim(denial.id) is None
        assert states.claim(first.id).claim.citations[-1].stance == "denies"
        assert (queries.cards(own), queries.cards(bea), queries.proposals()) == ([], [], [])
        settled = ProposedRecord.objects.get()
        assert (settled.state, settled.record) == ("accepted", group)
        assert (settled.settled_by, settled.settled_at) == (CURATOR, AT)

    def test_of_a_source_or_a_speaker_too(self, desk, own):
        paper, general = a_new_name("Le Sahel", "source"), a_new_name("General Tchiani")
        cited = a_citation(desk.document, chain=(paper.id,))
        quoted = puts(own, a_draft(desk.claim(citations=(cited,)), names=(paper,)))
        said = puts(own, a_draft(desk.claim(), said_by=SaidBy(actor=general.id), names=(general,)))
        records(own)
        by_name = {one.name: one.id for one in queries.proposals()}
        source = sources.describe_source(a_source(name="Le Sahel"), at=AT, by=CURATOR).stream

        accept(by_name["Le Sahel"], source)
        accept(by_name["General Tchiani"], a_group())

        assert states.claim(quoted.id).claim.citations[0].chain == (source,)
        assert len(states.links([said.id], at=None)[said.id]) == 1

    def test_leaves_cards_that_wait_for_another_name(self, desk, own):
        one, other = a_new_name("Wagner Group"), a_new_name("Africa Corps")
        parties = (Party(actor=one.id, role="initiator"), Party(actor=other.id, role="recipient"))
        puts(own, a_draft(desk.claim(parties=parties), names=(one, other)))
        records(own)
        by_name = {found.name: found.id for found in queries.proposals()}

        assert accept(by_name["Wagner Group"], a_group()).waiting == 1
        assert accept(by_name["Africa Corps"], a_group("Africa Corps")).recorded == 1

    def test_returns_claims_that_now_have_problems_with_those_that_need_them(self, desk, own):
        bad = puts(own, a_draft_about(desk, a_new_name()))
        needs = puts(own, a_draft(desk.claim(), links=(DraftLink(type="causes", to=bad.id),)))
        good = a_draft_about(desk, a_new_name())
        parties = (*good.claim.parties[:1], Party(actor=desk.countries["RUS"], role="recipient"))
        puts(own, replace(good, claim=replace(good.claim, parties=parties)))
        records(own)
        [found] = queries.proposals()

        # It is Kazakhstan, which was the recipient.
        settled = accept(found.id, desk.countries["KAZ"])

        assert settled == Settled(recorded=1, returned=2, waiting=0)
        assert by_state(own) == {TAKEN: {bad.id, needs.id}, WAITING: set()}
        [(pointer, detail)] = problems(bad)
        assert (pointer, detail[:31]) == ("/parties", "KAZ is initiator and recipient;")
        assert [pointer for pointer, _ in problems(needs)] == ["/links/0/to"]

    def test_reaches_a_card_that_its_person_took_back(self, desk, own):
        card = puts(own, a_draft_about(desk, a_new_name()))
        records(own)
        [kept] = queries.cards(own)
        puts(own, queries.draft_of(kept), expected=kept.version)
        [found] = queries.proposals()
        assert found.waiting == 0
        group = a_group()

        assert accept(found.id, group) == Settled(recorded=0, returned=0, waiting=0)

        [changed] = queries.cards(own)
        assert queries.draft_of(changed).claim.parties[0].actor == group
        assert records(own).cards == (card.id,)

    def test_reaches_a_card_that_an_old_window_put_back(self, desk, own):
        puts(own, a_draft_about(desk, a_new_name()))
        records(own)
        [old] = queries.cards(own)
        [found] = queries.proposals()
        trays.remove(old.id, by=BY)
        accept(found.id, a_group())

        puts(own, queries.draft_of(old))

        assert records(own).cards == (old.id,)

    def test_is_for_a_record_of_the_noun(self, desk, own):
        puts(own, a_draft_about(desk, a_new_name()))
        records(own)
        [found] = queries.proposals()

        for record in (desk.source, uuid4()):
            with pytest.raises(Invalid, match="/record"):
                accept(found.id, record)
        assert len(queries.proposals()) == 1

    def test_happens_once(self, desk, own):
        puts(own, a_draft_about(desk, a_new_name()))
        records(own)
        [found] = queries.proposals()
        group = a_group()
        accept(found.id, group)

        for settle in (lambda: accept(found.id, group), lambda: reject(found.id)):
            with pytest.raises(AlreadySettled):
                settle()

    def test_records_under_the_last_name_of_a_deleted_account(self, desk, own):
        card = puts(own, a_draft_about(desk, a_new_name()))
        records(own)
        an_account().delete()
        [found] = queries.proposals()

        accept(found.id, a_group())

        assert log.at(log.firsts([card.id])[0].position).recorded_by == BY

    @pytest.mark.parametrize("lost", [{"is_active": False}, {"is_superuser": False}])
    def test_offers_what_waits_of_an_account_that_may_not_enter_claims(self, desk, own, lost):
        bea = a_tray(desk, "bea")
        card = puts(own, a_draft_about(desk, a_new_name()))
        denial = puts(own, a_denial(desk, card.id))
        theirs = puts(bea, a_draft_about(desk, a_new_name(), sentence=2), by="bea")
        records(own)
        records(bea, by="bea")
        get_user_model().objects.filter(username=BY).update(**lost)
        [found] = queries.proposals()
        assert (found.waiting, found.people) == (2, tuple(sorted([BY, "bea"])))
        group = a_group()

        settled = accept(found.id, group)

        assert settled == Settled(recorded=1, returned=0, waiting=0, offered=2)
        assert log.existing([card.id, theirs.id]) == {theirs.id}
        assert {one.id for one in queries.offered(desk.document)} == {card.id, denial.id}
        trays.take_offered(card.id, by="bea", at=AT)
        assert records(bea, by="bea").cards == (card.id,)


class TestRefusal:
    def test_returns_the_cards_with_the_reason_and_those_that_need_them(self, desk, own):
        card = puts(own, a_draft_about(desk, a_new_name()))
        denial = puts(own, a_denial(desk, card.id))
        records(own)
        [found] = queries.proposals()

        assert reject(found.id) == Settled(recorded=0, returned=2, waiting=0)

        detail = "Wagner Group was refused as a new actor: no such group"
        assert problems(card) == [("/parties/0/actor", detail)]
        assert [pointer for pointer, _ in problems(denial)] == ["/denies"]
        assert queries.proposals() == []
        # Recorded again as they are, they are refused for the same reason.
        assert [one.detail for one in records(own).problems[card.id]] == [detail]

    def test_of_a_speaker_is_a_problem_of_who_says_it(self, desk, own):
        general = a_new_name("General Tchiani")
        said_by = SaidBy(actor=general.id)
        card = puts(own, a_draft(desk.claim(), said_by=said_by, names=(general,)))
        records(own)

        reject(queries.proposals()[0].id)

        assert [pointer for pointer, _ in problems(card)] == ["/said_by/actor"]

    def test_needs_a_reason(self, desk, own):
        puts(own, a_draft_about(desk, a_new_name()))
        records(own)
        [found] = queries.proposals()

        with pytest.raises(Invalid, match="/reason"):
            reject(found.id, " ")

    def test_of_a_name_leaves_the_person_to_name_another(self, desk, own):
        card = puts(own, a_draft_about(desk, a_new_name("Wagner Grup")))
        records(own)
        reject(queries.proposals()[0].id)

        again = puts(own, replace(a_draft_about(desk, a_new_name("Wagner")), id=card.id))

        assert problems(again) == []
        assert records(own).waiting == 1
