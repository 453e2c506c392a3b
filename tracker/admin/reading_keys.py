"""The keys of the page on which an article is read. The page, its script and the documentation take
them from here."""

from dataclasses import dataclass

# Actors of a sentence get the letters that no other key has.
LETTERS = "abcfghimqruvyz"

# Cards of the tray get these, without the letters that say how a card is linked.
TARGETS = "123456789abdefghijklmnoqrtuvwyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is printed, what it does, and the name of its button; a button without a name is
    made for each code or actor."""

    shown: str
    does: str
    name: str = ""


KEYS = (
    Key(shown="↓ ↑", does="next sentence, sentence before"),
    Key(shown="← →", does="another card of the sentence"),
    Key(shown="Enter", does="take the card and go on", name="take"),
    Key(shown="Space", does="nothing here: go on", name="skip"),
    Key(shown="+", does="another claim from this sentence", name="another"),
    Key(shown="1–9", does="choose a code"),
    Key(shown="/", does="find a code by words", name="find"),
    Key(shown="0", does="no code; once more: take the card without one", name="uncoded"),
    Key(shown="t", does="kind: act, situation, measure with an amount", name="kind"),
    Key(shown="j", does="judgement: an assessment", name="assessment"),
    Key(shown="a b c …", does="who: a party, again for its next role"),
    Key(shown="o", does="other party, by name", name="other"),
    Key(shown="x", does="swap initiator and recipient", name="swap"),
    Key(shown="d", does="date", name="date"),
    Key(shown="p", does="said by a party: the next one", name="said_by"),
    Key(shown="n", does="denies a card: then its number", name="denies"),
    Key(shown="l", does="link to a card: how, then its number", name="link"),
    Key(shown="s", does="strength: full, partial, weak", name="strength"),
    Key(shown="k", does="chain: the sources behind the publisher", name="chain"),
    Key(shown="w", does="words: the summary", name="words"),
    Key(shown="e", does="whole form", name="whole"),
    Key(shown="Backspace", does="undo", name="undo"),
    Key(shown="Ctrl+Enter", does="record the tray", name="record"),
)
