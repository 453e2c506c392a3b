"""Files with refused rows and rows to decide on, next to the imported file."""

import csv
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tracker.imports.formats import rejected
from tracker.imports.formats.base import InvalidRow

ENDING = ".rejected.csv"
TO_DECIDE = ".review.csv"


class RejectedRowsFile(AbstractContextManager["RejectedRowsFile"]):
    """Writes refused rows as they come. If none is refused, the file of an earlier run is deleted.
    If the file cannot be written, the import continues and `message` reports it."""

    def __init__(self, file: Path, *, ending: str = ENDING, what: str = "refused rows") -> None:
        self._path = file.with_name(file.name + ending)
        self._what = what
        self._open: IO[str] | None = None
        self._rows: Any = None
        self.message = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self._open.close()
        elif kind is None and not self.message:
            self._path.unlink(missing_ok=True)

    def add(self, refused: InvalidRow) -> None:
        """Write one row."""
        try:
            if self._open is None and not self.message:
                self._create()
            if self._open:
                self._rows.writerows(rejected.lines_of(refused))
        except OSError as problem:
            self.message = (
                f"the {self._what} could not be written to {self._path}: {problem.strerror}"
            )

    def _create(self) -> None:
        self._open = self._path.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._open)
        self._rows.writerow(rejected.COLUMNS)
        self.message = f"the {self._what} are in {self._path}"
