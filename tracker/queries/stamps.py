"""What an answer rests on, as a text: while the stamp is the same, so is the answer.

Each is one short statement, so that an answer that somebody already has costs no more than that.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from tracker import log

_VIEWS = "(SELECT string_agg(concat_ws(':', view, position, begun), ' ' ORDER BY view) FROM cursor)"
_ASIDE = "(SELECT string_agg(concat_ws(':', view, subject), ' ' ORDER BY view, subject) FROM {})"
_PAIRS = (
    "(SELECT string_agg(concat_ws(':', d.view, d.pair, d.since_position, d.generation), ' '"
    " ORDER BY d.view, d.pair) FROM cursor c JOIN dirty_pair d ON d.view = c.view"
    " AND d.pair = ANY(%(pairs)s))"
)
_WAITING = (
    "(SELECT concat_ws(':', count(*), sum(hashtext(view || pair)::bigint * generation))"
    " FROM dirty_pair)"
)
_RENEWED = "(SELECT string_agg(concat_ws(':', name, number), ' ' ORDER BY name) FROM renewal)"
# The views that have not taken in a position yet.
_BEHIND = (
    "(SELECT string_agg(concat_ws(':', view, position, begun), ' ' ORDER BY view) FROM cursor"
    " WHERE position < %(until)s)"
)


def of_log() -> str:
    """The stamp of what the log alone says: records as they stand, their histories."""
    return _read(log.END)


def of_views() -> str:
    """The stamp of what the views have taken in, and of what stands aside."""
    return _read(log.END, _VIEWS, _ASIDE.format("quarantine"))


def of_pairs(pairs: Sequence[str]) -> str:
    """The stamp of the scores of some pairs ("KAZ-RUS")."""
    return _read(log.END, _VIEWS, _PAIRS, _ASIDE.format("quarantine"), pairs=list(pairs))


def of_tables() -> str:
    """The stamp of the tables of all pairs: of scores, which age every night, and of shifts,
    which are looked for after a while."""
    return _read(log.END, _VIEWS, _WAITING, _ASIDE.format("quarantine"), _RENEWED)


def of_editions() -> str:
    """The stamp of the editions, each of which is kept as it is."""
    return _read(log.END, "(SELECT concat_ws(':', count(*), max(made_at)) FROM edition)")


def of_past(position: int) -> str:
    """The stamp of scores as known at a position: the same for ever once the views have it."""
    return _read("'past'", log.LOG, "EXISTS (SELECT FROM cursor)", _BEHIND, until=position)


def _read(*parts: str, **given: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws('|', {', '.join(parts)})", given or None)
        return str(cursor.fetchone()[0])
