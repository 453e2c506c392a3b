"""Scores as the API returns them, as plain values: of a day, and as rows of the table of pairs."""

from typing import Any

from tracker.domain.movements import WindowMovement
from tracker.queries.scores.pairs import Reading
from tracker.queries.scores.table import CHANGED, RankedPair

type Plain = dict[str, Any]


def plain(reading: Reading | RankedPair) -> Plain:
    """A score of a day. Written out, since a series has one a day."""
    score = reading.score
    return {
        "day": reading.day.isoformat(),
        "value": score.value,
        "sd": score.sd,
        "low": score.low,
        "high": score.high,
        "likely": score.likely and {"bands": [*score.likely.bands], "chance": score.likely.chance},
        "assessed": score.assessed
        and {
            "state": score.assessed.state,
            "day": score.assessed.day and score.assessed.day.isoformat(),
        },
        "silent": score.silent and score.silent.isoformat(),
        "words": reading.words,
        "claims": reading.claims,
        "roots": reading.roots,
        "state_roots": reading.state_roots,
        "state_share": reading.state_share,
        "days_since": reading.days_since,
    }


def movement(moved: WindowMovement | None) -> Plain | None:
    """A movement over a window."""
    if moved is None:
        return None
    since, until, *_ = moved
    return {**moved._asdict(), "since": since.isoformat(), "until": until.isoformat()}


def line(row: RankedPair) -> Plain:
    """A line of the table of pairs."""
    last, shift = row.last_claim_day, row.shift
    shown = shift and {
        **{name: getattr(shift, name).isoformat() for name in ("start", "seen", "peak")},
        "amount": shift.amount,
        "kind": shift.kind,
    }
    return {
        **plain(row),
        "pair": row.pair,
        "last_claim_day": last.isoformat() if last else None,
        "movement": movement(row.movement),
        **{name: getattr(row, name) for name in CHANGED},
        "shift": shown,
    }
