"""Responses with scores of pairs. Numbers are not rounded, so that parts sum to values."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, params, reading, throttling
from tracker.api.bodies import Many
from tracker.api.pagination import Counted, CursorField
from tracker.api.params import AsOf, AsOfField, DayField, Parameters
from tracker.api.reading import Resource, read
from tracker.domain import absence
from tracker.domain.disclosure import Reader
from tracker.domain.scoring.moments import Part
from tracker.exports import readings
from tracker.queries.claims import disclosure, listing
from tracker.queries.evidence import what_if
from tracker.queries.records import pair_names
from tracker.queries.scores import pairs, table
from tracker.queries.scores.pairs import overview
from tracker.queries.scores.table import Column, Order, Row, TablePart

_UUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
DIRECTION = r"^[A-Za-z]{3}[->][A-Za-z]{3}$"


class LensParameters(Parameters):
    lens = serializers.CharField(
        default="standing", max_length=200, help_text='a name or a version: "standing@1"'
    )
    as_of = AsOfField(required=False, default=None)


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
    without = Many(
        child=AbsentField(max_length=80),
        required=False,
        default=list,
        max_length=absence.LIMIT,
        help_text="compute without claim:UUID, source:UUID or root:UUID, as if never recorded;"
        " repeat the parameter for several",
    )


class ScoresParameters(WithoutParameters):
    vars()["from"] = DayField(required=False, help_text="default: a year before `to`")
    to = DayField(required=False, help_text="default: today")
    every = serializers.ChoiceField(choices=["day", "week", "month"], default="day")


class ScoreOut(serializers.Serializer[Any]):
    """A score at the end of a day, with its 90 % interval and its evidence."""

    day = serializers.DateField()
    value = serializers.FloatField(source="score.value")
    sd = serializers.FloatField(source="score.sd")
    low = serializers.FloatField(source="score.low")
    high = serializers.FloatField(source="score.high")
    band = serializers.CharField(source="score.band", allow_null=True)
    words = serializers.CharField()
    claims = serializers.IntegerField()
    roots = serializers.IntegerField()
    state_roots = serializers.IntegerField()
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


class LargestField(serializers.IntegerField):
    """How many claims are listed."""

    def __init__(self) -> None:
        says = "the number of claims to list, largest first; default: all"
        super().__init__(required=False, min_value=1, max_value=1000, help_text=says)


class ExplanationParameters(WithoutParameters):
    day = DayField(required=False, help_text="default: today")
    limit = LargestField()


class PartOut(serializers.Serializer[Any]):
    """The contribution of a claim to the score, with its `title` as of the same moment."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    amount = serializers.FloatField()


class OthersOut(serializers.Serializer[Any]):
    """The claims that are not listed and their total contribution. Without a token this includes
    withheld claims."""

    claims = serializers.IntegerField()
    amount = serializers.FloatField()


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
    country = serializers.RegexField(r"^[A-Za-z]{3}$", required=False)
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


class TableParameters(OrderParameters, Counted):
    """The same with pagination."""

    cursor = CursorField(str, str, str)


class ShiftOut(serializers.Serializer[Any]):
    """A movement by `amount` from the end of `start` to the end of `peak`; `seen` is the first day
    on which it was unusually large for the pair."""

    start = serializers.DateField()
    seen = serializers.DateField()
    peak = serializers.DateField()
    amount = serializers.FloatField()


class RowOut(ScoreOut):
    """A row of the table of pairs, at the end of `day`. The changes are over the last 7, 30 and 365
    days, as of the last search for shifts; null before the first one."""

    pair = serializers.CharField()
    last_claim_day = serializers.DateField(allow_null=True)
    change_7 = serializers.FloatField(allow_null=True)
    change_30 = serializers.FloatField(allow_null=True)
    change_365 = serializers.FloatField(allow_null=True)
    shift = ShiftOut(allow_null=True, help_text="a shift with its peak in the last 14 days")


