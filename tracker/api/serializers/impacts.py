"""Responses with the impacts and the certainty of a claim."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import AsOf
from tracker.api.serializers.events import Serializer


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


def masked(told: dict[str, Any]) -> dict[str, Any]:
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
