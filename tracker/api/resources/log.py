"""Responses with events of the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker import log
from tracker.api import pagination, reading
from tracker.api.params import AsOf
from tracker.api.problems import Refused
from tracker.api.reading import Resource, read
from tracker.domain.disclosure import Reader
from tracker.log import Recorded
from tracker.queries.claims import disclosure, history
from tracker.queries.claims.history import Step
from tracker.queries.evidence import impacts as queries

Serializer = serializers.Serializer[Any]
_UNPRINTED = {"body": None, "words": None}
# With the leaf hash a reader could confirm a guess of the body.
_UNCONFIRMED = {**_UNPRINTED, "leaf_hash": None}


class FeedParameters(AsOf):
    """Where to continue; with `as_of`, up to that position."""

    after = serializers.IntegerField(
        default=0, min_value=0, max_value=2**62, help_text="the last position that you have"
    )
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1_000)
    count = serializers.ChoiceField(
        choices=["exact"], required=False, help_text="also return the number of events that follow"
    )


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]*$"})
class Hex(serializers.Field[Any, Any, Any, Any]):
    """Bytes as hex digits."""

    def to_representation(self, value: bytes) -> str:
        return value.hex()


class EventStamp(Serializer):
    """The position of an event, when it was recorded, and by whom."""

    position = serializers.IntegerField()
    kind = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()


class ChangeOut(Serializer):
    pointer = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


class EventOut(Serializer):
    """An event as recorded: `body` is the structure, `words` is the text that can be withheld.

    For readers without a token both are null if the claim accuses a person or company and is
    withheld from the public, and for imports. `stream` is null for a link with such a claim, and
    for the withholding of words of one."""

    position = serializers.IntegerField()
    stream = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    kind = serializers.CharField()
    schema = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()
    body = serializers.JSONField()
    words = serializers.JSONField()
    withheld = serializers.BooleanField()


class StepOut(Serializer):
    """An event and its changes to the previous version."""

    event = EventOut(source="recorded")
    changes = ChangeOut(many=True)

    def to_representation(self, instance: Step) -> Any:
        shown = super().to_representation(instance)
        return {**shown, "event": {**shown["event"], **_UNPRINTED}} if instance.masked else shown


class HistoryOut(Serializer):
    as_of = serializers.IntegerField()
    events = StepOut(source="steps", many=True)


class FeedEvent(EventOut):
    """An event with its leaf hash in the tree of the log. The hash is null if `body` is withheld:
    it would confirm a guess of the body."""

    leaf_hash = Hex(allow_null=True)


def feed(found: Sequence[Recorded], *, reader: Reader, at: int | None = None) -> list[Any]:
    """The events as JSON. Events that are masked as known at `at` come without their content and
    without what could confirm it."""
    masked = disclosure.masked_positions(found, at=at, reader=reader)
    shown = FeedEvent(found, many=True).data
    return [_masked(one) if one["position"] in masked else one for one in shown]


def _masked(shown: dict[str, Any]) -> dict[str, Any]:
    stream = {} if disclosure.shows_stream(shown["kind"]) else {"stream": None}
    return shown | _UNCONFIRMED | stream


class FeedOut(Serializer):
    """`head` is the last position, or that of `as_of`. `next` is where to continue, also if nothing
    is new. Words that were withheld since are missing from the past too."""

    results = FeedEvent(many=True)
    head = serializers.IntegerField()
    next = serializers.URLField()
    count = serializers.IntegerField(required=False)


class ImpactOut(Serializer):
    """The impact of the claim on the stance of one country towards another."""

    initiator = serializers.CharField()
    recipient = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    situation = serializers.BooleanField()
    fades = serializers.BooleanField()
    value = serializers.FloatField()
    weight = serializers.FloatField()
    sectors = serializers.ListField(child=serializers.CharField())
    p = serializers.FloatField()
    roots = serializers.ListField(child=serializers.UUIDField())
    state_roots = serializers.ListField(child=serializers.UUIDField())


class PStepOut(Serializer):
    """A step and the p after it; for a citation with its sources, from publisher to root."""

    says = serializers.CharField()
    p = serializers.FloatField()
    sources = serializers.ListField(child=serializers.UUIDField())


def masked_impacts(told: dict[str, Any]) -> dict[str, Any]:
    """What is public of a withheld claim: that it is withheld. Its certainty and its impacts would
    reveal its code, its sources and the claims that say the same."""
    return {
        **told,
        "p": None,
        "p_before_verdicts": None,
        "ungraded": None,
        "steps": [],
        "roots": [],
        "impacts": [],
        "silent_because": UNTOLD,
    }


UNTOLD = "withheld: send a token to see its impacts"


class ImpactsParameters(AsOf):
    lens = serializers.CharField(default="standing", max_length=200)


class ImpactsOut(Serializer):
    """The certainty of the claim in the view of the lens, step by step, and its impacts, or why it
    has none."""

    claim = serializers.UUIDField()
    lens = serializers.CharField(source="lens.label")
    view = serializers.CharField(source="lens.lens.view.id")
    as_of = serializers.IntegerField()
    p = serializers.FloatField(source="evaluation.p", allow_null=True)
    p_before_verdicts = serializers.FloatField(source="evaluation.certainty.p", allow_null=True)
    ungraded = serializers.BooleanField(source="evaluation.certainty.ungraded", allow_null=True)
    steps = PStepOut(source="evaluation.steps", many=True)
    roots = serializers.ListField(
        child=serializers.UUIDField(), source="evaluation.certainty.roots"
    )
    impacts = ImpactOut(source="evaluation.impacts", many=True)
    silent_because = serializers.CharField(source="evaluation.silent_because")


class Events(Resource):
    """The change feed. A client that remembers its position never misses an event."""

    @read("log_events", FeedOut, FeedParameters)
    def get(self, request: Request, asked: Any) -> Response:
        """Read the events after a position, including retractions; `next` is where to continue."""
        after, head = asked["after"], asked["as_of"].position
        found = log.read(after=after, limit=max(0, min(asked["limit"], head - after)))
        reached = found[-1].position if found else after
        following = pagination.next_url(request, after=reached)
        counted = {"count": max(0, head - after)} if "count" in asked else {}
        return Response(
            {
                "results": feed(found, at=asked["as_of"].past, reader=self.reader),
                "head": head,
                "next": following,
                **counted,
            },
            headers={"Link": f'<{following}>; rel="next"'},
        )


class Event(Resource):
    """One event."""

    @read("log_event", FeedEvent)
    def get(self, _request: Request, _asked: Any, position: int) -> Response:
        """Read the event at a position."""
        found = log.at(position)
        if found is None:
            raise Refused("not-found", f"there is no event at position {position}")
        return Response(feed([found], reader=self.reader)[0])


class History(Resource):
    """Every event of a claim and of its links."""

    @read("claims_history", HistoryOut, AsOf)
    def get(self, _request: Request, asked: Any, claim_id: UUID) -> Response:
        """Read the events of a claim, and what each changed in the previous version."""
        found = history.trail(claim_id, as_of=asked["as_of"], reader=self.reader)
        _found(claim_id, found.steps)
        return Response(HistoryOut(found).data)


class Impacts(Resource):
    """A claim in the view of a lens."""

    stamp = reading.day_by_day

    @read("claims_impacts", ImpactsOut, ImpactsParameters)
    def get(self, _request: Request, asked: Any, claim_id: UUID) -> Response:
        """Read the certainty of a claim, step by step, and its impacts, or why it has none."""
        found = queries.evaluation_under_lens(
            asked["lens"], claim_id, as_of=asked["as_of"], reader=self.reader
        )
        _found(claim_id, found)
        told = ImpactsOut(found).data
        masked = disclosure.withheld_claims([claim_id], at=told["as_of"], reader=self.reader)
        return Response(masked_impacts(told) if masked else told)


def _found(claim_id: UUID, found: Any) -> None:
    if not found:
        raise Refused(
            "not-found", f"there is no claim {claim_id}, or it was not recorded yet at that moment"
        )
