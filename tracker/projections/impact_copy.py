"""Rows of impacts in the binary form of COPY."""

from datetime import date
from functools import lru_cache

from tracker.domain.lenses import pair_of
from tracker.domain.scoring.evidence import Impact
from tracker.log import BinaryRows, binary
from tracker.models.derived import ImpactVersion
from tracker.projections.inserts import column_types

_COLUMNS = tuple(column_types(ImpactVersion))
_COUNT = binary.count(len(_COLUMNS))

# An impact, the position from which it is known, and that until which it is, or None.
type Known = tuple[Impact, int, int | None]


def rows(view: str, impacts: list[Known]) -> BinaryRows:
    """Return the rows of impacts of a view."""
    beginning = _COUNT + binary.text(view)
    return BinaryRows("impact", _COLUMNS, (_row(beginning, *known) for known in impacts))


def _row(beginning: bytes, impact: Impact, known_from: int, known_until: int | None) -> bytes:
    return b"".join(
        (
            beginning,
            _ends(impact.initiator, impact.recipient),
            binary.uuid(impact.claim),
            binary.int8(known_from),
            binary.NULL if known_until is None else binary.int8(known_until),
            _text(impact.recipient),
            _day(impact.first),
            _day(impact.last),
            binary.boolean(impact.situation),
            binary.boolean(impact.fades),
            binary.float8(impact.value),
            binary.float8(impact.weight),
            binary.float8(impact.p),
            _texts(impact.sectors),
            _uuids(impact.roots),
            _uuids(impact.state_roots),
            _text(impact.code),
            binary.NULL if impact.sd is None else binary.float8(impact.sd),
        )
    )


@lru_cache(65_536)
def _ends(initiator: str, recipient: str) -> bytes:
    """The pair and the initiator."""
    return binary.text(pair_of(initiator, recipient)) + binary.text(initiator)


_text = lru_cache(4_096)(binary.text)
_texts = lru_cache(4_096)(binary.texts)
_uuids = lru_cache(65_536)(binary.uuids)


@lru_cache(65_536)
def _day(day: date) -> bytes:
    return binary.day(day.toordinal())
