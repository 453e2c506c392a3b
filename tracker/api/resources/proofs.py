"""The seal of the log: how far it goes, and proofs that events are in it. Also its tree as static
files (C2SP `tlog-tiles`), for verifiers and witnesses.

The files are open to all: hashes with nonces say nothing of events but their number.
"""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tracker import log
from tracker.api import reading, throttling
from tracker.api.answers import TextRenderer
from tracker.api.params import DayField
from tracker.api.problems import Refusal
from tracker.api.reading import Resource, read
from tracker.api.resources.log import Hex
from tracker.api.resources.scores import PairParameters
from tracker.domain.proofs import checkpoints, scores, tiles
from tracker.domain.proofs.refusals import Refused
from tracker.exports import cited_scores
from tracker.exports.cited_scores import Wanted
from tracker.log import seal
from tracker.log.seal import NotWhole
from tracker.queries import progress, seals
from tracker.queries.records import pair_names
from tracker.queries.scores.pairs import direction_of
from tracker.queries.seals import NotInTree

Serializer = serializers.Serializer[Any]
_DAMAGED = "the tree of the log is damaged; log/seal/ has the alarm"


class SignedCheckpointOut(Serializer):
    """A checkpoint of the log's tree, as a signed note (C2SP `tlog-checkpoint`), and the key that
    verifies it. Compare the key with one from elsewhere. It is the last one that all witnesses of
    the site signed, or that waited a minute for them."""

    size = serializers.IntegerField()
    note = serializers.CharField()
    key = serializers.CharField()
    signed_at = serializers.DateTimeField()


class ReopeningOut(Serializer):
    """The log was reopened, at `position`: from there on its checkpoints have another origin. Of
    the positions from `lost_from` on, other events may have been read before; null if none was
    lost."""

    position = serializers.IntegerField()
    incarnation = serializers.UUIDField(source="event.incarnation")
    lost_from = serializers.IntegerField(source="event.lost_from", allow_null=True)
    reason = serializers.CharField(source="event.reason")
    authority = serializers.CharField(source="event.authority")


class TimestampOut(Serializer):
    """The last timestamp of a checkpoint by an outside authority (RFC 3161): the checkpoint of
    `size` existed at `stamped_at`."""

    size = serializers.IntegerField()
    stamped_at = serializers.DateTimeField()
    authority = serializers.CharField()


class SealOut(Serializer):
    """The tree of the log has the events up to `sealed_through`. `alarm` says why no more are
    sealed or signed, since `alarmed_at`; empty if all is well. Without a key there is no
    `checkpoint`; `/log/timestamp/{size}.tsr` is the `timestamp`, if there is one. `reopenings`:
    where the log went on after a loss or with another key."""

    sealed_through = serializers.IntegerField()
    alarm = serializers.CharField()
    alarmed_at = serializers.DateTimeField(allow_null=True)
    checkpoint = SignedCheckpointOut(allow_null=True)
    reopenings = ReopeningOut(many=True)
    timestamp = TimestampOut(allow_null=True)


class CitedEventOut(Serializer):
    """An event as a line of `log/events.ndjson`, and its nonce."""

    line = serializers.CharField()
    nonce = Hex()


class CitedClaimOut(Serializer):
    """A claim of the series, and what it contributes on the day; without `amount` nothing."""

    claim = serializers.UUIDField()
    amount = serializers.CharField(required=False)


_OF_LEVELS = "not there for `tone` and `cooperation`"


class CitedScoreOut(Serializer):
    """A score with what it follows from, as canonical JSON (RFC 8785). Numbers are texts, the
    shortest that give the same 64-bit number.

    `root_hash` is that of the first `as_of` events of the log, and `consistency` leads from it to
    the `checkpoint` (RFC 6962, §2.1.2). `inclusion` leads from all `events` to the root of the
    checkpoint: the hashes of the largest parts of the tree without them, from left to right."""

    format = serializers.CharField()
    pair = serializers.CharField()
    direction = serializers.CharField()
    lens = serializers.CharField()
    lens_id = serializers.UUIDField()
    day = serializers.DateField()
    as_of = serializers.IntegerField()
    value = serializers.CharField()
    sd = serializers.CharField(required=False, help_text=_OF_LEVELS)
    low = serializers.CharField(required=False, help_text=_OF_LEVELS)
    high = serializers.CharField(required=False, help_text=_OF_LEVELS)
    start = serializers.CharField()
    drift = serializers.CharField()
    claims = CitedClaimOut(many=True)
    events = CitedEventOut(many=True)
    root_hash = Hex()
    consistency = serializers.ListField(child=Hex())
    inclusion = serializers.ListField(child=Hex())
    checkpoint = serializers.CharField()


