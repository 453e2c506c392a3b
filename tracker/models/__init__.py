"""Tables by status: `seals` prove the truth, whose tables `tracker.log` alone uses, by SQL
(`0001_truth.sql` of the migrations); operational tables are backed up; derived tables can be
rebuilt from the log."""

from tracker.models import (
    cues,
    derived,
    jobs,
    mail,
    operational,
    scores,
    seals,
    shifts,
    trays,
    webhooks,
)

__all__ = [
    "cues",
    "derived",
    "jobs",
    "mail",
    "operational",
    "scores",
    "seals",
    "shifts",
    "trays",
    "webhooks",
]
