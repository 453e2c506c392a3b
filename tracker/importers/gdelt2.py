"""GDELT 2.0 event tables: exports `.CSV` of a quarter of an hour, with tabs and without a header,
and tables made of them, with one."""

from collections.abc import Iterator
from typing import BinaryIO

from tracker.importers import coded, gdelt, gdeltrows
from tracker.importers.drafts import DraftClaim
from tracker.importers.formats import Format, Head
from tracker.importers.lines import Refused

_VERSION = gdelt.Version("GDELT 2.0", gdeltrows.columns(finer=True))


def _knows(head: Head) -> bool:
    return gdeltrows.knows(head, _VERSION.names)


def _read(stream: BinaryIO) -> Iterator[DraftClaim | Refused]:
    return gdelt.read(stream, _VERSION)


FORMAT = Format(
    name="gdelt-2",
    says="GDELT 2.0 events, of 61 columns",
    collection=coded.collection(
        "gdelt-2",
        "Events that the GDELT Project's program read out of the news (GDELT 2.0, CAMEO 1.1b3)."
        " One in five stories says what is said of it (Wang and others, Science 353, 2016):"
        " credibility 4.",
        credibility=4,
    ),
    knows=_knows,
    read=_read,
)
