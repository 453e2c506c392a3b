"""Erasure of a claim: what it says leaves the database for good, if a court orders it.

Its events keep their places in the log, and all proofs stay as they are. The record of the erasure
binds the other columns of each event. No hash of what the claim said is kept. What follows from it
is: docs/trust.md says what still confirms a guess.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.problems import NotYet
from tracker.domain.proofs.leaves import ERASABLE
from tracker.domain.state import ClaimState, OutOfOrder
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded, seal
from tracker.log.messages import send
from tracker.models.derived import CoverageCounts, StandingLink
from tracker.models.jobs import RUNNING, UNFINISHED, BatchRow, Job
from tracker.models.operational import DrawnClaim, Idempotency, SecondCoding
from tracker.operations.withholding import NoSuchEntry
from tracker.projections import standing
from tracker.projections.impact_batch import forget
from tracker.projections.inserts import count_renewal
from tracker.queries import progress
from tracker.queries.claims import copies
from tracker.queries.records import states
from tracker.queries.sql import select_value

# The tables of which rows are deleted or overwritten. Their files keep what they were, also after a
# plain VACUUM, until the space is used again. Those that `rebuild` does not replace are rewritten.
REWRITTEN = (
    *("event", "event_text", "event_run", "event_run_body", "event_run_text", "seal_tile"),
    *("coverage", "idempotency", "job", "batch_row", "drawn_claim", "second_coding"),
)
REPLACED = ("standing_claim", "past_claim", "disclosed", "impact", "dependency", "quarantine")


class NotReady(NotYet):
    """The events are not sealed or not followed yet, or a job is at work; try again soon."""

    wait = 5


class ErasedAlready(OutOfOrder):
    """The claim is erased; its old rows may still be there."""

    def __init__(self, message: str, claim: UUID) -> None:
        super().__init__(message)
        self.claim = claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A claim that may be erased. `number`, the position of its first event, confirms it; `version`
    is that of its stream."""

    claim: UUID
    number: int
    version: int
    collection: UUID
    events: tuple[Recorded, ...]


def select(position: int) -> Erasure:
    """The claim that the event at a position is about, if it may be erased.

    :raises NoSuchEntry: :raises OutOfOrder: it is no claim, or not withheld. :raises NotReady:
    :raises ErasedAlready:
    """
    entry = log.at(position)
    if entry is None:
        raise NoSuchEntry(f"there is no entry at position {position}")
    state = states.claims([entry.stream], at=None).get(entry.stream)
    if state is None and entry.erased:
        raise ErasedAlready(f"the entry at position {position} is erased already", entry.stream)
    if state is None:
        raise OutOfOrder(
            f"the entry at position {position} is no claim's, but {entry.kind}: only claims can be"
            " erased"
        )
    _require_withheld(state, position)
    history = log.history([entry.stream], words=False)
    _require_settled(history[-1].position)
    _require_no_job(entry.stream)
    return Erasure(
        claim=entry.stream,
        number=history[0].position,
        version=history[-1].version,
        collection=state.claim.collection,
        events=tuple(one for one in history if one.kind in ERASABLE),
    )


def erase(
    erasure: Erasure, *, reason: str, authority: str, at: datetime, by: str
) -> list[Recorded]:
    """Erase a claim in one transaction.

    :raises Invalid: without a reason or an authority.
    :raises VersionConflict: if the claim was changed meanwhile. :raises OutOfOrder: or linked.
    :raises NotReady: if a job is at work.
    """
    drafts = _drafts(erasure, reason=reason, authority=authority)
    validity.refuse(list(_problems(drafts)))
    with transaction.atomic():
        # This reads whole tables: before other writers have to wait.
        _delete_copies(erasure)
        recorded = log.append(drafts, at=at, by=by, project=standing.project)
        # Nobody else can append now. The versions show that the claim itself has not changed.
        _require_no_words(erasure.claim, erasure.number)
        for one in erasure.events:
            log.erase_body(one.position, leaf_hash=log.erased_leaf(one))
        # It is counted again from the claims that are left.
        CoverageCounts.objects.filter(collection=erasure.collection).delete()
        send(*forget(erasure.claim), count_renewal("erased"))
    return recorded


def _drafts(erasure: Erasure, *, reason: str, authority: str) -> list[Draft]:
    return [
        Draft(
            stream=erasure.claim,
            event=e.BodyErased(
                position=one.position,
                leaf_hash=log.erased_leaf(one).hex(),
                reason=reason,
                authority=authority,
            ),
            expected=erasure.version + number,
        )
        for number, one in enumerate(erasure.events)
    ]


def clean_up() -> None:
    """Remove the old rows from the files of tables, and what the statistics of the planner quote of
    them. Not within a transaction. Whoever uses a table waits while it is rewritten."""
    with connection.cursor() as cursor:
        # So that the counts of old rows are right afterwards.
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(REPLACED)}")
        cursor.execute(f"VACUUM (FULL, ANALYZE) {', '.join(REWRITTEN)}")
        cursor.execute(_FORGET_EMPTY, [[*REPLACED, *REWRITTEN]])
        if owns_statistics():
            cursor.execute("VACUUM (FULL) pg_statistic")


def owns_statistics() -> bool:
    """Whether this role may rewrite what the planner knows of all tables."""
    return bool(select_value(_OWNS))


