"""The table of pairs, one pair under all lenses, and its measures. Numbers are not rounded."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, params, reading, throttling
from tracker.api.answers import address, of, with_fields_of
from tracker.api.pagination import CursorField, Page, PageParameters
from tracker.api.params import COUNTRY, AsOf, AsOfField, DayField, LensParameters
from tracker.api.reading import Resource, read
from tracker.api.resources.claims import OccurredOut, WitnessOut
from tracker.api.resources.score_fields import (
    MOVEMENT,
    MOVEMENT_OF_ROW,
    MovementOut,
    ScoreOut,
    SinceParameters,
)
from tracker.domain.claims import Magnitude
from tracker.domain.shifts import Shift
from tracker.exports import readings
from tracker.queries.records import pair_names
from tracker.queries.scores import measures, movements, pair_overview, past_table, table
from tracker.queries.scores.measures import DayRange, Measure
from tracker.queries.scores.table import Column, Order, RankedPair, TablePart


class DirectionOut(serializers.Serializer[Any]):
    direction = serializers.CharField()
    score = ScoreOut()
    movement = MovementOut(allow_null=True, help_text=MOVEMENT)


class OverviewParameters(AsOf, SinceParameters):
    day = DayField(required=False, help_text="default: today")


class UncountedOut(serializers.Serializer[Any]):
    """Recorded claims about the pair that no lens counts. `more`: there are more than `claims`."""

    collection = serializers.UUIDField(source="collection.id")
    name = serializers.CharField(source="collection.name")
    claims = serializers.IntegerField()
    more = serializers.BooleanField(source="many")


class NotCountedOut(UncountedOut):
    """Recorded claims about the pair that the lens does not count; `counted_by` names the lenses
    that do."""

    counted_by = serializers.ListField(child=serializers.CharField(), source="collection.lenses")


class LensReading(serializers.Serializer[Any]):
    """`directions` is empty while a new lens catches up with the log. `title` is the name of the
    lens on pages."""

    lens = serializers.CharField()
    title = serializers.CharField()
    scored_through = serializers.IntegerField()
    directions = DirectionOut(many=True)
    uncounted = NotCountedOut(many=True, allow_null=True, help_text="current; null with `as_of`")


class PairOut(serializers.Serializer[Any]):
    """The undirected pair and both directions, under each lens, at the end of `day`."""

    pair = serializers.CharField()
    day = serializers.DateField()
    as_of = serializers.IntegerField()
    lenses = LensReading(many=True)
    uncounted = UncountedOut(many=True, allow_null=True, help_text="current; null with `as_of`")


SORTS = (
    *("pair", "value", "claims", "roots", "last_claim_day"),
    *("change_7", "change_30", "change_365"),
)


class OrderParameters(SinceParameters):
    """The lens, the order and the filters, and the window of movements."""

    lens = serializers.CharField(default="standing", max_length=200)
    sort = serializers.ChoiceField(
        choices=[f"{sign}{column}" for column in SORTS for sign in ("", "-")],
        default="pair",
        help_text="a minus sign reverses the order",
    )
    country = serializers.RegexField(COUNTRY, required=False)
    fresh = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="only pairs with a claim in this number of days",
    )
    shifted = serializers.BooleanField(
        default=False, help_text="only pairs whose score shifted in the last 14 days"
    )
    as_of = AsOfField(required=False, default=None)


class TableParameters(OrderParameters, PageParameters):
    """The same with pagination."""

    cursor = CursorField(str, str, str)


@with_fields_of(Shift, only=("start", "seen", "peak", "amount"))
class ShiftOut(serializers.Serializer[Any]):
    """A movement by `amount` from the end of `start` to the end of `peak`; `seen` is the first day
    on which it was unusually large for the pair. `kind`: `fast`, within 14 days, or `slow`, over
    months."""

    kind = serializers.CharField()


@with_fields_of(RankedPair, only=("pair", "last_claim_day", "change_7", "change_30", "change_365"))
class RowOut(ScoreOut):
    """A row of the table of pairs, at the end of `day`. The changes are over the last 7, 30 and 365
    days, as of the last search for shifts; null before the first one."""

    movement = MovementOut(allow_null=True, help_text=MOVEMENT_OF_ROW)
    shift = ShiftOut(allow_null=True, help_text="a shift with its peak in the last 14 days")


class TablePage(Page):
    """`waiting` pairs have outdated scores or none yet. As of a past moment no pair is waiting, and
    shifts are not marked."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    waiting = serializers.IntegerField()
    results = RowOut(many=True)


class PairsView(Resource):
    """The table of pairs under a lens, updated for each new day."""

    stamp = reading.tables

    def cost_of(self, query: Mapping[str, Any]) -> int:
        return throttling.BUILD_COST if query.get("since") else self.cost

    @read("pairs_list", TablePage, TableParameters)
    def get(self, request: Request, query: Any) -> Response:
        """List the undirected pairs with their current values. Compare changes within a pair, not
        levels between pairs."""
        order = _order(query)
        ranked, rows = _ranked(query, order)
        return pagination.page(
            request,
            query,
            rows,
            place=lambda row: [query["sort"], row.place, row.pair],
            show=lambda rows: [
                readings.line(row)
                for row in movements.with_movements(ranked.lens, rows, since=query.get("since"))
            ],
            count=lambda: _count(ranked, query, order),
            lens=ranked.lens.label,
            as_of=query["as_of"].position,
            scored_through=ranked.position,
            waiting=ranked.waiting,
        )


