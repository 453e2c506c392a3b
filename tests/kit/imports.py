"""Takes files in as people do, and reads what came of it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.kit.archive_rows import gdelt, tabbed
from tests.kit.builders import AT, BY
from tests.kit.databases import another_connection
from tracker import log
from tracker.domain import events as e
from tracker.imports import files, runs
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.imports.formats.base import InvalidRow
from tracker.imports.runs import Author, Observer, Report

SIGNED = Author(now=lambda: AT, by=BY)
# After all that the samples report.
IN_2026 = Author(now=lambda: datetime(2026, 1, 1, tzinfo=UTC), by=BY)
ASIS = ImportOptions()
# The mapping of a small table: no,what,day,who,whom,title,says.
BY_COLUMNS = """
key = ["no"]

[collection]
name = "curated"

[claim]
kind = "act"
summary = {column = "what"}
code = "plover-2.0/SANCTION/discontinue"
said_by = {column = "says"}

[occurred]
date = {column = "day"}

[[parties]]
role = "initiator"
name = {column = "who"}

[[parties]]
role = "recipient"
name = {column = "whom"}

[document]
title = {column = "title"}
date = "2022-05-24"
publisher = "The Gazette"
"""


@dataclass(frozen=True)
class Taken:
    """What an import says, and the rows that it refused."""

    report: Report
    refused: list[InvalidRow] = field(default_factory=list)


def take_in(
    data: bytes,
    how: ImportOptions = ASIS,
    *,
    name: str = "table.xlsx",
    signed: Any = SIGNED,
    **given: Any,
) -> Taken:
    refused: list[InvalidRow] = []
    report = files.import_file(
        io.BytesIO(data),
        name=name,
        author=signed or SIGNED,
        options=replace(how, dry_run=signed is None),
        observer=Observer(refused=refused.append, **given),
    )
    assert report.stopped or sum(report.counts.values()) == report.rows
    return Taken(report, refused)


def bring(number: int) -> None:
    """Import so many claims about China and Kazakhstan, into the collection of a desk."""
    lines = [
        f"{n},They meet,20{10 + n % 12}-05-{1 + n % 28:02},CHN,KAZ,Report," for n in range(number)
    ]
    table = "\n".join(["no,what,day,who,whom,title,says", *lines]).encode()
    take_in(table, ImportOptions(mapping=mappings.read(BY_COLUMNS)), name="table.csv")


def counts(taken: Taken) -> dict[str, int]:
    """The outcomes that there were."""
    return {outcome: number for outcome, number in taken.report.counts.items() if number}


def archive(*rows: dict[str, str]) -> bytes:
    """A file of GDELT 1.0. Each row is Kazakhstan's visit to Russia but for what it says, and is
    numbered from 1 on."""
    numbered = [{"GLOBALEVENTID": str(n)} | row for n, row in enumerate(rows, start=1)]
    return tabbed(*(gdelt(**row) for row in numbered))


def days(number: int, *, since: int = 1) -> list[dict[str, str]]:
    """Rows of the visit on so many days, each told at an address of its own."""
    return [
        {"SQLDATE": f"201607{day:02}", "SOURCEURL": f"https://news.example/{day}"}
        for day in range(since, since + number)
    ]


def events(kind: Any = None) -> list[Any]:
    """The events of a kind, or all."""
    found = [one.decoded() for one in log.read(after=0, limit=100_000)]
    return [one for one in found if kind is None or isinstance(one, kind)]


def claims() -> list[e.ClaimAsserted]:
    return events(e.ClaimAsserted)


def said() -> list[tuple[object, ...]]:
    """What the log says, but for the times, the salts and the ids of runs."""
    return [
        (
            one.position,
            None if one.kind == "ImportRecorded" else one.stream,
            one.version,
            one.kind,
            one.body,
            one.words,
        )
        for one in log.read(after=0, limit=1_000_000)
    ]


@contextmanager
def a_stranger(lock: str, run: UUID) -> Iterator[None]:
    """Somebody else, who is busy with an import."""
    with another_connection() as other:
        other.execute(f"SELECT {lock}(%s, %s)", [runs.LOCK_SPACE, run.int % 2**31])
        yield
