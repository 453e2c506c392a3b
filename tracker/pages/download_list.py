"""What is downloaded of a pair or a triangle, and how it is cited."""

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from tracker.domain.triads import Triad
from tracker.exports.readings import plain
from tracker.pages.drawing import Spec, as_card, titled
from tracker.queries.scores.pairs import Reading, Series
from tracker.queries.scores.triads import Point

# Letters that a line of a picture, and of a card, has room for.
LETTERS, CARD_LETTERS = 76, 52
COLUMNS = ("day", "value", "low", "high", "claims", "roots")


def citation(called: str, *, lens: str, position: int, day: str, address: str) -> str:
    """How to cite what is shown: the address names the position, so that it stays the same."""
    return (
        f"Entente, {called}, lens {lens}, score of {day} as known at position {position} of the"
        f" record. {address}"
    )


def readings_csv(readings: Sequence[Reading]) -> str:
    rows = (
        (one.day, one.score.value, one.score.low, one.score.high, one.claims, one.roots)
        for one in readings
    )
    return _csv(COLUMNS, rows)


def readings_json(series: Series, readings: Sequence[Reading], *, cited: str) -> str:
    """The scores as the API gives them, and how to cite them."""
    return _json(
        {
            "citation": cited,
            "pair": series.pair,
            "direction": series.direction,
            "lens": series.lens.label,
            "position": series.position,
            "scores": [plain(one) for one in readings],
        }
    )


def points_csv(points: Sequence[Point]) -> str:
    pairs = [edge.pair for edge in points[0].triad.edges] if points else []
    rows = ((one.day, *_values(one.triad), one.triad.balance) for one in points)
    return _csv(("day", *pairs, "balance"), rows)


def points_json(name: str, points: Sequence[Point], *, lens: str, position: int, cited: str) -> str:
    history = [
        {
            "day": one.day.isoformat(),
            "edges": {edge.pair: edge.value for edge in one.triad.edges},
            "balance": one.triad.balance,
        }
        for one in points
    ]
    said = {"citation": cited, "triad": name, "lens": lens, "position": position}
    return _json({**said, "history": history})


def signed_picture(spec: Spec, says: str, cited: str) -> Spec:
    """A picture that stands alone: the finding above it, where it is from beneath that."""
    return titled(spec, textwrap.wrap(says, LETTERS), textwrap.wrap(cited, LETTERS * 8 // 5))


def card(spec: Spec, says: str, called: str, *, lines: int = 4) -> bytes:
    """The finding, in at most so many lines, above the picture."""
    title = textwrap.wrap(says, CARD_LETTERS, max_lines=lines, placeholder=" …")
    origin = textwrap.shorten(f"Entente · {called}", CARD_LETTERS * 3 // 2, placeholder=" …")
    return as_card(spec, title, [origin])


def _values(triad: Triad) -> list[float]:
    return [edge.value for edge in triad.edges]


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return sheet.getvalue()


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"