def _ranked(query: Mapping[str, Any], order: Order) -> tuple[TablePart, list[RankedPair]]:
    """The requested table, and the rows of this page plus one."""
    after, limit = _place(query, order), query["limit"] + 1
    if query["as_of"].is_now:
        position = query["as_of"].position
        now = table.table_page(query["lens"], order, position=position, after=after, limit=limit)
        return now, now.rows
    today = timezone.now().date()
    then = past_table.as_known(query["lens"], order, day=today, as_of=query["as_of"])
    return then, past_table.rows_after(then, order, after=after)[:limit]


def every_row(query: Mapping[str, Any], *, today: date) -> TablePart:
    """The whole requested table."""
    order = _order(query)
    if query["as_of"].is_now:
        position = query["as_of"].position
        found = table.table_page(query["lens"], order, position=position, after=None, limit=None)
    else:
        found = past_table.as_known(query["lens"], order, day=today, as_of=query["as_of"])
    rows = movements.with_movements(
        found.lens, found.rows, since=query.get("since"), most=past_table.MOST_PAST
    )
    return replace(found, rows=rows)


def _count(ranked: TablePart, query: Mapping[str, Any], order: Order) -> int:
    return table.count(ranked.lens, order) if query["as_of"].is_now else len(ranked.rows)


def _order(query: Mapping[str, Any]) -> Order:
    return Order(
        column=cast("Column", query["sort"].removeprefix("-")),
        descending=query["sort"].startswith("-"),
        country=params.country(query),
        fresh=query.get("fresh"),
        shifted=query["shifted"],
    )


def _place(query: Mapping[str, Any], order: Order) -> tuple[Any, str] | None:
    """Where the last page ended, if it had the same order."""
    if "cursor" not in query:
        return None
    sort, place, pair = query["cursor"]
    if sort != query["sort"]:
        raise params.refusal("cursor", f"belongs to sort={sort}: start again from the first page")
    try:
        return table.PLACES[order.column](place), pair
    except ValueError as problem:
        raise params.refusal("cursor", "invalid cursor") from problem


class PairView(Resource):
    """One pair. The directions of levels are folded when it is read."""

    cost = throttling.BUILD_COST
    stamp = reading.scores(dated_by="day")

    @read("pairs_read", PairOut, OverviewParameters)
    def get(self, _request: Request, query: Any, one: str, other: str) -> Response:
        """Read the pair and both directions under each lens, today or on another day."""
        day = query.get("day", timezone.now().date())
        pair = pair_names.pair_name(one, other)
        result = pair_overview.overview(
            pair, day=day, since=query.get("since"), as_of=query["as_of"], reader=self.reader
        )
        return Response(PairOut(result).data)


Serializer = serializers.Serializer[Any]


class MeasureParameters(LensParameters):
    """`from` and `to` select measures whose days may be in that span; default: all."""

    vars()["from"] = DayField(required=False)
    to = DayField(required=False)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1_000)
    cursor = CursorField(date.fromisoformat, UUID)


class BoundsOut(Serializer):
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class OriginOut(Serializer):
    """The document, and its sources from the publisher to the root."""

    document = serializers.UUIDField(source="citation.document")
    title = serializers.CharField(source="document.document.title")
    url = serializers.CharField(source="document.document.url", allow_null=True)
    stance = serializers.CharField(source="citation.stance")
    interest = serializers.CharField(source="citation.interest")
    provenance = WitnessOut(many=True)


class MeasureOut(Serializer):
    """A measured amount, or a change from the `baseline`. `p` is the certainty of the claim in the
    view of the lens; `title` includes the verdicts."""

    claim = serializers.UUIDField(source="sheet.filed.state.id")
    title = serializers.CharField(source="sheet.filed.title")
    url = serializers.URLField()
    magnitude = of(Magnitude)(source="sheet.claim.magnitude")
    baseline = BoundsOut(allow_null=True)
    occurred = OccurredOut(source="sheet.dated", allow_null=True)
    p = serializers.FloatField()
    sources = OriginOut(source="sheet.citations", many=True)


class MeasurePage(Serializer):
    """Newest first; measures without a date come last."""

    pair = serializers.CharField()
    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    count = serializers.IntegerField()
    results = MeasureOut(many=True)
    next = serializers.URLField(allow_null=True)


class MeasuresView(Resource):
    """Measures of a pair."""

    cost = throttling.BUILD_COST

    @read("pairs_measures", MeasurePage, MeasureParameters)
    def get(self, request: Request, query: Any, one: str, other: str) -> Response:
        """List measures of a pair, newest first. Measures move no score.

        `lens` selects the view in which claims count; its sectors and model have no effect here.
        """
        span = DayRange(start=query.get("from"), end=query.get("to"))
        pair = pair_names.pair_name(one, other)
        result = measures.measures_of(
            pair, span, lens=query["lens"], as_of=query["as_of"], reader=self.reader
        )
        after = tuple(query["cursor"]) if "cursor" in query else None
        return pagination.page(
            request,
            # The count is always returned.
            {**query, "count": "exact"},
            [row for row in result.measures if after is None or row.place < after],
            place=lambda row: row.place,
            show=lambda rows: MeasureOut([_row(request, row) for row in rows], many=True).data,
            pair=result.pair,
            lens=result.lens.label,
            as_of=result.as_of,
            count=lambda: len(result.measures),
        )


def _row(request: Request, measure: Measure) -> dict[str, Any]:
    return {
        "sheet": measure.sheet,
        "baseline": measure.baseline,
        "p": measure.p,
        "url": address(request, "claim", measure.sheet.filed.state.id),
    }
