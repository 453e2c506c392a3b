"""Tables filed by standing: truth, operational, derived."""

from tracker.models import derived, events, operational

__all__ = ["derived", "events", "operational"]
