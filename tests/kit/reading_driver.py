"""Somebody who enters claims on the reading page by keys alone. They know the keys printed on the
buttons and what can be read on the screen; their strokes, decisions and waits are counted."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

from tests.kit.article_entry import TYPED
from tests.kit.keyboard import Typist
from tracker.domain.dates.description import describe

# What can be read on the cards of the current sentence.
_CARDS = """() => {
  const words = (one) => (one?.innerText ?? '').replace(/\\s+/g, ' ').trim();
  const own = (one) => [...one.childNodes].filter((it) => it.nodeType === Node.TEXT_NODE)
    .map((it) => it.textContent.trim()).join(' ').trim();
  const choices = (card, label) => [...card.querySelectorAll(`[aria-label="${label}"] button`)].map(
    (one) => ({key: words(one.querySelector('kbd')), label: own(one),
      says: words([...one.querySelectorAll('small')].at(-1)),
      pressed: one.getAttribute('aria-pressed') === 'true'}));
  const facts = (card) => Object.fromEntries([...card.querySelectorAll('dl dt')].map(
    (one) => [words(one), words(one.nextElementSibling)]));
  return [...document.querySelectorAll('.reading-card')].filter((one) => one.checkVisibility()).map(
    (one) => ({id: one.id, current: one.classList.contains('is-current'),
      open: !words(one.querySelector('.reading-state')),
      kind: words(one.querySelector('.reading-head .desk-quiet')),
      code: words(one.querySelector('.reading-code')),
      undecided: !!one.querySelector('.reading-choose'),
      problems: [...one.querySelectorAll('[role=alert]')].map(words),
      codes: choices(one, 'Codes'), who: choices(one, 'Who'), facts: facts(one)}));
}"""
# The sentences, without the letters of those who are named.
_SENTENCES = """() => [...document.querySelectorAll('[data-sentence]')].map((one) => {
  const line = one.cloneNode(true);
  line.querySelectorAll('sup').forEach((it) => it.remove());
  return [Number(one.dataset.sentence), line.textContent.trim()];
})"""
# Counts what the server is asked by keys, and for how long it is waited for.
_COUNT = """window.asked = 0; window.waited = 0;
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
# An estimate of the strokes to another code by its words.
_BY_WORDS = 8
# Of each word of a code so many letters.
_LETTERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A claim to enter, as somebody means it: `place` are words of its sentence, `parties` names
    with roles, `edtf` the date (empty if unknown), `chain` the sources behind the publisher, and
    `summary` what is typed where none is proposed. `code` is as it is printed."""

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
    def when(self) -> str:
        return describe(self.edtf) if self.edtf else "unknown"


@dataclass(slots=True)
class Proposed:
    """Of the claims that were entered how many had these before any change."""

    parties: int = 0
    dates: int = 0
    codes: int = 0
    offered: int = 0


@dataclass(slots=True)
class ReadingDriver:
    """Goes through the sentences of an article in order. `spent` says for what strokes were spent,
    `typed` what name is typed for a party."""

    page: Page
    typed: Mapping[str, str]
    spent: Counter[str] = field(default_factory=Counter)
    decisions: int = 0
    proposed: Proposed = field(default_factory=Proposed)
    misses: list[str] = field(default_factory=list)
    waited: float = 0

    @property
    def strokes(self) -> int:
        return self.spent.total()

    def bring(self, text: str, line: Mapping[str, str]) -> None:
        """Paste an article, and correct the line that describes it."""
        self.page.add_init_script(_COUNT)
        self.page.goto("/admin/desk/read/")
        self.page.get_by_label("Address or text").fill(text)
        self.spent["paste"] += 1
        self._press("Control+Enter", on="paste")
        expect(self.page.get_by_label("Published by")).to_be_visible()
        typist = Typist(self.page)
        for label, wanted in line.items():
            if typist.seen(label) != wanted:
                typist.write(label, wanted)
                self.decisions += 1
        typist.press("Control+Enter")
        self.spent["line of the document"] += typist.keystrokes
        expect(self.page.locator("#stack")).to_be_focused()
        self._settle()

    def enter(self, wanted: Sequence[Wanted]) -> None:
        """Enter claims while reading the article to its end, and record the tray."""
        sentences: list[tuple[int, str]] = self.page.evaluate(_SENTENCES)
        due: dict[int, list[Wanted]] = {}
        for one in wanted:
            number = next((key for key, text in sentences if one.place in text), None)
            assert number, f"no sentence has the words {one.place!r}"
            due.setdefault(number, []).append(one)
        while True:
            number = self._number()
            self.decisions += 1
            if number in due:
                self._sentence(due.pop(number))
            if self._number() == number:
                self._press("ArrowDown", on="sentences")
            if self._number() == number:
                break
        assert not due, f"the sentences {list(due)} were passed over"

    def record(self) -> None:
        """Record the tray."""
        count = self.page.locator("#tray").get_attribute("data-count")
        self._press("Control+Enter", on="record")
        says = self.page.locator("#tray [role=status], #tray [role=alert]").first
        expect(says).to_be_visible()
        assert f"{count} cards recorded." in says.inner_text(), self.page.locator(
            "#tray"
        ).inner_text()

    def close(self) -> None:
        """Keep the seconds for which answers were waited for."""
        self.waited += self.page.evaluate("window.waited") / 1e3

    def _sentence(self, wanted: list[Wanted]) -> None:
        """Enter the claims of the current sentence."""
        cards = self._cards()
        plan = _assigned(wanted, cards)
        more = [one for one in wanted if one not in plan.values()]
        for card in cards:
            if card["id"] in plan:
                self._note(plan[card["id"]], card)
        if not plan:
            self._press("+", on="another")
            plan[self._current()["id"]] = more.pop(0)
        fixed: set[str] = set()
        left = len(wanted)
        while left:
            card = self._current()
            one = plan.get(card["id"])
            if one is None:
                self._press("Space", on="skip")
                self.decisions += 1
                continue
            if card["id"] not in fixed:
                self._fix(one)
                fixed.add(card["id"])
            if more and len(fixed) == len(plan):
                self._press("+", on="another")
                plan[self._current()["id"]] = more.pop(0)
                continue
            self._press("0" if self._current()["undecided"] else "Enter", on="take")
            self.decisions += 1
            left -= 1

    def _note(self, one: Wanted, card: Mapping[str, Any]) -> None:
        """Count what was proposed right."""
        own = {(who["label"], _role(who["says"])) for who in _parties(card)}
        first = [code["label"] for code in card["codes"][:3]]
        self.proposed.parties += own == one.parties
        self.proposed.dates += _when(card) == one.when
        self.proposed.codes += card["code"] == one.code
        self.proposed.offered += one.code in ["", *first]
        if own != one.parties:
            self.misses.append(f"{one.summary}\n  parties {sorted(own)}, not {sorted(one.parties)}")
        if _when(card) != one.when:
            self.misses.append(f"{one.summary}\n  when {_when(card)}, not {one.when}")
        if card["code"] != one.code:
            self.misses.append(
                f"{one.summary}\n  code {card['code']!r} of {first}, not {one.code!r}"
            )

    def _fix(self, one: Wanted) -> None:
        """Change what differs on the current card."""
        for change in (
            self._code,
            self._kind,
            self._who,
            self._date,
            self._speaker,
            self._chain,
            self._strength,
            self._words,
        ):
            before = self.strokes
            change(one, self._current())
            self.decisions += self.strokes > before
        card = self._current()
        assert not card["problems"], (one, card)

    def _code(self, one: Wanted, card: Mapping[str, Any]) -> None:
        if one.code == card["code"]:
            return
        if not one.code:
            self._press("0", on="code")
            return
        if not _code_key(one, card):
            words = " ".join(word[:_LETTERS] for word in one.code.lower().split("/"))
            self._prompt("/", words, on="code by words")
            card = self._current()
        if self._current()["code"] != one.code:
            key = _code_key(one, card)
            assert key, f"{one.code} is not found: {card['codes']}"
            self._press(key, on="code")

    def _kind(self, one: Wanted, card: Mapping[str, Any]) -> None:
        for _ in KINDS:
            if self._current()["kind"] == one.kind:
                return
            self._press("j" if one.kind == "assessment" else "t", on="kind")
        raise AssertionError(f"the kind does not become {one.kind!r}")

    def _who(self, one: Wanted, card: Mapping[str, Any]) -> None:
        if _swap_helps(one, card):
            self._press("x", on="swap")
            card = self._current()
        roles = dict(one.parties)
        for who in card["who"]:
            for _ in range(_steps(who["says"], roles.pop(who["label"], ""))):
                self._press(who["key"], on="who")
        for name, role in roles.items():
            self._prompt("o", self.typed.get(name, name), on="other party")
            [added] = [who for who in self._current()["who"] if who["label"] == name]
            for _ in range(_steps(added["says"], role)):
                self._press(added["key"], on="who")

    def _date(self, one: Wanted, card: Mapping[str, Any]) -> None:
        if _when(card) != one.when:
            text = TYPED.get(one.edtf, one.edtf)
            self._prompt("d", min(text, one.edtf, key=len), on="date")
            assert _when(self._current()) == one.when

    def _speaker(self, one: Wanted, card: Mapping[str, Any]) -> None:
        for _ in range(len(card["who"]) + 9):
            if _speaker(self._current()) == one.said_by:
                return
            self._press("p", on="said by")
        raise AssertionError(f"{one.said_by!r} is not offered as a speaker")

    def _chain(self, one: Wanted, card: Mapping[str, Any]) -> None:
        wanted = "; ".join(one.chain)
        if card["facts"].get("chain", "") != wanted:
            self._prompt("k", wanted, on="chain")

    def _strength(self, one: Wanted, card: Mapping[str, Any]) -> None:
        now = card["facts"].get("strength", "").split(" ")[0]
        steps = STRENGTHS.index(one.strength) - STRENGTHS.index(now)
        for _ in range(steps % len(STRENGTHS)):
            self._press("s", on="strength")

    def _words(self, one: Wanted, card: Mapping[str, Any]) -> None:
        if card["facts"]["words"].startswith("none yet"):
            self._prompt("w", one.summary, on="words")

    def _prompt(self, key: str, text: str, *, on: str) -> None:
        """Open the box of a key, type into it, and go on."""
        self._press(key, on=on)
        if text:
            self.page.keyboard.type(text)
            self.spent[on] += len(text)
        else:
            self._press("Delete", on=on)
        self._press("Enter", on=on)

    def _press(self, key: str, *, on: str) -> None:
        self.page.keyboard.press(key)
        self.spent[on] += 1
        self._settle()

    def _settle(self) -> None:
        self.page.wait_for_function("!window.asked")

    def _number(self) -> int:
        line = self.page.locator("[data-sentence][aria-current]")
        return int(line.get_attribute("data-sentence") or 0)

    def _cards(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(_CARDS)
        return found

    def _current(self) -> dict[str, Any]:
        return next(one for one in self._cards() if one["current"])


def _assigned(wanted: Sequence[Wanted], cards: Sequence[Mapping[str, Any]]) -> dict[str, Wanted]:
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


def _distance(one: Wanted, card: Mapping[str, Any]) -> int:
    """About how many keys it takes to make a card a claim."""
    strokes = 0
    if card["code"] != one.code:
        strokes += 1 if _code_key(one, card) or not one.code else _BY_WORDS
    roles = dict(one.parties)
    for who in card["who"]:
        strokes += _steps(who["says"], roles.pop(who["label"], ""))
    strokes += sum(2 + len(name) for name in roles)
    strokes += 0 if _when(card) == one.when else len(one.edtf)
    return strokes + 2 * (_speaker(card) != one.said_by)


def _parties(card: Mapping[str, Any]) -> list[dict[str, str]]:
    return [who for who in card["who"] if _role(who["says"])]


def _role(says: str) -> str:
    """The role that is printed on an actor's button."""
    role = says.removesuffix(", not on record")
    return "" if role == "no party" else role


def _steps(says: str, role: str) -> int:
    return (ROLES.index(role) - ROLES.index(_role(says))) % len(ROLES)


def _swap_helps(one: Wanted, card: Mapping[str, Any]) -> bool:
    roles = dict(one.parties)
    turned = {"initiator": "recipient", "recipient": "initiator"}

    def all_steps(*, swapped: bool) -> int:
        steps = 0
        for who in card["who"]:
            now = _role(who["says"])
            now = turned.get(now, now) if swapped else now
            steps += _steps(now, roles.get(who["label"], ""))
        return steps

    return 1 + all_steps(swapped=True) < all_steps(swapped=False)


def _code_key(one: Wanted, card: Mapping[str, Any]) -> str:
    """The key printed on a code."""
    return next((code["key"] for code in card["codes"] if code["label"] == one.code), "")


def _when(card: Mapping[str, Any]) -> str:
    """The date in words, without how it is known."""
    text: str = card["facts"]["when"]
    for basis in (" stated", " inferred", " publication"):
        text = text.removesuffix(basis)
    return text.split(" “")[0].strip()


def _speaker(card: Mapping[str, Any]) -> str:
    said: str = card["facts"].get("said by", "")
    return said.removesuffix("a party's own word moves no score").strip()
