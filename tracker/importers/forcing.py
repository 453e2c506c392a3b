"""A format that somebody forces on a file: a wrong one is refused whole, and not row by row."""

from collections import Counter
from collections.abc import Sequence
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
        rows = list(islice(form.read(form.opened(file)), FIRST))
    except BadFile as problem:
        raise BadFile(f"it is not {name}: {problem}; {recognition.looks(seen)}") from problem
    if not _fit(rows):
        raise BadFile(f"it is not {name}: {_says(rows)}{recognition.looks(seen)}")
    return form


def _fit(rows: Sequence[DraftClaim | Refused]) -> bool:
    claims = sum(isinstance(one, DraftClaim) for one in rows)
    return claims > 0 and claims * SELDOM >= len(rows)


def _says(rows: Sequence[DraftClaim | Refused]) -> str:
    """Why most of the rows are refused."""
    refused = [one for one in rows if isinstance(one, Refused)]
    if not refused:
        return ""
    told = Counter(f"{one.column} {one.reason}".strip() for one in refused)
    [(reason, _)] = told.most_common(1)
    return f"{len(refused)} of its first {len(rows)} rows are no such rows ({reason}); "
