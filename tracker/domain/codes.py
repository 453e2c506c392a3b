"""Codes of acts in any scheme, and the error for codes that do not exist."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

PLOVER = "plover-2.0"

# An announced or conditional act scores only under one of these PLOVER events.
SPEECH = frozenset({"AGREE", "THREATEN", "REJECT", "REQUEST", "ACCUSE", "SUPPORT"})


class UnknownCode(LookupError):
    """No codebook has this code; the message names the mistake and the nearest codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of act in a scheme and edition, such as `plover-2.0/SANCTION/discontinue`.

    `value` runs from −10 to 10; None if the scheme gives none. `event` and `mode` are PLOVER's;
    codes of other schemes have those of their mapping, empty if there is none. `quad` is the
    scheme's own: protest is verbal conflict in one scheme and material conflict in another.
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
        """The nearest PLOVER code, or an empty string."""
        return "/".join(filter(None, (PLOVER, self.event, self.mode))) if self.event else ""

    @property
    def speech(self) -> bool:
        """Whether the act is itself speech, so that announcing it performs it."""
        return self.event in SPEECH

    @property
    def assault(self) -> bool:
        return self.event == "ASSAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """One scheme in one edition. The keys of `codes` leave out the scheme; `why_not` returns the
    error message for a code that does not exist.
    """

    scheme: str
    codes: Mapping[str, Code]
    why_not: Callable[[str], str]
