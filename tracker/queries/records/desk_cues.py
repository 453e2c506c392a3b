"""The words for codes that the desk adds to the table of cues."""

from tracker.domain.codebooks.cues import CueRow
from tracker.models.cues import DeskCue
from tracker.queries.sql import select

# What changes with each row that is added or removed; see `reading_names`.
_NOW = "SELECT count(*), bit_xor(hashtextextended(id::text || xmin::text, 0)) FROM desk_cue"

_kept: tuple[tuple[int, int | None], tuple[CueRow, ...]] | None = None


def rows() -> tuple[CueRow, ...]:
    """Return the desk's rows as of now, the oldest first. They are kept in the process until one is
    added or removed, since they are asked for with each letter that somebody types."""
    global _kept  # noqa: PLW0603 # one for each process
    now = select(_NOW)[0]
    kept = _kept
    if kept is None or kept[0] != now:
        kept = _kept = now, tuple(row.read() for row in listed())
    return kept[1]


def listed() -> list[DeskCue]:
    """Return the desk's rows with who added them, the oldest first."""
    return list(DeskCue.objects.order_by("added_at", "id"))
