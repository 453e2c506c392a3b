"""Where the words of marks fit into a picture without lying on one another."""

from collections.abc import Sequence
from dataclasses import dataclass

# Points that a letter of 12 takes on the average, what a mark takes around its middle, the
# height of a line, and what stays free after a word.
LETTER, REACH, LINE, GAP = 6.7, 9.0, 13.0, 3.0
LONGEST = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A mark by its middle, in points from the left and the top, and its words."""

    x: float
    y: float
    number: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What is written beside a mark, and on which side of it."""

    text: str
    left: bool = False


type Box = tuple[float, float, float, float]


def written(spots: Sequence[Spot], *, width: float, titled: bool = True) -> list[Word]:
    """Give each mark its number and, where there is room beside it, its title, the first first;
    not even the number where that would lie on another mark or word.

    A title that ends with a verdict would lose it when cut: there the number has to do.
    """
    taken = [_around(spot) for spot in spots]
    found: list[Word] = []
    for spot in spots:
        numbers = [Word(text=spot.number), Word(text=spot.number, left=True)]
        tried = [*(_titles(spot) if titled else ()), *numbers]
        word = next((one for one in tried if _fits(spot, one, taken, width)), Word(text=""))
        found.append(word)
        if word.text:
            taken.append(_box(spot, word))
    return found


def _titles(spot: Spot) -> list[Word]:
    if not spot.number or spot.title.endswith("]"):
        return []
    text = f"{spot.number}  {clipped(spot.title)}"
    return [Word(text=text), Word(text=text, left=True)]


def clipped(title: str) -> str:
    """A title cut at a word."""
    if len(title) <= LONGEST:
        return title.removesuffix(".")
    return title[:LONGEST].rpartition(" ")[0].rstrip(" ,;:") + " …"


def _around(spot: Spot) -> Box:
    return spot.x - REACH, spot.y - REACH, spot.x + REACH, spot.y + REACH


def _box(spot: Spot, word: Word) -> Box:
    long = LETTER * len(word.text) + GAP
    start = spot.x - REACH - long if word.left else spot.x + REACH
    return start, spot.y - LINE / 2, start + long, spot.y + LINE / 2


def _fits(spot: Spot, word: Word, taken: Sequence[Box], width: float) -> bool:
    box = _box(spot, word)
    inside = box[0] >= 0 and (box[2] <= width or word.text == spot.number)
    return inside and not any(_meet(box, one) for one in taken if one != _around(spot))


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
