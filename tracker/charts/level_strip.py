"""The six bands of levels as a strip: how probable each is, and where the level may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracker.domain.levels import TOP
from tracker.domain.scoring import bands
from tracker.domain.scoring.moments import Score
from tracker.wording import about, signed

# The shade of the most probable band, and of one that is impossible.
DARKEST, LIGHTEST = 0.55, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class BandCell:
    """A band: its place and width in percent of the strip, its probability, and its shade.
    `likely`: one of the two most probable neighbours."""

    name: str
    start: str
    middle: str
    width: str
    chance: float
    shade: str
    likely: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStrip:
    """The strip: its bands, the mean and the ends of the interval in percent from the left, the two
    likely bands with their probability, and all of it in a sentence."""

    cells: Sequence[BandCell]
    mean: str
    low: str
    high: str
    likely_start: str
    likely_width: str
    likely_middle: str
    chance: str
    label: str


def strip(score: Score) -> LevelStrip | None:
    """The strip of a level; None for a score without bands."""
    if score.likely is None:
        return None
    found = score.shares
    edges = [-TOP, *bands.scale(TOP)[1], TOP]
    cells = [
        BandCell(
            name=_(name),
            start=_place(start),
            middle=_place((start + end) / 2),
            width=f"{100 * (end - start) / (2 * TOP):.2f}%",
            chance=chance,
            shade=f"{LIGHTEST + (DARKEST - LIGHTEST) * chance / max(found):.2f}",
            likely=name in score.likely.bands,
        )
        for name, start, end, chance in zip(bands.BANDS, edges, edges[1:], found, strict=False)
    ]
    first = next(place for place, cell in enumerate(cells) if cell.likely)
    width = edges[first + 2] - edges[first]
    low, high = score.ends
    return LevelStrip(
        cells=cells,
        mean=_place(score.value),
        low=_place(low),
        high=_place(high),
        likely_start=_place(edges[first]),
        likely_width=f"{100 * width / (2 * TOP):.2f}%",
        likely_middle=_place(edges[first + 1]),
        chance=about(score.likely.chance),
        label=_label(score, score.likely),
    )


def _label(score: Score, likely: bands.Likely) -> str:
    return _(
        "Level: %(one)s or %(other)s with a probability of %(chance)s. The mean is %(mean)s, the"
        " 90 %% interval %(low)s to %(high)s, on a scale from −9 to +9."
    ) % {
        "one": _(likely.bands[0]),
        "other": _(likely.bands[1]),
        "chance": about(likely.chance),
        "mean": signed(score.value),
        "low": signed(score.ends[0]),
        "high": signed(score.ends[1]),
    }


def _place(value: float) -> str:
    """A level as its distance from the left, in percent."""
    return f"{100 * (max(-TOP, min(TOP, value)) + TOP) / (2 * TOP):.2f}%"
