"""Scores as our API gives them, as plain values: on a day, and as lines of the table of pairs."""

from typing import Any

from tracker.domain.shifts import Shift
from tracker.queries.scores.pairs import Reading
from tracker.queries.scores.table import CHANGED, Row

type Plain = dict[str, Any]


def plain(one: Reading | Row) -> Plain:
    score = one.score
    return {
        "day": one.day.isoformat(),
        "value": score.value,
        "sd": score.sd,
        "low": score.low,
        "high": score.high,
        "band": score.band,
        "words": one.words,
        "claims": one.claims,
        "roots": one.roots,
        "state_roots": one.state_roots,
        "state_share": one.state_share,
        "days_since": one.days_since,
    }


def line(row: Row) -> Plain:
    """A line of the table of pairs."""
    last = row.last_claim_day
    return {
        **plain(row),
        "pair": row.pair,
        "last_claim_day": last.isoformat() if last else None,
        **changes(row),
        "shift": _shift(row.shift) if row.shift else None,
    }


def changes(row: Row) -> Plain:
    """By how much a row's score changed, by the days."""
    return {name: getattr(row, name) for name in CHANGED}


def _shift(shift: Shift) -> Plain:
    return {
        "start": shift.start.isoformat(),
        "seen": shift.seen.isoformat(),
        "peak": shift.peak.isoformat(),
        "amount": shift.amount,
    }
