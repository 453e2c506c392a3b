"""Somebody at a keyboard, who knows labels and what can be read, and whose strokes are counted."""

from collections import Counter
from typing import Any

from playwright.sync_api import Page

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
MOST_TABS = 150


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

    def write(self, label: str, text: str, place: int = 0) -> None:
        """See to it that a box holds a text."""
        self._clear(self.to(label, place))
        if not text:
            self.press("Delete")
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Escape", "Enter")
            self.type(line)

    def tick(self, label: str) -> None:
        if not self.to(label)["checked"]:
            self.press("Space")

    def open(self, label: str) -> None:
        """Open what is folded away."""
        self.to(label)
        self.press("Enter")

    def _clear(self, focused: dict[str, Any]) -> None:
        if not focused["all"]:
            self.press("Control+a")
