"""Codes of acts in any scheme, and the error for codes that do not exist."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

PLOVER = "plover-2.0"

# An announced or conditional act scores only under one of these PLOVER events.
SPEECH = frozenset({"AGREE", "THREATEN", "REJECT", "REQUEST", "ACCUSE", "SUPPORT"})

# Whether something is done on a day, or lasts until another act ends it.
Form = Literal["act", "situation"]


class UnknownCode(LookupError):
    """No codebook has this code; the message names the mistake and the nearest codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of act in a scheme and edition, such as `plover-2.0/SANCTION/discontinue`.

    `value` runs from −10 to 10; None if the scheme gives none. `event` and `mode` are PLOVER's;
    codes of other schemes have those of their mapping, empty if there is none. `quad` is the
    scheme's own: protest is verbal conflict in one scheme and material conflict in another.

    `form`: the usual kind of a claim with this code. `checkable`: such acts are done in public or
    announced, so that anybody can check whether they took place and who did them; others are covert
    or attributed. `sideline`: a contact that costs neither side anything; it moves no level.
    """

    scheme: str
    parts: tuple[str, ...]
    label: str
    value: float | None
    event: str
    mode: str
    quad: str
    requires_recipient: bool
    form: Form
    checkable: bool
    sideline: bool
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

    def unusual(self, kind: str) -> str:
        """Return what is unusual about an act or situation with this code; empty if nothing is."""
        if kind == "act" and self.form == "situation":
            return f"{self.code} usually lasts, as a situation; as an act it counts on one day"
        if kind == "situation" and self.form == "act":
            return (
                f"{self.code} is usually done on a day, as an act; as a situation it counts daily"
            )
        return ""


def read_form(row: Mapping[str, str]) -> Form:
    """Return the form of a code from its row in `plover_kinds.csv` or `cameo_kinds.csv`."""
    return "situation" if row["form"] == "situation" else "act"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """One scheme in one edition. The keys of `codes` leave out the scheme; `why_not` returns the
    error message for a code that does not exist.
    """

    scheme: str
    codes: Mapping[str, Code]
    why_not: Callable[[str], str]
