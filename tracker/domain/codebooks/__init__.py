"""The available codebooks. To add one, or an edition, write a module and list it here."""

from functools import lru_cache
from typing import NamedTuple

from tracker.domain.codebooks import cameo, plover
from tracker.domain.codes import Code, Codebook, Form, UnknownCode
from tracker.domain.facts import rows
from tracker.domain.likeness import nearest, suggestion

__all__ = [
    "CODEBOOKS",
    "CONTEXTS",
    "Choice",
    "Code",
    "UnknownCode",
    "UnknownContext",
    "check_context",
    "choices",
    "family",
    "find",
    "form_of",
    "unusual_form",
    "value",
]

CODEBOOKS: dict[str, Codebook] = {book.scheme: book for book in (plover.BOOK, cameo.BOOK)}

CONTEXTS: frozenset[str] = frozenset(row["context"] for row in rows("plover_contexts"))

_LONGEST = 100


class UnknownContext(LookupError):
    """There is no such context; the message names the nearest ones."""


class Choice(NamedTuple):
    """One line of a code picker."""

    code: str
    label: str
    value: float | None


@lru_cache(maxsize=4096)
def find(code: str) -> Code:
    """Return a code, such as `plover-2.0/SANCTION/discontinue` or `cameo-1.1b3/0871`.

    :raises UnknownCode: if its scheme and edition, its event or its mode does not exist.
    """
    scheme, _, rest = code[:_LONGEST].partition("/")
    book = CODEBOOKS.get(scheme)
    if book is None:
        raise UnknownCode(
            f"unknown codebook {scheme!r}; a code begins with a codebook and its edition:"
            f" {' or '.join(CODEBOOKS)}, as in {_near(code[:_LONGEST])}"
        )
    if rest not in book.codes:
        raise UnknownCode(book.why_not(rest))
    return book.codes[rest]


@lru_cache(maxsize=1024)
def _near(code: str) -> str:
    """The codes that resemble one without a codebook, or an example."""
    word = (code.partition("/")[2] or code).upper()
    names = {
        name.upper(): entry.code
        for book in CODEBOOKS.values()
        for name, entry in book.codes.items()
    }
    near = [names[name] for name in nearest(word, names)]
    return ", ".join(near) or "plover-2.0/SANCTION/discontinue"


def value(code: str) -> float | None:
    """Return how good or bad the act is in its scheme, from −10 to 10.

    :raises UnknownCode: if there is no such code.
    """
    return find(code).value


def modes(code: str) -> tuple[Code, ...]:
    """Return the codes of the same codebook and event.

    :raises UnknownCode:
    """
    known = find(code)
    own = CODEBOOKS[known.scheme].codes.values()
    return tuple(one for one in own if one.event == known.event)


def family(code: str) -> list[str]:
    """Return a code and those below it: its modes, or the codes of CAMEO that begin with it.

    :raises UnknownCode:
    """
    known = find(code)
    below = f"{known.code}/" if known.scheme == plover.BOOK.scheme else known.code
    own = (one.code for one in CODEBOOKS[known.scheme].codes.values())
    return [one for one in own if one == known.code or one.startswith(below)]


def form_of(code: str) -> Form:
    """Return whether what has this code is done on a day or lasts; an act if it is unknown."""
    try:
        return find(code).form
    except UnknownCode:
        return "act"


def unusual_form(code: str | None, kind: str) -> str:
    """Return what is unusual about a claim of this kind under a code; empty if nothing is."""
    try:
        return find(code).unusual(kind) if code else ""
    except UnknownCode:
        return ""


def choices() -> tuple[Choice, ...]:
    """Return every code of every codebook, in the order of the codebooks."""
    return tuple(
        Choice(code.code, code.label, code.value)
        for book in CODEBOOKS.values()
        for code in book.codes.values()
    )


def check_context(name: str) -> str:
    """Return the context if it exists.

    :raises UnknownContext: if it does not.
    """
    if name not in CONTEXTS:
        short = name[:_LONGEST]
        raise UnknownContext(f"unknown context {short!r}; {suggestion(short.lower(), CONTEXTS)}")
    return name
