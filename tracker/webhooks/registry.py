"""Webhooks are made, changed, given a new secret and given up."""

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
from tracker.webhooks.transport import NotAllowed, parse_url

MOST = 100


class NoSuchWebhook(NotFound):
    """There is no webhook with this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What somebody wants to be told of, and where. `pair` is "KAZ-RUS", `lens` a lens's name."""

    url: str
    kinds: tuple[str, ...]
    name: str = ""
    pair: str | None = None
    lens: str | None = None


def create(
    order: Subscription, *, site: str, at: datetime, by: str, after: int | None = None
) -> tuple[UUID, str]:
    """Make a webhook that is told of what follows a position, or the head; give its id and its
    secret, which nobody is shown again.

    :raises Invalid: naming all that does not fit.
    """
    head = log.head().position
    refuse([*_problems(order), *_place_problems(after, head), *_number_problems()])
    salts = [transport.new_salt()]
    row = Webhook(
        id=ids.new_id(at),
        site=site,
        secrets=salts,
        position=head if after is None else after,
        recorded_by=by,
        made_at=at,
        **_columns(order),
    )
    Webhook.objects.bulk_create([row])
    return row.id, transport.secret(salts)


def update(
    webhook: UUID,
    alter: Callable[[Subscription], Subscription],
    *,
    active: bool | None,
    after: int | None,
) -> None:
    """Let a webhook be told otherwise, pause it or let it go on, and from another position.

    :raises NoSuchWebhook: :raises Invalid: naming all that does not fit.
    """
    row = _row(webhook)
    order = alter(subscription_of(row))
    refuse([*_problems(order), *_place_problems(after, log.head().position)])
    columns: dict[str, Any] = _columns(order)
    if active is not None:
        columns |= {"state": ACTIVE if active else PAUSED, "because": ""}
    if active:
        columns |= {"failing_since": None, "not_before": None}
    if after is not None:
        columns["position"] = after
        _drop_waiting(row)
    Webhook.objects.filter(id=webhook).update(**columns)


def _drop_waiting(row: Webhook) -> None:
    """Drop what waits, and let what the log has be told again."""
    row.messages.filter(state=WAITING).update(state=DROPPED, error="passed over")
    again = row.messages.exclude(kind__in=(news.SHIFT, news.EDITION))
    again.update(news=Concat("news", Value(" before ", TextField()), Cast("id", TextField())))


def renew_secret(webhook: UUID, *, at: datetime) -> str:
    """Give a webhook a new secret, and give it; messages are signed with the old one too for a
    day.

    :raises NoSuchWebhook:
    """
    salts = transport.rotate(_row(webhook).secrets, at=at)
    Webhook.objects.filter(id=webhook).update(secrets=salts)
    return transport.secret(salts)


def delete(webhook: UUID) -> None:
    """Delete a webhook and what it was told.

    :raises NoSuchWebhook:
    """
    _row(webhook).delete()


def disable(row: Webhook, because: str) -> None:
    """Tell a webhook nothing more, until somebody lets it go on."""
    Webhook.objects.filter(id=row.id).update(state=DISABLED, because=because)


def subscription_of(row: Webhook) -> Subscription:
    kinds = tuple(row.kinds)
    return Subscription(url=row.url, kinds=kinds, name=row.name, pair=row.pair, lens=row.lens)


def filter_of(row: Webhook) -> news.Wanted:
    return news.Wanted(kinds=frozenset(row.kinds), pair=row.pair, lens=row.lens)


def _row(webhook: UUID) -> Webhook:
    row = Webhook.objects.filter(id=webhook).first()
    if row is None:
        raise NoSuchWebhook(f"there is no webhook {webhook}")
    return row


def _columns(order: Subscription) -> dict[str, Any]:
    kinds = [kind for kind in news.KINDS if kind in order.kinds]
    pair = pair_names.named(*order.pair.split("-")) if order.pair else None
    columns = {"url": order.url, "name": order.name, "kinds": kinds}
    return columns | {"pair": pair, "lens": order.lens}


def _problems(order: Subscription) -> Iterator[Problem]:
    try:
        parse_url(order.url, networks=settings.WEBHOOK_NETWORKS)
    except NotAllowed as problem:
        yield Problem(pointer="/url", code="not_allowed", detail=str(problem))
    if not order.kinds:
        yield Problem(pointer="/kinds", code="required", detail="give at least one kind of news")
    if order.pair:
        try:
            pair_names.named(*order.pair.split("-"))
        except (pair_names.NoSuchPair, TypeError) as problem:
            yield Problem(pointer="/pair", code="unknown", detail=str(problem))
    if order.lens and order.lens not in {one.lens.name for one in lenses.latest()}:
        detail = f"there is no lens {order.lens!r}; name it without a version"
        yield Problem(pointer="/lens", code="unknown", detail=detail)


def _place_problems(after: int | None, head: int) -> Iterator[Problem]:
    if after is not None and not 0 <= after <= head:
        detail = f"the log ends at position {head}"
        yield Problem(pointer="/after", code="not_yet", detail=detail)


def _number_problems() -> Iterator[Problem]:
    if Webhook.objects.count() >= MOST:
        detail = f"there already are {MOST} webhooks: delete one first"
        yield Problem(pointer="", code="too_many", detail=detail)
