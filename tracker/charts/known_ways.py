"""Which way a pair went, where that is known: the sign and the words that pictures show for it."""

from typing import Literal

from django.utils.translation import gettext as _

from tracker.domain.movements import WindowMovement, turn_of
from tracker.wording import about

# Better or worse by the rule of `movements`. Silent: no act on record.
Way = Literal["better", "worse", "unsure", "silent"]
# From this probability on, an unsure movement says which way is more probable.
PROBABLE = 0.75


def way_of(moved: WindowMovement | None) -> Way:
    """Return which way a movement went; unsure where that is not known, or it is small."""
    if moved is None or not moved.acted:
        return "silent"
    turn = turn_of(moved)
    return "unsure" if turn == "unchanged" else turn


def way_in_words(way: Way, moved: WindowMovement | None) -> str:
    """ "▲ better", "▼ worse", "? probably worse, about 85 %", "? no sure change", "? no reported
    act"."""
    if way in ("better", "worse"):
        return _("▲ better") if way == "better" else _("▼ worse")
    if way == "silent":
        return _("? no reported act")
    if moved is None:
        return _("? not known")
    if moved.chance >= PROBABLE:
        worse = moved.value < 0
        says = _("? probably worse, %(chance)s") if worse else _("? probably better, %(chance)s")
        return says % {"chance": about(moved.chance)}
    return _("? no sure change")
