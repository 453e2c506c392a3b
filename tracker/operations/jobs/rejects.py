"""Writes the rows that a job refuses to the spool, for whoever mends them."""

import csv
from pathlib import Path
from typing import IO, Any

from tracker.importers import rejected
from tracker.importers.lines import Refused

# A file that is wrong in each of a hundred million rows says it in these.
MOST_ROWS = 100_000


class SpooledRejects:
    """Refused rows as they come, up to a bound. A spool that cannot be written stops no import:
    `says` tells."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        # Why, by line.
        self.reasons: dict[int, str] = {}
        self.says = ""
        self._path = path
        self._file: IO[str] | None = None
        self._csv: Any = None

    def add(self, refused: Refused) -> None:
        """Write one more."""
        if self.rows >= MOST_ROWS or self.says:
            return
        try:
            if self._file is None:
                self._begin()
            self._csv.writerow(rejected.row(refused))
        except OSError as problem:
            self.says = f"the refused rows could not be written: {problem.strerror}"
        else:
            self.rows += 1
            says = f"{refused.column}: {refused.reason}".removeprefix(": ")
            self.reasons[refused.line] = says

    def keep(self, path: Path) -> int:
        """Put what was written where it is read, and give the number of rows."""
        if self._closed() and not self.says:
            self._path.rename(path)
            return self.rows
        self._path.unlink(missing_ok=True)
        return 0

    def drop(self) -> None:
        """Delete what was written."""
        self._closed()
        self._path.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._file = self._path.open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file, lineterminator="\n")
        self._csv.writerow(rejected.COLUMNS)

    def _closed(self) -> bool:
        """Close the file, if there is one."""
        if self._file is None:
            return False
        try:
            self._file.close()
        except OSError as problem:
            self.says = f"the refused rows could not be written: {problem.strerror}"
        return True
