"""Shifts, which follow from the scores: dropped and rebuilt like the rest of `derived`."""

from django.db import models


class Shift(models.Model):
    """A move of an undirected pair's score that is large for it, from the close of `start` to that
    of `peak`; `seen` is the first day on which it was one."""

    pk = models.CompositePrimaryKey("lens", "lens_version", "pair", "seen", "start")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    pair = models.TextField()
    seen = models.DateField()
    start = models.DateField()
    peak = models.DateField()
    amount = models.FloatField()
    sd = models.FloatField()

    class Meta:
        db_table = "shift"
        indexes = (
            models.Index(
                fields=("lens", "lens_version", "seen", "pair", "start"), name="shift_seen"
            ),
        )


class Watched(models.Model):
    """The shifts of a pair are on record up to `day`, from the knots of `position` (as `Scored`
    has it). By so much its score changed in the last 7, 30 and 365 days until then."""

    pk = models.CompositePrimaryKey("lens", "lens_version", "pair")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    pair = models.TextField()
    position = models.BigIntegerField()
    day = models.DateField()
    change_7 = models.FloatField(null=True)
    change_30 = models.FloatField(null=True)
    change_365 = models.FloatField(null=True)

    class Meta:
        db_table = "watched"