class TablePage(serializers.Serializer[Any]):
    """`waiting` pairs have outdated scores or none yet. As of a past moment no pair is waiting, and
    shifts are not marked."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    waiting = serializers.IntegerField()
    results = RowOut(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


A_YEAR = timedelta(days=365)


class Pairs(Resource):
    """The table of pairs under a lens, updated for each new day."""

    stamp = reading.tables

    @read("pairs_list", TablePage, TableParameters)
    def get(self, request: Request, asked: Any) -> Response:
        """List the undirected pairs with their current values."""
        order = _order(asked)
        found, rows = _ranked(asked, order)
        counted = {"count": _count(found, asked, order)} if "count" in asked else {}
        return pagination.page(
            request,
            rows,
            limit=asked["limit"],
            place=lambda row: [asked["sort"], row.place, row.pair],
            shown=lambda rows: [readings.line(row) for row in rows],
            lens=found.lens.label,
            as_of=asked["as_of"].position,
            scored_through=found.position,
            waiting=found.waiting,
            **counted,
        )


def _ranked(asked: Mapping[str, Any], order: Order) -> tuple[TablePart, list[Row]]:
    """The requested table, and the rows of this page plus one."""
    after, limit = _place(asked, order), asked["limit"] + 1
    if asked["as_of"].is_now:
        now = table.table_page(asked["lens"], order, after=after, limit=limit)
        return now, now.rows
    then = every_row(asked, today=timezone.now().date())
    return then, table.rows_after(then, order, after=after)[:limit]


def every_row(asked: Mapping[str, Any], *, today: date) -> TablePart:
    """The whole requested table."""
    order = _order(asked)
    if asked["as_of"].is_now:
        return table.table_page(asked["lens"], order, after=None, limit=None)
    return table.past_table(asked["lens"], order, day=today, as_of=asked["as_of"])


def _count(found: TablePart, asked: Mapping[str, Any], order: Order) -> int:
    return table.count(found.lens, order) if asked["as_of"].is_now else len(found.rows)


def _order(asked: Mapping[str, Any]) -> Order:
    return Order(
        column=cast("Column", asked["sort"].removeprefix("-")),
        descending=asked["sort"].startswith("-"),
        country=params.country_named(asked),
        fresh=asked.get("fresh"),
        shifted=asked["shifted"],
    )


def _place(asked: Mapping[str, Any], order: Order) -> tuple[Any, str] | None:
    """Where the last page ended, if it had the same order."""
    if "cursor" not in asked:
        return None
    sort, place, pair = asked["cursor"]
    if sort != asked["sort"]:
        raise params.refused("cursor", f"belongs to sort={sort}: start again from the first page")
    try:
        return table.PLACES[order.column](place), pair
    except ValueError as problem:
        raise params.refused("cursor", "invalid cursor") from problem


class Pair(Resource):
    """One pair."""

    stamp = reading.scores(dated_by="day")

    @read("pairs_read", PairOut, OverviewParameters)
    def get(self, _request: Request, asked: Any, one: str, other: str) -> Response:
        """Read the pair and both directions under each lens, today or on another day."""
        day = asked.get("day", timezone.now().date())
        pair = pair_names.pair_name(one, other)
        found = overview(pair, day=day, as_of=asked["as_of"], reader=self.reader)
        return Response(PairOut(found).data)


class Scores(Resource):
    """The scores of a pair, day by day."""

    stamp = reading.scores(dated_by="to")

    @read("pairs_scores", SeriesOut, ScoresParameters)
    def get(self, _request: Request, asked: Any, one: str, other: str) -> Response:
        """Read the scores of a pair over a span of days, now or as known at a past moment."""
        found, left_out = series_asked(one, other, asked, self.reader)
        start, end = span_asked(asked)
        scores = found.over(start, end, every=asked["every"])
        return Response(
            {
                **Resolved(found).data,
                "without": left_out,
                "every": asked["every"],
                "scores": [readings.plain(each) for each in scores],
            }
        )


class Explanation(Resource):
    """The explanation of a score."""

    cost = throttling.BUILD_COST
    stamp = reading.day_by_day

    @read("pairs_explanation", ExplanationOut, ExplanationParameters)
    def get(self, request: Request, asked: Any, one: str, other: str) -> Response:
        """Explain the score of a day, claim by claim. Titles are as of the same moment."""
        found, left_out = series_asked(one, other, asked, self.reader)
        day = asked.get("day", timezone.now().date())
        apart = what_if.explanation(found, day)
        at = asked["as_of"].past
        claims = [one.claim for one in apart.parts]
        own = {
            *disclosure.first_disclosed(claims, at=at, most=asked.get("limit"), reader=self.reader)
        }
        told = [one for one in apart.parts if one.claim in own]
        rest = [one for one in apart.parts if one.claim not in own]
        return Response(
            {
                **Resolved(found).data,
                "without": left_out,
                "day": day,
                "value": apart.value,
                "score": readings.plain(found.on(day)),
                "start": apart.start,
                "anchor": AnchorOut(found.anchor).data if found.anchored(day) else None,
                "contributions": _told(request, told, at=at, reader=self.reader),
                "others": {"claims": len(rest), "amount": sum(one.amount for one in rest)},
            }
        )


def _told(
    request: Request, parts: Sequence[Part], *, at: int | None, reader: Reader
) -> list[dict[str, Any]]:
    """The contributions of claims, with their titles as of a position."""
    titles = listing.titles([part.claim for part in parts], at=at, reader=reader)
    return [
        {
            "claim": part.claim,
            "title": titles[part.claim],
            "url": _claim_url(request, part.claim),
            "amount": part.amount,
        }
        for part in parts
    ]


def series_asked(
    one: str, other: str, asked: Mapping[str, Any], reader: Reader
) -> tuple[pairs.Series, list[str]]:
    """The requested series, and what is left out of it."""
    pair = pair_names.pair_name(one, other)
    direction = pairs.direction_of(pair, asked.get("direction"))
    absent = absence.parse(asked["without"])
    found = what_if.series(
        pair,
        direction=direction,
        lens=asked["lens"],
        as_of=asked["as_of"],
        absence=absent,
        reader=reader,
    )
    return found, absent.words


def span_asked(asked: Mapping[str, Any]) -> tuple[date, date]:
    """The first and the last day; the default is the last year."""
    end = asked.get("to", timezone.now().date())
    return asked.get("from", end - A_YEAR), end


def _claim_url(request: Request, claim_id: UUID) -> str:
    return request.build_absolute_uri(reverse("api:claim", args=[claim_id]))
