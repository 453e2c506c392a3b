"""What a code of any scheme says about an act, and how one that does not exist is refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

PLOVER = "plover-2.0"

# An announced or conditional act scores only under one of these PLOVER events.
SPEECH = frozenset({"AGREE", "THREATEN", "REJECT", "REQUEST", "ACCUSE", "SUPPORT"})


class UnknownCode(LookupError):
    """No codebook has this code; names what is wrong with it and what comes nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of act in a scheme and edition, `plover-2.0/SANCTION/discontinue`.

    `value` runs from −10 to 10, None where the scheme gives none. `event` and `mode` are PLOVER's,
    for another scheme those its mapping gives, empty where there is none. `quad` is the scheme's
    own: protest is verbal conflict in one and material in another.
    """

    scheme: str
    parts: tuple[str, ...]
    label: str
    value: float | None
    event: str
    mode: str
    quad: str
    requires_recipient: bool
    contexts: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return "/".join((self.scheme, *self.parts))

    @property
    def plover(self) -> str:
        """The nearest PLOVER code, or nothing."""
        return "/".join(filter(None, (PLOVER, self.event, self.mode))) if self.event else ""

    @property
    def speech(self) -> bool:
        """Whether the act is itself speech, so that announcing it is doing it."""
        return self.event in SPEECH

    @property
    def assault(self) -> bool:
        return self.event == "ASSAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """One scheme in one edition: its codes without the scheme, and what to say of one it lacks."""

    scheme: str
    codes: Mapping[str, Code]
    why_not: Callable[[str], str]


def nearest(word: str, known: Iterable[str]) -> str:
    """Name the known words that look like this one, or all of them if none does."""
    known = sorted(known)
    return ", ".join(get_close_matches(word, known, n=3) or known)
