"""How a pair changed between two days, in words: for mail, the digest and its feed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.domain.movements import WindowMovement
from tracker.wording import day_in_words, listed, signed

ARROWS = {"worse": "▼", "better": "▲", "unchanged": "●"}


def turned(turn: str) -> str:
    """The word for a turn: "worse", "better", "no certain change"."""
    return {"worse": _("worse"), "better": _("better")}.get(turn, _("no certain change"))


def moved(movement: WindowMovement | None, turn: str) -> str:
    """ "worse by 0.8 points (90 % interval 0.2 to 1.3)"."""
    if movement is None:
        return _("no act moved it")
    if turn == "unchanged":
        return _("no certain change (90 %% interval %(low)s to %(high)s points)") % {
            "low": signed(movement.low),
            "high": signed(movement.high),
        }
    sizes = sorted((abs(movement.low), abs(movement.high)))
    numbers = {
        "points": f"{abs(movement.value):.1f}",
        "low": f"{sizes[0]:.1f}",
        "high": f"{sizes[1]:.1f}",
    }
    if turn == "worse":
        return _("worse by %(points)s points (90 %% interval %(low)s to %(high)s)") % numbers
    return _("better by %(points)s points (90 %% interval %(low)s to %(high)s)") % numbers


def between(movement: WindowMovement) -> str:
    """ "30 March 2022 to 24 May 2022"."""
    return _("%(since)s to %(until)s") % {
        "since": day_in_words(movement.since),
        "until": day_in_words(movement.until),
    }


def reported_by(roots: Sequence[str], *, coded: bool) -> str:
    """Who reported a claim: "reported by Xinhua and TASS"."""
    if not roots:
        return _("reported by a source whose name is withheld")
    names = {"names": listed([*roots[:3]]), "number": len(roots) - 3}
    if coded:
        return _("a machine-read row from %(names)s, unchecked") % names
    if len(roots) > 3:
        return (
            ngettext(
                "reported by %(names)s, and %(number)d more source",
                "reported by %(names)s, and %(number)d more sources",
                len(roots) - 3,
            )
            % names
        )
    return _("reported by %(names)s") % names
