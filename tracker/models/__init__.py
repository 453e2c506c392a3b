"""Tables by status: `events` are the truth; operational tables are backed up; derived tables can
be rebuilt from the log."""

from tracker.models import (
    cues,
    derived,
    events,
    jobs,
    mail,
    operational,
    scores,
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
    "shifts",
    "trays",
    "webhooks",
]
