"""The claims of a picture in the lane below its plot: where each stands, how much of it is written,
and its layers as SVG.

Nothing in the lane lies on anything else: no mark on a mark, no title on the line that joins a mark
to the plot.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.charts import drawing
from tracker.charts.axes import Plot
from tracker.charts.drawing import DOWN, INK, MIDDLE, QUIET, UP, layer, link, symbol, tag
from tracker.domain.scoring.evidence import Pull

# In points, at a text size of 12: the mean width of a letter, the reach of a mark around its
# middle, and the gap after a title.
LETTER_WIDTH, MARK_REACH, TITLE_GAP = 6.7, 9.0, 6.0
# Letters of a title: as many as there is room for, of these.
LENGTHS = (70, 46, 28)
# With more marks than these no titles are written, and there are at most so many rows.
MOST_TITLED, MOST_NUMBERED = 9, 4
# The layer, the shape and the colour of a mark by the way in which its claim pulls.
LOOKS = {
    1: ("better", "triangle-up", UP),
    -1: ("worse", "triangle-down", DOWN),
    0: ("neither", "circle", QUIET),
}
# Titles that a mark of several claims names, and the letters of each.
MOST_NAMED, NAMED_LETTERS = 4, 60


class MarkedClaim(Protocol):
    """A claim that is marked by its number in the list, 0 for none."""

    @property
    def number(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def title(self) -> str: ...
    @property
    def link(self) -> str: ...
    @property
    def pull(self) -> Pull: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The middle of a mark, in points from the left, with its number, if it has one, and title."""

    x: float
    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The row of a mark in the lane, from 0 at the top, and the text beside it, on its right or
    `left`. `spots` are the numbers, from 0, of the marks that it stands for: several where they
    are too near to one another."""

    row: int
    text: str
    spots: tuple[int, ...]
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The room of a lane, in points and rows; `text` is the size of its letters. Only a `titled`
    one has titles."""

    width: float
    rows: int
    text: float = 12
    titled: bool = True

    @property
    def letter(self) -> float:
        return LETTER_WIDTH * self.text / 12


type Span = tuple[float, float]


def arrange(spots: Sequence[Spot], lane: Lane) -> list[Place]:
    """Give every mark a place in the lane, in the order of the spots. With titles if they are few
    and if there is room, else with numbers; of those without a row of their own the nearest share
    a place, with their count."""
    if lane.titled and len(spots) <= MOST_TITLED:
        latest_first = sorted(range(len(spots)), key=lambda n: -spots[n].x)
        earliest_first = sorted(range(len(spots)), key=lambda n: spots[n].x)
        found = [_titled(spots, lane, order) for order in (latest_first, earliest_first)]
        best = max(found, key=lambda places: sum(len(place.text) for place in places))
        if best:
            return best
    return _numbered(spots, lane)


def _titled(spots: Sequence[Spot], lane: Lane, order: Sequence[int]) -> list[Place]:
    """Places given in an order: those that come first are higher. Titles on the right need the
    latest first, so that they meet no earlier line; those on the left the earliest. Empty if a mark
    has no row."""
    places: dict[int, Place] = {}
    boxes: dict[int, list[Span]] = {}
    texts: dict[int, list[Span]] = {}
    stems: list[tuple[float, int]] = []
    for number in order:
        spot = spots[number]
        for place, box in _candidates(spot, number, lane):
            text = _text(box, left=place.left)
            above = [one for row in range(place.row) for one in texts.get(row, ())]
            lines = [x for x, row in stems if row > place.row]
            if (
                not any(_overlap(box, other) for other in boxes.get(place.row, ()))
                and not any(start < spot.x < end for start, end in above)
                and not any(text[0] < x < text[1] for x in lines)
            ):
                places[number] = place
                boxes.setdefault(place.row, []).append(box)
                texts.setdefault(place.row, []).append(text)
                stems.append((spot.x, place.row))
                break
        else:
            return []
    return [places[number] for number in range(len(spots))]


def _candidates(spot: Spot, number: int, lane: Lane) -> Iterator[tuple[Place, Span]]:
    """Places with the longest title that has room, in the highest row; at last with the number."""
    # A title that ends with a verdict is never cut, because that would remove the verdict.
    lengths = () if spot.title.endswith("]") else LENGTHS
    clipped = dict.fromkeys(clip_title(spot.title, most) for most in lengths)
    titles = [f"{spot.number}  {title}" if spot.number else title for title in clipped]
    for text in (*titles, spot.number):
        for row in range(lane.rows):
            for left in (False, True):
                box = _box(spot.x, text, lane, left=left)
                if box[0] >= 0 and (box[1] <= lane.width or text == spot.number):
                    yield Place(row=row, text=text, spots=(number,), left=left), box


def _numbered(spots: Sequence[Spot], lane: Lane) -> list[Place]:
    """Numbers alone, in the highest row that is free; where none is, a mark joins the nearest one.
    Those with a number come first, and of these the latest."""
    put: list[tuple[Place, Span]] = []
    for number in sorted(range(len(spots)), key=lambda n: (not spots[n].number, -spots[n].x)):
        spot = spots[number]
        box = _box(spot.x, spot.number, lane)
        rows = range(min(lane.rows, MOST_NUMBERED))
        free = next((row for row in rows if _is_free(row, box, spot.x, put)), None)
        if free is None:
            near = [n for n, (_, other) in enumerate(put) if _overlap(box, other)]
            nearest = min(near, key=lambda n: abs(put[n][1][0] - box[0]))
            put = _joined(put, nearest, (number,), spots, lane)
        else:
            put.append((Place(row=free, text=spot.number, spots=(number,)), box))
    return [place for place, _ in put]


