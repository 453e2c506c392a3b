"""Shifts: scores that moved further than their own history explains."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, params, reading
from tracker.api.answers import OthersOut, PartOut, contributions
from tracker.api.pagination import CursorField, Page, PageParameters
from tracker.api.params import COUNTRY, PAIR, LensParameters, SpanParameters
from tracker.api.reading import Resource, read
from tracker.api.resources.pairs import ShiftOut
from tracker.domain.disclosure import Reader
from tracker.queries.claims import listing
from tracker.queries.records import pair_names
from tracker.queries.scores import shifts
from tracker.queries.scores.shifts import ExplainedShift, ShiftFilter


class ShiftParameters(LensParameters, SpanParameters, PageParameters):
    """`from` and `to` refer to the day on which a shift was first seen."""

    pair = serializers.RegexField(PAIR, required=False)
    country = serializers.RegexField(COUNTRY, required=False)
    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)
    cursor = CursorField(date.fromisoformat, str, date.fromisoformat)


class MoverOut(PartOut):
    """A claim that contributed to a shift. `because`: it `began`, it `goes on` (a situation), or
    `time` wore it down."""

    because = serializers.CharField()


class ShiftRow(ShiftOut):
    """The amounts of `claims` and `others` and `rest` (that of the start) sum to `amount`, within
    1e-9."""

    pair = serializers.CharField()
    sd = serializers.FloatField(
        help_text="standard deviation of the 30-day changes before a fast shift; for a slow one the"
        " root mean square of the 180-day changes in its direction"
    )
    claims = MoverOut(many=True)
    others = OthersOut()
    rest = serializers.FloatField()


class ShiftPage(Page):
    """Newest first. `waiting`: pairs that were scored since the last search for shifts."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    waiting = serializers.IntegerField()
    results = ShiftRow(many=True)


class ShiftsView(Resource):
    """All shifts."""

    stamp = reading.tables

    @read("shifts_list", ShiftPage, ShiftParameters)
    def get(self, request: Request, query: Any) -> Response:
        """List shifts, newest first, each with the claims that contributed most.

        A pair has a `fast` shift when its score moves by more than .5, and more than 2.5 standard
        deviations of its own 30-day changes, within 14 days; and a `slow` one when its level moves
        one way for months, further than is usual for the pair. As of a past moment shifts are
        computed for one pair at a time, and days after `to` are ignored.
        """
        result = shifts.page(
            _wanted(query),
            lens=query["lens"],
            as_of=query["as_of"],
            after=tuple(query["cursor"]) if "cursor" in query else None,
            limit=query["limit"] + 1,
            reader=self.reader,
        )
        past = query["as_of"].past
        return pagination.page(
            request,
            query,
            result.shifts,
            place=lambda row: [row.shift.seen, row.pair, row.shift.start],
            show=lambda rows: ShiftRow(_rows(request, rows, past, self.reader), many=True).data,
            count=lambda: result.count,
            lens=result.lens.label,
            as_of=result.as_of,
            scored_through=result.position,
            waiting=result.waiting,
        )


def _wanted(query: Mapping[str, Any]) -> ShiftFilter:
    start, end = params.span(query)
    return ShiftFilter(start=start, end=end, pair=_pair(query), country=params.country(query))


def _pair(query: Mapping[str, Any]) -> str | None:
    if "pair" not in query:
        return None
    with params.problems_of("pair"):
        return pair_names.pair_name(*query["pair"].split("-"))


def _rows(
    request: Request, rows: Sequence[ExplainedShift], at: int | None, reader: Reader
) -> list[dict[str, Any]]:
    claims = [part.claim for row in rows for part in row.claims]
    titles = listing.titles(claims, at=at, reader=reader)
    return [
        {
            "pair": row.pair,
            **{name: getattr(row.shift, name) for name in row.shift.__slots__},
            "claims": [
                shown | {"because": part.because}
                for part, shown in zip(
                    row.claims, contributions(request, row.claims, titles), strict=True
                )
            ],
            "others": {
                "claims": row.others + row.older,
                "amount": row.others_amount + row.older_amount,
            },
            "rest": row.rest,
        }
        for row in rows
    ]
