"""Who says something in a text, by the table of verbs."""

import pytest

from tests.kit.tables import each
from tracker.domain import speech_cues


def heard(text):
    return [(" ".join(one.speaker), one.verb) for one in speech_cues.speeches(text)]


class TestSpeeches:
    @each(
        ("text", "speaker", "verb"),
        [
            ("French forces attacked a camp, the junta said", "the junta", "said"),
            ("Russia's navy said that a village burns.", "Russia's navy", "said"),
            ("According to Moscow, China sold drones.", "Moscow", "according"),
            ("Troops crossed the border, said Moscow.", "Moscow", "said"),
            ("NATO, Putin says, broke a promise", "Putin", "says"),
            ("U.S. officials told reporters", "U.S. officials", "told"),
            ("Kyiv accuses Minsk of it", "Kyiv", "accuses"),
        ],
    )  # fmt: skip
    def test_are_found_with_the_speaker_in_the_clause(self, text, speaker, verb):
        assert heard(text) == [(speaker, verb)]

    @pytest.mark.parametrize(
        "text", ["", "Russia shut off Kazakh oil.", "He is said to be ill.", "said", "Said."]
    )
    def test_are_none_where_nobody_speaks(self, text):
        assert heard(text) == []

    def test_tell_a_denial(self):
        (one,) = speech_cues.speeches("Paris denied it.")

        assert one.denies
        assert not next(speech_cues.speeches("Paris said it.")).denies


class TestNames:
    def test_are_the_longest_first_and_then_the_nearest_to_the_verb(self):
        parts = list(speech_cues.name_parts(("Moscow's", "envoy", "Lee")))

        assert parts == ["Moscow envoy Lee", "envoy Lee", "Moscow envoy", "Lee", "envoy", "Moscow"]

    def test_of_organs_are_known(self):
        assert speech_cues.names_organ(("the", "Junta"))
        assert speech_cues.names_organ(("government's",))
        assert not speech_cues.names_organ(("Moscow",))


class TestSpeakers:
    @each(
        ("text", "speaker"),
        [
            # an insertion between commas
            ("José Múcio, the defence minister, said in May that it was so.", "José Múcio"),
            ("The Turks, for their part, accuse Athens of it.", "The Turks"),
            ("Rome, Oslo said, was wrong.", "Oslo"),
            # after the verb
            ("“It is war,” said the minister.", "the minister"),
            ("Nonsense, said his hosts: it was hot.", "his hosts"),
            # from the last article on, unless a name follows
            ("In May the minister said so.", "the minister"),
            ("Moscow's envoy in the capital said so.", "Moscow's envoy in the capital"),
            ("Envoys from the Kremlin said so.", "Envoys from the Kremlin"),
        ],
    )
    def test_are_found_around_the_verb(self, text, speaker):
        found = next(speech_cues.speeches(text))

        assert " ".join(found.speaker) == speaker
        assert text[found.start : found.end].startswith(found.speaker[0])
        assert text[found.verb_start :].startswith(found.verb)

    @pytest.mark.parametrize(
        "text",
        [
            # who is accused does not speak
            "Accused Athens of it.",
            # who speaks is before another verb
            "Paris left Rome and said that it was so.",
            # nobody is before the insertion
            ", in May, said that it was so.",
            "In May, said that it was so.",
        ],
    )
    def test_are_none_behind_the_verb_where_something_else_is_said(self, text):
        assert heard(text) == []


class TestDenials:
    @pytest.mark.parametrize(
        "text",
        [
            "Paris replied that there were no plans.",
            "Paris answered that it hadn't any.",
            "Nonsense, said Paris.",
            "Not true, said Paris.",
        ],
    )
    def test_are_answers_with_no(self, text):
        assert next(speech_cues.speeches(text)).denies

    @pytest.mark.parametrize("text", ["Paris replied that it had.", "Paris said it had none."])
    def test_are_no_other_statements(self, text):
        assert not next(speech_cues.speeches(text)).denies
