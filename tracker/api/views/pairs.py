"""Pairs of countries: current values, scores over time, and explanations."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import limits, pagination, parameters, stamping
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import pairs as p
from tracker.domain import absence
from tracker.domain.scoring.moments import Part
from tracker.exports import readings
from tracker.queries import moment
from tracker.queries.claims import disclosure, listing
from tracker.queries.evidence import what_if
from tracker.queries.records import pair_names
from tracker.queries.scores import pairs, table
from tracker.queries.scores.pairs import overview
from tracker.queries.scores.table import Column, Order, Ranked, Row

A_YEAR = timedelta(days=365)


class Pairs(Resource):
    """The table of pairs under a lens, updated for each new day."""

    stamp = stamping.tables

    @read("pairs_list", p.TablePage, p.TableParameters)
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
            as_of=moment.resolve(asked["as_of"]),
            scored_through=found.position,
            waiting=found.waiting,
            **counted,
        )


def _ranked(asked: Mapping[str, Any], order: Order) -> tuple[Ranked, list[Row]]:
    """The requested table, and the rows of this page plus one."""
    after, limit = _place(asked, order), asked["limit"] + 1
    if asked["as_of"] is None:
        now = table.ranked(asked["lens"], order, after=after, limit=limit)
        return now, now.rows
    then = every_row(asked, today=timezone.now().date())
    return then, table.beyond(then, order, after=after)[:limit]


def every_row(asked: Mapping[str, Any], *, today: date) -> Ranked:
    """The whole requested table."""
    order = _order(asked)
    if asked["as_of"] is None:
        return table.ranked(asked["lens"], order, after=None, limit=None)
    return table.past_ranked(asked["lens"], order, day=today, as_of=asked["as_of"])


def _count(found: Ranked, asked: Mapping[str, Any], order: Order) -> int:
    return table.count(found.lens, order) if asked["as_of"] is None else len(found.rows)


def _order(asked: Mapping[str, Any]) -> Order:
    return Order(
        column=cast("Column", asked["sort"].removeprefix("-")),
        descending=asked["sort"].startswith("-"),
        country=parameters.country_named(asked),
        fresh=asked.get("fresh"),
        shifted=asked["shifted"],
    )


def _place(asked: Mapping[str, Any], order: Order) -> tuple[Any, str] | None:
    """Where the last page ended, if it had the same order."""
    if "cursor" not in asked:
        return None
    sort, place, pair = asked["cursor"]
    if sort != asked["sort"]:
        raise parameters.refused(
            "cursor", f"belongs to sort={sort}: start again from the first page"
        )
    try:
        return table.PLACES[order.column](place), pair
    except ValueError as problem:
        raise parameters.refused("cursor", "invalid cursor") from problem


class Pair(Resource):
    """One pair."""

    stamp = stamping.scores(dated_by="day")

    @read("pairs_read", p.PairOut, p.OverviewParameters)
    def get(self, _request: Request, asked: Any, one: str, other: str) -> Response:
        """Read the pair and both directions under each lens, today or on another day."""
        day = asked.get("day", timezone.now().date())
        found = overview(pair_names.named(one, other), day=day, as_of=asked["as_of"])
        return Response(p.PairOut(found).data)


class Scores(Resource):
    """The scores of a pair, day by day."""

    stamp = stamping.scores(dated_by="to")

    @read("pairs_scores", p.SeriesOut, p.ScoresParameters)
    def get(self, _request: Request, asked: Any, one: str, other: str) -> Response:
        """Read the scores of a pair over a span of days, now or as known at a past moment."""
        found, left_out = series_asked(one, other, asked)
        start, end = span_asked(asked)
        scores = found.over(start, end, every=asked["every"])
        return Response(
            {
                **p.Resolved(found).data,
                "without": left_out,
                "every": asked["every"],
                "scores": [readings.plain(each) for each in scores],
            }
        )


class Explanation(Resource):
    """The explanation of a score."""

    cost = limits.BUILD_COST
    stamp = stamping.day_by_day

    @read("pairs_explanation", p.ExplanationOut, p.ExplanationParameters)
    def get(self, request: Request, asked: Any, one: str, other: str) -> Response:
        """Explain the score of a day, claim by claim. Titles are as of the same moment."""
        found, left_out = series_asked(one, other, asked)
        day = asked.get("day", timezone.now().date())
        apart = what_if.explanation(found, day)
        at = None if asked["as_of"] is None else found.as_of
        own = {
            *disclosure.named([one.claim for one in apart.parts], at=at, most=asked.get("limit"))
        }
        told = [one for one in apart.parts if one.claim in own]
        rest = [one for one in apart.parts if one.claim not in own]
        return Response(
            {
                **p.Resolved(found).data,
                "without": left_out,
                "day": day,
                "value": apart.value,
                "score": readings.plain(found.on(day)),
                "start": apart.start,
                "anchor": p.AnchorOut(found.anchor).data if found.anchored(day) else None,
                "contributions": _told(request, told, at=at),
                "others": {"claims": len(rest), "amount": sum(one.amount for one in rest)},
            }
        )


def _told(request: Request, parts: Sequence[Part], *, at: int | None) -> list[dict[str, Any]]:
    """The contributions of claims, with their titles as of a position."""
    titles = listing.titles([part.claim for part in parts], at=at)
    return [
        {
            "claim": part.claim,
            "title": titles[part.claim],
            "url": _claim_url(request, part.claim),
            "amount": part.amount,
        }
        for part in parts
    ]


def series_asked(one: str, other: str, asked: Mapping[str, Any]) -> tuple[pairs.Series, list[str]]:
    """The requested series, and what is left out of it."""
    pair = pair_names.named(one, other)
    direction = pairs.direction_of(pair, asked.get("direction"))
    absent = absence.parse(asked["without"])
    found = what_if.series(
        pair, direction=direction, lens=asked["lens"], as_of=asked["as_of"], absence=absent
    )
    return found, absent.words


def span_asked(asked: Mapping[str, Any]) -> tuple[date, date]:
    """The first and the last day; the default is the last year."""
    end = asked.get("to", timezone.now().date())
    return asked.get("from", end - A_YEAR), end


def _claim_url(request: Request, claim_id: UUID) -> str:
    return request.build_absolute_uri(reverse("api:claim", args=[claim_id]))
