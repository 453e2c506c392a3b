"""The first rows of a file that is looked at: what each would become."""

from typing import Any

from tracker.operations.imports.reports import Settled

MOST_ROWS = 50
BETWEEN = " · "


class Sample:
    """The first rows that are not refused."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, row: Settled) -> None:
        """Keep one more, if there are few yet."""
        if len(self.rows) < MOST_ROWS:
            claim = row.claim
            self.rows.append(
                {
                    "line": row.line,
                    "outcome": row.outcome,
                    "occurred": claim.occurred.edtf if claim.occurred else "",
                    "parties": BETWEEN.join(row.parties),
                    "code": claim.code or "",
                    "summary": claim.summary,
                }
            )
