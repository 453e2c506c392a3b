"""Checks of the log: hashes, and counts that reveal missing or added rows."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from tracker.domain.events import ERASED
from tracker.domain.proofs.leaves import (
    ERASABLE,
    NO_NONCE,
    LeafFields,
    blinded,
    leaf,
    leaf_parts,
    leaf_prefix,
    microseconds,
)
from tracker.log import seal
from tracker.log.heads import head
from tracker.log.messages import select_prepared
from tracker.log.reading import history, read
from tracker.log.seal import SealedLeaf
from tracker.log.stored import HEAD, Recorded


def damage(*, after: int, limit: int) -> tuple[int, list[str]]:
    """Recompute the hashes of up to `limit` events; return the last position and the problems.

    Of withheld words only that is checked which says that they are; the leaf has their hash.
    """
    log_id = head().log_id
    rows = read(after=after, limit=limit)
    until = after + len(rows)
    sealed, sealed_through = seal.leaves(after=after, until=until), seal.size_or_zero()
    erasures, withheld = _erasures(rows), _withheld(rows)
    problems: list[str] = []
    for expected, row in enumerate(rows, start=after + 1):
        if row.position != expected:
            problems.append(f"position {expected} is missing")
            break
        if _leaf_hash(log_id, row) != row.leaf_hash:
            problems.append(f"event {row.position} is not what was recorded")
        if row.erased:
            problems += _wrongly_erased(row, erasures)
        if row.position <= sealed_through and not _is_sealed(row, sealed.get(row.position)):
            problems.append(f"event {row.position} is not what was sealed")
        if row.withheld and row.position not in withheld:
            problems.append(f"the words of event {row.position} are missing, but were not withheld")
        if _text_hash(row) not in (None, row.text_sha256):
            problems.append(f"the words of event {row.position} are not those recorded")
    return (rows[-1].position if rows else after), problems


def _text_hash(row: Recorded) -> bytes | None:
    if row.salt is None or row.words is None:
        return None
    return hashlib.sha256(row.salt + row.words.encode()).digest()


def _is_sealed(row: Recorded, sealed: SealedLeaf | None) -> bool:
    """Whether the tree has an event with its hash. An erased event has no nonce any more; the
    record of its erasure, which is sealed, binds its columns."""
    if row.erased:
        return sealed is not None and sealed.nonce == NO_NONCE
    return sealed is not None and blinded(sealed.nonce, row.leaf_hash) == sealed.hash


def erased_leaf(row: Recorded) -> bytes:
    """The leaf hash of an event after its body is erased."""
    return _leaf_hash(head().log_id, row._replace(body=ERASED))


def _erasures(rows: Iterable[Recorded]) -> dict[tuple[int, str], bool]:
    """The erasures on record of the claims that some events are about, by position and leaf hash,
    and whether the claim was retracted by then. There may be records of what was not erased."""
    streams = {row.stream for row in rows if row.erased}
    found: dict[tuple[int, str], bool] = {}
    retracted: set[UUID] = set()
    for one in history(streams, words=False):
        if one.kind == "ClaimRetracted":
            retracted.add(one.stream)
        elif one.kind == "ClaimReinstated":
            retracted.discard(one.stream)
        elif one.kind == "BodyErased":
            body = _body(one)
            key = (body.get("position", 0), body.get("leaf_hash", ""))
            found[key] = found.get(key, False) or one.stream in retracted
    return found


def _withheld(rows: Iterable[Recorded]) -> set[int]:
    """The positions of events whose words were withheld on record, of the streams of some."""
    streams = {row.stream for row in rows if row.withheld}
    return {
        _body(one).get("position", 0)
        for one in history(streams, words=False)
        if one.kind == "TextWithheld"
    }


def _body(one: Recorded) -> dict[str, Any]:
    """The body of an event; empty if it is erased, or was changed so that it is none."""
    with suppress(ValueError):
        body = json.loads(one.body)
        return body if isinstance(body, dict) else {}
    return {}


def _wrongly_erased(row: Recorded, erasures: Mapping[tuple[int, str], bool]) -> Iterator[str]:
    of_retracted = erasures.get((row.position, row.leaf_hash.hex()))
    if of_retracted is None:
        yield f"event {row.position} is erased, but no record says so"
    elif not of_retracted or row.kind not in ERASABLE:
        yield f"event {row.position} is erased, but is none of a retracted claim"


def _leaf_hash(log_id: UUID, row: Recorded) -> bytes:
    fields = LeafFields(
        stream=row.stream,
        version=row.version,
        kind=row.kind,
        schema=row.schema,
        by=row.recorded_by,
        body=row.body.encode(),
        text_sha256=row.text_sha256,
    )
    at = microseconds(row.recorded_at)
    return leaf(leaf_prefix(log_id), row.position, at, leaf_parts(fields))


# The most problems that one check reports.
MOST_PER_CHECK = 20
# The events and runs of the log, each from its first to its last position.
_SPANS = (
    "(SELECT position AS first, position AS last, recorded_at AS since, recorded_at AS until"
    " FROM event UNION ALL SELECT first, last, recorded_at,"
    " recorded_at + (last - first) * interval '1 microsecond' FROM event_run) AS spans"
)
# The entries of the runs that begin in a range, a few bytes of each. They are cut out before
# anything is joined or sorted: the columns of a whole run have some 300 kB.
_ENTRIES = (
    "(SELECT r.first, r.run, i,"  # noqa: S608
    f" substr(r.heads, {HEAD.size} * i + 1, 21) AS own"
    # In memory, or each slice would be read from disk.
    " FROM (SELECT r.first, r.run, b.heads || ''::bytea AS heads"
    "  FROM event_run r JOIN event_run_body b USING (run)"
    "  WHERE r.first > %(after)s AND r.first <= %(until)s OFFSET 0) AS r"
    f" CROSS JOIN LATERAL generate_series(0, octet_length(r.heads) / {HEAD.size} - 1) AS i"
    " OFFSET 0) AS r"
)
# The position in a body, as text; NULL if it has none. A body that was changed may be no JSON, and
# its position no number: neither may end the check.
_POSITION = """substring(body from '"position":([0-9]{1,18})[,}]')"""
_CHECKS = (
    (
        "SELECT format('the log has %s events up to position %s, its head says %s',"  # noqa: S608
        " n, last, position) FROM (SELECT coalesce(sum(last - first + 1), 0) AS n,"
        f" coalesce(max(last), 0) AS last FROM {_SPANS}) AS e, log_head"
        " WHERE n <> position OR last <> position"
    ),
    (
        "SELECT format('event %s does not follow the one before it', first) FROM (SELECT first,"  # noqa: S608
        f" first <> coalesce(lag(last) OVER (ORDER BY first, last), 0) + 1 AS apart FROM {_SPANS})"
        " AS e WHERE apart ORDER BY first"
    ),
    (
        "SELECT format('stream %s has %s events up to version %s', stream, count(*), max(version))"
        " FROM (SELECT stream, version FROM event"
        "  UNION ALL SELECT stream, version FROM event_place) AS e GROUP BY stream"
        " HAVING count(*) <> max(version) OR count(DISTINCT version) <> count(*) ORDER BY stream"
    ),
    (
        "SELECT format('event %s was recorded before the one before it', first) FROM"  # noqa: S608
        " (SELECT first, since <= lag(until) OVER (ORDER BY first, last) AS early"
        f" FROM {_SPANS}) AS e WHERE early ORDER BY first"
    ),
    (
        "SELECT format('event %s has words that were not recorded', position) FROM event"
        " JOIN event_text USING (position) WHERE text_sha256 IS NULL ORDER BY position"
    ),
    (
        "SELECT format('event %s was erased, but its body is there', erased.position) FROM (SELECT"  # noqa: S608
        f" {_POSITION}::bigint AS position FROM event WHERE kind = 'BodyErased'"
        " OFFSET 0) AS erased CROSS JOIN log_head AS head"
        " WHERE CASE WHEN erased.position <= head.position THEN NOT log_is_erased(erased.position)"
        " END ORDER BY erased.position"
    ),
    (
        "SELECT format('the run of events from %s on is not whole', r.first) FROM event_run r"  # noqa: S608
        " JOIN event_run_body b USING (run) JOIN event_run_text t USING (run)"
        " CROSS JOIN LATERAL (SELECT (r.last - r.first + 1)::int AS n) AS size"
        f" WHERE octet_length(b.heads) <> {HEAD.size} * n OR octet_length(r.leaves) <> 32 * n"
        " OR octet_length(t.salts) <> 16 * n OR octet_length(t.ends) <> 4 * n"
        f" OR octet_length(b.bodies) <> run_int(b.heads, {HEAD.size} * n - {HEAD.size - 21})"
        " OR octet_length(t.texts) <> run_int(t.ends, 4 * n - 4) ORDER BY r.first"
    ),
)
# Of the runs that begin in a range of positions, so that what the database sorts stays small.
RUN_SPAN = 500_000
_RUN_CHECKS = (
    (
        "SELECT 'event ' || r.first + i || ' has no place in its run, or another'"  # noqa: S608
        f" FROM {_ENTRIES} LEFT JOIN event_place p ON p.run = r.run AND p.row = i"
        " WHERE own IS DISTINCT FROM"
        " uuid_send(p.stream) || int4send(p.version) || set_byte('\\x00', 0, mod(p.kind, 256))"
        " OR p.kind > 255 ORDER BY r.first + i"
    ),
)


def gaps() -> Iterator[str]:
    """Problems found by counts: gaps in positions or in a stream's versions, a cut end, times out
    of order, words added or deleted."""
    for check in _CHECKS:
        yield from (row[0] for row in select_prepared(f"{check} LIMIT {MOST_PER_CHECK}"))
    last = head().position
    for check in _RUN_CHECKS:
        found: list[str] = []
        for after in range(0, last, RUN_SPAN):
            parameters = {"after": after, "until": after + RUN_SPAN}
            found += [
                row[0] for row in select_prepared(f"{check} LIMIT {MOST_PER_CHECK}", parameters)
            ]
            if len(found) >= MOST_PER_CHECK:
                break
        yield from found[:MOST_PER_CHECK]
