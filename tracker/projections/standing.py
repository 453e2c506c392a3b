"""What the streams say now, written in the transaction of the append, in stream order."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from tracker import log
from tracker.domain import folding as f
from tracker.domain.events import TextWithheld
from tracker.domain.writing import Texts
from tracker.log import Pending, Rows, Sealed, Statement
from tracker.log.messages import send
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.projections.rowsets import insert_sql, upsert_sql
from tracker.projections.standingrows import (
    NUMBER,
    Columns,
    Row,
    as_json,
    copied,
    known_in,
    load,
    row,
)

__all__ = ["TABLES", "Row", "load", "project", "project_bulk", "rows", "write"]

type Change = Pending | Sealed
# The events of streams, in their order.
type Touched = dict[UUID, list[Change]]

# The tables are asked in this order for the row of a stream whose state's class is unknown.
TABLES: tuple[type[Row], ...] = (StandingClaim, StandingRecord, StandingLink)


def project(pending: Sequence[Change]) -> list[Statement]:
    """Give what brings the rows of the touched streams up to date.

    The order of the streams is the order of the row locks, so that writers cannot deadlock. Rows
    of new streams are inserted and no more: the database plans that in half the time.
    """
    begun, changed = _parted(pending)
    return [
        *(
            Statement(insert_sql(table), [as_json(given)])
            for table, given in _rows(begun, {}).items()
        ),
        *_upserts(changed),
    ]


def project_bulk(pending: Sequence[Sealed]) -> list[Statement | Rows]:
    """Give the same for many streams at once; what is written of them already is not again."""
    begun, changed = _parted(pending)
    known: dict[int, Texts] = {}
    for one in pending:
        known.update(one.written.known)
    return [
        *(copied(table, given, known) for table, given in _rows(begun, {}).items()),
        *_upserts(changed),
    ]


def rows(pending: Sequence[Change]) -> dict[type[Row], str]:
    """Give the rows of the touched streams, as JSON for each table that has any."""
    begun, changed = _parted(pending)
    before, _ = _held(changed)
    return {table: as_json(given) for table, given in _rows(begun | changed, before).items()}


def write(pending: Sequence[Change]) -> None:
    """Bring the rows up to date now, for events that are on record."""
    send(*project(pending))


def _parted(pending: Sequence[Change]) -> tuple[Touched, Touched]:
    """The events of each stream that begins, and of each of the others."""
    begun: Touched = {}
    changed: Touched = {}
    for one in pending:
        if one.version == 1:
            begun[one.stream] = [one]
        elif one.stream in begun:
            begun[one.stream].append(one)
        else:
            changed.setdefault(one.stream, []).append(one)
    return begun, changed


def _upserts(changed: Touched) -> list[Statement]:
    before, known = _held([stream for stream, some in changed.items() if some[0].version > 1])
    return [
        Statement(upsert_sql(table, ("id",)), [as_json(given, known)])
        for table, given in _rows(changed, before).items()
    ]


def _rows(touched: Touched, before: Mapping[UUID, f.State]) -> dict[type[Row], list[Columns]]:
    """The rows of the touched streams by table, each in the order of the streams. `before`: the
    states of those that do not begin here."""
    found: dict[type[Row], list[Columns]] = {table: [] for table in TABLES}
    for stream in sorted(touched, key=NUMBER):
        some = touched[stream]
        state = _folded(stream, some, before.get(stream) if before else None)
        table, columns = row(state, version=some[-1].version)
        found[table].append(columns)
    return {table: given for table, given in found.items() if given}


def _folded(stream: UUID, pending: Sequence[Change], before: f.State | None) -> f.State:
    """The state after what is about to be appended.

    The position is known only later; the state that stands does not depend on it.
    """
    entries = [f.Entry(stream, 0, one.event) for one in pending]
    hidden = {one.event.position for one in pending if isinstance(one.event, TextWithheld)}
    if hidden:
        before = _without_words(stream, hidden, before=pending[0].version)
    state = f.fold(entries, before)
    if state is None:
        raise f.OutOfOrder("there is nothing to write")
    return state


def _held(streams: Collection[UUID]) -> tuple[dict[UUID, f.State], dict[int, Texts]]:
    """The states as written last, their rows locked in the order of the streams; and how what is
    in them is written."""
    found: dict[UUID, f.State] = {}
    known: dict[int, Texts] = {}
    for table in TABLES:
        if wanted := [one for one in streams if one not in found]:
            held = table.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
            for one in held:
                found[one.pk] = state = load(one)
                known |= known_in(one, state)
    return found, known


def _without_words(stream: UUID, hidden: set[int], *, before: int) -> f.State | None:
    """The state before a version, as if the words at some positions had not been recorded.

    A rebuild finds the later versions in the log already.
    """
    return f.fold(
        f.Entry(
            stream=stream,
            position=0,
            event=(log.wordless(one) if one.position in hidden else one).decoded(),
        )
        for one in log.history([stream])
        if one.version < before
    )
