"""How often tables were renewed by the day or by a look, and not by the log."""

from django.db import models


class Renewal(models.Model):
    """A table of current values, and a number that grows with each change that no event made: so
    that whoever holds an answer is told when it is another one."""

    name = models.TextField(primary_key=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "renewal"