def _seal(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """Whether a nonce is shown depends on what is withheld."""
    return f"{progress.of_log()}|{seals.stamp()}"


def _seal_and_scores(query: Mapping[str, str], path: Mapping[str, Any]) -> str:
    return f"{reading.day_by_day(query, path)}|{seals.stamp()}"


class SealView(Resource):
    """How far the log is sealed."""

    stamp = _seal

    @read("log_seal", SealOut)
    def get(self, _request: Request, _query: Any) -> Response:
        """Read how far the log is sealed, and the last signed checkpoint."""
        found = {
            **seals.state()._asdict(),
            "checkpoint": seals.published_checkpoint(),
            "timestamp": seals.last_timestamp(),
            "reopenings": seals.log_history().reopenings,
        }
        return Response(SealOut(found).data)


class EventProofView(Resource):
    """A proof of an event as a file."""

    stamp = _seal
    renderer_classes = (TextRenderer, JSONRenderer)

    @read("log_event_proof", {(200, "text/plain"): OpenApiTypes.STR})
    def get(self, _request: Request, _query: Any, position: int) -> HttpResponse:
        """Read the proof that an event is in the log, with the signed checkpoint (C2SP
        `tlog-proof`). `extra` is the nonce; it is left out if you may not read the event."""
        event, last = log.at(position), seals.published_checkpoint()
        if event is None:
            raise Refusal("not-found", f"there is no event at position {position}")
        if last is None:
            raise Refusal("not-found", "no checkpoint is signed yet")
        try:
            found = seals.inclusion(event, size=last.size, reader=self.reader)
        except NotInTree as problem:
            raise Refusal("not-found", str(problem)) from None
        except (NotWhole, Refused) as problem:
            raise Refusal("busy", _DAMAGED) from problem
        text = checkpoints.write(position - 1, found.proof, last.note, extra=found.nonce)
        return HttpResponse(text, content_type="text/plain; charset=utf-8")


class CitedScoreParameters(PairParameters):
    """Which score."""

    day = DayField(required=False, help_text="default: today")


class CitedScoreView(Resource):
    """A score with everything that it follows from, as one file."""

    cost = throttling.BUILD_COST
    stamp = _seal_and_scores

    @read("pairs_scores_proof", {200: CitedScoreOut}, CitedScoreParameters)
    def get(self, _request: Request, query: Any, one: str, other: str) -> HttpResponse:
        """Read a score that proves itself: with every event that it follows from, and the proof
        that these are in the signed log. `tools/verify.py score` verifies the file without the
        site. By default it is as known at the last checkpoint."""
        pair = pair_names.pair_name(one, other)
        wanted = Wanted(
            pair=pair,
            direction=direction_of(pair, query.get("direction")),
            lens=query["lens"],
            day=query.get("day", timezone.now().date()),
            as_of=query["as_of"],
        )
        try:
            found = cited_scores.cited(wanted, reader=self.reader)
        except (NotWhole, Refused) as problem:
            raise Refusal("busy", _DAMAGED) from problem
        return HttpResponse(scores.write(found), content_type="application/json")


FOR_EVER = "public, max-age=31536000, immutable"
# A checkpoint is replaced every five seconds, while events come in.
SHORTLY = "public, max-age=5"


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The last checkpoint for readers."""
    last = seals.published_checkpoint()
    if last is None:
        raise Http404
    return _text(last.note)


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """The public key of the last checkpoint, also for witnesses that do not know it yet."""
    last = seals.last_checkpoint()
    if last is None:
        raise Http404
    return _text(f"{last.key}\n")


@require_safe
def tile(_request: HttpRequest, path: str) -> HttpResponse:
    """The hashes of a tile. Caches keep it for ever, but not while something is wrong."""
    try:
        level, number, width = tiles.parse_path(path)
    except Refused:
        raise Http404 from None
    # What no checkpoint signs may yet be another tree.
    if width > tiles.width(level, number, seals.signed_through()):
        raise Http404
    hashes = seal.read_tile(level, number, width)
    last_event = (number * tiles.WIDTH + width) << tiles.HEIGHT * level
    answer = _kept(hashes, "application/octet-stream")
    if seals.may_have_changed(last_event):
        answer.headers["Cache-Control"] = SHORTLY
    # It may have been rewritten: no cache may keep that for ever.
    if seals.state().alarm or progress.audited().damaged:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
def timestamp(_request: HttpRequest, size: int) -> HttpResponse:
    """What an authority answered about the checkpoint of a size (RFC 3161)."""
    return _kept(seals.timestamp_answer(size), "application/timestamp-reply")


@require_safe
def timestamped(_request: HttpRequest, size: int) -> HttpResponse:
    """The text that the timestamp is about."""
    text = seals.stamped_text(size)
    return _kept(None if text is None else text.encode(), "text/plain; charset=utf-8")


def _kept(data: bytes | None, kind: str) -> HttpResponse:
    if data is None:
        raise Http404
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": FOR_EVER})


def _text(text: str) -> HttpResponse:
    headers = {"Cache-Control": SHORTLY}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
