"""A format that somebody forces on a file: a wrong one is refused whole, and not row by row."""

from collections import Counter
from itertools import islice
from typing import BinaryIO

from tracker.importers import recognition
from tracker.importers.drafts import DraftClaim
from tracker.importers.formats import Format
from tracker.importers.lines import BadFile, Refused
from tracker.importers.packed import opened

# So many rows are looked at, and one in so many of them must be a claim.
FIRST, SELDOM = 1_000, 100


def forced(name: str, file: BinaryIO) -> Format:
    """Give the format of a name for a file that may not be known by its beginning, if the first
    lines are damaged; its first rows must be of the format then.

    :raises BadFile: if there is no such format, or if it is not that of the file, with what the
        file looks like.
    """
    form = recognition.named(name)
    seen = recognition.laid_open(recognition.peeked(opened(file)))
    if form.knows(seen):
        return form
    try:
        # A row can be long: none is held.
        told = Counter(map(_reason, islice(form.read(form.opened(file)), FIRST)))
    except BadFile as problem:
        raise BadFile(f"it is not {name}: {problem}; {recognition.looks(seen)}") from problem
    claims = told.pop(None, 0)
    if not claims or claims * SELDOM < claims + told.total():
        raise BadFile(f"it is not {name}: {_says(told, claims)}{recognition.looks(seen)}")
    return form


def _reason(row: DraftClaim | Refused) -> str | None:
    """Why a row is refused; None for a claim."""
    return f"{row.column} {row.reason}".strip() if isinstance(row, Refused) else None


def _says(told: Counter[str | None], claims: int) -> str:
    """Why most of the rows are refused."""
    if not told:
        return ""
    [(reason, _)] = told.most_common(1)
    refused = told.total()
    return f"{refused} of its first {refused + claims} rows are no such rows ({reason}); "
