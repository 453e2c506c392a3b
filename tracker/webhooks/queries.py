"""Webhooks and their messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q

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
    waiting = Count("messages", filter=Q(messages__state=WAITING))
    rows = Webhook.objects.annotate(waiting=waiting).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [_hook(row) for row in rows[:limit]]


def hook(webhook: UUID) -> WebhookSummary | None:
    waiting = Count("messages", filter=Q(messages__state=WAITING))
    row = Webhook.objects.annotate(waiting=waiting).filter(id=webhook).first()
    return None if row is None else _hook(row)


def deliveries(webhook: UUID, *, before: int | None, limit: int) -> Sequence[Delivery]:
    """Up to `limit` messages before the place `before`, the newest first."""
    rows = WebhookMessage.objects.filter(webhook=webhook).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_delivery(row) for row in rows[:limit]]


def delivery(key: UUID) -> Delivery | None:
    row = WebhookMessage.objects.filter(key=key).first()
    return None if row is None else _delivery(row)


def backlog() -> tuple[int, datetime | None]:
    """The number of messages that active webhooks were not sent yet, and when the first was
    made."""
    rows = WebhookMessage.objects.filter(state=WAITING, webhook__state=ACTIVE)
    found = rows.aggregate(number=Count("id"), oldest=Min("made_at"))
    return found["number"], found["oldest"]


def count_disabled() -> int:
    """The number of webhooks that were given up."""
    return Webhook.objects.filter(state=DISABLED).count()


def _hook(row: Webhook) -> WebhookSummary:
    return WebhookSummary(
        id=row.id,
        name=row.name,
        url=row.url,
        kinds=tuple(row.kinds),
        pair=row.pair,
        lens=row.lens,
        state=row.state,
        because=row.because,
        position=row.position,
        waiting=getattr(row, "waiting", 0),
        failing_since=row.failing_since,
        not_before=row.not_before,
        made_by=row.recorded_by,
        made_at=row.made_at,
    )


def _delivery(row: WebhookMessage) -> Delivery:
    return Delivery(
        place=row.id,
        key=f"msg_{row.key.hex}",
        kind=row.kind,
        body=row.body,
        state=row.state,
        attempts=row.attempts,
        status=row.status,
        error=row.error,
        milliseconds=row.milliseconds,
        made_at=row.made_at,
        tried_at=row.tried_at,
    )
