"""A clock that stands still, and webhooks to be told of something then."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.kit.builders import BY
from tests.kit.webhook_receiver import Receiver
from tracker.webhooks import registry

START = datetime(2030, 1, 1, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


def hooked(receiver: Receiver, *kinds: str, at: datetime = START, **given: Any) -> UUID:
    order = registry.Subscription(url=receiver.url, kinds=kinds or ("claim.asserted",), **given)
    made, _ = registry.create(order, site="https://entente.example/", at=at, by=BY)
    return made


def positions(receiver: Receiver) -> list[int]:
    return [body["data"]["position"] for body in receiver.bodies()]
