"""Files come in, of every format one way: row by row, each claim once, and what one added can be
withdrawn."""

from tracker.operations.imports.files import FileChanged, How, import_file
from tracker.operations.imports.flags import COMPARED, REPEATS, UNDATED
from tracker.operations.imports.names import CannotImport
from tracker.operations.imports.reports import OUTCOMES, Report, Settled, Signed, Watch
from tracker.operations.imports.runs import UnderWay
from tracker.operations.imports.withdrawing import NoSuchImport, Withdrawn, withdraw_import

__all__ = [
    "COMPARED",
    "OUTCOMES",
    "REPEATS",
    "UNDATED",
    "CannotImport",
    "FileChanged",
    "How",
    "NoSuchImport",
    "Report",
    "Settled",
    "Signed",
    "UnderWay",
    "Watch",
    "Withdrawn",
    "import_file",
    "withdraw_import",
]
