"""Events of the log, and what a claim's events and impacts are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker import log
from tracker.api import pagination, params, reading
from tracker.api.answers import with_fields_of
from tracker.api.params import AsOf, LensParameters
from tracker.api.problems import Refusal
from tracker.api.reading import Resource, read
from tracker.domain.disclosure import Reader
from tracker.log import Recorded
from tracker.log.standby import Behind, is_standby
from tracker.queries.claims import disclosure, history
from tracker.queries.claims.erased import absence
from tracker.queries.claims.history import HistoryStep
from tracker.queries.evidence import impacts as queries
from tracker.queries.evidence.acting import ActingMember

Serializer = serializers.Serializer[Any]
_WITHOUT_CONTENT = {"body": None, "words": None}
# With the leaf hash a reader could confirm a guess of the body.
_WITHOUT_PROOF = {**_WITHOUT_CONTENT, "leaf_hash": None}


class FeedParameters(AsOf):
    """Where to continue; with `as_of`, up to that position."""

    after = serializers.IntegerField(
        default=0, min_value=0, max_value=2**62, help_text="the last position that you have"
    )
    limit = serializers.IntegerField(default=100, min_value=1, max_value=1_000)
    incarnation = serializers.UUIDField(
        required=False,
        help_text="that of the log when you read that position; part of the address in `next`",
    )
    count = serializers.ChoiceField(
        choices=["exact"], required=False, help_text="also return the number of events that follow"
    )


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]*$"})
class Hex(serializers.Field[Any, Any, Any, Any]):
    """Bytes as hex digits."""

    def to_representation(self, value: bytes) -> str:
        return value.hex()


@with_fields_of(Recorded, only=("position", "kind", "recorded_at", "recorded_by"))
class EventStamp(Serializer):
    """The position of an event, when it was recorded, and by whom."""


class ChangeOut(Serializer):
    pointer = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


_SHOWN = ("position", "version", "kind", "schema", "recorded_at", "recorded_by", "withheld")


@with_fields_of(Recorded, only=_SHOWN)
class EventOut(Serializer):
    """An event as recorded: `body` is the structure, `words` is the text that can be withheld.

    For readers without a token both are null if the claim accuses a person or company and is
    withheld from the public, and for imports. `stream` is null for a link with such a claim, and
    for the withholding of words of one. If an event is `erased`, both are gone for everybody."""

    stream = serializers.UUIDField(allow_null=True)
    erased = serializers.BooleanField()
    body = serializers.JSONField(source="content")
    words = serializers.JSONField(source="content_words")


class StepOut(Serializer):
    """An event and its changes to the previous version."""

    event = EventOut(source="recorded")
    changes = ChangeOut(many=True)

    def to_representation(self, instance: HistoryStep) -> Any:
        data = super().to_representation(instance)
        return {**data, "event": {**data["event"], **_WITHOUT_CONTENT}} if instance.masked else data


class HistoryOut(Serializer):
    as_of = serializers.IntegerField()
    events = StepOut(source="steps", many=True)


class FeedEvent(EventOut):
    """An event with its leaf hash in the tree of the log. The hash is null if `body` is withheld:
    it would confirm a guess of the body."""

    leaf_hash = Hex(allow_null=True)


def feed(events: Sequence[Recorded], *, reader: Reader, at: int | None = None) -> list[Any]:
    """The events as JSON. Events that are masked as known at `at` come without their content and
    without what could confirm it."""
    masked = disclosure.masked_positions(events, at=at, reader=reader)
    rows = FeedEvent(events, many=True).data
    return [_masked(row) if row["position"] in masked else row for row in rows]


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    stream = {} if disclosure.shows_stream(row["kind"]) else {"stream": None}
    return row | _WITHOUT_PROOF | stream


class FeedOut(Serializer):
    """`head` is the last position, or that of `as_of`. `next` is where to continue, also if nothing
    is new. Words that were withheld since are missing from the past too.

    `incarnation` changes when the log is restored or reopened: a position may then have another
    event. So `next` has it, and is refused in another one."""

    results = FeedEvent(many=True)
    head = serializers.IntegerField()
    incarnation = serializers.UUIDField()
    next = serializers.URLField()
    count = serializers.IntegerField(required=False)


class BatchImpactOut(Serializer):
    """The impact of the claim on the stance of one country towards another."""

    initiator = serializers.CharField()
    recipient = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    value = serializers.FloatField()
    weight = serializers.FloatField()
    sd = serializers.FloatField(
        allow_null=True, help_text="of an assessed level, whose `value` is on −9..9; null for acts"
    )


class ImpactOut(BatchImpactOut):
    situation = serializers.BooleanField()
    fades = serializers.BooleanField()
    sectors = serializers.ListField(child=serializers.CharField())
    p = serializers.FloatField()
    roots = serializers.ListField(child=serializers.UUIDField())
    state_roots = serializers.ListField(child=serializers.UUIDField())
    code = serializers.CharField(help_text="empty under method 1, and for an assessed level")


class TollOut(Serializer):
    """The share of an assault's weight by its number of dead, and the number in words."""

    share = serializers.FloatField()
    says = serializers.CharField()


