"""Protection against text that a spreadsheet would run as a formula."""

import re

# Includes the full-width forms, which some spreadsheets treat alike.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")


def guarded(text: str) -> str:
    """Return a cell that every spreadsheet reads as text: an apostrophe is put in front."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the original text of a guarded cell."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
