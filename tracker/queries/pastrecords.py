"""Lists of actors, sources, documents and collections as they stood at a position."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain import codec
from tracker.domain import folding as f
from tracker.models.derived import StandingRecord
from tracker.queries import states
from tracker.queries.moment import TooManyThen

# Records of a noun that one answer folds.
MOST = 20_000
_BEGUN = log.BEGUN_BY.format(column="standing_record.id")


def filed(
    noun: str, *, contains: str | None, position: int
) -> list[tuple[tuple[str, UUID], f.State]]:
    """Give the records of a noun that there were at a position, by the name of that time and id.

    `contains` is looked for where lists of now look for it.

    :raises TooManyThen: where there are more than one answer can fold.
    """
    known = StandingRecord.objects.filter(noun=noun).extra(  # noqa: S610 # no words of others
        where=[_BEGUN], params=[position]
    )
    ids = list(known.values_list("id", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        raise TooManyThen(f"more than {MOST} {noun}s were on record: only now can they be listed")
    then = states.records(ids, at=position)
    sought = contains.casefold() if contains is not None else ""
    rows = [((states.filed_under(one), key), one) for key, one in then.items()]
    return sorted(
        (row for row in rows if sought in _searched(row[0][0], row[1]).casefold()),
        key=lambda row: row[0],
    )


def beyond(rows: Sequence[Any], *, after: Sequence[Any] | None) -> list[Any]:
    """Those that follow a place."""
    return [row for row in rows if after is None or row[0] > tuple(after)]


def _searched(name: str, state: f.State) -> str:
    """The words that are looked through: names, aliases, titles, addresses."""
    plain = codec.plain(state)
    actor, document = plain.get("actor") or {}, plain.get("document") or {}
    parts = (actor.get("names"), actor.get("aliases"), document.get("url"))
    written = (json.dumps(one, ensure_ascii=False) for one in parts if one)
    return " ".join((name, *written))
