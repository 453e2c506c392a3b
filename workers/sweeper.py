"""The workers' work without a broker."""

from datetime import datetime

from tracker.operations import idempotency, tokens
from tracker.projections import ageing, impacts, scores


def sweep(*, at: datetime) -> int:
    """Do all that waits; give how much that was."""
    done = impacts.follow_all() + scores.recompute_all(at=at) + ageing.age(today=at.date())
    idempotency.forget(at=at)
    tokens.forget_expired(at=at)
    return done
