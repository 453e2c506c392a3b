"""Create, change and delete webhooks, and renew their secrets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from tracker import log
from tracker.domain.problems import NotFound
from tracker.domain.validity import Problem, refuse
from tracker.models.webhooks import ACTIVE, DISABLED, DROPPED, PAUSED, WAITING, Webhook
from tracker.operations import ids
from tracker.queries import news
from tracker.queries.records import pair_names
from tracker.queries.scores import lenses
from tracker.webhooks import transport
from tracker.webhooks.transport import AddressNotAllowed, parse_url

MOST = 100


class NoSuchWebhook(NotFound):
    """There is no webhook with this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """The settings of a webhook. `pair` is "KAZ-RUS", `lens` a lens's name."""

    url: str
    kinds: tuple[str, ...]
    name: str = ""
    pair: str | None = None
    lens: str | None = None


def create(
    subscription: Subscription, *, site: str, at: datetime, by: str, after: int | None = None
) -> tuple[UUID, str]:
    """Create a webhook for news after a position, by default the head. Returns its id and its
    secret, which cannot be shown again.

    :raises Invalid: with all problems.
    """
    head = log.head().position
    refuse([*_problems(subscription), *_place_problems(after, head), *_number_problems()])
    salts = [transport.new_salt()]
    row = Webhook(
        id=ids.new_id(at),
        site=site,
        secrets=salts,
        position=head if after is None else after,
        recorded_by=by,
        made_at=at,
        **_columns(subscription),
    )
    Webhook.objects.bulk_create([row])
    return row.id, transport.secret(salts)


def update(
    webhook: UUID,
    change: Callable[[Subscription], Subscription],
    *,
    active: bool | None,
    after: int | None,
) -> None:
    """Change the settings of a webhook, pause or resume it, or continue after another position.

    :raises NoSuchWebhook: :raises Invalid: with all problems.
    """
    row = _row(webhook)
    subscription = change(subscription_of(row))
    refuse([*_problems(subscription), *_place_problems(after, log.head().position)])
    columns: dict[str, Any] = _columns(subscription)
    if active is not None:
        columns |= {"state": ACTIVE if active else PAUSED, "because": ""}
    if active:
        columns |= {"failing_since": None, "not_before": None}
    if after is not None:
        columns["position"] = after
        _drop_waiting(row)
    Webhook.objects.filter(id=webhook).update(**columns)


def _drop_waiting(row: Webhook) -> None:
    """Drop waiting messages, and allow new messages about the same events."""
    row.messages.filter(state=WAITING).update(state=DROPPED, error="passed over")
    messages = row.messages.exclude(kind__in=(news.SHIFT, news.EDITION))
    messages.update(news=Concat("news", Value(" before ", TextField()), Cast("id", TextField())))


def renew_secret(webhook: UUID, *, at: datetime) -> str:
    """Create and return a new secret. For a day, messages are signed with the old one too.

    :raises NoSuchWebhook:
    """
    salts = transport.rotate(_row(webhook).secrets, at=at)
    Webhook.objects.filter(id=webhook).update(secrets=salts)
    return transport.secret(salts)


def delete(webhook: UUID) -> None:
    """Delete a webhook and its messages.

    :raises NoSuchWebhook:
    """
    _row(webhook).delete()


def disable(row: Webhook, because: str) -> None:
    """Send nothing to a webhook until a user resumes it."""
    Webhook.objects.filter(id=row.id).update(state=DISABLED, because=because)


def subscription_of(row: Webhook) -> Subscription:
    kinds = tuple(row.kinds)
    return Subscription(url=row.url, kinds=kinds, name=row.name, pair=row.pair, lens=row.lens)


def filter_of(row: Webhook) -> news.NewsFilter:
    return news.NewsFilter(kinds=frozenset(row.kinds), pair=row.pair, lens=row.lens)


def _row(webhook: UUID) -> Webhook:
    row = Webhook.objects.filter(id=webhook).first()
    if row is None:
        raise NoSuchWebhook(f"there is no webhook {webhook}")
    return row


def _columns(subscription: Subscription) -> dict[str, Any]:
    kinds = [kind for kind in news.KINDS if kind in subscription.kinds]
    pair = pair_names.pair_name(*subscription.pair.split("-")) if subscription.pair else None
    columns = {"url": subscription.url, "name": subscription.name, "kinds": kinds}
    return columns | {"pair": pair, "lens": subscription.lens}


def _problems(subscription: Subscription) -> Iterator[Problem]:
    try:
        parse_url(subscription.url, networks=settings.WEBHOOK_NETWORKS)
    except AddressNotAllowed as problem:
        yield Problem(pointer="/url", code="not_allowed", detail=str(problem))
    if not subscription.kinds:
        yield Problem(pointer="/kinds", code="required", detail="give at least one kind of news")
    if subscription.pair:
        try:
            pair_names.pair_name(*subscription.pair.split("-"))
        except (pair_names.NoSuchPair, TypeError) as problem:
            yield Problem(pointer="/pair", code="unknown", detail=str(problem))
    if subscription.lens and subscription.lens not in {one.lens.name for one in lenses.latest()}:
        detail = f"there is no lens {subscription.lens!r}; name it without a version"
        yield Problem(pointer="/lens", code="unknown", detail=detail)


def _place_problems(after: int | None, head: int) -> Iterator[Problem]:
    if after is not None and not 0 <= after <= head:
        detail = f"the log ends at position {head}"
        yield Problem(pointer="/after", code="not_yet", detail=detail)


def _number_problems() -> Iterator[Problem]:
    if Webhook.objects.count() >= MOST:
        detail = f"there already are {MOST} webhooks: delete one first"
        yield Problem(pointer="", code="too_many", detail=detail)
