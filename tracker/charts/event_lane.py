"""Where the claims of a picture stand in the lane below its plot, and how much of each is written.

Nothing in the lane lies on anything else: no mark on a mark, no title on the line that joins a mark
to the plot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

# In points, at a text size of 12: the mean width of a letter, the reach of a mark around its
# middle, and the gap after a title.
LETTER_WIDTH, MARK_REACH, TITLE_GAP = 6.7, 9.0, 6.0
# Letters of a title: as many as there is room for, of these.
LENGTHS = (70, 46, 28)
# With more marks than these no titles are written, and there are at most so many rows.
MOST_TITLED, MOST_NUMBERED = 9, 4


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
