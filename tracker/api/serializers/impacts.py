"""Responses with the impacts and the certainty of a claim."""

from typing import Any

from rest_framework import serializers

from tracker.api.parameters import AsOf

Serializer = serializers.Serializer[Any]


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
    """What is public of a withheld claim: its certainty, but neither its sources nor its impacts,
    which would reveal the parties and the code."""
    steps = [{**one, "sources": []} for one in told["steps"]]
    return {**told, "steps": steps, "roots": [], "impacts": [], "silent_because": UNTOLD}


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
    p = serializers.FloatField(source="evaluation.p")
    p_before_verdicts = serializers.FloatField(source="evaluation.certainty.p")
    ungraded = serializers.BooleanField(source="evaluation.certainty.ungraded")
    steps = PStepOut(source="evaluation.steps", many=True)
    roots = serializers.ListField(
        child=serializers.UUIDField(), source="evaluation.certainty.roots"
    )
    impacts = ImpactOut(source="evaluation.impacts", many=True)
    silent_because = serializers.CharField(source="evaluation.silent_because")