def _is_free(row: int, box: Span, x: float, put: Sequence[tuple[Place, Span]]) -> bool:
    """Whether a mark has room in a row: it lies on no other, its line passes no number above it,
    and no line passes its own."""
    own = _text(box, left=False)
    for place, other in put:
        text = _text(other, left=False)
        if place.row == row and _overlap(box, other):
            return False
        if place.row < row and text[0] < x < text[1]:
            return False
        if place.row > row and own[0] < other[0] + MARK_REACH < own[1]:
            return False
    return True


def _joined(
    put: Sequence[tuple[Place, Span]],
    at: int,
    more: tuple[int, ...],
    spots: Sequence[Spot],
    lane: Lane,
) -> list[tuple[Place, Span]]:
    """Let some marks join a place, which then has the numbers of all of them, and stands where the
    latest is. What it then lies on joins it too."""
    others = [*put]
    place, _ = others.pop(at)
    together = (*place.spots, *more)
    text = ", ".join(sorted(filter(None, (spots[n].number for n in together)), key=int))
    place = replace(place, spots=together, text=text)
    box = _box(max(spots[n].x for n in together), text, lane)
    for n, (other, its) in enumerate(others):
        if other.row == place.row and _overlap(its, box):
            others[n] = (place, box)
            return _joined(others, n, other.spots, spots, lane)
    return [*others[:at], (place, box), *others[at:]]


def clip_title(title: str, most: int = LENGTHS[0]) -> str:
    """A title cut at a word."""
    if len(title) <= most:
        return title.removesuffix(".")
    return title[:most].rpartition(" ")[0].rstrip(" ,;:") + " …"


def _box(x: float, text: str, lane: Lane, *, left: bool = False) -> Span:
    """From where to where a mark with its text reaches."""
    long = MARK_REACH + lane.letter * len(text) + TITLE_GAP
    return (x - long, x + MARK_REACH) if left else (x - MARK_REACH, x + long)


def _text(box: Span, *, left: bool) -> Span:
    """The part of a box beside its mark."""
    return (box[0], box[1] - 2 * MARK_REACH) if left else (box[0] + 2 * MARK_REACH, box[1])


def _overlap(first: Span, second: Span) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def places(claims: Sequence[MarkedClaim], plot: Plot) -> list[Place]:
    """Where claims stand in the lane below a plot."""
    size = plot.size
    lane = Lane(width=size.width, rows=size.rows, text=size.text, titled=size.wide)
    spots = [
        Spot(x=plot.x(one.day), number=str(one.number or ""), title=one.title) for one in claims
    ]
    return arrange(spots, lane)


def layers(
    claims: Sequence[MarkedClaim],
    placed: Sequence[Place],
    plot: Plot,
    *,
    at: Callable[[date], float],
    several: str,
) -> list[str]:
    """The marks, the lines that join them to the value `at` a day, and their texts. A mark stands
    on the day of the latest of its claims; one of several leads to `several`."""
    stems: list[str] = []
    marks: dict[int, list[str]] = {way: [] for way in LOOKS}
    texts: dict[tuple[int, bool], list[str]] = {}
    size = plot.size.text
    for place in placed:
        own = [claims[n] for n in place.spots]
        latest = max(own, key=lambda claim: claim.day)
        x, y = plot.x(latest.day), plot.row(place.row)
        stems.append(tag("line", x1=x, x2=x, y1=plot.y(at(latest.day)), y2=y))
        one, ways = len(own) == 1, {_way(claim) for claim in own}
        url, title = (latest.link, latest.title) if one else (several or latest.link, _several(own))
        way = ways.pop() if len(ways) == 1 else 0
        marks[way].append(link(url, mark(LOOKS[way][1], 130, x, y, LOOKS[way][2], title)))
        if place.text:
            words = drawing.text(x + (-10 if place.left else 10), y + MIDDLE * size, place.text)
            texts.setdefault((way, place.left), []).append(link(url, words, stops=False))
    found = [layer("stem", *stems, stroke=QUIET)]
    for way, (name, _shape, _colour) in LOOKS.items():
        found.append(layer(name, *marks[way], hidden=False))
        for left, anchor in ((False, "start"), (True, "end")):
            look: dict[str, Any] = {"font_size": size, "text_anchor": anchor, "fill": INK}
            suffix = "_numbers_left" if left else "_numbers"
            found.append(layer(f"{name}{suffix}", *texts.get((way, left), ()), **look))
    return found


def mark(shape: str, size: float, x: float, y: float, colour: str, title: str) -> str:
    """A symbol of an area at a place, with its title."""
    place = f"translate({drawing.number(x)},{drawing.number(y)})"
    return tag("path", drawing.titled(title), transform=place, fill=colour, d=symbol(shape, size))


def _way(claim: MarkedClaim) -> int:
    """1 for a claim that pulls upwards, −1 downwards, 0 for one that weighs nothing."""
    pull = claim.pull
    return 0 if not pull.value * pull.weight else 1 if pull.value > 0 else -1


def _several(claims: Sequence[MarkedClaim]) -> str:
    """Several claims in a sentence."""
    named = [clip_title(claim.title, NAMED_LETTERS) for claim in claims[:MOST_NAMED]]
    says = (
        _("%(count)s claims, among them: %(titles)s")
        if len(claims) > len(named)
        else ngettext("%(count)s claim: %(titles)s", "%(count)s claims: %(titles)s", len(claims))
    )
    return says % {"count": len(claims), "titles": "; ".join(named)}
