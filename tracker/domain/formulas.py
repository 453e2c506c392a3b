"""Text that a spreadsheet would take for a formula and run, and how that is prevented."""

import re

# With the wide forms, which some spreadsheets take for the narrow ones.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """A cell that is text wherever it is opened: an apostrophe stands before it."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text of a cell that was guarded."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