@with_fields_of(ActingMember)
class ActingOut(Serializer):
    """A country for which an organisation acts: a member from `since` until before `until` (of both
    the month or the year alone may be known), as the document says. `suspended`: when it took no
    part meanwhile, in words."""


class PStepOut(Serializer):
    """A step and the p after it; for a citation with its sources, from publisher to root."""

    says = serializers.CharField()
    p = serializers.FloatField()
    sources = serializers.ListField(child=serializers.UUIDField())


def masked_impacts(row: dict[str, Any]) -> dict[str, Any]:
    """What is public of a withheld claim: that it is withheld. Its certainty and its impacts would
    reveal its code, its sources and the claims that it repeats."""
    return {
        **row,
        "p": None,
        "p_before_verdicts": None,
        "ungraded": None,
        "steps": [],
        "roots": [],
        "impacts": [],
        "silent_because": WITHHELD,
        "toll": None,
        "acting": [],
    }


WITHHELD = "withheld: send a token to see its impacts"


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
    toll = TollOut(source="evaluation.toll", allow_null=True)
    acting = ActingOut(many=True, help_text="the countries for which organisations act")


class EventsView(Resource):
    """The change feed. A client that remembers its position never misses an event."""

    can_be_gone = True

    @read("log_events", FeedOut, FeedParameters)
    def get(self, request: Request, query: Any) -> Response:
        """Read the events after a position, including retractions; `next` is where to continue."""
        after, head = query["after"], query["as_of"].position
        incarnation = self._incarnation(query.get("incarnation"))
        if after > head and after > (end := log.head().position):
            says = f"the log ends at position {end}"
            if is_standby():
                raise Behind(f"this server has come to position {end}", position=end)
            raise params.refusal("after", says, code="not_yet")
        events = log.read(after=after, limit=max(0, min(query["limit"], head - after)))
        if events:
            # The client remembers its position, so that no other event may ever get it.
            log.flush()
        following = pagination.next_url(
            request, after=events[-1].position if events else after, incarnation=incarnation
        )
        counted = {"count": max(0, head - after)} if "count" in query else {}
        return Response(
            {
                "results": feed(events, at=query["as_of"].past, reader=self.reader),
                "head": head,
                "incarnation": incarnation,
                "next": following,
                **counted,
            },
            headers={"Link": f'<{following}>; rel="next"'},
        )

    def _incarnation(self, given: UUID | None) -> UUID:
        """The incarnation of the log, which is that of the client if it gives one."""
        now = log.incarnation()
        if given not in (None, now):
            raise Refusal("reopened", "since you read that position, the log was restored")
        return now


class EventView(Resource):
    """One event."""

    @read("log_event", FeedEvent)
    def get(self, _request: Request, _query: Any, position: int) -> Response:
        """Read the event at a position."""
        event = log.at(position)
        if event is None:
            raise Refusal("not-found", f"there is no event at position {position}")
        return Response(feed([event], reader=self.reader)[0])


class HistoryView(Resource):
    """Every event of a claim and of its links."""

    @read("claims_history", HistoryOut, AsOf)
    def get(self, _request: Request, query: Any, claim_id: UUID) -> Response:
        """Read the events of a claim, and what each changed in the previous version."""
        trail = history.trail(claim_id, as_of=query["as_of"], reader=self.reader)
        _require(claim_id, trail.steps)
        return Response(HistoryOut(trail).data)


class ImpactsView(Resource):
    """A claim in the view of a lens."""

    stamp = reading.day_by_day

    @read("claims_impacts", ImpactsOut, LensParameters)
    def get(self, _request: Request, query: Any, claim_id: UUID) -> Response:
        """Read the certainty of a claim, step by step, and its impacts, or why it has none."""
        impacts = queries.evaluation_under_lens(
            query["lens"], claim_id, as_of=query["as_of"], reader=self.reader
        )
        _require(claim_id, impacts)
        row = ImpactsOut(impacts).data
        masked = disclosure.withheld_claims([claim_id], at=row["as_of"], reader=self.reader)
        return Response(masked_impacts(row) if masked else row)


def _require(claim_id: UUID, content: Any) -> None:
    if not content:
        raise Refusal("not-found", absence(claim_id))
