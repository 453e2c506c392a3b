"""Tables filed by standing: truth, operational, derived."""

from tracker.models import derived, events, jobs, operational, shifts

__all__ = ["derived", "events", "jobs", "operational", "shifts"]
