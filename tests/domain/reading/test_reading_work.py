"""The work of reading grows with the length of a text, whatever the text is."""

import string
import sys

from tests.domain.reading.test_proposals import context
from tests.kit.tables import each
from tracker.domain.reading import article, proposals
from tracker.domain.reading.text import normalised

WORDS = 120


def a_name(number):
    """A word with a capital, another one for each number."""
    letters, rest = "", number + 1000
    while rest:
        letters += string.ascii_lowercase[rest % 26]
        rest //= 26
    return letters.capitalize()


def numbered(sentence):
    """A sentence with names of its own for each number."""
    return lambda number: sentence.format(a_name(number), a_name(number * 7))


def repeated(words):
    return lambda _number: words


TEXTS = {
    "sentences": repeated("Russia attacked Ukraine on Monday. "),
    "denials": repeated("Russia denied it. "),
    "one sentence": repeated("Russia attacked Ukraine and "),
    "statements": repeated("Russia attacked Ukraine; "),
    "persons": numbered("Russian president {} {} spoke. "),
    "persons after a comma": numbered("Russia's president, {} {} met. "),
    "organisations": numbered("the {} Council said. "),
    "organisations with sentences": numbered("The {} Council said it met Russia. "),
    "recurring names": numbered("They met {0} and then {0} again. "),
    "speakers": repeated("he said that "),
    "many speakers": repeated("Russia said that Ukraine said that "),
    "names": repeated("Russia, "),
    "passives": repeated("attacked by Russia "),
    "both": repeated("Russia met Turkey. The two countries attacked Ukraine. "),
    "dates": repeated("on May 11, "),
    "days after an event": repeated(
        "On May 11 the coup began. In the weeks after the coup it ended. "
    ),
    "hyphens": repeated("a-a-a-a "),
    "relative clauses": repeated("Russia, which "),
}


def calls(action):
    """How many functions and methods an action calls, and how often generators go on."""
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def read(make, words):
    count = words // len(make(0).split())
    text = "".join(map(make, range(count)))
    article.head(normalised(text))
    proposals.read(text, context())


@each("make", TEXTS.values())
def test_twice_the_words_are_twice_the_work(make):
    read(make, WORDS)

    once = calls(lambda: read(make, WORDS))
    twice = calls(lambda: read(make, 2 * WORDS))

    assert twice < 2.3 * once


class TestASentenceThatIsTooLong:
    WORDS = "Russia attacked Ukraine" + " and" * 147

    def test_is_read_up_to_150_words(self):
        assert proposals.read(f"{self.WORDS}.", context()).drafts
        assert proposals.read(f"{self.WORDS} and.", context()).drafts == ()

    def test_is_read_up_to_2000_characters(self):
        start = "Russia attacked Ukraine "
        assert proposals.read(start + "a" * (1999 - len(start)) + ".", context()).drafts
        assert proposals.read(start + "a" * (2000 - len(start)) + ".", context()).drafts == ()

    def test_still_names_whom_later_sentences_mean(self):
        drafts = proposals.read(f"{self.WORDS} and. The two countries met.", context()).drafts

        assert [len(draft.claim.actors("initiator")) for draft in drafts] == [2]

    def test_can_be_filled_in_by_hand(self):
        blank = proposals.blank(f"{self.WORDS} and.", 1, context())

        assert [one.text for one in blank.actors] == ["Russia", "Ukraine"]
