"""The picture of a triangle as a spec: which way each side went, and what moved it."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from tracker.charts.drawing import DOWN, INK, QUIET, UP, Spec, name_lines
from tracker.charts.known_ways import Way
from tracker.domain.triads import Edge
from tracker.wording import Names, signed

COLOURS: dict[Way, str] = {"better": UP, "worse": DOWN, "unsure": QUIET, "silent": QUIET}
# The dashes of a side: worse is broken, unknown is dotted.
DASHES: dict[Way, list[int]] = {"better": [], "worse": [14, 6], "unsure": [2, 6], "silent": [2, 6]}
# The corners in a box of 2 × 1.7: one at the top, two at the foot.
CORNERS = ((1.0, 1.5), (0.2, 0.32), (1.8, 0.32))
# The box ends above and, on wide pictures, below with room for words.
TOP, FOOT = 1.7, -0.18
# Beside the triangle there is room for words on wide pictures.
BESIDE, BESIDE_NARROW = 0.55, 0.0
# The widest and the narrowest stroke of a side whose direction is known, the stroke of others, and
# the movement that has the widest, in points.
WIDEST, THINNEST, UNKNOWN, LARGEST = 12.0, 3.0, 1.5, 3.0
# Letters in a line of a name, wide and narrow.
LETTERS, FEW_LETTERS = 20, 13
# Letters and lines of a cause beside a side, and below the triangle.
CAUSE_LETTERS, CAUSE_LINES, FOOT_LETTERS, FOOT_LINES = 32, 3, 60, 2
# The room of a card beside the triangle for names, and below it.
CARD_BESIDE, CARD_BELOW = 60, 24
# The heights of lines of text, in points.
LINE_HEIGHT, CAUSE_HEIGHT = 18, 15


@dataclass(frozen=True, slots=True, kw_only=True)
class TriangleSide:
    """A side: which way its pair went, in words, and by how many `points`, if that is known; when,
    and the title of the claim that moved it most (both may be empty); and the address of its
    page."""

    edge: Edge
    way: Way
    words: str
    points: float
    link: str
    when: str = ""
    cause: str = ""

    @property
    def sure(self) -> bool:
        return self.way in ("better", "worse")


def triangle(sides: Sequence[TriangleSide], named: Names, *, wide: bool = True) -> Spec:
    """The triangle; each side links to its pair. On wide pictures with the causes."""
    codes = sorted({code for side in sides for code in side.edge.pair.split("-")})
    places = dict(zip(codes, CORNERS, strict=True))
    layers = [_line(side, places, named) for side in sides]
    for side in sides:
        layers += _words(side, places, wide=wide)
    layers += _corners(places, named, wide=wide)
    beside = BESIDE if wide else BESIDE_NARROW
    return {
        "width": 780 if wide else 300,
        "height": 400 if wide else 260,
        # The corners of the box, from the left and from below.
        "across": (-beside, 2 + beside),
        "up": (FOOT if wide else 0.0, TOP),
        "layer": layers,
    }


def card_size(width: float, height: float) -> Spec:
    """The size of a triangle in a card; its names reach beyond it at both sides."""
    return {"width": round(width - 2 * CARD_BESIDE), "height": round(height - CARD_BELOW)}


def _line(side: TriangleSide, places: dict[str, tuple[float, float]], named: Names) -> Spec:
    first, second = (places[code] for code in side.edge.pair.split("-"))
    row = {"x": first[0], "y": first[1], "x2": second[0], "y2": second[1], "url": side.link}
    row["says"] = f"{named.joined(side.edge.pair)}: {side.words}"
    dashes = DASHES[side.way]
    return {
        "name": f"side_{side.way}_{_key(side)}",
        "data": {"values": [row]},
        "mark": {
            "type": "rule",
            "color": COLOURS[side.way],
            "strokeWidth": _width(side),
            **({"strokeDash": dashes} if dashes else {}),
        },
    }


def _width(side: TriangleSide) -> float:
    if not side.sure:
        return UNKNOWN
    share = min(1.0, abs(side.points) / LARGEST)
    return round(THINNEST + (WIDEST - THINNEST) * share, 1)


def _words(side: TriangleSide, places: dict[str, tuple[float, float]], *, wide: bool) -> list[Spec]:
    """The way in words beside the middle of a side, outside the triangle, and its cause below."""
    first, second = (places[code] for code in side.edge.pair.split("-"))
    x, y = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
    align = "center" if abs(x - 1) < 0.1 else "right" if x < 1 else "left"
    foot = align == "center"
    cause = _cause(side, foot=foot) if wide else []
    across = {"center": 0, "right": -16, "left": 16}[align]
    # Above the middle, since the side leans away from there.
    down = 14 if foot else -LINE_HEIGHT - CAUSE_HEIGHT * len(cause)
    common = {"align": align, "baseline": "top", "dx": across, "aria": False}
    layers: list[Spec] = [
        {
            "name": f"ways_{side.way}_{_key(side)}",
            "data": {"values": [{"x": x, "y": y, "text": _headed(side, wide=wide)}]},
            "mark": {
                "type": "text",
                **common,
                "dy": down,
                "fontSize": 15 if wide else 13,
                "fontWeight": 700,
                "color": COLOURS[side.way],
            },
        }
    ]
    if cause:
        look = common | {"dy": down + LINE_HEIGHT + 2}
        layers.append(_caption(f"caption_{_key(side)}", {"x": x, "y": y, "text": cause}, look))
    return layers


def _caption(name: str, row: Spec, look: Spec) -> Spec:
    """Small quiet text."""
    return {
        "name": name,
        "data": {"values": [row]},
        "mark": {
            "type": "text",
            **look,
            "fontSize": 12,
            "lineHeight": CAUSE_HEIGHT,
            "color": QUIET,
        },
    }


def _headed(side: TriangleSide, *, wide: bool) -> str:
    """ "▼ worse −0.8", "? probably worse, 87 %", "? no reported act"."""
    if side.sure:
        return f"{side.words} {signed(side.points)}"
    return side.words if wide else "?"


def _cause(side: TriangleSide, *, foot: bool) -> list[str]:
    """When it moved, and what moved it."""
    letters, lines = (FOOT_LETTERS, FOOT_LINES) if foot else (CAUSE_LETTERS, CAUSE_LINES)
    cause = wrap(side.cause, letters, max_lines=lines, placeholder=" …")
    return [*([side.when] if side.when else []), *cause]


def _corners(places: dict[str, tuple[float, float]], named: Names, *, wide: bool) -> list[Spec]:
    """The names: the top one above its corner, the others below theirs."""
    rows: list[dict[str, Any]] = [
        {"x": x, "y": y, "text": name_lines(named.country(code), LETTERS if wide else FEW_LETTERS)}
        for code, (x, y) in places.items()
    ]
    size = 18 if wide else 15
    height = round(size * 1.2)
    look = {"fontSize": size, "fontWeight": 700, "lineHeight": height, "color": INK, "aria": False}
    top = -8 - height * (len(rows[0]["text"]) - 1)
    groups = {"corner_top": ("bottom", top, rows[:1]), "corners_foot": ("top", 10, rows[1:])}
    return [
        {
            "name": name,
            "data": {"values": own},
            "mark": {"type": "text", "baseline": baseline, "dy": down, **look},
        }
        for name, (baseline, down, own) in groups.items()
    ]


def _key(side: TriangleSide) -> str:
    return side.edge.pair.replace("-", "")
