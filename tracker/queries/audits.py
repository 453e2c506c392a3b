"""The last run of the auditor, which folds the log anew and looks for what differs."""

from dataclasses import dataclass
from datetime import datetime

from tracker.models.operational import Audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """When it ran, how many series it folded anew, and what differed."""

    at: datetime
    checked: int
    differing: tuple[str, ...]


def last() -> Audited | None:
    """Give the last run; None where there was none yet."""
    row = Audit.objects.order_by("-started_at").first()
    if row is None:
        return None
    return Audited(at=row.started_at, checked=row.checked, differing=tuple(row.differing))
