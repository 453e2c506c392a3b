"""Telling others what changed: signed messages to addresses that asked for them, each at least once
and in the order of the log."""

from tracker.operations.webhooks.addresses import NotAllowed
from tracker.operations.webhooks.delivering import deliver, test
from tracker.operations.webhooks.keeping import (
    NoSuchWebhook,
    Order,
    change,
    give_up,
    make,
    renew_secret,
)
from tracker.operations.webhooks.messages import forget

__all__ = [
    "NoSuchWebhook",
    "NotAllowed",
    "Order",
    "change",
    "deliver",
    "forget",
    "give_up",
    "make",
    "renew_secret",
    "test",
]
