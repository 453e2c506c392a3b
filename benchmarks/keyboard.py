"""Somebody at a keyboard, who knows labels and what can be read, and whose strokes are counted."""

from typing import Any

from playwright.sync_api import Page

# Of the focused control: what it is called, what stands in it, and whether all of that is selected,
# so that typing replaces it.
_FOCUSED = """() => {
  const one = document.activeElement;
  const label = (one.labels?.[0]?.textContent ?? one.getAttribute('aria-label') ??
    one.textContent).trim();
  const chosen = one.tagName === 'SELECT' ? one.selectedOptions[0]?.textContent : null;
  const value = (chosen ?? one.value ?? '').trim();
  return {label, all: !value || one.selectionEnd - one.selectionStart === value.length};
}"""
_SEEN = "one => (one.selectedOptions?.[0]?.textContent ?? one.value).trim()"
MOST_TABS = 150


class Typist:
    """Goes forward through a page by Tab. `letters` are the signs of texts, `steps` all other
    strokes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = self.letters = 0
        self._used = False

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.steps += 1

    def seen(self, label: str) -> str:
        """What stands in a control: eyes need no key."""
        fields = self.page.get_by_label(label, exact=True)
        return str(fields.first.evaluate(_SEEN)) if fields.count() else ""

    def write(self, label: str, text: str) -> None:
        """See to it that a box holds a text."""
        if not self._to(label)["all"]:
            self.press("Control+a")
        if not text:
            self.press("Delete")
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Escape", "Enter")
            self.page.keyboard.type(line)
            self.letters += len(line)

    def _to(self, label: str) -> dict[str, Any]:
        """Go forward to a control."""
        for _ in range(MOST_TABS):
            if self._used:
                self.press("Tab")
            self._used = True
            focused: dict[str, Any] = self.page.evaluate(_FOCUSED)
            if focused["label"] == label:
                return focused
        raise AssertionError(f"no control is called {label!r} from here on")
