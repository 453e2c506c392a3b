"""Scores as the API returns them, as plain values: of a day, and as rows of the table of pairs."""

from typing import Any

from tracker.queries.scores.pairs import Reading
from tracker.queries.scores.table import CHANGED, RankedPair

type Plain = dict[str, Any]

_SCORE = ("value", "sd", "low", "high", "band")
_READING = ("words", "claims", "roots", "state_roots", "state_share", "days_since")


def plain(reading: Reading | RankedPair) -> Plain:
    return {
        "day": reading.day.isoformat(),
        **{name: getattr(reading.score, name) for name in _SCORE},
        **{name: getattr(reading, name) for name in _READING},
    }


def line(row: RankedPair) -> Plain:
    """A line of the table of pairs."""
    last, shift = row.last_claim_day, row.shift
    shown = shift and {
        **{name: getattr(shift, name).isoformat() for name in ("start", "seen", "peak")},
        "amount": shift.amount,
    }
    return {
        **plain(row),
        "pair": row.pair,
        "last_claim_day": last.isoformat() if last else None,
        **{name: getattr(row, name) for name in CHANGED},
        "shift": shown,
    }
