"""News become messages that wait to be sent: each once, and in the order of the log."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tracker.models.webhooks import TESTING, WAITING, Webhook, WebhookMessage
from tracker.operations import ids
from tracker.operations.webhooks.keeping import wanted
from tracker.queries import news
from tracker.queries.news import News

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
    asked = wanted(row)
    reach = news.reach(asked)
    until = min(reach, row.position + STRETCH)
    found = news.logged(asked, after=row.position, until=until) if until > row.position else []
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
