"""Webhooks: signed messages about changes, each sent at least once, in the order of the log."""
