"""Claims that may be drawn for a judgement without sight of p, and those that were.

Withheld claims are none of them: a verdict on one may publish it, which its own page says.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.disclosure import Reader
from tracker.domain.draws import Candidate
from tracker.domain.judged_claims import KINDS
from tracker.queries.claims import disclosure
from tracker.queries.sql import select

_SHOWN = disclosure.condition("c.id", at=None, reader=Reader.PUBLIC)
# Claims that move a score of the view, and that nobody judged or drew before.
_CANDIDATES = f"""
    SELECT i.claim, i.p, c.code FROM (
        SELECT claim, max(p) AS p FROM impact
        WHERE view = %(view)s AND known_from <= %(position)s
        AND (known_until IS NULL OR known_until > %(position)s) GROUP BY claim) i
    JOIN standing_claim c ON c.id = i.claim
    WHERE c.status = 'standing' AND c.kind = ANY(%(kinds)s::text[]) AND NOT c.state ? 'verdicts'
    AND NOT EXISTS (SELECT FROM drawn_claim d WHERE d.claim = i.claim) AND {_SHOWN}"""  # noqa: S608
_OPEN = f"""
    FROM drawn_claim d JOIN standing_claim c ON c.id = d.claim
    WHERE d.verdict IS NULL AND c.status = 'standing' AND NOT c.state ? 'verdicts' AND {_SHOWN}"""


class OpenDraw(NamedTuple):
    """A drawn claim that nobody has judged, and the week of its draw."""

    claim: UUID
    week: date


def candidates(view: str, *, position: int) -> list[Candidate]:
    """Return the claims that may be drawn, with their p in a view as known at a position."""
    given = {"view": view, "position": position, "kinds": list(KINDS)}
    rows = select(_CANDIDATES, given)
    return [Candidate(claim, p, codebooks.find(code).checkable) for claim, p, code in rows]


def open_draws() -> list[OpenDraw]:
    """Return the drawn claims in force without a verdict, those of the oldest week first."""
    query = f"SELECT d.claim, d.week {_OPEN} ORDER BY d.week, d.claim"
    return [OpenDraw(*row) for row in select(query)]


def is_open(claim: UUID) -> bool:
    """Return whether a drawn claim waits."""
    return bool(select(f"SELECT {_OPEN} AND d.claim = %s", [claim]))
