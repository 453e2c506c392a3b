from tests.kit.domain_builders import an_id
from tracker.domain.claim_text import Sentence, printed
from tracker.domain.events import VerdictGiven

DESK_SOURCE, BRAZIL = an_id("court"), an_id("BRA")


def a_sentence(*verdicts, **given):
    usual = {"summary": "It was done.", "polarity": "asserted", "status": "standing"}
    return Sentence(**{**usual, **given}, verdicts=verdicts)


def a_verdict(verdict, **given):
    return VerdictGiven(verdict=verdict, reason="seen", **given)


class TestPrinted:
    def test_is_the_sentence_where_nothing_must_be_said(self):
        assert printed(a_sentence()) == "It was done."

    def test_says_when_the_words_are_withheld(self):
        assert printed(a_sentence(summary="")) == "[text withheld]"

    def test_names_the_speaker_of_an_embedded_claim(self):
        assert printed(a_sentence(), speakers=["Putin"]) == "Putin alleges: It was done."

    def test_names_each_speaker_once(self):
        said = printed(a_sentence(), speakers=["Putin", "People's Daily", "Putin"])

        assert said == "Putin and People's Daily allege: It was done."

    def test_marks_a_denial_and_a_retraction(self):
        sentence = a_sentence(polarity="denied", status="retracted")

        assert printed(sentence) == "It was done. [denied] [retracted]"

    def test_says_who_judged_it_false(self):
        sentence = a_sentence(a_verdict("false", source=DESK_SOURCE))

        assert printed(sentence, names={DESK_SOURCE: "the court"}) == (
            "It was done. [judged false by the court]"
        )

    def test_names_the_desk_where_no_source_judged(self):
        assert (
            printed(a_sentence(a_verdict("disputed")))
            == "It was done. [judged disputed by the desk]"
        )

    def test_does_not_fail_for_want_of_a_name(self):
        sentence = a_sentence(a_verdict("false", source=DESK_SOURCE))

        assert printed(sentence) == "It was done. [judged false by a source]"

    def test_says_for_whom_alone_it_was_judged_false(self):
        sentence = a_sentence(a_verdict("false", parties=(BRAZIL,)))

        assert printed(sentence, names={BRAZIL: "Brazil"}) == (
            "It was done. [judged false of Brazil by the desk]"
        )

    def test_keeps_to_false_when_somebody_could_not_verify_it(self):
        sentence = a_sentence(a_verdict("false"), a_verdict("unverifiable"))

        assert printed(sentence) == "It was done. [judged false by the desk]"

    def test_follows_the_last_verdict_on_the_whole(self):
        sentence = a_sentence(a_verdict("false", parties=(BRAZIL,)), a_verdict("confirmed"))

        assert printed(sentence) == "It was done."
