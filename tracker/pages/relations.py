"""How a relation is drawn on the map, in the matrix and in lists: its colour, arrow and words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracker.domain.movements import WindowMovement, turn_of
from tracker.domain.scoring.bands import BANDS
from tracker.domain.scoring.moments import Score
from tracker.language_formats import kept_by_language
from tracker.level_wording import is_assessed, score_words, shown, which_way
from tracker.queries.scores.table import RankedPair
from tracker.wording import SIGNS, signed

# The fills of scales without bands, and of what is not known.
UP, DOWN, UNKNOWN = "up", "down", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    """A fill with its meaning, for a legend."""

    fill: str
    words: str


def fill(row: RankedPair) -> str:
    """The fill of a relation: "band-0" (confrontation) to "band-5" (friendly), or of a scale
    without bands "up" or "down"; "unknown" where the level was never assessed and its sign is open.
    """
    score = row.score
    band = score.likely.bands[0] if score.likely else None
    if score.silent or not (score.sign or (band and is_assessed(score))):
        return UNKNOWN
    if band:
        return f"band-{BANDS.index(band)}"
    return UP if score.value > 0 else DOWN


def sign(row: RankedPair) -> str:
    """ "+", "−" or "?": the fill of a relation for those who do not see colours."""
    match fill(row):
        case "unknown":
            return "?"
        case "up" | "band-3" | "band-4" | "band-5":
            return "+"
    return "−"


def sure(moved: WindowMovement | None) -> float:
    """How far a relation moved, in points, if `turn_of` says which way; else 0."""
    return moved.value if moved and turn_of(moved) != "unchanged" else 0.0


def weight(moved: WindowMovement) -> float:
    """The size of a movement times the probability of its direction."""
    return abs(moved.value) * moved.chance


def arrow(row: RankedPair) -> str:
    """ "▲" or "▼" where it is clear which way a relation moved; else nothing."""
    moved = sure(row.movement)
    return "" if not moved else "▲" if moved > 0 else "▼"


def where(row: RankedPair) -> str:
    """Where a relation is, in words: "good or normal (about 80 %)"; never a number that is not
    known."""
    return _where(row.words, row.score)


def _where(words: str, score: Score) -> str:
    if words:
        return score_words(score, words)
    if score.silent:
        return shown(score)
    if score.sign:
        return f"{SIGNS['positive' if score.value > 0 else 'negative']} ({signed(score.value)})"
    return str(SIGNS["undetermined"])


def described(name: str, row: RankedPair) -> str:
    """A relation in one line, for a title: its name, where it is, and which way it moved."""
    return _described(name, row.words, row.score, row.movement)


@kept_by_language(2_000)
def _described(name: str, words: str, score: Score, moved: WindowMovement | None) -> str:
    place = _where(words, score)
    return f"{name}: {place}; {which_way(moved)}" if moved else f"{name}: {place}"


def legend(rows: list[RankedPair], *, levels: bool) -> list[Swatch]:
    """The fills of the rows with their meanings: all bands, if a row has one."""
    used = {fill(row) for row in rows}
    swatches = []
    if any(one.startswith("band") for one in used):
        swatches = [Swatch(fill=f"band-{n}", words=_band_name(n)) for n in range(len(BANDS))]
    if {UP, DOWN} & used or not levels:
        swatches += [
            Swatch(fill=DOWN, words=_("more conflict than cooperation")),
            Swatch(fill=UP, words=_("more cooperation than conflict")),
        ]
    if UNKNOWN in used:
        words = _("reports on file, level not known") if levels else _("neither, or no recent news")
        swatches.append(Swatch(fill=UNKNOWN, words=words))
    return swatches


def _band_name(number: int) -> str:
    names = {
        "confrontation": _("confrontation"),
        "tension": _("tension"),
        "discord": _("discord"),
        "normal": _("normal"),
        "good": _("good"),
        "friendly": _("friendly"),
    }
    return names[BANDS[number]]
