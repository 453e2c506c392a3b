"""Tables filed by standing: truth, operational, derived."""

from tracker.models import derived, events, operational, shifts

__all__ = ["derived", "events", "operational", "shifts"]