# ANALYZE keeps what it found in a table that is empty now. Its columns, set to the types that they
# have, have no statistics.
_FORGET_EMPTY = """
    DO $$ DECLARE one record; is_empty boolean; BEGIN
        FOR one IN
            SELECT s.tablename AS name, string_agg(format('ALTER %%I TYPE %%s', s.attname,
                   format_type(a.atttypid, a.atttypmod)), ', ') AS same
            FROM pg_stats AS s JOIN pg_attribute AS a ON a.attname = s.attname
            AND a.attrelid = to_regclass(s.tablename)
            WHERE s.schemaname = current_schema() AND s.tablename = ANY (%s) GROUP BY s.tablename
        LOOP
            EXECUTE format('SELECT NOT EXISTS (SELECT FROM %%I)', one.name) INTO is_empty;
            IF is_empty THEN
                EXECUTE format('ALTER TABLE %%I %%s', one.name, one.same);
            END IF;
        END LOOP;
    END $$"""
_OWNS = (
    "SELECT pg_has_role(current_user, datdba, 'USAGE') FROM pg_database"
    " WHERE datname = current_database()"
)
# Who keeps rows that were deleted by the transaction that recorded an erasure. PostgreSQL shows it
# of the sessions of other accounts only to members of pg_read_all_stats.
_KEEPERS = """
    SELECT DISTINCT says FROM (
        SELECT 'session ' || pid, backend_xmin FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker'
        AND coalesce(datname, current_database()) = current_database()
        UNION ALL SELECT 'replication slot ' || slot_name, unnest(ARRAY[xmin, catalog_xmin])
        FROM pg_replication_slots
        UNION ALL SELECT 'prepared transaction ' || gid, transaction FROM pg_prepared_xacts
        WHERE database = current_database()) AS keeper (says, since)
    WHERE age(since) >= (SELECT max(age(xmin)) FROM event
                         WHERE stream = %s AND kind = 'BodyErased')
    ORDER BY says"""
# Rows of these tables die only by an erasure.
_DEAD = (
    "SELECT sum(pg_stat_get_dead_tuples(name::regclass)) FROM"
    " unnest(ARRAY['event', 'event_run', 'event_run_body']) AS name"
)


def keepers(claim: UUID) -> list[str]:
    """What keeps the old rows of an erased claim after `clean_up`: a snapshot from before."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEPERS, [claim])
        if found := [says for (says,) in cursor.fetchall()]:
            return found
        cursor.execute(_DEAD)
        return ["a session of another account, or autovacuum"] if cursor.fetchone()[0] else []


def _problems(drafts: list[Draft]) -> Iterator[Problem]:
    for draft in drafts[:1]:
        yield from validity.event_problems(draft.event)


def _require_withheld(state: ClaimState, position: int) -> None:
    """
    :raises OutOfOrder: the claim is in force, has words, or is linked.
    """
    if state.status != "retracted":
        raise OutOfOrder("the claim is in force: retract it first")
    _require_no_words(state.id, position)


def _require_no_words(claim: UUID, position: int) -> None:
    """
    :raises OutOfOrder: the claim, or a link of it, has words, or it is linked.
    """
    if copies.text_of_claim(claim).entries:
        raise OutOfOrder(f"the claim has words: manage.py withhold {position} deletes them first")
    ends = Q(from_claim=claim) | Q(to_claim=claim)
    if StandingLink.objects.filter(ends, linked=True).exists():
        raise OutOfOrder("the claim is linked with another one: undo its links first")


def _require_settled(last: int) -> None:
    """
    :raises NotReady: an event of the claim is not sealed, or a view has not followed it.
    """
    if seal.size() < last:
        raise NotReady("the claim is not sealed yet: workers seal events every few seconds")
    behind = min((one.position for one in progress.followers()), default=last)
    if behind < last:
        raise NotReady(f"scores follow the log only up to position {behind}: try again soon")


def _require_no_job(claim: UUID) -> None:
    """
    :raises NotReady: a job has the claim to do, or may write down at its end what it resembles.
    """
    if Job.objects.filter(rows__claim=claim, state__in=UNFINISHED).exists():
        raise NotReady("a batch with the claim has not ended: wait for its job, or cancel it")
    if Job.objects.filter(state=RUNNING).exists():
        raise NotReady("an import or a batch is running: wait until it has ended, or cancel it")


def _delete_copies(erasure: Erasure) -> None:
    """Delete what tables that do not follow from the log have of a claim."""
    claim = str(erasure.claim)
    _require_no_job(erasure.claim)
    Idempotency.objects.filter(Q(path__contains=claim) | Q(response__contains=claim)).delete()
    _delete_reports(erasure)
    # The hash of all rows that were sent would confirm a guess of this one.
    for job in Job.objects.filter(rows__claim=erasure.claim).distinct():
        Job.objects.filter(id=job.id).update(same=secrets.token_hex(32))
    BatchRow.objects.filter(claim=erasure.claim).update(sent="{}", told={})
    DrawnClaim.objects.filter(claim=erasure.claim).delete()
    SecondCoding.objects.filter(claim=erasure.claim).delete()


def _delete_reports(erasure: Erasure) -> None:
    """Delete what jobs tell of a claim: of rows that resembled it, and of the file that has it."""
    for table in (Job, BatchRow):
        quoting = table.objects.annotate(told_text=Cast("told", TextField()))
        quoting.filter(told_text__contains=str(erasure.claim)).update(told={})
    brought_by = copies.imports(one.position for one in erasure.events)
    Job.objects.filter(file_sha256__in=brought_by.values("file_sha256")).update(told={})
    # The preview of a dry run does not name the claims of its rows.
    for job in Job.objects.filter(told__has_key="rows"):
        job.told.pop("rows")
        job.save(update_fields=["told"])
