"""Where the labels of a picture's marks have room."""

from collections.abc import Sequence
from dataclasses import dataclass

# In points: the mean width of a letter of size 12, the reach of a mark around its middle, the
# height of a line, and the gap after a label.
LETTER_WIDTH, MARK_REACH, LINE_HEIGHT, LABEL_GAP = 6.7, 9.0, 13.0, 3.0
LONGEST = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The middle of a mark, in points from the left and the top, with its number and title."""

    x: float
    y: float
    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLabel:
    """The text beside a mark, on its right or `left`."""

    text: str
    left: bool = False


type Box = tuple[float, float, float, float]


def place_labels(spots: Sequence[Spot], *, width: float, titled: bool = True) -> list[MarkLabel]:
    """Label each mark, in order, with its number and title; with the number alone where the title
    has no room, or nothing where the number has none.

    A title that ends with a verdict is never used, because a cut would remove the verdict.
    """
    taken = [_mark_box(spot) for spot in spots]
    labels: list[MarkLabel] = []
    for spot in spots:
        numbers = [MarkLabel(text=spot.number), MarkLabel(text=spot.number, left=True)]
        candidates = [*(_title_labels(spot) if titled else ()), *numbers]
        label = next(
            (candidate for candidate in candidates if _fits(spot, candidate, taken, width)),
            MarkLabel(text=""),
        )
        labels.append(label)
        if label.text:
            taken.append(_label_box(spot, label))
    return labels


def _title_labels(spot: Spot) -> list[MarkLabel]:
    if not spot.number or spot.title.endswith("]"):
        return []
    text = f"{spot.number}  {clip_title(spot.title)}"
    return [MarkLabel(text=text), MarkLabel(text=text, left=True)]


def clip_title(title: str) -> str:
    """A title cut at a word."""
    if len(title) <= LONGEST:
        return title.removesuffix(".")
    return title[:LONGEST].rpartition(" ")[0].rstrip(" ,;:") + " …"


def _mark_box(spot: Spot) -> Box:
    return spot.x - MARK_REACH, spot.y - MARK_REACH, spot.x + MARK_REACH, spot.y + MARK_REACH


def _label_box(spot: Spot, label: MarkLabel) -> Box:
    long = LETTER_WIDTH * len(label.text) + LABEL_GAP
    start = spot.x - MARK_REACH - long if label.left else spot.x + MARK_REACH
    return start, spot.y - LINE_HEIGHT / 2, start + long, spot.y + LINE_HEIGHT / 2


def _fits(spot: Spot, label: MarkLabel, taken: Sequence[Box], width: float) -> bool:
    box = _label_box(spot, label)
    inside = box[0] >= 0 and (box[2] <= width or label.text == spot.number)
    return inside and not any(
        _overlap(box, mark_box) for mark_box in taken if mark_box != _mark_box(spot)
    )


def _overlap(first: Box, second: Box) -> bool:
    return (
        first[0] < second[2]
        and second[0] < first[2]
        and first[1] < second[3]
        and second[1] < first[3]
    )
