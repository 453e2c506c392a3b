"""Somebody at a keyboard, who knows labels and what can be read, and whose strokes are counted."""

from collections import Counter
from typing import Any

from playwright.sync_api import Locator, Page, expect

# Of the focused control: what it is called, the how many-th of that name it is, what stands in it,
# and whether all of that is selected, so that typing replaces it.
_FOCUSED = """() => {
  const one = document.activeElement;
  const called = (it) => (it.labels?.[0]?.textContent ?? it.getAttribute('aria-label') ??
    it.textContent).trim();
  const same = [...document.querySelectorAll('input, select, textarea, button, summary')];
  const chosen = one.tagName === 'SELECT' ? one.selectedOptions[0]?.textContent : null;
  const value = (chosen ?? one.value ?? '').trim();
  const label = called(one);
  return {label, value, place: same.filter((it) => called(it) === label).indexOf(one),
    checked: !!one.checked, lines: one.tagName === 'TEXTAREA',
    all: !value || one.selectionEnd - one.selectionStart === value.length};
}"""
_ANSWERED = "() => !document.querySelector('[role=listbox][aria-busy=true]')"
MOST_TABS = 150
# From so many letters on somebody looks whether what they mean is offered.
FEWEST_LETTERS = 2


class Typist:
    """Goes forward through a page by Tab, and from part to part. `spent` says on which control,
    and for what: the signs of a text, the letters that choose, the steps between controls."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.spent: Counter[tuple[str, str]] = Counter()
        self._used = False
        self._on = ""

    @property
    def keystrokes(self) -> int:
        return self.spent.total()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.spent[self._on, "step"] += 1

    def type(self, text: str, *, counted: str = "text") -> None:
        self.page.keyboard.type(text)
        self.spent[self._on, counted] += len(text)

    def arrive(self, label: str, place: int = 0) -> None:
        """Wait until the page has put the focus on a control by itself."""
        here = (
            f"([label, place]) => (it => it.label === label && it.place === place)(({_FOCUSED})())"
        )
        self.page.wait_for_function(here, arg=[label, place])
        self._on, self._used = label, False

    def seen(self, label: str, place: int = 0) -> str:
        """What stands in a control: eyes need no key."""
        fields = self.page.get_by_label(label, exact=True)
        if fields.count() <= place:
            return ""
        return str(
            fields.nth(place).evaluate(
                "one => one.type === 'checkbox' ? String(one.checked) :"
                " (one.selectedOptions?.[0]?.textContent ?? one.value).trim()"
            )
        )

    def to(self, label: str, place: int = 0) -> dict[str, Any]:
        """Go forward to a control; give what stands in it."""
        self._on = label
        for _ in range(MOST_TABS):
            if self._used:
                self.press("Tab")
            self._used = True
            focused: dict[str, Any] = self.page.evaluate(_FOCUSED)
            if (focused["label"], focused["place"]) == (label, place):
                return focused
        raise AssertionError(f"no control is called {label!r} from here on")

    def leap(self, parts: int) -> None:
        """Go on by so many parts of the form."""
        for _ in range(parts):
            self._on = "next part"
            self.press("Control+ArrowDown")
            self._used = False

    def write(self, label: str, text: str, place: int = 0) -> None:
        """See to it that a box holds a text."""
        self._clear(self.to(label, place))
        if not text:
            self.press("Delete")
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Escape", "Enter")
            self.type(line)

    def pick(self, label: str, *texts: str, by: str = "", place: int = 0) -> None:
        """Type letters until a text is the first that is offered, and take it; if it never is,
        type it whole. Several stand on lines of their own or have commas between them."""
        focused = self.to(label, place)
        self._clear(focused)
        *others, last = texts
        for text in others:
            self._pick(text, by or text, take="Enter")
            self.press("Enter") if focused["lines"] else self.type(", ", counted="choice")
        if self._pick(last, by or last, take="Tab"):
            self._used = False

    def _pick(self, text: str, letters: str, *, take: str) -> bool:
        typed = 0
        while typed < len(letters):
            rest = (
                letters[typed:] if typed >= FEWEST_LETTERS and not self._offered().count() else ""
            )
            more = rest or letters[typed : max(typed + 1, FEWEST_LETTERS)]
            self.type(more, counted="text" if rest else "choice")
            typed += len(more)
            if not rest and self._is_offered(text):
                self.press(take)
                return True
        assert letters == text, f"{letters!r} does not lead to {text!r}"
        return False

    def take(self, label: str, text: str) -> bool:
        """Take a text from what a box offers when asked; False if it is not there."""
        self.to(label)
        self.press("ArrowDown")
        offered = self._offered().locator("span").all_inner_texts()
        if text not in offered:
            self.press("Escape")
            self._used = False
            return False
        self.press(*["ArrowDown"] * offered.index(text), "Tab")
        self._used = False
        return True

    def choose(self, label: str, option: str, place: int = 0) -> None:
        """Choose a line of a list by its first letters, as many as it takes."""
        said = self.to(label, place)["value"]
        for letter in option:
            if said == option:
                return
            self.type(letter, counted="choice")
            said = self.page.evaluate(_FOCUSED)["value"]
        assert said == option

    def tick(self, label: str) -> None:
        if not self.to(label)["checked"]:
            self.press("Space")

    def open(self, label: str) -> None:
        """Open what is folded away."""
        self.to(label)
        self.press("Enter")

    def is_open(self, label: str) -> bool:
        """Whether what is folded under a label is open: eyes need no key."""
        part = self.page.locator("details", has=self.page.get_by_text(label, exact=True)).last
        return bool(part.evaluate("one => one.open"))

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def _clear(self, focused: dict[str, Any]) -> None:
        if not focused["all"]:
            self.press("Control+a")

    def _offered(self) -> Locator:
        return self.page.get_by_role("listbox", name="Suggestions").get_by_role("option")

    def _is_offered(self, text: str) -> bool:
        self.page.wait_for_function(_ANSWERED)
        marked = self._offered().and_(self.page.locator("[aria-selected=true]"))
        return text in marked.locator("span").all_inner_texts()
