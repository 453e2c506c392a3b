"""What a key changes in a draft."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from tracker.domain.attribution import SaidBy
from tracker.domain.claims import Citation, Claim, Magnitude
from tracker.domain.problems import Invalid
from tracker.domain.proposed import of as as_proposed
from tracker.domain.reading import changes
from tracker.domain.reading.drafts import (
    Draft,
    OfferedActor,
    OfferedCode,
    OfferedDate,
)
from tracker.domain.records import Party

RUS, KAZ, CHN = (UUID(int=number) for number in (1, 2, 3))
LATE_MARCH = "[2022-03-21..2022-03-31]"


@pytest.fixture
def draft():
    parties = (Party(actor=RUS, role="initiator"), Party(actor=KAZ, role="recipient"))
    return Draft(
        id=UUID(int=9),
        sentence=5,
        claim=Claim(
            collection=UUID(int=7),
            kind="act",
            parties=parties,
            citations=(Citation(document=UUID(int=8), quote="…"),),
            code="plover-2.0/SANCTION",
        ),
        codes=(
            OfferedCode(code="plover-2.0/SANCTION"),
            OfferedCode(code="plover-2.0/SANCTION/discontinue"),
        ),
        actors=tuple(OfferedActor(actor=one) for one in (RUS, KAZ, CHN)),
        dates=(OfferedDate(edtf=LATE_MARCH, basis="stated", phrase="in late March"),),
        speakers=(KAZ,),
    )


def roles(draft):
    return [(party.actor.int, party.role) for party in draft.claim.parties]


def after(draft, *steps):
    for name, *value in steps:
        draft = changes.apply(draft, name, *value)
    return draft


class TestTheCode:
    def test_is_one_of_the_offered_by_its_number(self, draft):
        assert after(draft, ("code", "2")).claim.code == "plover-2.0/SANCTION/discontinue"

    def test_is_any_code_by_its_name(self, draft):
        assert after(draft, ("code", "plover-2.0/AID")).claim.code == "plover-2.0/AID"

    def test_is_none_for_no_text(self, draft):
        assert after(draft, ("code", "")).claim.code is None

    def test_makes_an_assessment_an_act_of_its_first_party(self, draft):
        changed = after(draft, ("kind", "assessment"), ("code", "plover-2.0/AID"))

        assert changed.claim.kind == "act"
        assert roles(changed) == [(1, "initiator"), (2, "recipient")]

    def test_that_usually_lasts_makes_an_assessment_a_situation(self, draft):
        assert after(draft, ("kind", "assessment"), ("code", "1")).claim.kind == "situation"

    @pytest.mark.parametrize(("hedge", "kept"), [("may be considering", ""), ("likely", "likely")])
    @pytest.mark.parametrize("change", [("code", "1"), ("kind", "act")])
    def test_drops_a_hedge_that_only_assessments_have(self, draft, hedge, kept, change):
        hedged = replace(draft, claim=replace(draft.claim, hedge=hedge))

        assert after(hedged, ("kind", "assessment"), change).claim.hedge == kept


class TestTheKind:
    def test_assessment_is_about_its_parties_and_has_no_code(self, draft):
        changed = after(draft, ("kind", "assessment"))

        assert (changed.claim.kind, changed.claim.code) == ("assessment", None)
        assert roles(changed) == [(1, "about"), (2, "about")]

    def test_goes_on_from_act_to_situation_and_back(self, draft):
        found = [after(draft, *[("kind",)] * n).claim for n in (1, 2)]

        assert [claim.kind for claim in found] == ["situation", "act"]
        assert {claim.code for claim in found} == {"plover-2.0/SANCTION"}

    def test_goes_on_to_a_measure_where_there_is_an_amount(self, draft):
        amount = Magnitude(value=Decimal(40), unit="%")
        draft = replace(draft, claim=replace(draft.claim, magnitude=amount))
        found = [after(draft, *[("kind",)] * n).claim.kind for n in (1, 2, 3)]

        assert found == ["situation", "measure", "act"]


class TestTheHedge:
    def test_is_removed_with_its_likelihood(self, draft):
        hedged = replace(draft, claim=replace(draft.claim, hedge="could", likelihood="likely"))

        assert after(hedged, ("unhedged",)) == draft


class TestAnActor:
    def test_goes_through_the_roles_and_out(self, draft):
        steps = [("actor", str(CHN))] * 5
        found = [dict(roles(after(draft, *steps[:n]))).get(3) for n in range(1, 6)]

        assert found == ["initiator", "recipient", "affected", "about", None]

    def test_keeps_its_place_among_the_parties(self, draft):
        assert roles(after(draft, ("actor", str(RUS)))) == [(1, "recipient"), (2, "recipient")]

    def test_of_an_assessment_begins_as_about(self, draft):
        assert dict(roles(after(draft, ("kind", "assessment"), ("actor", str(CHN)))))[3] == "about"

    def test_named_by_the_person_is_offered_once(self, draft):
        one = UUID(int=44)
        changed = changes.with_actor(changes.with_actor(draft, one, "Mali"), one, "Mali")

        assert [(offered.actor, offered.text) for offered in changed.actors[3:]] == [(one, "Mali")]


def test_swap_turns_initiators_and_recipients(draft):
    changed = after(draft, ("actor", str(CHN)), ("actor", str(CHN)), ("actor", str(CHN)), ("swap",))

    assert roles(changed) == [(2, "initiator"), (1, "recipient"), (3, "affected")]


class TestTheDate:
    def test_as_the_sentence_has_it_keeps_its_words_and_basis(self, draft):
        occurred = after(draft, ("date", "late March 2022")).claim.occurred

        assert (occurred.edtf, occurred.basis) == (LATE_MARCH, "stated")
        assert occurred.phrase == "in late March"

    def test_that_the_person_types_is_inferred(self, draft):
        occurred = after(draft, ("date", "11 May 2022")).claim.occurred

        assert (occurred.edtf, occurred.basis, occurred.phrase) == ("2022-05-11", "inferred", "")

    @pytest.mark.parametrize("value", ["", "unknown"])
    def test_may_be_unknown(self, draft, value):
        assert after(draft, ("date", "2022"), ("date", value)).claim.occurred is None


class TestTheSpeaker:
    def test_goes_through_those_proposed_then_the_actors_then_none(self, draft):
        steps = [("said_by",)] * 4
        said = [after(draft, *steps[:n]).said_by for n in range(1, 5)]

        assert [one and one.actor.int for one in said] == [2, 1, 3, None]

    def test_that_was_proposed_is_followed_by_none_and_comes_last(self, draft):
        proposed = as_proposed("reading-1", draft.claim, KAZ)
        draft = replace(draft, said_by=SaidBy(actor=KAZ), proposed=proposed)
        said = [after(draft, *[("said_by",)] * n).said_by for n in range(1, 5)]

        assert [one and one.actor.int for one in said] == [None, 1, 3, 2]

    def test_may_be_named_by_letter_or_id(self, draft):
        assert after(draft, ("said_by", str(CHN))).said_by == SaidBy(actor=CHN)
        assert after(draft, ("said_by", str(UUID(int=44)))).said_by.actor == UUID(int=44)

    def test_that_was_not_proposed_is_followed_by_none(self, draft):
        assert after(draft, ("said_by", str(UUID(int=44))), ("said_by",)).said_by is None

    def test_is_none_where_nobody_is_named(self, draft):
        assert after(replace(draft, speakers=(), actors=()), ("said_by",)).said_by is None


class TestADenial:
    def test_names_the_card_and_who_denies_it(self, draft):
        denied = UUID(int=55)
        changed = after(draft, ("denies", str(denied)))

        assert (changed.denies, changed.said_by) == (denied, SaidBy(actor=KAZ))

    def test_by_nobody_likely_leaves_the_speaker_open(self, draft):
        denied = UUID(int=55)
        changed = after(replace(draft, speakers=()), ("denies", str(denied)))

        assert (changed.denies, changed.said_by) == (denied, None)

    def test_ends_with_its_speaker(self, draft):
        changed = after(draft, ("denies", str(UUID(int=55))), *[("said_by",)] * 3)

        assert (changed.said_by, changed.denies) == (None, None)

    def test_is_taken_back(self, draft):
        assert after(draft, ("denies", str(UUID(int=55))), ("denies", "")).denies is None


class TestTheStrength:
    def test_goes_from_full_to_partial_to_weak_to_full(self, draft):
        steps = [("strength",)] * 3
        found = [after(draft, *steps[:n]).claim.strength for n in range(1, 4)]

        assert [one and one.grade for one in found] == ["partial", "weak", None]

    def test_has_a_reason(self, draft):
        assert after(draft, ("strength", "no disruption")).claim.strength.reason == "no disruption"
        assert after(draft, ("strength",)).claim.strength.reason


class TestWords:
    def test_are_the_summary(self, draft):
        assert (
            after(draft, ("words", " Russia stopped oil. ")).claim.summary == "Russia stopped oil."
        )

    def test_of_the_quote_stand_in_the_citation(self, draft):
        assert after(draft, ("quote", "oil flows")).claim.citations[0].quote == "oil flows"

    def test_of_a_chain_are_sources_in_order(self, draft):
        ids = [UUID(int=61), UUID(int=62)]
        changed = after(draft, ("chain", f"{ids[0]} {ids[1]} {ids[0]}"))

        assert changed.claim.citations[0].chain == tuple(ids)


@pytest.mark.parametrize(
    ("name", "value", "pointer", "says"),
    [
        ("code", "3", "/code", "there is no code 3 to choose"),
        ("code", "plover-2.0/SANKTION", "/code", "SANCTION"),
        ("kind", "opinion", "/kind", ""),
        ("actor", "d", "/actor", ""),
        ("actor", "", "/actor", ""),
        ("date", "last week", "/date", "write the day itself"),
        ("denies", "2", "/denies", "choose the card that is denied"),
        ("chain", "Bloomberg", "/chain", ""),
        ("colour", "", "/change", "swap"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(draft, name, value, pointer, says):
    with pytest.raises(Invalid) as raised:
        changes.apply(draft, name, value)
    [problem] = raised.value.problems

    assert problem.pointer == pointer
    assert says in problem.detail
