"""Real archives, taken in whole and changed since: the derived tables agree with the log.

The files are those of `icews` and `gdelt` in ARCHIVES, by default in `../shared/data`.
ARCHIVE_ROWS=5000 takes the first rows of each.
"""

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, withhold_text
from tests.kit.databases import a_clone, working_in
from tests.kit.imports import SIGNED, take_in
from tests.kit.processes import CHECKOUT
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.events import SourceRated
from tracker.exports import requests
from tracker.exports.formats import FORMATS
from tracker.exports.requests import TableRequest
from tracker.imports.formats.packed import open_unpacked
from tracker.imports.runs import Report
from tracker.imports.withdrawal import withdraw_import
from tracker.operations import claims, links, sources
from tracker.projections.audit import audit
from tracker.queries import moment
from tracker.queries.records import states

DATA = Path(os.environ.get("ARCHIVES", CHECKOUT.parent / "shared" / "data"))
FILES = sorted(DATA.glob("icews/*")) + sorted(DATA.glob("gdelt/*"))
ROWS = int(os.environ.get("ARCHIVE_ROWS", "0")) or None
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.timeout(3 * 3600),
    pytest.mark.skipif(not FILES, reason=f"{DATA} has no archives"),
]
NAMES = {"at": AT, "by": BY}


def claims_of(report: Report) -> list[UUID]:
    """The claims that an import added."""
    assert report.run
    run = states.records([report.run], at=None)[report.run]
    return [
        claim
        for one in run.record.positions
        for claim in log.new_streams("ClaimAsserted", first=one.first, last=one.last)
    ]


def content(file: Path) -> bytes:
    """The file, or its first rows, unpacked."""
    if ROWS is None:
        return file.read_bytes()
    with file.open("rb") as opened:
        return b"".join(islice(open_unpacked(opened), ROWS))


def import_all() -> list[Report]:
    return [take_in(content(file), name=file.name).report for file in FILES]


def exported(position: int) -> dict[str, list[bytes]]:
    """The digest of each line of each table, as of a position."""
    found = {}
    for table in requests.TABLES:
        out = io.BytesIO()
        request = TableRequest(table=table, as_of=moment.at(position))
        FORMATS["ndjson"].write(requests.table(request, reader=Reader.DESK), out)
        found[table] = [
            hashlib.blake2b(line, digest_size=8).digest() for line in out.getvalue().splitlines()
        ]
    return found


@pytest.fixture(autouse=True)
def database(template: str, db: None) -> Iterator[None]:
    """A database of its own, since imports commit."""
    with a_clone(template) as name, working_in(name):
        yield


def change(imports: list[Report]) -> None:
    """Withdraw a file, and change single claims of others; the words of one are withheld."""
    withdraw_import(imports[0].run, reason="A sample.", author=SIGNED)
    listed, coded = claims_of(imports[1]), claims_of(imports[2])
    corrected, retracted, withheld, one, other = listed[:5]
    claim = states.claim(corrected).claim
    claims.correct_claim(
        corrected, replace(claim, summary="Corrected."), reason="Misread.", expected=1, **NAMES
    )
    claims.retract_claim(retracted, reason="It never was.", **NAMES)
    claims.retract_claim(coded[0], reason="It never was.", **NAMES)
    links.link("same_as", one, coded[1], **NAMES)
    links.link("part_of", other, one, **NAMES)
    document = states.claim(coded[1]).claim.citations[0].document
    publisher = states.records([document], at=None)[document].document.source
    rating = SourceRated(reliability="A", since=date(2010, 1, 1), reason="Checked.")
    sources.rate_source(publisher, rating, **NAMES)
    [asserted] = log.history([withheld])
    withhold_text(asserted.position, reason="A name.", authority="the editor", **NAMES)


def are_known(first: list[Report], again: list[Report]) -> None:
    """The second imports added nothing. The rows of the first are known, unless a later file has
    them too."""
    for before, after in zip(first, again, strict=True):
        assert after.counts["new"] == after.citations == after.corrections == 0
        assert after.counts["known"] == before.counts["new"] + before.counts["known"]
        for outcome in ("repeated", "refused", "changed"):
            assert after.counts[outcome] == before.counts[outcome]


def test_agree_with_the_log_however_they_are_changed_and_read_the_same_as_of_then():
    first = import_all()
    position = log.head().position
    are_known(first, import_all())
    assert log.head().position == position
    work_off()
    assert audit(at=AT, sample=None) == []
    before = exported(position)

    change(first)
    work_off()

    assert audit(at=AT, sample=None) == []
    after = exported(position)
    # The words that are withheld now are withheld at any position.
    for table, differing in (("claims", 1), ("events", 1), ("scores", 0)):
        assert len(before[table]) == len(after[table]) > 0
        changed = [old != new for old, new in zip(before[table], after[table], strict=True)]
        assert sum(changed) == differing, table
