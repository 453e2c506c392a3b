"""What one claim moves and how sure it is, as it goes out."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import AsOf

Serializer = serializers.Serializer[Any]


class ImpactOut(Serializer):
    """What the claim does to one country's stance to another."""

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
    """What was done, and the p after it; of a citation the sources, from publisher to root."""

    says = serializers.CharField()
    p = serializers.FloatField()
    sources = serializers.ListField(child=serializers.UUIDField())


def masked(told: dict[str, Any]) -> dict[str, Any]:
    """What may be shown of a claim that may not be printed: that it is withheld. How sure it is
    and what it moves would show how it is coded, on what it rests and what says the same."""
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


UNTOLD = "it is withheld: send a token to see what it moves"


class ImpactsParameters(AsOf):
    lens = serializers.CharField(default="standing", max_length=200)


class ImpactsOut(Serializer):
    """How sure the claim is in the lens's view, step by step, and what it moves, or why not."""

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
