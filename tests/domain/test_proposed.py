"""What a reader proposed, beside what was entered."""

from dataclasses import replace

from tests.kit.claim_checks import found
from tests.kit.domain_builders import a_claim, an_id
from tests.kit.tables import each
from tracker.domain import proposed, validity
from tracker.domain.claims import Occurred
from tracker.domain.events import ClaimAsserted
from tracker.domain.proposed import Proposed
from tracker.domain.state import ClaimState, Entry, fold

CLAIM = a_claim(strength="partial", likelihood="likely", note="In passing.")
PROPOSAL = proposed.of("reading-1", CLAIM)


def changes(claim, said_by=None, proposal=PROPOSAL):
    return proposed.changes(proposal, proposed.of("reading-1", claim, said_by))


class TestAProposal:
    def test_is_the_structure_of_a_claim_without_words(self):
        assert (
            Proposed(
                by="reading-1",
                kind="act",
                parties=CLAIM.parties,
                code="plover-2.0/SANCTION/discontinue",
                occurred="2022-05-11",
                strength="partial",
                likelihood="likely",
            )
            == PROPOSAL
        )

    def test_is_unchanged_whatever_the_words_are(self):
        entered = replace(CLAIM, summary="Otherwise.", note="", hedge="likely")

        assert changes(entered) == ()

    @each(
        ("given", "changed"),
        [
            ({"code": None}, ("code",)),
            ({"occurred": Occurred(edtf="2022-05")}, ("occurred",)),
            ({"occurred": None}, ("occurred",)),
            ({"kind": "situation", "polarity": "denied"}, ("kind", "polarity")),
            ({"modality": "announced"}, ("modality",)),
            ({"strength": None, "likelihood": None}, ("strength", "likelihood")),
            ({"parties": CLAIM.parties[::-1]}, ("parties",)),
        ],
    )
    def test_is_changed_in_the_fields_that_a_person_changed(self, given, changed):
        entered = replace(CLAIM, **given)

        assert changes(entered) == changed

    def test_is_changed_where_somebody_else_says_it(self):
        assert changes(CLAIM, said_by=an_id("junta")) == ("said_by",)


class TestTheEvent:
    def test_has_a_proposal_by_a_named_reader_within_its_limits(self):
        def problems(**given):
            event = ClaimAsserted(claim=CLAIM, proposed=replace(PROPOSAL, **given))
            return found(validity.event_problems(event))

        assert problems() == []
        assert problems(by=" ") == [("/proposed/by", "required")]
        assert problems(code="x" * 101) == [("/proposed/code", "too_long")]

    def test_leaves_its_proposal_in_the_state_of_the_claim(self):
        event = ClaimAsserted(claim=CLAIM, proposed=PROPOSAL)

        state = fold([Entry(stream=an_id("a claim"), position=7, event=event)])

        assert isinstance(state, ClaimState)
        assert (state.claim, state.proposed) == (CLAIM, PROPOSAL)
