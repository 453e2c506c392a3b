"""Somebody who enters claims on the reading page by keys alone. They know the keys printed on the
buttons and what can be read on the screen; their strokes, decisions and waits are counted."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

from benchmarks.keyboard import Typist
from benchmarks.reading_screen import (
    CARDS,
    COUNT_REQUESTS,
    DENIAL,
    KINDS,
    SENTENCES,
    STRENGTHS,
    Card,
    Wanted,
    assigned,
    code_key,
    date_key,
    parties_of,
    role_of,
    roles_of,
    speaker,
    steps,
    swap_helps,
    when,
)
from tracker.domain.likeness import name_key

# What people type for a date, where it is not EDTF.
TYPED = {
    "[2022-03-21..2022-03-31]": "late March 2022",
    "2022-05-11": "11 May 2022",
    "2022-05-12": "12 May 2022",
    "2022-02-24": "24 February 2022",
    "2022-03": "March 2022",
}
# Of each word of a code so many letters.
_LETTERS = 4

type Change = Callable[[Wanted, Card], None]


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
    of which some are `letters`; `waited` are seconds, `typed` what name is typed for a party."""

    page: Page
    typed: Mapping[str, str]
    spent: Counter[str] = field(default_factory=Counter)
    decisions: int = 0
    proposed: Proposed = field(default_factory=Proposed)
    misses: list[str] = field(default_factory=list)
    waited: float = 0
    letters: int = 0
    _taken: list[Wanted] = field(default_factory=list)

    @property
    def strokes(self) -> int:
        return self.spent.total()

    def bring(self, text: str, line: Mapping[str, str]) -> None:
        """Paste an article, and correct the line that describes it."""
        self.page.add_init_script(COUNT_REQUESTS)
        self.page.goto("/admin/desk/read/")
        self.page.get_by_label("Address or text").fill(text)
        self.spent["paste"] += 1
        with self._waiting():
            self._press("Control+Enter", on="paste")
            expect(self.page.get_by_label("Published by")).to_be_visible()
        typist = Typist(self.page)
        for label, wanted in line.items():
            if typist.seen(label) == wanted:
                continue
            self.decisions += 1
            typist.write(label, wanted)
        with self._waiting():
            typist.press("Control+Enter")
            expect(self.page.locator("#stack")).to_be_focused()
            self._settle()
        self.page.evaluate("window.waited = 0")
        self.spent["line of the document"] += typist.steps + typist.letters
        self.letters += typist.letters

    def enter(self, wanted: Sequence[Wanted]) -> None:
        """Enter claims while reading the article to its end, and record the tray."""
        due = self._by_sentence(wanted)
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

    def record(self, *, waiting: int | None = 0) -> None:
        """Record the tray, of which so many cards wait for a curator; None for any number."""
        count = self._tray_count()
        self._press("Control+Enter", on="record")
        tray = self.page.locator("#tray")
        expect(tray.locator("[role=status], [role=alert]").first).to_be_visible()
        says = "recorded." if waiting is None else f"{count - waiting} cards recorded."
        assert says in tray.inner_text(), tray.inner_text()

    def _by_sentence(self, wanted: Sequence[Wanted]) -> dict[int, list[Wanted]]:
        """The claims by the number of their sentence, in the order of the text."""
        sentences: list[tuple[int, str]] = self.page.evaluate(SENTENCES)
        due: dict[int, list[Wanted]] = {}
        for one in wanted:
            number = next((key for key, text in sentences if one.place in text), None)
            assert number, f"no sentence has the words {one.place!r}"
            due.setdefault(number, []).append(one)
        return dict(sorted(due.items()))

    def close(self) -> None:
        """Keep the seconds for which answers to keys were waited for."""
        self.waited += self.page.evaluate("window.waited") / 1e3

    def _sentence(self, wanted: list[Wanted]) -> None:
        """Enter the claims of the current sentence."""
        cards = self._cards()
        plan = assigned(wanted, cards)
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
            self._take(one)
            left -= 1

    def _take(self, one: Wanted) -> None:
        """Take the current card; if its hedge is in the way, without it."""
        self._press("0" if self._current()["undecided"] else "Enter", on="take")
        self._taken.append(one)
        self.decisions += 1
        if self._tray_count() < len(self._taken) and "hedge" in self._current()["facts"]:
            self._press("h", on="hedge")
            self._press("Enter", on="take")
        assert self._tray_count() == len(self._taken), (one, self._cards())

    def _note(self, one: Wanted, card: Card) -> None:
        """Count what was proposed right."""
        if one.is_denial:
            return
        own = {(who["label"], role_of(who["says"])) for who in parties_of(card)}
        first = [code["label"] for code in card["codes"][:3]]
        self.proposed.parties += own == one.parties
        self.proposed.dates += when(card) == one.when
        self.proposed.codes += card["code"] == one.code
        self.proposed.offered += one.code in ["", *first]
        if own != one.parties:
            self.misses.append(f"{one.summary}\n  parties {sorted(own)}, not {sorted(one.parties)}")
        if when(card) != one.when:
            self.misses.append(f"{one.summary}\n  when {when(card)}, not {one.when}")
        if card["code"] != one.code:
            self.misses.append(
                f"{one.summary}\n  code {card['code']!r} of {first}, not {one.code!r}"
            )

    def _fix(self, one: Wanted) -> None:
        """Change what differs on the current card."""
        for change in self._denial_changes if one.is_denial else self._changes:
            before = self.strokes
            change(one, self._current())
            self.decisions += self.strokes > before
        card = self._current()
        assert not card["problems"], (one, card)

    @property
    def _changes(self) -> "Sequence[Change]":
        return (
            self._code,
            self._kind,
            self._who,
            self._date,
            self._speaker,
            self._chain,
            self._strength,
            self._words,
        )

    @property
    def _denial_changes(self) -> "Sequence[Change]":
        # Where nobody speaks, nobody denies.
        return self._speaker, self._denies

    def _denies(self, one: Wanted, card: Card) -> None:
        """Deny the card in the tray that has the code and the parties."""
        denied, *_ = [
            place
            for place, taken in enumerate(self._taken)
            if (taken.code, taken.parties) == (one.code, one.parties) and not taken.is_denial
        ]
        if card["code"] != DENIAL:
            self._press("n", on="denial")
            targets = self.page.locator("[data-prompt=denies]:not([hidden]) [data-targets] button")
            self._press(targets.nth(denied).locator("kbd").inner_text(), on="denial")

    def _code(self, one: Wanted, card: Card) -> None:
        if one.code == card["code"]:
            return
        if not one.code:
            self._press("0", on="code")
            return
        if not code_key(one, card):
            words = " ".join(word[:_LETTERS] for word in one.code.lower().split("/"))
            self._prompt("/", words, on="code by words")
            card = self._current()
        if self._current()["code"] != one.code:
            key = code_key(one, card)
            assert key, f"{one.code} is not found: {card['codes']}"
            self._press(key, on="code")

    def _kind(self, one: Wanted, _card: Card) -> None:
        for _ in KINDS:
            if self._current()["kind"] == one.kind:
                return
            self._press("j" if one.kind == "assessment" else "t", on="kind")
        raise AssertionError(f"the kind does not become {one.kind!r}")

    def _who(self, one: Wanted, card: Card) -> None:
        if swap_helps(one, card):
            self._press("x", on="swap")
            card = self._current()
        roles = roles_of(one)
        for who in card["who"]:
            for _ in range(steps(who["says"], roles.pop(name_key(who["label"]), ""), one.kind)):
                self._press(who["key"], on="who")
        for name, role in one.parties:
            if name_key(name) not in roles:
                continue
            self._prompt("o", self.typed.get(name, name), on="other party")
            [added] = [
                who for who in self._current()["who"] if name_key(who["label"]) == name_key(name)
            ]
            for _ in range(steps(added["says"], role, one.kind)):
                self._press(added["key"], on="who")

    def _date(self, one: Wanted, card: Card) -> None:
        if key := date_key(one, card):
            self._press(key, on="date")
        elif when(card) != one.when:
            text = TYPED.get(one.edtf, one.edtf)
            self._prompt("d", min(text, one.edtf, key=len), on="date")
        assert when(self._current()) == one.when, (one.when, when(self._current()))

    def _speaker(self, one: Wanted, card: Card) -> None:
        for _ in range(len(card["who"]) + 9):
            if speaker(self._current()) == one.said_by:
                return
            self._press("p", on="said by")
        raise AssertionError(f"{one.said_by!r} is not offered as a speaker")

    def _chain(self, one: Wanted, card: Card) -> None:
        wanted = "; ".join(one.chain)
        if card["facts"].get("chain", "") != wanted:
            self._prompt("k", wanted, on="chain")

    def _strength(self, one: Wanted, card: Card) -> None:
        now = card["facts"].get("strength", "").split(" ")[0]
        times = STRENGTHS.index(one.strength) - STRENGTHS.index(now)
        for _ in range(times % len(STRENGTHS)):
            self._press("s", on="strength")

    def _words(self, one: Wanted, card: Card) -> None:
        if card["facts"]["words"].startswith("none yet"):
            self._prompt("w", one.summary, on="words")

    def _prompt(self, key: str, text: str, *, on: str) -> None:
        """Open the box of a key, type into it, and go on."""
        self._press(key, on=on)
        if text:
            self.page.keyboard.type(text)
            self.spent[on] += len(text)
            self.letters += len(text)
        else:
            self._press("Delete", on=on)
        self._press("Enter", on=on)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Count the seconds of a page that is waited for."""
        began = time.monotonic()
        yield
        self.waited += time.monotonic() - began

    def _press(self, key: str, *, on: str) -> None:
        self.page.keyboard.press(key)
        self.spent[on] += 1
        self._settle()

    def _settle(self) -> None:
        self.page.wait_for_function("!window.asked")

    def _tray_count(self) -> int:
        return int(self.page.locator("#tray").get_attribute("data-count") or 0)

    def _number(self) -> int:
        line = self.page.locator("[data-sentence][aria-current]")
        return int(line.get_attribute("data-sentence") or 0)

    def _cards(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(CARDS)
        return found

    def _current(self) -> dict[str, Any]:
        return next(one for one in self._cards() if one["current"])
