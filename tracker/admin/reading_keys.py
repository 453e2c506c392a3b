"""The keys of the page on which an article is read. The page, its script and the documentation take
them from here."""

from dataclasses import dataclass

# Actors of a sentence get the letters that no other key has.
LETTERS = "abcfgimqruvyz"

# Other dates of a sentence get these.
DATES = ",.-"
# Cards of the tray get these, without the letters that say how a card is linked.
TARGETS = "123456789abdefghijklmnoqrtuvwyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is printed, and what it does."""

    shown: str
    does: str


KEYS = (
    Key(shown="↓ ↑", does="next sentence, sentence before"),
    Key(shown="← →", does="another card of the sentence"),
    Key(shown="Enter", does="take the card and go on"),
    Key(shown="Space", does="nothing here: go on"),
    Key(shown="+", does="another claim from this sentence"),
    Key(shown="1–9", does="choose a code"),
    Key(shown="/", does="find a code by words"),
    Key(shown="0", does="no code; once more: take the card without one"),
    Key(shown="t", does="kind: act, situation, measure with an amount"),
    Key(shown="j", does="judgement: an assessment"),
    Key(shown="a b c …", does="who: a party, again for its next role"),
    Key(shown="o", does="other party, by name"),
    Key(shown="x", does="swap initiator and recipient"),
    Key(shown="d", does="date"),
    Key(shown=", . -", does="another date of the sentence"),
    Key(shown="p", does="said by a party: the next one"),
    Key(shown="n", does="denies a card: then its key"),
    Key(shown="l", does="link to a card: how, then its key"),
    Key(shown="s", does="strength: full, partial, weak"),
    Key(shown="h", does="no hedge: it belongs to other words"),
    Key(shown="k", does="chain: the sources behind the publisher"),
    Key(shown="w", does="words: the summary"),
    Key(shown="e", does="whole form"),
    Key(shown="*", does="remove a link of the card"),
    Key(shown="Delete", does="take the card out of the tray"),
    Key(shown="< >", does="of two versions of a card: keep mine, take the other"),
    Key(shown="Backspace", does="undo"),
    Key(shown="Ctrl+Enter", does="record the tray"),
)
