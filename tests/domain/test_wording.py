from tests.kit.domain_builders import an_id
from tests.kit.tables import each
from tracker.domain.claim_text import Sentence, printed
from tracker.domain.events import VerdictGiven

COURT, BRAZIL = an_id("court"), an_id("BRA")


def a_sentence(*verdicts, **given):
    usual = {"summary": "It was done.", "polarity": "asserted", "status": "standing"}
    return Sentence(**{**usual, **given}, verdicts=verdicts)


def a_verdict(verdict, **given):
    return VerdictGiven(verdict=verdict, reason="seen", **given)


class TestPrinted:
    @each(
        ("given", "verdicts", "suffix"),
        [
            ({}, (), ""),
            ({"polarity": "denied", "status": "retracted"}, (), " [denied] [retracted]"),
            ({}, (a_verdict("false", source=COURT),), " [judged false by the court]"),
            ({}, (a_verdict("false", source=an_id("nobody")),), " [judged false by a source]"),
            ({}, (a_verdict("disputed"),), " [judged disputed by the desk]"),
            (
                {},
                (a_verdict("false", parties=(BRAZIL,)),),
                " [judged false of Brazil by the desk]",
            ),
            # It stays false when somebody could not verify it; the last word on the whole counts.
            (
                {},
                (a_verdict("false"), a_verdict("unverifiable")),
                " [judged false by the desk]",
            ),
            ({}, (a_verdict("false", parties=(BRAZIL,)), a_verdict("confirmed")), ""),
        ],
    )
    def test_says_what_became_of_the_sentence(self, given, verdicts, suffix):
        names = {COURT: "the court", BRAZIL: "Brazil"}

        assert printed(a_sentence(*verdicts, **given), names=names) == f"It was done.{suffix}"

    def test_says_when_the_words_are_withheld(self):
        assert printed(a_sentence(summary="")) == "[text withheld]"

    @each(
        ("speakers", "says"),
        [
            (["Putin"], "Putin alleges"),
            (["Putin", "People's Daily", "Putin"], "Putin and People's Daily allege"),
        ],
    )
    def test_names_each_speaker_of_an_embedded_claim_once(self, speakers, says):
        assert printed(a_sentence(), speakers=speakers) == f"{says}: It was done."
