"""Scores: derived from the impacts of claims; they can be dropped and rebuilt."""

from datetime import date

from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce


class KnotBlock(models.Model):
    """Up to 256 knots of a series, from `day` to `last`: on each of `n` days something moved it.
    Until the next knot a level stays, and a flow fades by a formula.

    `direction` is "RUS>KAZ" or "KAZ-RUS" for the undirected pair, of a level always that. The bytes
    are those of `domain.scoring.knot_columns`.
    """

    pk = models.CompositePrimaryKey("lens", "lens_version", "pair", "direction", "day")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    pair = models.TextField()
    direction = models.TextField()
    day = models.DateField()
    n = models.IntegerField()
    last = models.DateField()
    days = models.BinaryField()
    moments = models.BinaryField()
    claims = models.BinaryField()
    roots = models.BinaryField()
    state_roots = models.BinaryField()
    newest = models.BinaryField()

    class Meta:
        db_table = "knot_block"


class Scored(models.Model):
    """A pair's knots under a lens version exist. They contain all impacts up to `position`, at
    which an impact of the pair last changed."""

    pk = models.CompositePrimaryKey("lens", "lens_version", "pair")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    pair = models.TextField()
    position = models.BigIntegerField()

    class Meta:
        db_table = "scored"


def _ordered(name: str, column: Combinable | None = None) -> models.Index:
    """The index of undirected series by a column."""
    return models.Index(
        *map(models.F, ("lens", "lens_version")),
        column or models.F(name),
        models.F("direction"),
        name=f"current_score_by_{name}",
        condition=~models.Q(direction__contains=">"),
    )


class CurrentScore(models.Model):
    """The score of a series at the end of `day`: the table of pairs, updated every night. Only a
    level has an interval."""

    pk = models.CompositePrimaryKey("lens", "lens_version", "direction")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    direction = models.TextField()
    pair = models.TextField()
    day = models.DateField()
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    claims = models.IntegerField()
    roots = models.IntegerField()
    state_roots = models.IntegerField()
    last_claim_day = models.DateField(null=True)

    class Meta:
        db_table = "current_score"
        # One index per order of the table of pairs, which shows only undirected series. The primary
        # key serves the order by name.
        indexes = (
            _ordered("value"),
            _ordered("claims"),
            _ordered("roots"),
            _ordered("newest", Coalesce("last_claim_day", models.Value(date.min))),
        )
