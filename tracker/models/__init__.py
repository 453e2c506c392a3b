"""Tables by status: `events` are the truth; operational tables are backed up; derived tables can
be rebuilt from the log."""

from tracker.models import derived, events, jobs, operational, scores, shifts, trays, webhooks

__all__ = ["derived", "events", "jobs", "operational", "scores", "shifts", "trays", "webhooks"]
