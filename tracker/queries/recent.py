"""The claims to which something happened last, as feeds list them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from tracker import log
from tracker.queries import claims, guilt, lenses, news, pairs
from tracker.queries.claims import Filed
from tracker.queries.moment import resolve

MOST = 50
# Events of claims that are looked through for those that a lens sees.
STRETCH = 1_000
MOST_STRETCHES = 20
_OF_PAIR = (
    "SELECT last.stream FROM (SELECT one.claim FROM dependency one"
    " JOIN dependency other ON other.view = one.view AND other.claim = one.claim"
    " WHERE one.view = %(view)s AND one.stream = %(first)s AND other.stream = %(last)s"
    " UNION SELECT claim FROM impact WHERE view = %(view)s AND pair = %(pair)s) concerned"
    " CROSS JOIN LATERAL (SELECT stream, position FROM event WHERE stream = concerned.claim"
    " ORDER BY version DESC LIMIT 1) last ORDER BY last.position DESC LIMIT %(limit)s"
)


def of_pair(pair: str, *, lens: str) -> list[Filed]:
    """Give the claims that name both countries of a pair or ever moved it, the last changed first,
    as far as the lens's workers have looked at them.

    :raises lenses.NoSuchLens: :raises pairs.NoSuchPair:
    """
    chosen = lenses.named(lens, position=resolve(None))
    one, other = pairs.ends(*pair.split("-"))
    asked: dict[str, Any] = {
        "view": chosen.lens.view.id,
        "pair": pair,
        "first": one.id,
        "last": other.id,
    }

    def ask(most: int) -> list[UUID]:
        with connection.cursor() as cursor:
            cursor.execute(_OF_PAIR, asked | {"limit": most})
            return [row[0] for row in cursor.fetchall()]

    return _filed(guilt.first_named(ask, limit=MOST, at=log.head().position))


def of_lens(lens: str) -> list[Filed]:
    """Give the claims in a lens's collections, the last changed first.

    :raises lenses.NoSuchLens:
    """
    chosen = lenses.named(lens, position=resolve(None))
    wanted = news.Wanted(kinds=frozenset(news.CLAIM_KINDS.values()), lens=chosen.lens.name)
    head = log.head().position
    found: dict[UUID, None] = {}
    for _ in range(MOST_STRETCHES):
        after = max(head - STRETCH, 0)
        told = reversed(news.logged(wanted, after=after, until=head))
        found |= {UUID(str(one.data["claim"])): None for one in told}
        head = after
        if len(found) >= MOST or not head:
            break
    return _filed(list(found)[:MOST])


def _filed(streams: Iterable[UUID]) -> list[Filed]:
    found = claims.filed_as_of(streams, log.head().position)
    return sorted(found, key=lambda one: one.last.position, reverse=True)
