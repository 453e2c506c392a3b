"""Names that no record has, as candidates for new actors."""

from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain.reading import reference_names
from tracker.domain.reading.names import Names
from tracker.domain.reading.text import normalised, sentences
from tracker.domain.reading.unknown_names import unknown_names

NAMES = Names(reference_names.entries({}, {}))
WORDS = "The Bank of Mali General Tchiani said JNIM ’s , . Malian Party al-Shabaab"


def found(text: str) -> list[tuple[str, str | None]]:
    mentions = NAMES.find(text)
    names = [one for each in sentences(text) for one in unknown_names(each, mentions)]
    assert all(text[one.start : one.end] == one.text for one in names)
    return [(one.text, one.kind) for one in names]


class TestUnknownNames:
    @each(
        ("text", "name", "kind"),
        [
            ("The Alliance of Sahel States met.", "Alliance of Sahel States", "organisation"),
            ("It met General Tchiani’s men.", "General Tchiani", "person"),
            ("Foreign Minister Hassan Okemba fell.", "Foreign Minister Hassan Okemba", "person"),
            ("A firm, Check Point, found it.", "Check Point", None),
            ("The fighters of JNIM went.", "JNIM", "organisation"),
            ("It fined ExxonMobil.", "ExxonMobil", "organisation"),
            (
                "The International Court of Justice met.",
                "International Court of Justice",
                "organisation",
            ),
            (
                "The Centre for Strategic and Naval Studies knew.",
                "Centre for Strategic and Naval Studies",
                "organisation",
            ),
            ("It was al-Shabaab again.", "al-Shabaab", None),
            ("Yesterday Tchiani said so.", "Tchiani", None),
            ("It went to the Bank of China today.", "Bank of China", "organisation"),
            ("A Chinese Communist Party paper fell.", "Chinese Communist Party", "organisation"),
            (
                "A South Korean Unification Fund paid.",
                "South Korean Unification Fund",
                "organisation",
            ),
            ("Then Turkish Airlines left.", "Turkish Airlines", "organisation"),
            (
                "The Institute for the Study of War wrote.",
                "Institute for the Study of War",
                "organisation",
            ),
            ("Then J. D. Okemba fell.", "J. D. Okemba", None),
            ("Then Abu bin Okemba fell.", "Abu bin Okemba", None),
        ],
    )
    def test_are_persons_and_organisations(self, text, name, kind):
        assert found(text) == [(name, kind)]

    @each(
        "text",
        [
            "While Mali left, the Malian army stayed.",
            "Meanwhile it left on Monday in March.",
            "Defying Paris, Bamako left.",
            "The Russian Foreign Ministry and the Malian Parliament met.",
            "The President and the Foreign Minister met.",
            "It flowed into Lake Chad and the Gulf of Guinea.",
            "The New York Times wrote of Central Asia.",
            "The Paris Agreement and the Treaty of Amity failed.",
            "Its GDP fell, TV showed.",
            "It is in Agadez, New York and Geneva.",
            "Its Airlines failed.",
            "Western men said so.",
            "all in lower case",
            "",
        ],
    )
    def test_are_no_other_words(self, text):
        assert found(text) == []

    def test_are_none_in_a_heading_with_capitals_everywhere(self):
        assert found("Wagner Group Leaves Mali Again") == []
        assert found("The Wagner Group leaves after a year") == [("Wagner Group", "organisation")]

    @given(st.lists(st.sampled_from(WORDS.split())).map(" ".join) | st.text().map(normalised))
    def test_are_parts_of_the_sentence(self, text):
        found(text)
