"""GDELT 1.0 event tables: daily exports `.CSV`, with tabs and without a header, and tables made of
them, with one."""

from collections.abc import Iterator
from typing import BinaryIO

from tracker.importers import coded, gdelt, gdeltrows
from tracker.importers.drafts import DraftClaim
from tracker.importers.formats import Format, Head
from tracker.importers.lines import Refused

_VERSION = gdelt.Version("GDELT 1.0", gdeltrows.columns(finer=False))


def _knows(head: Head) -> bool:
    return gdeltrows.knows(head, _VERSION.names)


def _read(stream: BinaryIO) -> Iterator[DraftClaim | Refused]:
    return gdelt.read(stream, _VERSION)


FORMAT = Format(
    name="gdelt-1",
    says="GDELT 1.0 events, of 58 columns, or 57 from before April 2013",
    collection=coded.collection(
        "gdelt-1",
        "Events that the GDELT Project's program read out of the news (GDELT 1.0, CAMEO 1.1b3)."
        " One in five stories says what is said of it (Wang and others, Science 353, 2016):"
        " credibility 4.",
        credibility=4,
    ),
    knows=_knows,
    read=_read,
)
