"""What the entry form says of acts that last: whether a code is usually entered as an act or as a
situation, how this claim is, and until when a situation counts.
"""

from dataclasses import dataclass
from datetime import date

from tracker.admin.fields import Coded
from tracker.domain import codebooks
from tracker.domain.codes import Code
from tracker.domain.dates import phrases
from tracker.domain.dates.edtf import BadDate

FORMS = ("act", "situation")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualForm:
    """A code, and the `kind` that the claim has. `until`: the last day of a situation that has an
    end."""

    code: Code
    kind: str
    until: date | None

    @property
    def other(self) -> str:
        return "act" if self.kind == "situation" else "situation"


def of(kind: str | None, code: str | None, when: str | None) -> UsualForm | None:
    """Return what to say of the form of a claim, from the texts in its fields; None without a known
    code, and for claims that are neither act nor situation."""
    try:
        known = codebooks.find(Coded().to_python(code))
    except codebooks.UnknownCode:
        return None
    kind = kind or known.form
    if kind not in FORMS:
        return None
    return UsualForm(code=known, kind=kind, until=_end(when) if kind == "situation" else None)


def _end(when: str | None) -> date | None:
    try:
        reading = phrases.from_phrase(when or "")
    except BadDate:
        return None
    return reading.bounds.latest
