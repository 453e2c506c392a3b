"""Telling others what changed: signed messages to addresses that asked for them, each at least once
and in the order of the log."""
