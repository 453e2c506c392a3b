"""Webhooks and their messages."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from tracker.models.webhooks import ACTIVE, DISABLED, WAITING, Webhook, WebhookMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSummary:
    """A webhook without its secret. `waiting`: the number of messages not delivered yet."""

    id: UUID
    name: str
    url: str
    kinds: tuple[str, ...]
    pair: str | None
    lens: str | None
    state: str
    because: str
    position: int
    waiting: int
    failing_since: datetime | None
    not_before: datetime | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message with the result of the last attempt. `key` is its id for the receiver."""

    place: int
    key: str
    kind: str
    body: str
    state: str
    attempts: int
    status: int | None
    error: str
    milliseconds: int | None
    made_at: datetime
    tried_at: datetime | None


def hooks(*, after: UUID | None = None, limit: int | None = None) -> list[WebhookSummary]:
    """Up to `limit` webhooks after the id `after`, in the order of creation."""
    rows = Webhook.objects.order_by("id")
    return _hooks(rows if after is None else rows.filter(id__gt=after), limit)


def hook(webhook: UUID) -> WebhookSummary | None:
    return next(iter(_hooks(Webhook.objects.filter(id=webhook))), None)


def deliveries(webhook: UUID, *, before: int | None, limit: int) -> Sequence[Delivery]:
    """Up to `limit` messages before the place `before`, the newest first."""
    rows = WebhookMessage.objects.filter(webhook=webhook).order_by("-id")
    return _deliveries(rows if before is None else rows.filter(id__lt=before), limit)


def delivery(key: UUID) -> Delivery | None:
    return next(iter(_deliveries(WebhookMessage.objects.filter(key=key))), None)


def _hooks(rows: QuerySet[Webhook], limit: int | None = None) -> list[WebhookSummary]:
    names = [one.name for one in fields(WebhookSummary)]
    waiting = Count("messages", filter=Q(messages__state=WAITING))
    shown: Any = rows.annotate(waiting=waiting, made_by=F("recorded_by")).values(*names)
    return [WebhookSummary(**row | {"kinds": tuple(row["kinds"])}) for row in shown[:limit]]


def _deliveries(rows: QuerySet[WebhookMessage], limit: int | None = None) -> list[Delivery]:
    names = [one.name for one in fields(Delivery)]
    shown: Any = rows.annotate(place=F("id")).values(*names)
    return [Delivery(**row | {"key": f"msg_{row['key'].hex}"}) for row in shown[:limit]]


def backlog() -> tuple[int, datetime | None]:
    """The number of messages that active webhooks were not sent yet, and when the first was
    made."""
    rows = WebhookMessage.objects.filter(state=WAITING, webhook__state=ACTIVE)
    found = rows.aggregate(number=Count("id"), oldest=Min("made_at"))
    return found["number"], found["oldest"]


def count_disabled() -> int:
    """The number of webhooks that were given up."""
    return Webhook.objects.filter(state=DISABLED).count()
