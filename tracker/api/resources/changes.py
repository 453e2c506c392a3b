"""Why the score of a pair moved."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import params, reading
from tracker.api.answers import (
    LargestField,
    OthersOut,
    PartOut,
    contributions,
    total,
    with_fields_of,
)
from tracker.api.params import AsOfField, DayField
from tracker.api.reading import Resource, read
from tracker.api.resources.log import EventStamp
from tracker.api.resources.scores import PairParameters
from tracker.domain.disclosure import Reader
from tracker.queries import moment
from tracker.queries.claims import listing
from tracker.queries.evidence import changes
from tracker.queries.evidence.causes import Cause
from tracker.queries.evidence.changes import Change
from tracker.queries.moment import At
from tracker.queries.records import pair_names
from tracker.queries.scores import pairs

Serializer = serializers.Serializer[Any]


class ChangesParameters(PairParameters):
    """`from` and `to` compare two days; `known_from` and `known_to` compare what was known
    of `day`."""

    vars()["from"] = DayField(required=False, help_text="the earlier of two days")
    to = DayField(required=False, help_text="the later of two days; default: today")
    day = DayField(required=False, help_text="with `known_from`; default: today")
    known_from = AsOfField(required=False, help_text="the earlier of two positions or times")
    known_to = AsOfField(required=False, help_text="the later of the two; default: now")
    limit = LargestField()


class EndOut(Serializer):
    """One of the two scores. `as_of` is the requested position, `scored_through` the last scored
    one."""

    day = serializers.DateField()
    lens = serializers.CharField(source="series.lens.label")
    as_of = serializers.IntegerField(source="series.as_of")
    scored_through = serializers.IntegerField(source="series.position")
    value = serializers.FloatField()


@with_fields_of(Cause, only=("name", "reason"))
class CauseOut(Serializer):
    """An event of the log that changed the effect of the claim: an event of the claim, of one of
    its links, or of a related record, such as a new grade of a source."""

    event = EventStamp(source="recorded")
    stream = serializers.UUIDField(source="recorded.stream")
    about = serializers.CharField(help_text="claim, link, source, actor, document, collection, …")


@with_fields_of(Change, only=("before", "after", "because"))
class MovedOut(PartOut):
    """`because`: `events`; `others` (the claim is unchanged, but related claims are not);
    `began` (its first day was reached); `goes on` (further days of a situation); `time` (it fades,
    or later claims wear it down)."""

    causes = CauseOut(many=True)


class ChangesOut(Serializer):
    """The amounts of `changes` and `others`, by which claims pull it, and `remainder` (what nobody
    reported, and rounding) sum to `amount`, the difference of the two values. Largest first."""

    pair = serializers.CharField()
    direction = serializers.CharField()
    before = EndOut()
    after = EndOut()
    amount = serializers.FloatField()
    remainder = serializers.FloatField()
    changes = MovedOut(many=True)
    others = OthersOut()


OF_DAYS = ("from", "to", "as_of")
OF_KNOWLEDGE = ("day", "known_from", "known_to")


class ChangesView(Resource):
    """Two scores of a pair, and what changed between them."""

    stamp = reading.day_by_day

    @read("pairs_changes", ChangesOut, ChangesParameters)
    def get(self, request: Request, query: Any, one: str, other: str) -> Response:
        """Explain why a score moved between two days, or between two states of knowledge: claim by
        claim, with the events that caused it."""
        pair = pair_names.pair_name(one, other)
        direction = pairs.direction_of(pair, query.get("direction"))
        today = timezone.now().date()
        if _given(query, OF_KNOWLEDGE):
            comparison = _between_positions(pair, direction, query, today=today, reader=self.reader)
        else:
            comparison = _between_days(pair, direction, query, today=today)
        data = _shown(request, comparison, most=query.get("limit"), reader=self.reader)
        return Response(ChangesOut(data).data)


def _given(query: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    """Those of some parameters that the request has. Without `as_of` there is the `At` of now."""
    now = query["as_of"].is_now
    return [name for name in names if name in query and not (name == "as_of" and now)]


def _between_days(
    pair: str, direction: str, query: Mapping[str, Any], *, today: date
) -> changes.Changes:
    if "from" not in query:
        detail = "compare two days with `from` and `to`, or what was known with `known_from`"
        raise params.refusal("from", detail, code="required")
    first, last = query["from"], query.get("to", today)
    if first > last:
        raise params.refusal("from", f"{first} is after {last}", code="order")
    return changes.between_days(
        pair, direction=direction, lens=query["lens"], days=(first, last), as_of=query["as_of"]
    )


def _between_positions(
    pair: str, direction: str, query: Mapping[str, Any], *, today: date, reader: Reader
) -> changes.Changes:
    for name in _given(query, OF_DAYS):
        detail = f"cannot be combined with {', '.join(_given(query, OF_KNOWLEDGE))}"
        raise params.refusal(name, detail, code="mixed")
    if "known_from" not in query:
        raise params.refusal("known_from", "give the earlier position or time", code="required")
    first, last = (_at(query, name) for name in ("known_from", "known_to"))
    if first.position > last.position:
        detail = f"position {first.position} is after {last.position}"
        raise params.refusal("known_from", detail, code="order")
    return changes.between_positions(
        pair,
        direction=direction,
        lens=query["lens"],
        day=query.get("day", today),
        known=(first, last),
        reader=reader,
    )


def _at(query: Mapping[str, Any], name: str) -> At:
    try:
        return moment.at(query.get(name))
    except moment.AheadOfLog as problem:
        raise params.refusal(name, str(problem), code="not_yet") from problem


def _shown(
    request: Request, comparison: changes.Changes, *, most: int | None, reader: Reader
) -> dict[str, Any]:
    """The changes as JSON, with titles as of the later moment."""
    last = comparison.after.series
    listed, others = comparison.split(most, reader=reader)
    titles = listing.titles((part.claim for part in listed), at=last.as_of, reader=reader)
    copied = ("before", "after", "amount", "remainder")
    return {
        "pair": last.pair,
        "direction": last.direction,
        **{name: getattr(comparison, name) for name in copied},
        "changes": [
            shown | {name: getattr(part, name) for name in ("before", "after", "because", "causes")}
            for part, shown in zip(listed, contributions(request, listed, titles), strict=True)
        ],
        "others": total(others),
    }
