"""The seal of the log: how far it goes, and proofs that events are in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tracker import log
from tracker.api import params
from tracker.api.answers import TextRenderer
from tracker.api.params import Parameters
from tracker.api.problems import Refusal
from tracker.api.reading import Resource, read
from tracker.api.resources.log import Hex
from tracker.domain.proofs import tlog_proof
from tracker.domain.proofs.refusals import Refused
from tracker.log.seal import NotWhole
from tracker.queries import log_history, progress, seals, timestamps
from tracker.queries.seals import NotInTree

Serializer = serializers.Serializer[Any]
_MOST = 2**62
_DAMAGED = "the tree of the log is damaged; log/seal/ has the alarm"


class SignedCheckpointOut(Serializer):
    """A checkpoint of the log's tree, as a signed note (C2SP `tlog-checkpoint`), and the key that
    verifies it. Compare the key with one from elsewhere."""

    size = serializers.IntegerField()
    note = serializers.CharField()
    key = serializers.CharField()
    signed_at = serializers.DateTimeField()


class TimestampOut(Serializer):
    """The last timestamp of a checkpoint by an outside authority (RFC 3161): the checkpoint of
    `size` existed at `stamped_at`."""

    size = serializers.IntegerField()
    stamped_at = serializers.DateTimeField()
    authority = serializers.CharField()


class ReopeningOut(Serializer):
    """The log was reopened, at `position`: from there on its checkpoints have another origin. Of
    the positions from `lost_from` on, other events may have been read before; null if none was
    lost."""

    position = serializers.IntegerField()
    incarnation = serializers.UUIDField(source="event.incarnation")
    lost_from = serializers.IntegerField(source="event.lost_from", allow_null=True)
    reason = serializers.CharField(source="event.reason")
    authority = serializers.CharField(source="event.authority")


class SealOut(Serializer):
    """The tree of the log has the events up to `sealed_through`. `alarm` says why no more are
    sealed or signed, since `alarmed_at`; empty if all is well. Without a key there is no
    `checkpoint`; `/log/timestamp/{size}.tsr` is the `timestamp`, if there is one. `reopenings`:
    where the log went on after a loss or with another key."""

    sealed_through = serializers.IntegerField()
    alarm = serializers.CharField()
    alarmed_at = serializers.DateTimeField(allow_null=True)
    checkpoint = SignedCheckpointOut(allow_null=True)
    timestamp = TimestampOut(allow_null=True)
    reopenings = ReopeningOut(many=True)


class InclusionOut(Serializer):
    """Shows that an event is in the tree of `size` events: `leaf` is its hash there,
    SHA-256(0x00 ‖ "entente/leaf/v1\\n" ‖ nonce ‖ leaf_hash), and `proof` leads from it to
    `root_hash` (RFC 6962, §2.1.1). `nonce` is null if you may not read the event."""

    position = serializers.IntegerField()
    size = serializers.IntegerField()
    leaf = Hex()
    nonce = Hex(allow_null=True)
    proof = serializers.ListField(child=Hex())
    root_hash = Hex()


class ConsistencyOut(Serializer):
    """Shows that the tree of `new` events begins with that of `old` (RFC 6962, §2.1.2)."""

    old = serializers.IntegerField()
    new = serializers.IntegerField()
    old_root = Hex()
    new_root = Hex()
    proof = serializers.ListField(child=Hex())


class InclusionParameters(Parameters):
    """The event and the tree."""

    position = serializers.IntegerField(min_value=1, max_value=_MOST)
    size = serializers.IntegerField(
        min_value=1,
        max_value=_MOST,
        default=None,
        help_text="of the tree; default: that of the last checkpoint",
    )


class ConsistencyParameters(Parameters):
    """The two trees."""

    old = serializers.IntegerField(min_value=1, max_value=_MOST)
    new = serializers.IntegerField(
        min_value=1, max_value=_MOST, default=None, help_text="default: that of the last checkpoint"
    )


def _seal(_query: Mapping[str, str], _path: Mapping[str, Any]) -> str:
    """Whether a nonce is shown depends on what is withheld."""
    return f"{progress.of_log()}|{seals.stamp()}"


class SealView(Resource):
    """How far the log is sealed."""

    stamp = _seal

    @read("log_seal", SealOut)
    def get(self, _request: Request, _query: Any) -> Response:
        """Read how far the log is sealed, and the last signed checkpoint."""
        found = {
            **seals.state()._asdict(),
            "checkpoint": seals.last_checkpoint(),
            "timestamp": timestamps.last(),
            "reopenings": log_history.state().reopenings,
        }
        return Response(SealOut(found).data)


class InclusionView(Resource):
    """A proof that an event is in the log."""

    stamp = _seal

    @read("log_proofs_inclusion", InclusionOut, InclusionParameters)
    def get(self, _request: Request, query: Any) -> Response:
        """Prove that an event is in the tree of the log."""
        event = log.at(query["position"])
        if event is None:
            raise params.refusal("position", "there is no such event", code="unknown")
        with _problems():
            found = seals.inclusion(event, size=query["size"], reader=self.reader)
        return Response(InclusionOut(found).data)


class ConsistencyView(Resource):
    """A proof that the log only grew."""

    stamp = _seal

    @read("log_proofs_consistency", ConsistencyOut, ConsistencyParameters)
    def get(self, _request: Request, query: Any) -> Response:
        """Prove that the tree of the log continues an earlier one."""
        with _problems():
            found = seals.consistency(query["old"], query["new"])
        return Response(ConsistencyOut(found).data)


class EventProofView(Resource):
    """A proof of an event as a file."""

    stamp = _seal
    renderer_classes = (TextRenderer, JSONRenderer)

    @read("log_event_proof", {(200, "text/plain"): OpenApiTypes.STR})
    def get(self, _request: Request, _query: Any, position: int) -> HttpResponse:
        """Read the proof that an event is in the log, with the signed checkpoint (C2SP
        `tlog-proof`). `extra` is the nonce; it is left out if you may not read the event."""
        event, last = log.at(position), seals.last_checkpoint()
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
        text = tlog_proof.write(position - 1, found.proof, last.note, extra=found.nonce)
        return HttpResponse(text, content_type="text/plain; charset=utf-8")


@contextmanager
def _problems() -> Iterator[None]:
    """Name the parameter for which the tree does not go far enough."""
    try:
        yield
    except NotInTree as problem:
        raise params.refusal(problem.parameter, str(problem), code="unknown") from problem
    except (NotWhole, Refused) as problem:
        raise Refusal("busy", _DAMAGED) from problem
