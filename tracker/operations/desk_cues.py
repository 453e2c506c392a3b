"""Words for codes that the desk adds to the table of cues."""

from collections.abc import Iterator
from datetime import datetime
from unicodedata import normalize
from uuid import UUID

from django.db import transaction

from tracker.domain.codebooks import cues
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.problems import NotFound, Problem, invalid, refuse
from tracker.models.cues import DeskCue
from tracker.operations.ids import new_id
from tracker.operations.name_locks import lock_name
from tracker.queries.records import desk_cues

# Every row is compared with each word of an article and with each letter that somebody types.
MOST_CUES = 2_000


class NoSuchCue(NotFound):
    """The row was removed meanwhile, or never existed."""


def add(row: CueRow, *, by: str, at: datetime) -> DeskCue:
    """Add a row. It replaces the rows of the shipped table with its cue and object.

    :raises Invalid: if the row has problems, the desk has one for the same words, or it has as many
        as it may have.
    """
    tidy = CueRow(_line(row.cue).lower(), _line(row.object).lower(), row.code, _line(row.example))
    refuse(cues.problems(tidy))
    with transaction.atomic():
        lock_name("desk cues")
        refuse(_problems_beside(tidy, desk_cues.rows()))
        return DeskCue.objects.create(id=new_id(at), added_by=by, added_at=at, **tidy._asdict())


def remove(cue: UUID) -> DeskCue:
    """Remove a row, and return it. The rows that it replaced count again.

    :raises NoSuchCue:
    """
    with transaction.atomic():
        row = DeskCue.objects.select_for_update().filter(id=cue).first()
        if row is None:
            raise NoSuchCue("this row was removed meanwhile")
        DeskCue.objects.filter(id=cue).delete()
        return row


def _line(text: str) -> str:
    return " ".join(normalize("NFC", text).split())


def _problems_beside(row: CueRow, others: tuple[CueRow, ...]) -> Iterator[Problem]:
    if len(others) >= MOST_CUES:
        detail = f"the desk has {MOST_CUES:,} rows, the most that it may have: remove one first"
        yield invalid("", detail)
    key = cues.key(cues.read(row))
    for other in others:
        if cues.key(cues.read(other)) == key:
            words = f"{other.cue} {other.object}".strip()
            yield invalid("/cue", f"“{words}” is on the list with {other.code}: remove it first")
