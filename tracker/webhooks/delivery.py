"""Messages are sent, each webhook's one after the other: at least once, in the order of the log.

A tick looks for work; what is to do, and until when a worker has it, stands in the database. No
transaction is open while a receiver is waited for.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from tracker.models.webhooks import (
    ACTIVE,
    DELIVERED,
    DROPPED,
    TESTING,
    WAITING,
    Webhook,
    WebhookMessage,
)
from tracker.operations import ids
from tracker.projections import leases
from tracker.queries import news
from tracker.queries.news import News
from tracker.webhooks import registry, transport
from tracker.webhooks.registry import filter_of
from tracker.webhooks.transport import Outcome, post

# So much of the log is looked through at once.
STRETCH = 1_000
# So old what the workers find may be when it is told, and so long messages are kept.
HORIZON = timedelta(days=30)
KEPT = timedelta(days=60)
TEST = "webhook.test"


def make_messages(row: Webhook, *, at: datetime) -> bool:
    """Make the messages of the next stretch of the log; at its end those of what the workers found.
    Give whether there may be more.

    Whoever calls it holds the webhook's lease.
    """
    asked = filter_of(row)
    reach = news.last_position(asked)
    until = min(reach, row.position + STRETCH)
    found = news.from_log(asked, after=row.position, until=until) if until > row.position else []
    if until >= reach:
        since = max(row.made_at, at - HORIZON)
        found += news.editions(asked, since=since)
        found += news.shifts(asked, since=since.date(), at=at)
    with transaction.atomic():
        made = _keep(row, found, at=at)
        Webhook.objects.filter(id=row.id).update(position=max(until, row.position))
    row.position = max(until, row.position)
    return bool(made) or until < reach


def a_test(row: Webhook, *, at: datetime) -> WebhookMessage:
    """Make a message that says nothing, which is not queued behind others."""
    key = ids.new_id(at)
    body = _body(TEST, at, {"webhook": str(row.id)})
    return WebhookMessage.objects.create(
        webhook=row,
        key=key,
        kind=TEST,
        news=f"{TEST}:{key}",
        body=body,
        state=TESTING,
        attempts=1,
        made_at=at,
    )


def forget(*, at: datetime) -> int:
    """Delete the messages that were sent long ago; give their number."""
    old = WebhookMessage.objects.filter(made_at__lte=at - KEPT).exclude(state=WAITING)
    return int(old.delete()[0])


def _keep(row: Webhook, found: Iterable[News], *, at: datetime) -> int:
    """Keep the messages of news that the webhook has not been told; give their number."""
    told = list(found)
    known = WebhookMessage.objects.filter(webhook=row, news__in=[one.key for one in told])
    before = set(known.values_list("news", flat=True))
    new = list(_messages(row, (one for one in told if one.key not in before), at))
    WebhookMessage.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _messages(row: Webhook, found: Iterable[News], at: datetime) -> Iterator[WebhookMessage]:
    for one in found:
        data = {**one.data, "url": row.site.rstrip("/") + reverse(one.route, args=one.args)}
        yield WebhookMessage(
            webhook=row,
            key=ids.new_id(at),
            kind=one.kind,
            news=one.key,
            body=_body(one.kind, one.at, data),
            made_at=at,
        )


def _body(kind: str, at: datetime, data: dict[str, object]) -> str:
    moment = at.astimezone(timezone.get_current_timezone()).isoformat()
    whole = {"type": kind, "timestamp": moment.replace("+00:00", "Z"), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


# The first wait after a failure doubles up to the longest.
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=6)
PATIENCE = timedelta(days=5)
LEASE = timedelta(minutes=2)
# A webhook's part of a tick, so that each gets its turn.
MOST_MESSAGES = 50
SECONDS = 60.0
logger = structlog.get_logger()

type Clock = Callable[[], datetime]


def deliver(*, now: Clock) -> int:
    """Send what is due, for about a minute, and give how many messages were taken.

    One worker does it at a time: receivers that dawdle never hold up all workers.
    """
    end = time.monotonic() + SECONDS
    if Webhook.objects.exclude(leases.is_free(at=now())).exists():
        return 0
    due = leases.is_free(at=now(), until="not_before")
    # In any order, so that none is always the last.
    rows = Webhook.objects.filter(due, state=ACTIVE).order_by("?")
    return sum(_safely(one, now, end) for one in rows.values_list("id", flat=True))


def test(webhook: UUID, *, now: Clock) -> UUID:
    """Send a message that says nothing at once, whatever waits; give its key.

    :raises NoSuchWebhook:
    """
    row = Webhook.objects.filter(id=webhook).first()
    if row is None:
        raise registry.NoSuchWebhook(f"there is no webhook {webhook}")
    message = a_test(row, at=now())
    outcome = _sent(row, message, now())
    _note(message, outcome, at=now(), state=DELIVERED if outcome.taken else DROPPED)
    return message.key


def _safely(webhook: UUID, now: Clock, end: float) -> int:
    try:
        return _serve(webhook, now, end)
    except DatabaseError:
        raise
    except Exception:  # one that cannot be served must not stop the others
        logger.exception("a webhook cannot be served", webhook=str(webhook))
        return 0


def _serve(webhook: UUID, now: Clock, end: float) -> int:
    lease, taken = uuid4(), 0
    try:
        while taken < MOST_MESSAGES and time.monotonic() < end:
            row = _held(webhook, lease, now())
            if row is None:
                break
            message = row.messages.filter(state=WAITING).order_by("id").first()
            if message is not None:
                if not _deliver(row, message, now):
                    break
                taken += 1
            elif not make_messages(row, at=now()):
                break
    finally:
        Webhook.objects.filter(id=webhook, lease=lease).update(lease=None, lease_until=None)
    return taken


def _held(webhook: UUID, lease: UUID, at: datetime) -> Webhook | None:
    """Take the webhook, or keep it for longer; None if another worker has it, or it is at rest."""
    rows = Webhook.objects.filter(leases.is_free(at=at, but=lease), id=webhook, state=ACTIVE)
    if not rows.update(lease=lease, lease_until=at + LEASE):
        return None
    return Webhook.objects.filter(id=webhook, lease=lease).first()


def _deliver(row: Webhook, message: WebhookMessage, now: Clock) -> bool:
    """Send a message; give whether it was taken.

    That it was tried is written before, so that one that kills its worker has to wait as well.
    """
    at = now()
    wait = leases.backoff(message.attempts + 1, first=FIRST_WAIT, longest=LONGEST_WAIT)
    WebhookMessage.objects.filter(id=message.id).update(attempts=F("attempts") + 1, tried_at=at)
    Webhook.objects.filter(id=row.id).update(not_before=at + wait)
    outcome = _sent(row, message, at)
    _note(message, outcome, at=now(), state=DELIVERED if outcome.taken else WAITING)
    if outcome.taken:
        Webhook.objects.filter(id=row.id).update(not_before=None, failing_since=None)
    else:
        _failed(row, outcome, wait, at=now())
    return outcome.taken


def _sent(row: Webhook, message: WebhookMessage, at: datetime) -> Outcome:
    try:
        signed = transport.headers(row.secrets, f"msg_{message.key.hex}", message.body, at=at)
    except transport.KeyChanged as problem:
        return Outcome(status=None, error=str(problem), milliseconds=0)
    headers = {**signed, "Content-Type": "application/json"}
    return post(row.url, headers, message.body, networks=settings.WEBHOOK_NETWORKS)


def _note(message: WebhookMessage, outcome: Outcome, *, at: datetime, state: str) -> None:
    # One that was passed over meanwhile stays so.
    WebhookMessage.objects.filter(id=message.id, state__in=(WAITING, TESTING)).update(
        state=state,
        status=outcome.status,
        error=outcome.error,
        milliseconds=outcome.milliseconds,
        tried_at=at,
    )


def _failed(row: Webhook, outcome: Outcome, wait: timedelta, *, at: datetime) -> None:
    asked = min(timedelta(seconds=outcome.wait), LONGEST_WAIT)
    since = row.failing_since or at
    Webhook.objects.filter(id=row.id).update(not_before=at + max(wait, asked), failing_since=since)
    logger.warning("a webhook's message was not taken", webhook=str(row.id), error=outcome.error)
    if outcome.gone:
        registry.disable(row, "the receiver answered 410: it wants no more")
    elif at - since >= PATIENCE:
        registry.disable(row, f"nothing was taken for {PATIENCE.days} days: {outcome.error}")
