"""Scores of pairs. Numbers are not rounded, so that parts sum to values."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, params, reading, throttling
from tracker.api.answers import (
    LargestField,
    OthersOut,
    PartOut,
    contributions,
    total,
    with_fields_of,
)
from tracker.api.bodies import BoundedList
from tracker.api.pagination import CursorField, Page, PageParameters
from tracker.api.params import (
    COUNTRY,
    AsOf,
    AsOfField,
    DayField,
    LensParameters,
    Parameters,
    SeriesParameters,
)
from tracker.api.reading import Resource, read
from tracker.domain import absence
from tracker.domain.disclosure import Reader
from tracker.domain.scoring.moments import Part, Score
from tracker.domain.shifts import Shift
from tracker.exports import readings
from tracker.queries.claims import listing
from tracker.queries.evidence import what_if
from tracker.queries.records import pair_names
from tracker.queries.scores import pairs, table
from tracker.queries.scores.pairs import Reading, overview
from tracker.queries.scores.table import Column, Order, RankedPair, TablePart

_UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
DIRECTION = r"^[A-Za-z]{3}[->][A-Za-z]{3}$"


class PairParameters(LensParameters):
    direction = serializers.RegexField(
        DIRECTION,
        required=False,
        help_text='"RUS>KAZ" is Russia towards Kazakhstan; default: the undirected pair',
    )


@extend_schema_field({"type": "string", "pattern": f"^(claim|source|root):{_UUID}$"})
class AbsentField(serializers.CharField):
    """What to leave out."""


class WithoutParameters(PairParameters):
    without = BoundedList(
        child=AbsentField(max_length=80),
        required=False,
        default=list,
        max_length=absence.LIMIT,
        help_text="compute without claim:UUID, source:UUID or root:UUID, as if never recorded;"
        " repeat the parameter for several",
    )


class ScoresParameters(WithoutParameters, SeriesParameters):
    pass


@with_fields_of(Score, "score")
@with_fields_of(Reading, only=("day", "words", "claims", "roots", "state_roots"))
class ScoreOut(serializers.Serializer[Any]):
    """A score at the end of a day, with its 90 % interval and its evidence."""

    state_share = serializers.FloatField(
        allow_null=True, help_text="the share of the independent roots that are state-owned"
    )
    days_since = serializers.IntegerField(
        allow_null=True, help_text="days since the day of the last claim"
    )


class Resolved(serializers.Serializer[Any]):
    """The request with all defaults resolved: with these values it can be reproduced."""

    pair = serializers.CharField()
    direction = serializers.CharField()
    lens = serializers.CharField(source="lens.label")
    as_of = serializers.IntegerField(help_text="the requested position of the log")
    scored_through = serializers.IntegerField(
        source="position",
        help_text="the position that the scores have reached; it can be below `as_of`",
    )


class ThinnedOut(Resolved):
    without = serializers.ListField(
        child=serializers.CharField(), help_text="what was left out, as if never recorded"
    )


class SeriesOut(ThinnedOut):
    every = serializers.CharField()
    scores = ScoreOut(many=True)


class ExplanationParameters(WithoutParameters):
    day = DayField(required=False, help_text="default: today")
    limit = LargestField()


class AnchorOut(serializers.Serializer[Any]):
    """The level at the end of a day from which the start is derived, with its citation."""

    day = serializers.DateField()
    level = serializers.CharField()
    citation = serializers.CharField()


class ExplanationOut(ThinnedOut):
    """`start` and the amounts of `contributions` and `others` sum to `value`, within 1e-9. Largest
    first. `anchor` is null if there is none, and on days before it."""

    day = serializers.DateField()
    value = serializers.FloatField()
    score = ScoreOut()
    start = serializers.FloatField()
    anchor = AnchorOut(allow_null=True)
    contributions = PartOut(many=True)
    others = OthersOut()


class DirectionOut(serializers.Serializer[Any]):
    direction = serializers.CharField()
    score = ScoreOut()


class LensReading(serializers.Serializer[Any]):
    """`directions` is empty while a new lens catches up with the log."""

    lens = serializers.CharField()
    scored_through = serializers.IntegerField()
    directions = DirectionOut(many=True)


class OverviewParameters(AsOf):
    day = DayField(required=False, help_text="default: today")


class UncountedOut(serializers.Serializer[Any]):
    """Recorded claims about the pair that no lens counts. `more`: there are more than `claims`."""

    collection = serializers.UUIDField(source="collection.id")
    name = serializers.CharField(source="collection.name")
    claims = serializers.IntegerField()
    more = serializers.BooleanField(source="many")


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


class OrderParameters(Parameters):
    """The lens, the order and the filters."""

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

    @read("pairs_list", TablePage, TableParameters)
    def get(self, request: Request, query: Any) -> Response:
        """List the undirected pairs with their current values."""
        order = _order(query)
        ranked, rows = _ranked(query, order)
        return pagination.page(
            request,
            query,
            rows,
            place=lambda row: [query["sort"], row.place, row.pair],
            show=lambda rows: [readings.line(row) for row in rows],
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
    then = every_row(query, today=timezone.now().date())
    return then, table.rows_after(then, order, after=after)[:limit]


def every_row(query: Mapping[str, Any], *, today: date) -> TablePart:
    """The whole requested table."""
    order = _order(query)
    if query["as_of"].is_now:
        position = query["as_of"].position
        return table.table_page(query["lens"], order, position=position, after=None, limit=None)
    return table.past_table(query["lens"], order, day=today, as_of=query["as_of"])


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
    """One pair."""

    stamp = reading.scores(dated_by="day")

    @read("pairs_read", PairOut, OverviewParameters)
    def get(self, _request: Request, query: Any, one: str, other: str) -> Response:
        """Read the pair and both directions under each lens, today or on another day."""
        day = query.get("day", timezone.now().date())
        pair = pair_names.pair_name(one, other)
        result = overview(pair, day=day, as_of=query["as_of"], reader=self.reader)
        return Response(PairOut(result).data)


class ScoresView(Resource):
    """The scores of a pair, day by day."""

    stamp = reading.scores(dated_by="to")

    @read("pairs_scores", SeriesOut, ScoresParameters)
    def get(self, _request: Request, query: Any, one: str, other: str) -> Response:
        """Read the scores of a pair over a span of days, now or as known at a past moment."""
        series, left_out = requested_series(one, other, query, self.reader)
        start, end = params.span(query)
        scores = series.over(start, end, every=query["every"])
        return Response(
            {
                **_resolved(series, left_out),
                "every": query["every"],
                "scores": [readings.plain(score) for score in scores],
            }
        )


class ExplanationView(Resource):
    """The explanation of a score."""

    cost = throttling.BUILD_COST
    stamp = reading.day_by_day

    @read("pairs_explanation", ExplanationOut, ExplanationParameters)
    def get(self, request: Request, query: Any, one: str, other: str) -> Response:
        """Explain the score of a day, claim by claim. Titles are as of the same moment."""
        series, left_out = requested_series(one, other, query, self.reader)
        day = query.get("day", timezone.now().date())
        explanation = what_if.explanation(series, day)
        claims = [part.claim for part in explanation.parts]
        titles = listing.first_titles(
            claims, at=query["as_of"].past, most=query.get("limit"), reader=self.reader
        )
        parts, others = list[Part](), list[Part]()
        for part in explanation.parts:
            (parts if part.claim in titles else others).append(part)
        return Response(
            {
                **_resolved(series, left_out),
                "day": day,
                "value": explanation.value,
                "score": readings.plain(series.on(day)),
                "start": explanation.start,
                "anchor": AnchorOut(series.anchor).data if series.anchored(day) else None,
                "contributions": contributions(request, parts, titles),
                "others": total(others),
            }
        )


def _resolved(series: pairs.Series, left_out: list[str]) -> dict[str, Any]:
    """The request of a series, as `ThinnedOut`."""
    return {
        "pair": series.pair,
        "direction": series.direction,
        "lens": series.lens.label,
        "as_of": series.as_of,
        "scored_through": series.position,
        "without": left_out,
    }


def requested_series(
    one: str, other: str, query: Mapping[str, Any], reader: Reader
) -> tuple[pairs.Series, list[str]]:
    """The requested series, and what is left out of it."""
    pair = pair_names.pair_name(one, other)
    direction = pairs.direction_of(pair, query.get("direction"))
    absent = absence.parse(query["without"])
    series = what_if.series(
        pair,
        direction=direction,
        lens=query["lens"],
        as_of=query["as_of"],
        absence=absent,
        reader=reader,
    )
    return series, absent.words
