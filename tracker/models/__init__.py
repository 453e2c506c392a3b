"""Tables by status: `events` are the truth, and `seals` prove it; operational tables are backed up;
derived tables can be rebuilt from the log."""

from tracker.models import (
    cues,
    derived,
    events,
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
    "events",
    "jobs",
    "mail",
    "operational",
    "scores",
    "seals",
    "shifts",
    "trays",
    "webhooks",
]
