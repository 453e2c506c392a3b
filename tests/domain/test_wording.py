from tests.kit.domain_builders import a_claim, an_id
from tracker.domain.claim_text import printed
from tracker.domain.events import VerdictGiven
from tracker.domain.state import ClaimState

DESK_SOURCE, BRAZIL = an_id("court"), an_id("BRA")


def a_state(*verdicts, status="standing", **given):
    claim = a_claim(**{"summary": "It was done.", **given})
    return ClaimState(
        id=an_id("claim"), claim=claim, asserted_at=1, verdicts=verdicts, status=status
    )


def a_verdict(verdict, **given):
    return VerdictGiven(verdict=verdict, reason="seen", **given)


class TestPrinted:
    def test_is_the_sentence_where_nothing_must_be_said(self):
        assert printed(a_state()) == "It was done."

    def test_says_when_the_words_are_withheld(self):
        assert printed(a_state(summary="")) == "[text withheld]"

    def test_names_the_speaker_of_an_embedded_claim(self):
        assert printed(a_state(), speakers=["Putin"]) == "Putin alleges: It was done."

    def test_names_each_speaker_once(self):
        said = printed(a_state(), speakers=["Putin", "People's Daily", "Putin"])

        assert said == "Putin and People's Daily allege: It was done."

    def test_marks_a_denial_and_a_retraction(self):
        state = a_state(polarity="denied", status="retracted")

        assert printed(state) == "It was done. [denied] [retracted]"

    def test_says_who_judged_it_false(self):
        state = a_state(a_verdict("false", source=DESK_SOURCE))

        assert printed(state, names={DESK_SOURCE: "the court"}) == (
            "It was done. [judged false by the court]"
        )

    def test_names_the_desk_where_no_source_judged(self):
        assert (
            printed(a_state(a_verdict("disputed"))) == "It was done. [judged disputed by the desk]"
        )

    def test_does_not_fail_for_want_of_a_name(self):
        state = a_state(a_verdict("false", source=DESK_SOURCE))

        assert printed(state) == "It was done. [judged false by a source]"

    def test_says_for_whom_alone_it_was_judged_false(self):
        state = a_state(a_verdict("false", parties=(BRAZIL,)))

        assert printed(state, names={BRAZIL: "Brazil"}) == (
            "It was done. [judged false of Brazil by the desk]"
        )

    def test_keeps_to_false_when_somebody_could_not_verify_it(self):
        state = a_state(a_verdict("false"), a_verdict("unverifiable"))

        assert printed(state) == "It was done. [judged false by the desk]"

    def test_follows_the_last_verdict_on_the_whole(self):
        state = a_state(a_verdict("false", parties=(BRAZIL,)), a_verdict("confirmed"))

        assert printed(state) == "It was done."
