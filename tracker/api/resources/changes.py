"""Why the score of a pair moved."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import params, reading
from tracker.api.params import AsOfField, DayField
from tracker.api.reading import Resource, read
from tracker.api.resources.log import EventStamp
from tracker.api.resources.pairs import LargestField, OthersOut, PairParameters
from tracker.domain.disclosure import Reader
from tracker.queries import moment
from tracker.queries.claims import listing
from tracker.queries.evidence import changes
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
    start = serializers.FloatField(source="apart.start")


class CauseOut(Serializer):
    """An event of the log that changed the effect of the claim: an event of the claim, of one of
    its links, or of a related record, such as a new grade of a source."""

    event = EventStamp(source="recorded")
    stream = serializers.UUIDField(source="recorded.stream")
    about = serializers.CharField(help_text="claim, link, source, actor, document, collection, …")
    name = serializers.CharField()
    reason = serializers.CharField()


class MovedOut(Serializer):
    """`because`: `events`; `others` (the claim is unchanged, but related claims are not);
    `began` (its first day was reached); `goes on` (further days of a situation); `time` (it fades,
    or later claims wear it down)."""

    claim = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.URLField()
    before = serializers.FloatField()
    after = serializers.FloatField()
    amount = serializers.FloatField()
    because = serializers.CharField()
    causes = CauseOut(many=True)


class ChangesOut(Serializer):
    """`start`, the amounts of `changes` and `others`, and `remainder` (rounding) sum to `amount`,
    the difference of the two values. Largest first. `start_because`: null (the start did not move),
    `events` (the lens changed), `began` (the day of its anchor was reached) or `others` (claims
    wear it down)."""

    pair = serializers.CharField()
    direction = serializers.CharField()
    before = EndOut()
    after = EndOut()
    amount = serializers.FloatField()
    start = serializers.FloatField()
    start_because = serializers.CharField(allow_null=True)
    start_causes = CauseOut(many=True)
    remainder = serializers.FloatField()
    changes = MovedOut(many=True)
    others = OthersOut()


OF_DAYS = ("from", "to", "as_of")
OF_KNOWLEDGE = ("day", "known_from", "known_to")


class Changes(Resource):
    """Two scores of a pair, and what changed between them."""

    stamp = reading.day_by_day

    @read("pairs_changes", ChangesOut, ChangesParameters)
    def get(self, request: Request, asked: Any, one: str, other: str) -> Response:
        """Explain why a score moved between two days, or between two states of knowledge: claim by
        claim, with the events that caused it."""
        pair = pair_names.pair_name(one, other)
        direction = pairs.direction_of(pair, asked.get("direction"))
        today = timezone.now().date()
        if _given(asked, OF_KNOWLEDGE):
            found = _between_positions(pair, direction, asked, today=today, reader=self.reader)
        else:
            found = _between_days(pair, direction, asked, today=today)
        shown = _shown(request, found, most=asked.get("limit"), reader=self.reader)
        return Response(ChangesOut(shown).data)


def _given(asked: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if asked.get(name) is not None]


def _between_days(
    pair: str, direction: str, asked: Mapping[str, Any], *, today: date
) -> changes.Changes:
    if "from" not in asked:
        detail = "compare two days with `from` and `to`, or what was known with `known_from`"
        raise params.refused("from", detail, code="required")
    first, last = asked["from"], asked.get("to", today)
    if first > last:
        raise params.refused("from", f"{first} is after {last}", code="order")
    return changes.between_days(
        pair, direction=direction, lens=asked["lens"], days=(first, last), as_of=asked["as_of"]
    )


def _between_positions(
    pair: str, direction: str, asked: Mapping[str, Any], *, today: date, reader: Reader
) -> changes.Changes:
    for name in _given(asked, OF_DAYS):
        detail = f"cannot be combined with {', '.join(_given(asked, OF_KNOWLEDGE))}"
        raise params.refused(name, detail, code="mixed")
    if "known_from" not in asked:
        raise params.refused("known_from", "give the earlier position or time", code="required")
    first, last = (_at(asked, name) for name in ("known_from", "known_to"))
    if first.position > last.position:
        detail = f"position {first.position} is after {last.position}"
        raise params.refused("known_from", detail, code="order")
    return changes.between_positions(
        pair,
        direction=direction,
        lens=asked["lens"],
        day=asked.get("day", today),
        known=(first, last),
        reader=reader,
    )


def _at(asked: Mapping[str, Any], name: str) -> At:
    try:
        return moment.at(asked.get(name))
    except moment.AheadOfLog as problem:
        raise params.refused(name, str(problem), code="not_yet") from problem


def _shown(
    request: Request, found: changes.Changes, *, most: int | None, reader: Reader
) -> dict[str, Any]:
    """The changes as JSON, with titles as of the later moment."""
    last = found.after.series
    told, rest = found.split(most, reader=reader)
    titles = listing.titles((one.claim for one in told), at=last.as_of, reader=reader)
    return {
        "pair": last.pair,
        "direction": last.direction,
        **{name: getattr(found, name) for name in ("before", "after", "amount", "start")},
        **{name: getattr(found, name) for name in ("start_because", "start_causes", "remainder")},
        "changes": [
            {
                "claim": one.claim,
                "title": titles[one.claim],
                "url": request.build_absolute_uri(reverse("api:claim", args=[one.claim])),
                "before": one.before,
                "after": one.after,
                "amount": one.amount,
                "because": one.because,
                "causes": one.causes,
            }
            for one in told
        ],
        "others": {"claims": len(rest), "amount": sum(one.amount for one in rest)},
    }
