"""Shifts: scores that moved further than their own history explains."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, reading
from tracker.api.pagination import CursorField
from tracker.api.params import DayField, country_named, pair_named
from tracker.api.reading import Resource, read
from tracker.api.resources.pairs import LensParameters, OthersOut, ShiftOut
from tracker.domain.disclosure import Reader
from tracker.queries.claims import listing
from tracker.queries.records import pair_names
from tracker.queries.scores import shifts
from tracker.queries.scores.shifts import ExplainedShift, ShiftFilter

Serializer = serializers.Serializer[Any]


class ShiftParameters(LensParameters):
    """`from` and `to` refer to the day on which a shift was first seen."""

    vars()["from"] = DayField(required=False, help_text="default: a year before `to`")
    to = DayField(required=False, help_text="default: today")
    pair = serializers.RegexField(r"^[A-Za-z]{3}-[A-Za-z]{3}$", required=False)
    country = serializers.RegexField(r"^[A-Za-z]{3}$", required=False)
    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)
    count = serializers.ChoiceField(
        choices=["exact"], required=False, help_text="also return the total count"
    )
    cursor = CursorField(date.fromisoformat, str, date.fromisoformat)


class MoverOut(Serializer):
    """A claim that contributed to a shift. `because`: it `began`, it `goes on` (a situation), or
    `time` wore it down."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    amount = serializers.FloatField()
    because = serializers.CharField()


class ShiftRow(ShiftOut):
    """The amounts of `claims` and `others` and `rest` (that of the start) sum to `amount`, within
    1e-9."""

    pair = serializers.CharField()
    sd = serializers.FloatField(help_text="standard deviation of the 30-day changes before it")
    claims = MoverOut(many=True)
    others = OthersOut()
    rest = serializers.FloatField()


class ShiftPage(Serializer):
    """Newest first. `waiting`: pairs that were scored since the last search for shifts."""

    lens = serializers.CharField()
    as_of = serializers.IntegerField()
    scored_through = serializers.IntegerField()
    waiting = serializers.IntegerField()
    results = ShiftRow(many=True)
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


A_YEAR = timedelta(days=365)


class Shifts(Resource):
    """All shifts."""

    stamp = reading.tables

    @read("shifts_list", ShiftPage, ShiftParameters)
    def get(self, request: Request, asked: Any) -> Response:
        """List shifts, newest first, each with the claims that contributed most.

        A pair shifts when its score moves by more than .5, and more than 2.5 standard deviations
        of its own 30-day changes, within 14 days. As of a past moment shifts are computed for one
        pair at a time, and days after `to` are ignored.
        """
        limit = asked["limit"]
        found = shifts.page(
            _wanted(asked),
            lens=asked["lens"],
            as_of=asked["as_of"],
            after=tuple(asked["cursor"]) if "cursor" in asked else None,
            limit=limit + 1,
            reader=self.reader,
        )
        counted = {"count": found.count} if "count" in asked else {}
        past = asked["as_of"].past
        return pagination.page(
            request,
            found.shifts,
            limit=limit,
            place=lambda one: [one.shift.seen, one.pair, one.shift.start],
            shown=lambda rows: ShiftRow(_rows(request, rows, past, self.reader), many=True).data,
            lens=found.lens.label,
            as_of=found.as_of,
            scored_through=found.position,
            waiting=found.waiting,
            **counted,
        )


def _wanted(asked: Mapping[str, Any]) -> ShiftFilter:
    end = asked.get("to", timezone.now().date())
    return ShiftFilter(
        start=asked.get("from", end - A_YEAR),
        end=end,
        pair=_pair(asked["pair"]) if "pair" in asked else None,
        country=country_named(asked),
    )


def _pair(asked: str) -> str:
    with pair_named():
        return pair_names.pair_name(*asked.split("-"))


def _rows(
    request: Request, found: Sequence[ExplainedShift], at: int | None, reader: Reader
) -> list[dict[str, Any]]:
    claims = [each.claim for one in found for each in one.claims]
    titles = listing.titles(claims, at=at, reader=reader)
    return [
        {
            "pair": one.pair,
            **{name: getattr(one.shift, name) for name in one.shift.__slots__},
            "claims": [
                {
                    "claim": each.claim,
                    "title": titles[each.claim],
                    "url": request.build_absolute_uri(reverse("api:claim", args=[each.claim])),
                    "amount": each.amount,
                    "because": each.because,
                }
                for each in one.claims
            ],
            "others": {"claims": one.others, "amount": one.others_amount},
            "rest": one.rest,
        }
        for one in found
    ]
