"""The divergence of two lenses on a pair."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import limits, parameters, stamping
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import divergence as d
from tracker.queries.records import pair_names
from tracker.queries.scores import pairs
from tracker.queries.scores.pairs import Day, Series, Sides

A_YEAR = timedelta(days=365)


class Divergence(Resource):
    """One pair under two lenses."""

    cost = limits.BUILD_COST
    stamp = stamping.scores(dated_by="day")

    @read("pairs_divergence", d.DivergenceOut, d.DivergenceParameters)
    def get(self, _request: Request, asked: Any, one: str, other: str) -> Response:
        """Compare two lenses with the same model on a pair, on a day or over a span of days.

        The divergence is shown if each side has five independent roots.
        """
        pair = pair_names.named(one, other)
        two = pairs.sides(
            pair,
            direction=pairs.direction_of(pair, asked.get("direction")),
            lenses=_lenses(asked["lenses"]),
            as_of=asked["as_of"],
        )
        shown = {
            "pair": pair,
            "direction": two.one.direction,
            "as_of": min(side.as_of for side in two),
            "one": _side(two.one),
            "other": _side(two.other),
            "days": _days(two, asked),
        }
        return Response(d.DivergenceOut(shown).data)


def _lenses(text: str) -> tuple[str, str]:
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or not all(names):
        raise parameters.refused("lenses", "must name two lenses, comma-separated")
    return names[0], names[1]


def _days(two: Sides, asked: Mapping[str, Any]) -> Sequence[Day]:
    spans = "from" in asked or "to" in asked
    if spans and "day" in asked:
        raise parameters.refused("day", "cannot be combined with from and to: give a day or a span")
    today = timezone.now().date()
    if not spans:
        return [pairs.on(two, asked.get("day", today))]
    end = asked.get("to", today)
    return pairs.over(two, asked.get("from", end - A_YEAR), end, every=asked["every"])


def _side(series: Series) -> dict[str, Any]:
    return {"lens": series.lens.label, "scored_through": series.position}
