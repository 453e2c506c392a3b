"""Who says something in a text, by the table of verbs."""

import pytest

from tracker.domain import speech_cues


def heard(text):
    return [(" ".join(one.speaker), one.verb) for one in speech_cues.speeches(text)]


class TestSpeeches:
    @pytest.mark.parametrize(
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
