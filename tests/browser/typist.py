"""Somebody at a keyboard, who knows labels and what can be read, and whose strokes are counted."""

from typing import Any

from playwright.sync_api import Page, expect

# Of the focused control: what it is called, what stands in it, and what it is.
_FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels?.[0]?.textContent ?? one.getAttribute('aria-label') ?? one.textContent;
  const chosen = one.tagName === 'SELECT' ? one.selectedOptions[0]?.textContent : null;
  return {label: label.trim(), value: (chosen ?? one.value ?? '').trim(), checked: !!one.checked};
}"""
MOST_TABS = 150


class Typist:
    """Goes forward through a page by Tab alone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keystrokes = 0
        self._used = False

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keystrokes += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keystrokes += len(text)

    def arrive(self, label: str) -> None:
        """Wait until the page has put the focus on a control by itself."""
        self.page.wait_for_function(f"label => ({_FOCUSED})().label === label", arg=label)
        self._used = False

    def to(self, label: str) -> dict[str, Any]:
        """Go forward to the next control that is called so; give what stands in it."""
        for _ in range(MOST_TABS):
            if self._used:
                self.press("Tab")
            self._used = True
            focused: dict[str, Any] = self.page.evaluate(_FOCUSED)
            if focused["label"] == label:
                return focused
        raise AssertionError(f"no control is called {label!r} from here on")

    def write(self, label: str, text: str) -> None:
        """See to it that a box holds a text."""
        if self.to(label)["value"] != text:
            self.over(text)

    def over(self, text: str) -> None:
        """Replace what stands in the focused box."""
        self.press("Control+a")
        if not text:
            self.press("Delete")
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Escape", "Enter")
            self.type(line)

    def choose(self, label: str, option: str) -> None:
        """Choose a line of a list by its first letters, as many as it takes."""
        said = self.to(label)["value"]
        for letter in option:
            if said == option:
                return
            self.type(letter)
            said = self.page.evaluate(_FOCUSED)["value"]
        assert said == option

    def tick(self, *labels: str) -> None:
        for label in labels:
            if not self.to(label)["checked"]:
                self.press("Space")

    def open(self, label: str) -> None:
        """Open what is folded away."""
        self.to(label)
        self.press("Enter")

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()
