"""A language in which every translated text stands between two marks, so that a test sees what was
not translated."""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

OPEN, CLOSE = "⟦", "⟧"


class Marked(gettext.NullTranslations):
    """Translates each message to itself between marks."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def gettext(self, message: str) -> str:
        # Django puts the context of a message before it.
        return f"{OPEN}{message.rpartition(CONTEXT_SEPARATOR)[2]}{CLOSE}" if message else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, _context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, _context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)

    def language(self) -> str:
        return self.code

    def to_language(self) -> str:
        return self.code


@contextmanager
def marked(code: str) -> Iterator[None]:
    """Mark the texts of this language."""
    catalogues = trans_real._translations
    before = catalogues.get(code)
    catalogues[code] = Marked(code)
    try:
        yield
    finally:
        if before is None:
            del catalogues[code]
        else:
            catalogues[code] = before
