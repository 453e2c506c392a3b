"""Shifts: derived from the scores; they can be dropped and rebuilt."""

from django.db import models


class StoredShift(models.Model):
    """A large movement of an undirected pair's score from the end of `start` to the end of `peak`.
    `seen` is the first day on which it was large enough. `kind` is fast or slow."""

    pk = models.CompositePrimaryKey("lens", "lens_version", "pair", "seen", "start")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    pair = models.TextField()
    seen = models.DateField()
    start = models.DateField()
    peak = models.DateField()
    amount = models.FloatField()
    sd = models.FloatField()
    kind = models.TextField(db_default="fast")

    class Meta:
        db_table = "shift"
        indexes = (
            models.Index(
                fields=("lens", "lens_version", "seen", "pair", "start"), name="shift_seen"
            ),
        )


class Watched(models.Model):
    """The shifts of a pair exist up to `day`, computed from the knots of `position` (see `Scored`),
    with the changes of the score in the 7, 30 and 365 days until then. Of a model that gives
    movements, also that since the day before the first act (see `domain.movements`)."""

    pk = models.CompositePrimaryKey("lens", "lens_version", "pair")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    pair = models.TextField()
    position = models.BigIntegerField()
    day = models.DateField()
    change_7 = models.FloatField(null=True)
    change_30 = models.FloatField(null=True)
    change_365 = models.FloatField(null=True)
    moved_since = models.DateField(null=True)
    moved = models.FloatField(null=True)
    moved_low = models.FloatField(null=True)
    moved_high = models.FloatField(null=True)
    fell = models.FloatField(null=True)
    rose = models.FloatField(null=True)
    acted = models.BooleanField(null=True)

    class Meta:
        db_table = "watched"


class ShiftCauses(models.Model):
    """What moved the score during one of the latest shifts under a lens, from the impacts of the
    scores of `position` (see `Scored`); `queries.scores.shift_causes` reads `parts`."""

    pk = models.CompositePrimaryKey("lens", "lens_version", "pair", "seen", "start")
    lens = models.UUIDField()
    lens_version = models.IntegerField()
    pair = models.TextField()
    seen = models.DateField()
    start = models.DateField()
    peak = models.DateField()
    position = models.BigIntegerField()
    parts = models.JSONField()

    class Meta:
        db_table = "shift_causes"
