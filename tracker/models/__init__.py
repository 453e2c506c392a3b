"""Tables filed by standing: truth, operational, derived."""

from tracker.models import derived, events, jobs, operational, renewals, shifts, webhooks

__all__ = ["derived", "events", "jobs", "operational", "renewals", "shifts", "webhooks"]
