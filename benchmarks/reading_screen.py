"""What can be read on the cards of the reading page, and how far each is from a claim that somebody
means."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.domain.dates.description import describe
from tracker.domain.likeness import name_key

type Card = Mapping[str, Any]

# What can be read on the cards of the current sentence.
CARDS = """() => {
  const words = (one) => (one?.innerText ?? '').replace(/\\s+/g, ' ').trim();
  const own = (one) => [...one.childNodes].filter((it) => it.nodeType === Node.TEXT_NODE)
    .map((it) => it.textContent.trim()).join(' ').trim();
  const choices = (card, label) => [...card.querySelectorAll(`[aria-label="${label}"] button`)].map(
    (one) => ({key: words(one.querySelector('kbd')), label: own(one),
      says: words([...one.querySelectorAll('small')].at(-1)),
      pressed: one.getAttribute('aria-pressed') === 'true'}));
  const fact = (one) => [...one.childNodes].filter((it) => it.nodeName !== 'BUTTON')
    .map((it) => it.textContent).join(' ').replace(/\\s+/g, ' ').trim();
  const facts = (card) => Object.fromEntries([...card.querySelectorAll('dl dt')].map(
    (one) => [words(one), fact(one.nextElementSibling)]));
  const dates = (card) => [...card.querySelectorAll('dl [value^="date:"]')].map(
    (one) => ({key: words(one.querySelector('kbd')), label: own(one).replace(/\\?$/, '')}));
  return [...document.querySelectorAll('.reading-card')].filter((one) => one.checkVisibility()).map(
    (one) => ({id: one.id, current: one.classList.contains('is-current'),
      open: !words(one.querySelector('.reading-state')),
      kind: words(one.querySelector('.reading-head .desk-quiet')),
      code: words(one.querySelector('.reading-code')),
      undecided: !!one.querySelector('.reading-choose'),
      problems: [...one.querySelectorAll('[role=alert]')].map(words),
      codes: choices(one, 'Codes'), who: choices(one, 'Who'),
      facts: facts(one), dates: dates(one)}));
}"""
# The sentences, without the letters of those who are named.
SENTENCES = """() => [...document.querySelectorAll('[data-sentence]')].map((one) => {
  const line = one.cloneNode(true);
  line.querySelectorAll('sup').forEach((it) => it.remove());
  return [Number(one.dataset.sentence), line.textContent.trim()];
})"""
# Counts the requests that keys cause, and the time of waiting for them.
COUNT_REQUESTS = """window.asked = 0; window.waited = 0;
const own = (event) => !event.detail.requestConfig.elt.matches('[data-effect]');
document.addEventListener('htmx:beforeRequest', (event) => {
  if (own(event)) { window.asked++; event.detail.xhr.began = performance.now(); }
});
document.addEventListener('htmx:afterRequest', (event) => {
  if (!own(event)) return;
  window.waited += performance.now() - event.detail.xhr.began;
  setTimeout(() => window.asked--);
});"""
# A letter takes an actor through these, in this order.
ROLES = ("", "initiator", "recipient", "affected", "about")
KINDS = ("act", "situation", "measure")
STRENGTHS = ("", "partial", "weak")
# What is printed in the place of a code.
DENIAL = "denial"
# An estimate of the strokes to another code by its words.
_BY_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A claim to enter, as somebody means it: `place` are words of its sentence, `parties` names
    with roles, `edtf` the date (empty if unknown), `chain` the sources behind the publisher, and
    `summary` what is typed where none is proposed. `code` is as it is printed. A denial has the
    parties and the code of what it denies, and nothing else."""

    place: str
    kind: str
    parties: frozenset[tuple[str, str]]
    summary: str
    code: str = ""
    edtf: str = ""
    said_by: str = ""
    chain: tuple[str, ...] = ()
    strength: str = ""

    @property
    def is_denial(self) -> bool:
        return self.kind == "denial"

    @property
    def when(self) -> str:
        return describe(self.edtf) if self.edtf else "unknown"


def assigned(wanted: Sequence[Wanted], cards: Sequence[Card]) -> dict[str, Wanted]:
    """Which card becomes which claim, so that least is to change."""
    number = min(len(wanted), len(cards))

    def plans() -> Iterator[tuple[int, dict[str, Wanted]]]:
        for chosen in itertools.permutations(wanted, number):
            for some in itertools.combinations(cards, number):
                pairs = list(zip(chosen, some, strict=True))
                yield (
                    sum(_distance(one, card) for one, card in pairs),
                    {card["id"]: one for one, card in pairs},
                )

    return min(plans(), key=lambda plan: plan[0])[1]


def _distance(one: Wanted, card: Card) -> int:
    """About how many keys it takes to make a card a claim."""
    if one.is_denial or card["code"] == DENIAL:
        return 0 if one.is_denial and card["code"] == DENIAL else _BY_WORDS
    strokes = 0
    if card["code"] != one.code:
        strokes += 1 if code_key(one, card) or not one.code else _BY_WORDS
    roles = roles_of(one)
    for who in card["who"]:
        strokes += steps(who["says"], roles.pop(name_key(who["label"]), ""), one.kind)
    strokes += sum(2 + len(name) for name in roles)
    if when(card) != one.when:
        strokes += 1 if date_key(one, card) else len(one.edtf)
    return strokes + 2 * (speaker(card) != one.said_by)


def parties_of(card: Card) -> list[dict[str, str]]:
    return [who for who in card["who"] if role_of(who["says"])]


def role_of(says: str) -> str:
    """The role that is printed on an actor's button."""
    role = says.removesuffix(", not on record")
    return "" if role == "no party" else role


def steps(says: str, role: str, kind: str = "act") -> int:
    """How often a letter is pressed to give an actor a role. Of an assessment, whoever is no party
    is at once one that it is about."""
    if kind == "assessment" and role == "about" and not role_of(says):
        return 1
    return (ROLES.index(role) - ROLES.index(role_of(says))) % len(ROLES)


def roles_of(one: Wanted) -> dict[str, str]:
    """The role of each party, by the key of its name: a text may spell it otherwise."""
    return {name_key(name): role for name, role in one.parties}


def swap_helps(one: Wanted, card: Card) -> bool:
    roles = roles_of(one)
    turned = {"initiator": "recipient", "recipient": "initiator"}

    def all_steps(*, swapped: bool) -> int:
        keys = 0
        for who in card["who"]:
            now = role_of(who["says"])
            now = turned.get(now, now) if swapped else now
            keys += steps(now, roles.get(name_key(who["label"]), ""), one.kind)
        return keys

    return 1 + all_steps(swapped=True) < all_steps(swapped=False)


def code_key(one: Wanted, card: Card) -> str:
    """The key printed on a code."""
    return next((code["key"] for code in card["codes"] if code["label"] == one.code), "")


def date_key(one: Wanted, card: Card) -> str:
    """The key printed on the date, if it is another one of the sentence."""
    return next((date["key"] for date in card["dates"] if date["label"] == one.when), "")


def when(card: Card) -> str:
    """The date in words, without how it is known."""
    text: str = card["facts"]["when"]
    for basis in (" stated", " inferred", " publication"):
        text = text.removesuffix(basis)
    return text.split(" “")[0].strip()


def speaker(card: Card) -> str:
    said: str = card["facts"].get("said by") or card["facts"].get("denied by", "").split(":")[0]
    return said.removesuffix("a party's own word moves no score").strip()
