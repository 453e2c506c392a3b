"""One helping of background work, of a size that no worker is long at."""

from datetime import datetime

from tracker.projections import impacts, scores, shifts

# So few that under steady writes, which never end, scores still come about once a second.
EVENTS = 500
# Those that a single claim moves are scored on the spot; many are for several workers.
FEW_PAIRS = 20
PAIRS = 200
# Of each lens.
WATCHED = 100


def follow(*, at: datetime) -> bool:
    """Take in what the log has and score what that moved while it is fresh; give whether events
    are left."""
    more = impacts.follow_all(most=EVENTS) >= EVENTS
    scores.recompute_all(at=at, limit=FEW_PAIRS)
    return more


def score(*, at: datetime) -> bool:
    """Score pairs; give whether there may be more."""
    return scores.recompute_all(at=at, limit=PAIRS) == PAIRS


def watch(*, at: datetime) -> bool:
    """Look for shifts where scores changed or a day began; give whether there may be more."""
    return shifts.find(today=at.date(), limit=WATCHED) >= WATCHED
