"""Puts events on record with nothing that stands, so that a test is about the log alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from tests.kit.builders import AT, BY, an_actor
from tracker import log
from tracker.domain.events import ActorDescribed, ClaimRetracted, Event
from tracker.log import Draft, Pending, Recorded, Statement

WORDLESS = ActorDescribed(actor=an_actor(None, kind="company"))


def nothing(_pending: Sequence[Pending]) -> list[Statement]:
    """Let nothing stand."""
    return []


def a_draft(
    stream: UUID | None = None, event: Event = WORDLESS, *, expected: int | None = None
) -> Draft:
    return Draft(stream=stream or uuid4(), event=event, expected=expected)


def append(*drafts: Draft, at: datetime = AT, by: str = BY) -> list[Recorded]:
    return log.append(drafts or [a_draft()], at=at, by=by, project=nothing)


def say(words: str, *, stream: UUID | None = None, by: str = BY) -> Recorded:
    """Append an event that is nothing but words."""
    return append(a_draft(stream, ClaimRetracted(reason=words)), by=by)[0]


def put_head_ahead(interval: str) -> None:
    """Date the end of the log after the database's clock, as a clock did that was wrong."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("UPDATE log_head SET last_recorded_at = now() + %s::interval", interval)
    run("SET CONSTRAINTS ALL DEFERRED")


def ask(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def run(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def attempt(sql: str) -> None:
    """Run statements and what would wait for the commit."""
    with transaction.atomic():
        run(sql)
        run("SET CONSTRAINTS ALL IMMEDIATE")


def rows_gone_through(table: str) -> int:
    """How many rows of a table this transaction has read, by an index or one after the other."""
    [(number,)] = ask(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = %s",
        table,
    )
    return int(number)
